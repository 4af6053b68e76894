"""What is reached from inside a VPC: a database's rows, a domain's snapshots; and what functions may call."""

import io
import json
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from kit.emulator import Emulator
from kit.emulator.private import DatabaseError

Run = Callable[..., Any]
ENGINE = {"Engine": "aurora-mysql", "MasterUsername": "root", "MasterUserPassword": "not-secret"}


def ask(emulator: Emulator, path: str, body: Any = None, method: str | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{emulator.private.url}/{path}", data=data, method=method)
    try:
        with urllib.request.urlopen(request) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return json.load(error)


def cluster(emulator: Emulator, name: str = "dev") -> None:
    rds = emulator.client("rds")
    rds.create_db_cluster(DBClusterIdentifier=name, **ENGINE)
    emulator.clock.advance(hours=1)
    writer(emulator, name)


def writer(emulator: Emulator, name: str) -> None:
    emulator.client("rds").create_db_instance(
        DBInstanceIdentifier=f"{name}-1",
        DBInstanceClass="db.r6g.large",
        Engine="aurora-mysql",
        DBClusterIdentifier=name,
    )
    emulator.clock.advance(hours=1)


def domain(emulator: Emulator, name: str = "search") -> None:
    emulator.client("opensearch").create_domain(DomainName=name)
    emulator.clock.advance(hours=1)


def function(emulator: Emulator, source: str, **more: Any) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("index.py", source)
    role = emulator.client("iam").create_role(RoleName="mask", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    emulator.client("lambda").create_function(
        FunctionName="mask",
        Runtime="python3.12",
        Handler="index.handler",
        Role=role,
        Code={"ZipFile": buffer.getvalue()},
        Timeout=20,
        **more,
    )


def in_a_vpc(emulator: Emulator) -> dict[str, Any]:
    ec2 = emulator.client("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]
    group = ec2.describe_security_groups()["SecurityGroups"][0]
    return {"SubnetIds": [subnet["SubnetId"]], "SecurityGroupIds": [group["GroupId"]]}


def test_rows_go_with_a_clone_and_stay_apart(emulator: Emulator) -> None:
    cluster(emulator)
    databases = emulator.private.databases
    databases.execute("dev", "create table users (email text)")
    databases.execute("dev", "insert into users values (?)", ["ann@shop.test"])
    emulator.client("rds").restore_db_cluster_to_point_in_time(
        DBClusterIdentifier="copy", SourceDBClusterIdentifier="dev", UseLatestRestorableTime=True
    )
    emulator.clock.advance(hours=1)
    writer(emulator, "copy")
    databases.execute("copy", "update users set email = 'masked'")
    assert databases.execute("copy", "select * from users") == [{"email": "masked"}]
    assert databases.execute("dev", "select * from users") == [{"email": "ann@shop.test"}]


def test_rows_go_with_snapshots(emulator: Emulator) -> None:
    cluster(emulator)
    rds, databases = emulator.client("rds"), emulator.private.databases
    databases.execute("dev", "create table users (email text)")
    rds.create_db_cluster_snapshot(DBClusterIdentifier="dev", DBClusterSnapshotIdentifier="before")
    databases.execute("dev", "drop table users")
    emulator.clock.advance(hours=1)
    rds.restore_db_cluster_from_snapshot(
        DBClusterIdentifier="back", SnapshotIdentifier="before", Engine="aurora-mysql"
    )
    emulator.clock.advance(hours=1)
    writer(emulator, "back")
    assert databases.execute("back", "select * from users") == []
    with pytest.raises(DatabaseError, match="no such table"):
        databases.execute("dev", "select * from users")


def test_a_cluster_without_an_available_instance_can_not_be_reached(emulator: Emulator) -> None:
    emulator.client("rds").create_db_cluster(DBClusterIdentifier="dev", **ENGINE)
    emulator.clock.advance(hours=1)
    with pytest.raises(DatabaseError, match="no such cluster with an available instance"):
        emulator.private.databases.execute("dev", "select 1")


def test_a_statement_reaches_no_files_and_has_an_end(emulator: Emulator, monkeypatch: Any) -> None:
    cluster(emulator)
    with pytest.raises(DatabaseError, match="not authorized"):
        emulator.private.databases.execute("dev", "attach '/tmp/x' as x")
    monkeypatch.setattr("kit.emulator.private.databases.SECONDS", 0.1)
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
    begin = time.monotonic()
    with pytest.raises(DatabaseError, match="interrupted"):
        emulator.private.databases.execute("dev", endless)
    assert time.monotonic() - begin < 3


def test_sql_is_answered_at_the_clusters_endpoint(emulator: Emulator) -> None:
    cluster(emulator)
    found = emulator.client("rds").describe_db_clusters(DBClusterIdentifier="dev")
    endpoint = found["DBClusters"][0]["Endpoint"]
    assert ask(emulator, f"{endpoint}/sql", {"sql": "select 1 as one"}) == {"rows": [{"one": 1}], "count": 1}
    assert "syntax error" in ask(emulator, f"{endpoint}/sql", {"sql": "selekt"})["message"]
    assert "There is no host" in ask(emulator, "moon.test/x")["message"]


def test_a_snapshot_of_a_domain_is_restored_on_another(emulator: Emulator) -> None:
    for name in ("production", "staging"):
        domain(emulator, name)
    searches = emulator.private.searches
    searches.put("production", "products", {"1": {"name": "lamp"}})
    searches.put("production", ".kibana_1", {"1": {}})
    repository = {"type": "s3", "settings": {"bucket": "snapshots"}}
    for name in ("production", "staging"):
        assert ask(emulator, f"{name}/_snapshot/nightly", repository, "PUT") == {"acknowledged": True}
    ask(emulator, "production/_snapshot/nightly/monday", {}, "PUT")
    listed = ask(emulator, "staging/_snapshot/nightly/_all")["snapshots"]
    assert listed == [{"snapshot": "monday", "state": "SUCCESS", "indices": [".kibana_1", "products"]}]
    restore = "staging/_snapshot/nightly/monday/_restore"
    assert ask(emulator, restore, {"indices": "-.kibana*"}, "POST") == {"accepted": True}
    assert searches.indices("staging") == {"products": 1}
    again = ask(emulator, restore, {"indices": "products"}, "POST")
    assert again["error"]["type"] == "snapshot_restore_exception"
    assert "open index with same name already exists" in again["error"]["reason"]
    renamed = {"indices": "products", "rename_pattern": "(.+)", "rename_replacement": "old_$1"}
    ask(emulator, restore, renamed, "POST")
    assert searches.indices("staging") == {"products": 1, "old_products": 1}


def test_automated_snapshots_are_for_reading(emulator: Emulator) -> None:
    domain(emulator)
    emulator.private.searches.put("search", "products", {"1": {}})
    emulator.private.searches.take_automated_snapshot("search", "night")
    assert ask(emulator, "search/_snapshot/cs-automated/_all")["snapshots"][0]["snapshot"] == "night"
    refused = ask(emulator, "search/_snapshot/cs-automated/mine", {}, "PUT")
    assert refused["error"]["reason"] == "[cs-automated] is readonly"
    missing = ask(emulator, "search/_snapshot/cs-automated/none/_restore", {}, "POST")
    assert (missing["status"], missing["error"]["type"]) == (404, "snapshot_missing_exception")


def test_nobody_gets_in_without_the_key(emulator: Emulator) -> None:
    base = emulator.private.url.rpartition("/")[0]
    with pytest.raises(urllib.error.HTTPError, match="403") as refused:
        urllib.request.urlopen(f"{base}/guess/dev/sql")
    refused.value.close()


MASKING = """
import json, os, urllib.request

def handler(event, context):
    url = os.environ.get("SMALL_STEPS_PRIVATE_URL")
    if url is None:
        raise ConnectionError("not in the VPC")
    body = json.dumps({"sql": "select 41 + 1 as n"}).encode()
    with urllib.request.urlopen(f"{url}/{event['host']}/sql", data=body) as answer:
        return json.load(answer)["rows"]
"""


def test_a_function_in_a_vpc_reaches_the_database_and_another_does_not(emulator: Emulator, run: Run) -> None:
    cluster(emulator)
    function(emulator, MASKING)
    call: dict[str, Any] = {"Resource": "arn:aws:states:::lambda:invoke"}
    call |= {"Parameters": {"FunctionName": "mask", "Payload": {"host": "dev"}}}
    assert run(emulator, call).error == "ConnectionError"
    emulator.client("lambda").update_function_configuration(FunctionName="mask", VpcConfig=in_a_vpc(emulator))
    assert run(emulator, call).output["Payload"] == [{"n": 42}]


CALLING = """
import boto3, os

def handler(event, context):
    name = boto3.client("ssm").get_parameter(Name="/staging/name")["Parameter"]["Value"]
    machines = boto3.client("stepfunctions").list_state_machines()["stateMachines"]
    key = os.environ["AWS_ACCESS_KEY_ID"]
    return {"name": name, "machines": len(machines), "key": key}
"""


@pytest.mark.parametrize("clock", ["instant", "paced", "600x"])
def test_a_function_calls_the_sandboxs_aws_without_the_users_credentials(
    run: Run, clock: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with Emulator(clock=clock) as emulator:
        emulator.client("ssm").put_parameter(Name="/staging/name", Value="dev", Type="String")
        function(emulator, CALLING)
        ran = run(
            emulator, {"Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "mask"}}
        )
    assert ran.status == "SUCCEEDED", ran.cause
    assert (ran.output["Payload"]["name"], ran.output["Payload"]["machines"]) == ("dev", 1)
    assert ran.output["Payload"]["key"] == "AKIASMALLSTEPS000000"
