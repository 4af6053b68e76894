"""What Task states call, and how answers and errors look to them."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from kit.emulator import Emulator
from kit.emulator.integrations import recognises

Run = Callable[..., Any]
SDK = "arn:aws:states:::aws-sdk:"
OPTIMIZED = "arn:aws:states:::"


def sdk(name: str, **parameters: Any) -> dict[str, Any]:
    return {"Resource": SDK + name, "Parameters": parameters}


def task(name: str, **parameters: Any) -> dict[str, Any]:
    return {"Resource": OPTIMIZED + name, "Parameters": parameters}


# AWS SDK integrations.


def test_an_sdk_integration_calls_any_action_and_shows_step_functions_casing(
    emulator: Emulator, run: Run
) -> None:
    emulator.client("rds").create_db_cluster(
        DBClusterIdentifier="dev",
        Engine="aurora-mysql",
        MasterUsername="root",
        MasterUserPassword="not-secret",
    )
    ran = run(emulator, sdk("rds:describeDBClusters", DbClusterIdentifier="dev"))
    cluster = ran.output["DbClusters"][0]
    assert cluster["DbClusterIdentifier"] == "dev"
    assert cluster["ClusterCreateTime"] == "2026-04-06T00:00:00Z"
    assert "ResponseMetadata" not in ran.output
    scheduled = ran.events[2]["taskScheduledEventDetails"]
    assert (scheduled["resourceType"], scheduled["resource"]) == ("aws-sdk:rds", "describeDBClusters")


def test_a_services_error_has_its_name_and_cause_in_asl(emulator: Emulator, run: Run) -> None:
    ran = run(emulator, sdk("rds:describeDBClusters", DbClusterIdentifier="gone"))
    assert ran.error == "Rds.DbClusterNotFoundException"
    head, _, tail = ran.cause.partition("Request ID: ")
    assert head == "DBCluster gone not found. (Service: Rds, Status Code: 404, "
    assert tail[36:] == ") (SDK Attempt Count: 1)"


def test_an_error_of_s3_tells_two_ids(emulator: Emulator, run: Run) -> None:
    ran = run(emulator, sdk("s3:listObjects", Bucket="no-such-bucket"))
    assert ran.error == "S3.NoSuchBucketException"
    assert ran.cause.startswith(
        "The specified bucket does not exist (Service: S3, Status Code: 404, Request ID: "
    )
    assert ", Extended Request ID: " in ran.cause


def test_an_error_without_a_class_is_named_after_the_service(emulator: Emulator, run: Run) -> None:
    ran = run(emulator, sdk("secretsmanager:createSecret", Name="Invalid Name", SecretString="x"))
    assert ran.error == "SecretsManager.SecretsManagerException"
    assert ran.cause.startswith(
        "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: "
        "-/_+=.@! (Service: SecretsManager, Status Code: 400, Request ID: "
    )


def test_a_missing_parameter_is_told_by_the_service(emulator: Emulator, run: Run) -> None:
    ran = run(emulator, sdk("dynamodb:putItem", TableName="jobs", Item=None))
    assert ran.error == "DynamoDb.DynamoDbException"
    assert ran.cause.startswith(
        "1 validation error detected: Value null at 'item' failed to satisfy constraint: "
        "Member must not be null (Service: DynamoDb, Status Code: 400"
    )


def test_a_parameter_in_boto3s_casing_fails_in_awss_words(emulator: Emulator, run: Run) -> None:
    ran = run(emulator, sdk("rds:stopDBCluster", DBClusterIdentifier="dev"))
    assert ran.error == "States.Runtime"
    assert "DBClusterIdentifier" in ran.cause


def test_an_object_is_stored_as_its_json(emulator: Emulator, run: Run) -> None:
    emulator.client("s3").create_bucket(Bucket="snapshots")
    run(emulator, sdk("s3:putObject", Bucket="snapshots", Key="a", Body={"Dict": "Value"}))
    assert (
        run(emulator, sdk("s3:getObject", Bucket="snapshots", Key="a")).output["Body"] == '{"Dict":"Value"}'
    )


def test_a_long_poll_that_finds_nothing_takes_its_time(emulator: Emulator, run: Run) -> None:
    url = emulator.client("sqs").create_queue(QueueName="jobs")["QueueUrl"]
    begin = emulator.clock.now()
    ran = run(emulator, sdk("sqs:receiveMessage", QueueUrl=url, WaitTimeSeconds=20))
    assert ran.output == {}
    assert (emulator.clock.now() - begin).total_seconds() == 20


def test_calls_are_in_the_journal_with_who_made_them(emulator: Emulator, run: Run) -> None:
    emulator.client("sns").list_topics()
    ran = run(emulator, sdk("ssm:getParameter", Name="/missing"))
    ours, theirs = emulator.journal
    assert (ours.name, ours.by, ours.outcome) == ("sns:ListTopics", "client", "succeeded")
    assert theirs.by.endswith(ran.events[0]["executionStartedEventDetails"].get("name", "")) or theirs.by
    assert (theirs.name, theirs.state, theirs.error) == ("ssm:GetParameter", "Call", "ParameterNotFound")
    assert theirs.params == {"Name": "/missing"}
    assert theirs.at == emulator.clock.now()


def test_a_fault_fails_a_state_by_the_name_that_follows_from_its_code(emulator: Emulator, run: Run) -> None:
    emulator.faults.fail("rds:describeDBClusters", code="DBClusterNotFoundFault", message="Not today.")
    failed = run(emulator, sdk("rds:describeDBClusters"))
    assert failed.error == "Rds.DbClusterNotFoundException"
    assert failed.cause.startswith("Not today. (Service: Rds, Status Code: 404")
    assert run(emulator, sdk("rds:describeDBClusters")).status == "SUCCEEDED"
    assert emulator.journal[0].note == "fault injected"


def test_a_throttle_has_no_class_of_its_own_in_rds(emulator: Emulator, run: Run) -> None:
    emulator.faults.fail("rds:DescribeDBClusters", code="Throttling")
    assert run(emulator, sdk("rds:describeDBClusters")).error == "Rds.RdsException"


# Optimized integrations.


def test_sns_publishes_with_an_envelope_around_the_answer(emulator: Emulator, run: Run) -> None:
    arn = emulator.client("sns").create_topic(Name="alarms")["TopicArn"]
    output = run(emulator, task("sns:publish", TopicArn=arn, Message={"state": "red"})).output
    assert set(output) == {"MessageId", "SdkHttpMetadata", "SdkResponseMetadata"}
    assert output["SdkHttpMetadata"]["HttpStatusCode"] == 200
    assert (
        output["SdkHttpMetadata"]["HttpHeaders"]["x-amzn-RequestId"]
        == (output["SdkResponseMetadata"]["RequestId"])
    )


def test_sns_errors_have_their_own_names(emulator: Emulator, run: Run) -> None:
    arn = "arn:aws:sns:us-east-1:123456789012:no-such-topic"
    ran = run(emulator, task("sns:publish", TopicArn=arn, Message="x"))
    assert ran.error == "SNS.NotFoundException"
    assert "(Service: AmazonSNS; Status Code: 404; Error Code: NotFound; Request ID: " in ran.cause
    assert ran.cause.endswith("; Proxy: null)")


def test_sqs_sends_an_object_as_json(emulator: Emulator, run: Run) -> None:
    sqs = emulator.client("sqs")
    url = sqs.create_queue(QueueName="jobs")["QueueUrl"]
    output = run(emulator, task("sqs:sendMessage", QueueUrl=url, MessageBody={"a": 1})).output
    assert "MD5OfMessageBody" in output
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == '{"a":1}'


def test_sqs_tells_of_a_missing_body(emulator: Emulator, run: Run) -> None:
    url = emulator.client("sqs").create_queue(QueueName="jobs")["QueueUrl"]
    ran = run(emulator, task("sqs:sendMessage", QueueUrl=url, MessageBody=None))
    assert ran.error == "SQS.AmazonSQSException"
    assert ran.cause.startswith(
        "The request must contain the parameter MessageBody. "
        "(Service: AmazonSQS; Status Code: 400; Error Code: MissingParameter; Request ID: "
    )


def test_dynamodb_has_another_prefix_than_its_sdk_integration(emulator: Emulator, run: Run) -> None:
    ran = run(emulator, task("dynamodb:getItem", TableName="missing", Key={"id": {"S": "1"}}))
    assert ran.error == "DynamoDB.ResourceNotFoundException"
    assert "(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ResourceNotFoundException;" in ran.cause


def test_a_lock_that_is_held_fails_by_its_condition(emulator: Emulator, run: Run) -> None:
    emulator.client("dynamodb").create_table(
        TableName="locks",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    take = task(
        "dynamodb:putItem",
        TableName="locks",
        Item={"id": {"S": "staging"}},
        ConditionExpression="attribute_not_exists(id)",
    )
    assert run(emulator, take).status == "SUCCEEDED"
    assert run(emulator, take).error == "DynamoDB.ConditionalCheckFailedException"


def test_events_are_put_with_their_detail_as_json(emulator: Emulator, run: Run) -> None:
    entry = {"Source": "ops", "DetailType": "done", "Detail": {"cluster": "dev"}}
    output = run(emulator, task("events:putEvents", Entries=[entry])).output
    assert output["FailedEntryCount"] == 0
    assert len(output["Entries"]) == 1


# Lambda.


def function(emulator: Emulator, source: str, name: str = "mask") -> str:
    iam = emulator.client("iam")
    if not iam.list_roles()["Roles"]:
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
        iam.create_role(RoleName="function", AssumeRolePolicyDocument=json.dumps(trust))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("index.py", source)
    arn: str = emulator.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.12",
        Handler="index.handler",
        Role="arn:aws:iam::123456789012:role/function",
        Code={"ZipFile": buffer.getvalue()},
    )["FunctionArn"]
    return arn


ECHO = "def handler(event, context):\n    return event"


def test_lambda_invoke_gives_the_payload_parsed(emulator: Emulator, run: Run) -> None:
    function(emulator, ECHO)
    output = run(emulator, task("lambda:invoke", FunctionName="mask", Payload={"a": [1]})).output
    assert (output["Payload"], output["StatusCode"], output["ExecutedVersion"]) == (
        {"a": [1]},
        200,
        "$LATEST",
    )


def test_a_missing_payload_is_an_empty_object(emulator: Emulator, run: Run) -> None:
    function(emulator, ECHO)
    assert run(emulator, task("lambda:invoke", FunctionName="mask")).output["Payload"] == {}


def test_a_functions_log_comes_with_log_type_tail(emulator: Emulator, run: Run) -> None:
    function(emulator, "def handler(event, context):\n    print('masked 3 rows')")
    output = run(emulator, task("lambda:invoke", FunctionName="mask", LogType="Tail")).output
    import base64

    assert "masked 3 rows" in base64.b64decode(output["LogResult"]).decode()


def test_a_functions_arn_is_a_resource_by_itself(emulator: Emulator, run: Run) -> None:
    arn = function(emulator, ECHO)
    ran = run(emulator, {"Resource": arn}, {"rows": 3})
    assert ran.output == {"rows": 3}
    assert "LambdaFunctionSucceeded" in [event["type"] for event in ran.events]


def test_a_functions_own_error_is_the_name_to_catch(emulator: Emulator, run: Run) -> None:
    function(emulator, "class Late(Exception):\n    pass\ndef handler(event, context):\n    raise Late('no')")
    ran = run(emulator, task("lambda:invoke", FunctionName="mask"))
    assert ran.error == "Late"
    assert json.loads(ran.cause)["errorMessage"] == "no"


def test_a_function_that_is_not_there_is_told_with_lambdas_prefix(emulator: Emulator, run: Run) -> None:
    ran = run(emulator, task("lambda:invoke", FunctionName="missing"))
    assert ran.error == "Lambda.ResourceNotFoundException"
    assert "Function not found: arn:aws:lambda:us-east-1:123456789012:function:missing" in ran.cause
    assert "(Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; " in ran.cause


# Nested executions.


def child(emulator: Emulator, definition: dict[str, Any]) -> str:
    arn: str = emulator.client("stepfunctions").create_state_machine(
        name="child",
        definition=json.dumps({"StartAt": "Only", "States": {"Only": definition}}),
        roleArn="arn:aws:iam::123456789012:role/machine",
    )["stateMachineArn"]
    return arn


HOURS = {"Type": "Wait", "Seconds": 32_400, "End": True}


def test_a_parent_starts_and_goes_on(emulator: Emulator, run: Run) -> None:
    arn = child(emulator, HOURS)
    output = run(emulator, task("states:startExecution", StateMachineArn=arn, Name="one")).output
    assert output["ExecutionArn"].endswith(":child:one")


@pytest.mark.parametrize(("pattern", "as_json"), [("sync", False), ("sync:2", True)])
def test_a_parent_waits_for_its_child(emulator: Emulator, run: Run, pattern: str, as_json: bool) -> None:
    arn = child(emulator, HOURS)
    begin = emulator.clock.now()
    ran = run(emulator, task(f"states:startExecution.{pattern}", StateMachineArn=arn, Input={"a": 1}))
    assert (emulator.clock.now() - begin).total_seconds() == 32_400
    assert ran.output["Status"] == "SUCCEEDED"
    assert ran.output["Output"] == ({"a": 1} if as_json else '{"a":1}')
    assert [event["type"] for event in ran.events[2:6]] == [
        "TaskScheduled",
        "TaskStarted",
        "TaskSubmitted",
        "TaskSucceeded",
    ]


def test_a_childs_failure_is_the_parents(emulator: Emulator, run: Run) -> None:
    arn = child(emulator, {"Type": "Fail", "Error": "Masking", "Cause": "no rows"})
    ran = run(emulator, task("states:startExecution.sync:2", StateMachineArn=arn, Name="one"))
    assert ran.error == "States.TaskFailed"
    told = json.loads(ran.cause)
    assert (told["Status"], told["Error"], told["Cause"]) == ("FAILED", "Masking", "no rows")


def test_a_stopped_parent_stops_its_child(emulator: Emulator, run: Run) -> None:
    arn = child(emulator, HOURS)
    parent = {
        **task("states:startExecution.sync:2", StateMachineArn=arn, Name="one"),
        "TimeoutSeconds": 60,
    }
    assert run(emulator, parent).error == "States.Timeout"
    told = emulator.client("stepfunctions").describe_execution(
        executionArn=arn.replace("stateMachine", "execution") + ":one"
    )
    assert told["status"] == "ABORTED"


def test_an_unknown_machine_is_told_with_step_functions_prefix(emulator: Emulator, run: Run) -> None:
    arn = "arn:aws:states:us-east-1:123456789012:stateMachine:missing"
    ran = run(emulator, task("states:startExecution", StateMachineArn=arn))
    assert ran.error == "StepFunctions.StateMachineDoesNotExistException"


@pytest.mark.parametrize(
    ("resource", "known"),
    [
        (SDK + "rds:stopDBCluster", True),
        (SDK + "rds:stopDbCluster", False),
        (SDK + "rds:stopDBCluster.sync", False),
        (SDK + "sqs:sendMessage.waitForTaskToken", True),
        (OPTIMIZED + "sqs:sendMessage.waitForTaskToken", True),
        (OPTIMIZED + "dynamodb:getItem.waitForTaskToken", False),
        (OPTIMIZED + "states:startExecution.sync:2", True),
        (OPTIMIZED + "sqs:receiveMessage", False),
        ("arn:aws:lambda:us-east-1:123456789012:function:mask", True),
        ("arn:aws:s3:::bucket", False),
    ],
)
def test_resources_that_a_task_may_name(resource: str, known: bool) -> None:
    assert recognises(resource) is known
