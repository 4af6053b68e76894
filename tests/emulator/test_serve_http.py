"""The sandbox behind a port: for boto3 by its endpoint_url, and for bytes that are no request at all."""

import datetime as dt
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from kit.emulator import Emulator
from kit.emulator.serve import Server, serve

TARGET = "AWSStepFunctions."
PASS = json.dumps({"StartAt": "Only", "States": {"Only": {"Type": "Pass", "End": True}}})
ROLE = "arn:aws:iam::123456789012:role/machine"


@pytest.fixture
def server(emulator: Emulator) -> Iterator[Server]:
    with serve(emulator, 0) as made:
        yield made


def client(server: Server, service: str) -> Any:
    session: Any = boto3.session.Session()
    return session.client(
        service,
        "us-east-1",
        endpoint_url=server.url,
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(retries={"total_max_attempts": 1}, inject_host_prefix=False),
    )


def post(
    server: Server, operation: str, body: bytes = b"{}", **headers: str
) -> tuple[int, dict[str, str], Any]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    sent = {"X-Amz-Target": TARGET + operation, "Content-Type": "application/x-amz-json-1.0"}
    connection.request("POST", "/", body, {**sent, **{k.replace("_", "-"): v for k, v in headers.items()}})
    response = connection.getresponse()
    told = response.read()
    connection.close()
    return response.status, {k.lower(): v for k, v in response.getheaders()}, json.loads(told)


def raw(server: Server, sent: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while chunk := connection.recv(65_536):
            received += chunk
    return received


def machine(server: Server, definition: str = PASS, **more: Any) -> str:
    made = client(server, "stepfunctions").create_state_machine(
        name="machine", definition=definition, roleArn=ROLE, **more
    )
    return str(made["stateMachineArn"])


def test_boto3_runs_a_machine_by_its_endpoint_url(server: Server) -> None:
    states = client(server, "stepfunctions")
    arn = states.start_execution(stateMachineArn=machine(server), input='{"a":1}')["executionArn"]
    while (told := states.describe_execution(executionArn=arn))["status"] == "RUNNING":
        time.sleep(0.005)
    assert (told["status"], told["output"]) == ("SUCCEEDED", '{"a":1}')
    assert told["startDate"] == dt.datetime(2026, 4, 6, tzinfo=dt.UTC)
    assert [each["type"] for each in states.get_execution_history(executionArn=arn)["events"]] == [
        "ExecutionStarted",
        "PassStateEntered",
        "PassStateExited",
        "ExecutionSucceeded",
    ]


def test_an_error_of_the_api_is_boto3s_own(server: Server) -> None:
    states = client(server, "stepfunctions")
    arn = "arn:aws:states:us-east-1:123456789012:execution:missing:one"
    with pytest.raises(states.exceptions.ExecutionDoesNotExist, match="Execution Does Not Exist"):
        states.describe_execution(executionArn=arn)


def test_a_call_in_process_and_one_by_the_port_see_the_same_account(
    emulator: Emulator, server: Server
) -> None:
    machine(server)
    assert len(emulator.client("stepfunctions").list_state_machines()["stateMachines"]) == 1


@pytest.mark.parametrize(
    ("service", "method", "answer"),
    [
        ("rds", "describe_db_clusters", "DBClusters"),
        ("opensearch", "list_domain_names", "DomainNames"),
        ("es", "list_domain_names", "DomainNames"),
        ("ssm", "describe_parameters", "Parameters"),
        ("dynamodb", "list_tables", "TableNames"),
        ("dynamodbstreams", "list_streams", "Streams"),
        ("lambda", "list_functions", "Functions"),
        ("sns", "list_topics", "Topics"),
        ("iam", "list_roles", "Roles"),
        ("events", "list_rules", "Rules"),
        ("elbv2", "describe_load_balancers", "LoadBalancers"),
        ("elb", "describe_load_balancers", "LoadBalancerDescriptions"),
        ("ecs", "list_clusters", "clusterArns"),
        ("route53", "list_hosted_zones", "HostedZones"),
        ("sts", "get_caller_identity", "Account"),
        ("logs", "describe_log_groups", "logGroups"),
        ("elasticache", "describe_replication_groups", "ReplicationGroups"),
        ("secretsmanager", "list_secrets", "SecretList"),
        ("scheduler", "list_schedules", "Schedules"),
        ("sesv2", "list_email_identities", "EmailIdentities"),
    ],
)
def test_every_service_is_found_at_the_one_port(
    server: Server, service: str, method: str, answer: str
) -> None:
    assert answer in getattr(client(server, service), method)()


def test_objects_go_through_as_they_are(server: Server) -> None:
    s3 = client(server, "s3")
    s3.create_bucket(Bucket="snapshots")
    body = bytes(range(256)) * 20_000
    s3.put_object(Bucket="snapshots", Key="a/b c+ü", Body=body, Metadata={"made_by": "us"})
    got = s3.get_object(Bucket="snapshots", Key="a/b c+ü")
    assert got["Body"].read() == body
    assert got["Metadata"] == {"made_by": "us"}
    assert s3.head_object(Bucket="snapshots", Key="a/b c+ü")["ContentLength"] == len(body)
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket="snapshots", Key="missing")


def test_calls_through_the_port_are_in_the_journal(emulator: Emulator, server: Server) -> None:
    rds = client(server, "rds")
    with pytest.raises(ClientError):
        rds.stop_db_cluster(DBClusterIdentifier="gone")
    call = emulator.journal[0]
    assert (call.name, call.error) == ("rds:StopDBCluster", "DBClusterNotFoundFault")
    assert call.params == {"DBClusterIdentifier": "gone"}


def test_a_fault_strikes_through_the_port_in_the_services_protocol(
    emulator: Emulator, server: Server
) -> None:
    for call, code in (("rds:StopDBCluster", "InvalidDBClusterStateFault"), ("s3:ListBuckets", "SlowDown")):
        emulator.faults.fail(call, code=code)
    with pytest.raises(ClientError, match="InvalidDBClusterStateFault"):
        client(server, "rds").stop_db_cluster(DBClusterIdentifier="dev")
    with pytest.raises(ClientError, match="SlowDown"):
        client(server, "s3").list_buckets()


def test_a_worker_that_waits_for_a_task_blocks_nobody(server: Server) -> None:
    states = client(server, "stepfunctions")
    activity = states.create_activity(name="approval")["activityArn"]
    taken: list[Any] = []
    worker = threading.Thread(
        target=lambda: taken.append(
            client(server, "stepfunctions").get_activity_task(activityArn=activity, workerName="me")
        )
    )
    worker.start()
    time.sleep(0.2)
    begin = time.monotonic()
    states.list_activities()
    assert time.monotonic() - begin < 2
    task = json.dumps(
        {"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": activity, "End": True}}}
    )
    arn = states.start_execution(stateMachineArn=machine(server, task), input='"go?"')["executionArn"]
    worker.join(timeout=10)
    assert taken
    assert taken[0]["input"] == '"go?"'
    states.send_task_success(taskToken=taken[0]["taskToken"], output='"yes"')
    while (told := states.describe_execution(executionArn=arn))["status"] == "RUNNING":
        time.sleep(0.005)
    assert told["output"] == '"yes"'


def test_a_synchronous_execution_answers_when_it_has_ended(server: Server) -> None:
    definition = json.dumps({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 100, "End": True}}})
    arn = machine(server, definition, type="EXPRESS")
    told = client(server, "stepfunctions").start_sync_execution(stateMachineArn=arn, input="{}")
    assert told["status"] == "SUCCEEDED"
    assert (told["stopDate"] - told["startDate"]).total_seconds() == 100


def test_an_outside_waiter_carries_the_clock_on(emulator: Emulator, server: Server) -> None:
    cache, begin = client(server, "elasticache"), emulator.clock.now()
    cache.create_replication_group(ReplicationGroupId="cache", ReplicationGroupDescription="x")
    first = cache.describe_replication_groups()["ReplicationGroups"][0]["Status"]
    second = cache.describe_replication_groups()["ReplicationGroups"][0]["Status"]
    assert (first, second) == ("creating", "available")
    assert (emulator.clock.now() - begin).total_seconds() >= 240


# What is no good request.


def test_text_that_is_no_json_is_a_serialization_exception(server: Server) -> None:
    status, headers, told = post(server, "ListStateMachines", b"{not json")
    assert (status, told["__type"]) == (400, "SerializationException")
    assert headers["x-amzn-requestid"]


@pytest.mark.parametrize("body", [b"[]", b"3", b'"text"'])
def test_json_that_is_no_object_is_a_serialization_exception(server: Server, body: bytes) -> None:
    assert post(server, "ListStateMachines", body)[2]["__type"] == "SerializationException"


def test_an_unknown_operation_is_told_as_aws_tells_it(server: Server) -> None:
    status, _, told = post(server, "MakeCoffee")
    assert (status, told["__type"]) == (400, "UnknownOperationException")


def test_a_wrong_type_is_no_traceback(server: Server) -> None:
    status, _, told = post(server, "StartExecution", b'{"stateMachineArn": 7}')
    assert status == 400
    assert "Traceback" not in json.dumps(told)


def test_an_unsigned_request_names_no_service(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/")
    response = connection.getresponse()
    assert response.status == 403
    assert json.loads(response.read())["__type"] == "MissingAuthenticationTokenException"
    connection.close()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x16\x03\x01\x02\x00garbage", b"400"),
        (b"HELLO WORLD\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nno colon here\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", b"431"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
    ],
)
def test_bytes_that_are_no_request_get_an_answer_and_the_server_lives(
    server: Server, sent: bytes, status: bytes
) -> None:
    answer = raw(server, sent)
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert b'"__type"' in answer
    assert b"Traceback" not in answer
    assert post(server, "ListStateMachines")[0] == 200


def test_chunked_bodies_and_pipelined_requests_are_answered_in_order(server: Server) -> None:
    one = (
        b"POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: AWSStepFunctions.ListActivities\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    )
    two = (
        b"POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: AWSStepFunctions.ListStateMachines\r\n"
        b"Content-Length: 2\r\nConnection: close\r\n\r\n{}"
    )
    answer = raw(server, one + two)
    assert answer.index(b'"activities"') < answer.index(b'"stateMachines"')


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", ""])
def test_a_foreign_host_is_refused(server: Server, host: str) -> None:
    status, _, told = post(server, "ListStateMachines", Host=host)
    assert (status, told["__type"]) == (403, "AccessDeniedException")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example"])
def test_a_foreign_origin_is_refused(server: Server, origin: str) -> None:
    status, _, told = post(server, "ListStateMachines", Origin=origin)
    assert (status, told["__type"]) == (403, "AccessDeniedException")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:4566", "snapshots.localhost:4566"])
def test_a_host_of_this_machine_is_welcome(server: Server, host: str) -> None:
    assert post(server, "ListStateMachines", Host=host, Origin="http://localhost:8888")[0] == 200


def test_only_the_loopback_interface_is_bound(server: Server) -> None:
    assert server.url == f"http://127.0.0.1:{server.port}"
    assert server._socket.getsockname()[0] == "127.0.0.1"


def test_a_port_that_is_taken_is_an_oserror(emulator: Emulator, server: Server) -> None:
    with pytest.raises(OSError, match="in use"):
        serve(emulator, server.port)


def test_closing_hangs_up_and_frees_the_port(emulator: Emulator) -> None:
    server = serve(emulator, 0)
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        server.close()
        assert connection.recv(1) == b""
    serve(emulator, server.port).close()


def test_a_worker_that_hung_up_takes_no_task_from_others(server: Server) -> None:
    states = client(server, "stepfunctions")
    activity = states.create_activity(name="approve")["activityArn"]
    gone = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    headers = {"X-Amz-Target": TARGET + "GetActivityTask", "Content-Type": "application/x-amz-json-1.0"}
    gone.request("POST", "/", json.dumps({"activityArn": activity}), headers)
    time.sleep(0.2)
    gone.close()
    time.sleep(0.2)
    definition = {"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": activity, "End": True}}}
    states.start_execution(stateMachineArn=machine(server, json.dumps(definition)), input='{"a":1}')
    told = states.get_activity_task(activityArn=activity)
    assert json.loads(told["input"]) == {"a": 1}
