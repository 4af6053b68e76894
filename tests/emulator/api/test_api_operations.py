from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from kit.emulator import Emulator
from kit.emulator.api import REQUIRED, ApiError, StepFunctionsApi
from kit.emulator.driver import Driver
from kit.engine import Done, Engine, Failed, TaskAnswer, TaskCall

ROLE = "arn:aws:iam::123456789012:role/r"
PASS = {"StartAt": "S", "States": {"S": {"Type": "Pass", "End": True}}}
WAIT = {"StartAt": "S", "States": {"S": {"Type": "Wait", "Seconds": 60, "End": True}}}
FAIL = {"StartAt": "S", "States": {"S": {"Type": "Fail", "Error": "E", "Cause": "c"}}}


class World:
    def describe(self, resource: str) -> tuple[str, str]:
        return "aws-sdk:ssm", resource.rpartition(":")[2]

    def refusal(self, resource: str, arguments: Any) -> Failed | None:  # noqa: ARG002
        return None

    def call(self, call: TaskCall) -> TaskAnswer:
        return Done({"asked": call.arguments})

    def poll(self, call: TaskCall, handle: Any) -> TaskAnswer | None:  # noqa: ARG002
        return None

    def cancel(self, call: TaskCall, handle: Any) -> None:
        pass


class Client:
    """`client.start_execution(...)`, and time that goes only when it is told to."""

    def __init__(self, driver: Driver) -> None:
        self.driver, self.api = driver, StepFunctionsApi(driver.engine, driver)

    def __getattr__(self, name: str) -> Any:
        operation = "".join(word.capitalize() for word in name.split("_"))
        return lambda **params: self.api.call(operation, params)

    def machine(self, definition: dict[str, Any], name: str = "m", **more: Any) -> str:
        made = self.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE, **more)
        arn: str = made["stateMachineArn"]
        return arn

    def run(self, definition: dict[str, Any], **more: Any) -> str:
        arn: str = self.start_execution(stateMachineArn=self.machine(definition), **more)["executionArn"]
        self.driver.clock.advance(seconds=1)
        return arn

    def refuses(self, operation: str, **params: Any) -> ApiError:
        with pytest.raises(ApiError) as caught:
            self.api.call(operation, params)
        return caught.value


@pytest.fixture
def client() -> Iterator[Client]:
    driver = Driver(Engine(World()), "instant")
    driver.clock.pause()
    yield Client(driver)
    driver.close()


def test_every_operation_of_the_model_is_answered(client: Client) -> None:
    import botocore.session

    model = botocore.session.get_session().get_service_model("stepfunctions")
    assert set(REQUIRED) == set(model.operation_names)
    for operation in model.operation_names:
        shape = model.operation_model(operation).input_shape
        assert shape is not None
        assert set(REQUIRED[operation]) == set(shape.required_members)
        assert client.api._find(operation) is not None


def test_a_missing_member_and_an_unknown_operation_are_refused(client: Client) -> None:
    assert client.refuses("DescribeExecution").message == (
        "1 validation error detected: Value null at 'executionArn' failed to satisfy constraint: "
        "Member must not be null"
    )
    assert client.refuses("MakeCoffee").code == "UnknownOperationException"


def test_the_same_machine_may_be_created_twice_and_another_of_that_name_not(client: Client) -> None:
    assert client.machine(PASS) == client.machine(PASS)
    wanted = {"name": "m", "definition": json.dumps(WAIT), "roleArn": ROLE}
    assert client.refuses("CreateStateMachine", **wanted).code == "StateMachineAlreadyExists"


def test_an_execution_keeps_the_definition_it_began_with(client: Client) -> None:
    arn = client.machine(WAIT)
    execution = client.start_execution(stateMachineArn=arn)["executionArn"]
    client.update_state_machine(stateMachineArn=arn, definition=json.dumps(FAIL))
    client.driver.clock.advance(minutes=2)
    assert client.describe_execution(executionArn=execution)["status"] == "SUCCEEDED"
    described = client.describe_state_machine_for_execution(executionArn=execution)
    assert json.loads(described["definition"]) == WAIT
    assert json.loads(client.describe_state_machine(stateMachineArn=arn)["definition"]) == FAIL


def test_the_same_start_is_the_same_execution_while_it_runs(client: Client) -> None:
    arn = client.machine(WAIT)
    start = {"stateMachineArn": arn, "name": "today", "input": "{}"}
    assert client.start_execution(**start) == client.start_execution(**start)
    assert client.refuses("StartExecution", **{**start, "input": "[]"}).code == "ExecutionAlreadyExists"
    client.driver.clock.advance(minutes=2)
    assert client.refuses("StartExecution", **start).code == "ExecutionAlreadyExists"


@pytest.mark.parametrize("name", ["a b", "a/b", "x" * 81, "", "a\x00"])
def test_a_name_that_aws_does_not_take_is_refused(client: Client, name: str) -> None:
    arn = client.machine(PASS)
    assert client.refuses("StartExecution", stateMachineArn=arn, name=name).code == "InvalidName"


def test_an_input_that_is_no_json_is_refused(client: Client) -> None:
    arn = client.machine(PASS)
    assert client.refuses("StartExecution", stateMachineArn=arn, input="{").code == "InvalidExecutionInput"


def test_a_history_comes_in_pages_from_either_end_and_without_data(client: Client) -> None:
    arn = client.run(PASS, input='{"secret": 1}')
    first = client.get_execution_history(executionArn=arn, maxResults=3)
    rest = client.get_execution_history(executionArn=arn, maxResults=3, nextToken=first["nextToken"])
    assert [event["id"] for event in first["events"] + rest["events"]] == [1, 2, 3, 4]
    assert "nextToken" not in rest
    backwards = client.get_execution_history(executionArn=arn, reverseOrder=True)["events"]
    assert [event["id"] for event in backwards] == [4, 3, 2, 1]
    assert "secret" not in str(client.get_execution_history(executionArn=arn, includeExecutionData=False))
    assert client.refuses("GetExecutionHistory", executionArn=arn, nextToken="x").code == "InvalidToken"


def test_executions_are_listed_newest_first_and_by_status(client: Client) -> None:
    arn = client.machine(WAIT)
    names = ["a", "b", "c"]
    for name in names:
        client.start_execution(stateMachineArn=arn, name=name)
    client.stop_execution(executionArn=arn.replace("stateMachine", "execution") + ":b", error="E", cause="c")
    listed = client.list_executions(stateMachineArn=arn)["executions"]
    assert [each["name"] for each in listed] == ["c", "b", "a"]
    (aborted,) = client.list_executions(stateMachineArn=arn, statusFilter="ABORTED")["executions"]
    assert aborted["name"] == "b"


def test_a_deleted_machine_stops_its_executions(client: Client) -> None:
    arn = client.machine(WAIT)
    execution = client.start_execution(stateMachineArn=arn)["executionArn"]
    client.delete_state_machine(stateMachineArn=arn)
    assert client.describe_execution(executionArn=execution)["status"] == "ABORTED"
    assert client.refuses("DescribeStateMachine", stateMachineArn=arn).code == "StateMachineDoesNotExist"
    assert client.list_state_machines() == {"stateMachines": []}


def test_a_failed_execution_can_be_redriven_and_one_that_succeeded_not(client: Client) -> None:
    failed = client.run(FAIL)
    assert client.describe_execution(executionArn=failed)["redriveStatus"] == "REDRIVABLE"
    again = client.redrive_execution(executionArn=failed, clientToken="t")
    assert client.redrive_execution(executionArn=failed, clientToken="t") == again
    client.driver.clock.advance(days=15)
    assert client.describe_execution(executionArn=failed)["redriveCount"] == 1
    assert client.refuses("RedriveExecution", executionArn=failed).code == "ExecutionNotRedrivable"
    client.delete_state_machine(stateMachineArn=client.machine(FAIL))
    succeeded = client.run(PASS)
    refused = client.refuses("RedriveExecution", executionArn=succeeded)
    assert refused.message == "Execution is SUCCEEDED and cannot be redriven"


def test_an_alias_shares_starts_between_two_versions(client: Client) -> None:
    arn = client.machine(PASS)
    one = client.publish_state_machine_version(stateMachineArn=arn)["stateMachineVersionArn"]
    client.update_state_machine(stateMachineArn=arn, definition=json.dumps(FAIL))
    two = client.publish_state_machine_version(stateMachineArn=arn)["stateMachineVersionArn"]
    assert (one, two) == (f"{arn}:1", f"{arn}:2")
    routes = [{"stateMachineVersionArn": one, "weight": 50}, {"stateMachineVersionArn": two, "weight": 50}]
    alias = client.create_state_machine_alias(name="live", routingConfiguration=routes)[
        "stateMachineAliasArn"
    ]
    used = set()
    for _ in range(20):
        execution = client.start_execution(stateMachineArn=alias)["executionArn"]
        used.add(client.describe_execution(executionArn=execution)["stateMachineVersionArn"])
    assert used == {one, two}
    assert client.refuses("DeleteStateMachineVersion", stateMachineVersionArn=one).code == "ConflictException"
    client.delete_state_machine_alias(stateMachineAliasArn=alias)
    client.delete_state_machine_version(stateMachineVersionArn=one)
    assert len(client.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"]) == 1


def test_tags_are_kept_changed_and_limited(client: Client) -> None:
    arn = client.machine(PASS, tags=[{"key": "team", "value": "ops"}])
    client.tag_resource(resourceArn=arn, tags=[{"key": "env", "value": "dev"}])
    client.untag_resource(resourceArn=arn, tagKeys=["team"])
    assert client.list_tags_for_resource(resourceArn=arn) == {"tags": [{"key": "env", "value": "dev"}]}
    many = [{"key": str(n), "value": ""} for n in range(51)]
    assert client.refuses("TagResource", resourceArn=arn, tags=many).code == "TooManyTags"


def test_an_express_machine_answers_with_its_outcome(client: Client) -> None:
    client.driver.clock.resume()
    arn = client.machine(FAIL, type="EXPRESS")
    answer = client.start_sync_execution(stateMachineArn=arn, input="{}")
    assert (answer["status"], answer["error"], answer["cause"]) == ("FAILED", "E", "c")
    assert answer["billingDetails"] == {"billedMemoryUsedInMB": 64, "billedDurationInMilliseconds": 100}
    standard = client.machine(PASS, "standard")
    assert (
        client.refuses("StartSyncExecution", stateMachineArn=standard).code == "StateMachineTypeNotSupported"
    )


def test_a_worker_polls_answers_and_finds_nothing_afterwards(client: Client) -> None:
    client.driver.clock.resume()
    activity = client.create_activity(name="approve")["activityArn"]
    definition = {"StartAt": "S", "States": {"S": {"Type": "Task", "Resource": activity, "End": True}}}
    execution = client.start_execution(stateMachineArn=client.machine(definition), input='{"a":1}')[
        "executionArn"
    ]
    task = client.get_activity_task(activityArn=activity, workerName="desk")
    assert json.loads(task["input"]) == {"a": 1}
    client.send_task_heartbeat(taskToken=task["taskToken"])
    client.send_task_success(taskToken=task["taskToken"], output='"yes"')
    client.driver.wait(lambda: client.driver.engine.open == 0, real_seconds=5)
    assert client.describe_execution(executionArn=execution)["output"] == '"yes"'
    assert client.refuses("SendTaskSuccess", taskToken="x", output="1").code == "InvalidToken"
    assert client.refuses("SendTaskSuccess", taskToken="x", output="{").code == "InvalidOutput"


def test_a_map_run_can_be_described_listed_and_changed_while_it_runs(client: Client) -> None:
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, **WAIT}
    each = {"Type": "Map", "ItemProcessor": processor, "MaxConcurrency": 1, "End": True}
    processor["StartAt"], processor["States"] = "W", {"W": WAIT["States"]["S"]}  # type: ignore[index]
    execution = client.run({"StartAt": "S", "States": {"S": each}}, input="[1,2,3]")
    (listed,) = client.list_map_runs(executionArn=execution)["mapRuns"]
    arn = listed["mapRunArn"]
    found = client.describe_map_run(mapRunArn=arn)
    assert (found["itemCounts"]["pending"], found["itemCounts"]["running"]) == (2, 1)
    client.update_map_run(mapRunArn=arn, maxConcurrency=3)
    client.driver.clock.advance(minutes=5)
    done = client.describe_map_run(mapRunArn=arn)
    assert (done["status"], done["executionCounts"]["succeeded"]) == ("SUCCEEDED", 3)
    assert len(client.list_executions(mapRunArn=arn)["executions"]) == 3


def test_a_task_tested_alone_makes_its_call_once(client: Client) -> None:
    client.driver.clock.resume()
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:ssm:getParameter",
        "Parameters": {"Name.$": "$.name"},
        "ResultPath": "$.found",
        "Next": "Elsewhere",
    }
    answer = client.test_state(
        definition=json.dumps(state), roleArn=ROLE, input='{"name":"/switch"}', inspectionLevel="DEBUG"
    )
    assert (answer["status"], answer["nextState"]) == ("SUCCEEDED", "Elsewhere")
    assert json.loads(answer["output"]) == {"name": "/switch", "found": {"asked": {"Name": "/switch"}}}
    assert json.loads(answer["inspectionData"]["afterParameters"]) == {"Name": "/switch"}


@pytest.mark.parametrize(
    ("resource", "refused"),
    [
        ("arn:aws:states:::aws-sdk:rds:stopDBCluster", False),
        ("arn:aws:states:::aws-sdk:rds:stopDbCluster", True),
        ("arn:aws:states:::aws-sdk:rds:stopDBCluster.sync", True),
        ("arn:aws:states:::aws-sdk:notours:doIt", False),
        ("arn:aws:states:::glue:startJobRun.sync", False),
    ],
)
def test_an_action_that_a_service_has_not_is_refused_at_creation(
    emulator: Emulator, resource: str, refused: bool
) -> None:
    task = {"Type": "Task", "Resource": resource, "Parameters": {"a": 1}, "End": True}
    branch = {"StartAt": "Call", "States": {"Call": task}}
    both = {"Type": "Parallel", "Branches": [branch], "End": True}
    definition = json.dumps({"StartAt": "Both", "States": {"Both": both}})
    told = emulator.api.call("ValidateStateMachineDefinition", {"definition": definition})
    assert told["result"] == ("FAIL" if refused else "OK")
    if refused:
        assert told["diagnostics"][0]["location"] == "/States/Both/Branches[0]/States/Call/Resource"
        assert f"The resource provided {resource} is not recognized." in told["diagnostics"][0]["message"]
