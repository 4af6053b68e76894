"""Each emulator has resources and a present of its own, though moto has one of each a process."""

import datetime as dt
import gc
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from kit.emulator import Emulator

MONDAY = dt.datetime(2026, 4, 6, tzinfo=dt.UTC)
SUNDAY = dt.datetime(2031, 6, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def two() -> Iterator[tuple[Emulator, Emulator]]:
    with Emulator(clock="instant") as one, Emulator(clock="instant", start=SUNDAY) as other:
        yield one, other


def create_cluster(emulator: Emulator, name: str) -> Any:
    return emulator.client("rds").create_db_cluster(
        DBClusterIdentifier=name,
        Engine="aurora-mysql",
        MasterUsername="root",
        MasterUserPassword="not-secret",
    )["DBCluster"]


def test_two_emulators_of_one_account_see_nothing_of_each_other(two: tuple[Emulator, Emulator]) -> None:
    one, other = two
    create_cluster(one, "dev")
    assert [
        each["DBClusterIdentifier"] for each in one.client("rds").describe_db_clusters()["DBClusters"]
    ] == ["dev"]
    assert other.client("rds").describe_db_clusters()["DBClusters"] == []


def test_the_same_bucket_name_is_free_in_each(two: tuple[Emulator, Emulator]) -> None:
    for emulator, body in zip(two, (b"one", b"other"), strict=True):
        s3 = emulator.client("s3")
        s3.create_bucket(Bucket="snapshots")
        s3.put_object(Bucket="snapshots", Key="a/b c", Body=body)
    for emulator, body in zip(two, (b"one", b"other"), strict=True):
        assert emulator.client("s3").get_object(Bucket="snapshots", Key="a/b c")["Body"].read() == body


def test_times_are_the_sandboxes_own(two: tuple[Emulator, Emulator]) -> None:
    for emulator, start in zip(two, (MONDAY, SUNDAY), strict=True):
        assert create_cluster(emulator, "dev")["ClusterCreateTime"] == start
        emulator.clock.advance(hours=2)
        rds, s3 = emulator.client("rds"), emulator.client("s3")
        taken = rds.create_db_cluster_snapshot(
            DBClusterSnapshotIdentifier="before", DBClusterIdentifier="dev"
        )["DBClusterSnapshot"]
        assert taken["SnapshotCreateTime"] == start + dt.timedelta(hours=2)
        s3.create_bucket(Bucket="dates")
        s3.put_object(Bucket="dates", Key="now", Body=b"x")
        assert s3.head_object(Bucket="dates", Key="now")["LastModified"] == start + dt.timedelta(hours=2)


def test_modules_that_ask_datetime_itself_tell_virtual_time_too(emulator: Emulator) -> None:
    secrets = emulator.client("secretsmanager")
    secrets.create_secret(Name="password", SecretString="x")
    assert secrets.describe_secret(SecretId="password")["LastChangedDate"] == MONDAY
    domain = emulator.client("opensearch").create_domain(DomainName="search")["DomainStatus"]
    assert domain["DomainName"] == "search"
    config = emulator.client("opensearch").describe_domain_config(DomainName="search")["DomainConfig"]
    assert config["EngineVersion"]["Status"]["CreationDate"] == MONDAY


def test_another_users_moto_keeps_its_resources_and_wall_time(emulator: Emulator) -> None:
    with mock_aws():
        theirs = boto3.client("ssm", "us-east-1")
        theirs.put_parameter(Name="/theirs", Value="1", Type="String")
        ours = emulator.client("ssm")
        ours.put_parameter(Name="/ours", Value="1", Type="String")
        assert [each["Name"] for each in theirs.describe_parameters()["Parameters"]] == ["/theirs"]
        assert [each["Name"] for each in ours.describe_parameters()["Parameters"]] == ["/ours"]
        changed = theirs.get_parameter(Name="/theirs")["Parameter"]["LastModifiedDate"]
        assert abs(changed - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)
    assert [each["Name"] for each in ours.describe_parameters()["Parameters"]] == ["/ours"]


def test_the_same_seed_gives_the_same_ids() -> None:
    def ids(seed: int) -> list[str]:
        with Emulator(clock="instant", seed=seed) as emulator:
            sqs = emulator.client("sqs")
            url = sqs.create_queue(QueueName="jobs")["QueueUrl"]
            return [sqs.send_message(QueueUrl=url, MessageBody="x")["MessageId"] for _ in range(2)]

    assert ids(1) == ids(1)
    assert ids(1) != ids(2)


def test_nothing_of_the_users_aws_configuration_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://192.0.2.1:1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
    with Emulator(clock="instant", region="eu-west-1") as emulator:
        queue = emulator.client("sqs").create_queue(QueueName="jobs")["QueueUrl"]
        assert "eu-west-1" in queue


def test_regions_are_apart(emulator: Emulator) -> None:
    emulator.client("sqs").create_queue(QueueName="jobs")
    assert "QueueUrls" not in emulator.client("sqs", "ap-northeast-1").list_queues()


def test_a_service_that_moto_lacks_says_so(emulator: Emulator) -> None:
    client = emulator.client("braket")
    with pytest.raises(client.exceptions.ClientError, match="The sandbox has no braket"):
        client.search_devices(filters=[])


def test_an_operation_that_moto_lacks_says_so(emulator: Emulator) -> None:
    client = emulator.client("elasticache")
    with pytest.raises(client.exceptions.ClientError, match="doesn't do DescribeUpdateActions yet"):
        client.describe_update_actions()


def test_the_same_seed_gives_the_same_history(run: Any) -> None:
    def told(seed: int) -> list[Any]:
        with Emulator(clock="instant", seed=seed) as emulator:
            url = emulator.client("sqs").create_queue(QueueName="jobs")["QueueUrl"]
            send = {
                "Resource": "arn:aws:states:::sqs:sendMessage",
                "Parameters": {"QueueUrl": url, "MessageBody": "x"},
            }
            events: list[Any] = run(emulator, send, name="one").events
            return events

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_a_closed_emulator_is_forgotten_with_all_its_resources() -> None:
    def use_one() -> None:
        with Emulator(clock="instant") as emulator:
            create_cluster(emulator, "dev")
            emulator.client("ec2").describe_subnets()

    def held() -> int:
        gc.collect()
        return sum(type(each).__name__ in ("EC2Backend", "RDSBackend", "Subnet") for each in gc.get_objects())

    use_one()  # The first loads moto's modules, in the middle of a call.
    before = held()
    for _ in range(3):
        use_one()
    assert held() <= before
