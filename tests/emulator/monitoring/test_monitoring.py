"""What CloudWatch knows of executions."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from kit.emulator import Emulator

ROLE = "arn:aws:iam::123456789012:role/machine"
GROUP = "/aws/vendedlogs/states/night"
DAY = dt.datetime(2026, 4, 6, tzinfo=dt.UTC)


def machine(emulator: Emulator, state: dict[str, Any], **more: Any) -> str:
    made = emulator.client("stepfunctions").create_state_machine(
        name="night",
        definition=json.dumps({"StartAt": "Only", "States": {"Only": state}}),
        roleArn=ROLE,
        **more,
    )
    return str(made["stateMachineArn"])


def logging(level: str, include_data: bool = True) -> dict[str, Any]:
    group = f"arn:aws:logs:us-east-1:123456789012:log-group:{GROUP}:*"
    return {
        "level": level,
        "includeExecutionData": include_data,
        "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": group}}],
    }


def run(emulator: Emulator, arn: str, given: str = "{}") -> str:
    started = emulator.client("stepfunctions").start_execution(stateMachineArn=arn, input=given)
    emulator.clock.advance(minutes=2)
    return str(started["executionArn"])


def total(emulator: Emulator, name: str, arn: str, statistic: str = "Sum") -> float:
    points = emulator.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/States",
        MetricName=name,
        Dimensions=[{"Name": "StateMachineArn", "Value": arn}],
        StartTime=DAY,
        EndTime=DAY + dt.timedelta(hours=1),
        Period=3_600,
        Statistics=[statistic],
    )["Datapoints"]
    return float(sum(point[statistic] for point in points))


def lines(emulator: Emulator) -> list[dict[str, Any]]:
    found = emulator.client("logs").filter_log_events(logGroupName=GROUP)["events"]
    return [json.loads(each["message"]) for each in found]


def test_starts_ends_and_durations_are_counted_for_the_machine(emulator: Emulator) -> None:
    arn = machine(emulator, {"Type": "Wait", "Seconds": 30, "End": True})
    run(emulator, arn)
    run(emulator, arn)
    assert total(emulator, "ExecutionsStarted", arn) == 2
    assert total(emulator, "ExecutionsSucceeded", arn) == 2
    assert total(emulator, "ExecutionTime", arn, "Maximum") == 30_000
    assert total(emulator, "ExecutionsFailed", arn) == 0


def test_each_kind_of_end_has_its_metric(emulator: Emulator) -> None:
    states = emulator.client("stepfunctions")
    arn = machine(emulator, {"Type": "Wait", "Seconds": 600, "End": True})
    emulator.clock.pause()
    stopped = states.start_execution(stateMachineArn=arn)["executionArn"]
    states.stop_execution(executionArn=stopped)
    emulator.clock.resume()
    broken = {"StartAt": "No", "States": {"No": {"Type": "Fail"}}}
    states.update_state_machine(stateMachineArn=arn, definition=json.dumps(broken))
    run(emulator, arn)
    assert total(emulator, "ExecutionsAborted", arn) == 1
    assert total(emulator, "ExecutionsFailed", arn) == 1


def test_a_redrive_counts_as_a_redrive(emulator: Emulator) -> None:
    arn = machine(emulator, {"Type": "Fail", "Error": "Broken"})
    failed = run(emulator, arn)
    emulator.client("stepfunctions").redrive_execution(executionArn=failed)
    emulator.clock.advance(minutes=1)
    assert total(emulator, "ExecutionsStarted", arn) == 1
    assert total(emulator, "ExecutionsRedriven", arn) == 1
    assert total(emulator, "RedrivenExecutionsFailed", arn) == 1


def test_a_machine_that_wants_it_has_its_events_in_its_log_group(emulator: Emulator) -> None:
    emulator.client("logs").create_log_group(logGroupName=GROUP)
    arn = machine(emulator, {"Type": "Pass", "End": True}, loggingConfiguration=logging("ALL"))
    execution = run(emulator, arn, '{"a":1}')
    told = lines(emulator)
    assert [each["type"] for each in told] == [
        "ExecutionStarted",
        "PassStateEntered",
        "PassStateExited",
        "ExecutionSucceeded",
    ]
    assert told[0] == {
        "id": "1",
        "type": "ExecutionStarted",
        "details": {"input": '{"a":1}', "inputDetails": {"truncated": False}, "roleArn": ROLE},
        "previous_event_id": "0",
        "event_timestamp": str(round(DAY.timestamp() * 1000)),
        "execution_arn": execution,
        "redrive_count": "0",
    }
    (stream,) = emulator.client("logs").describe_log_streams(logGroupName=GROUP)["logStreams"]
    assert stream["logStreamName"].startswith("states/night/2026-04-06-00-00/")


def test_lines_are_written_once_and_go_on(emulator: Emulator) -> None:
    emulator.clock.pause()
    emulator.client("logs").create_log_group(logGroupName=GROUP)
    arn = machine(
        emulator, {"Type": "Wait", "Seconds": 600, "End": True}, loggingConfiguration=logging("ALL")
    )
    run(emulator, arn)
    assert [each["id"] for each in lines(emulator)] == ["1", "2"]
    emulator.clock.advance(hours=1)
    assert [each["id"] for each in lines(emulator)] == ["1", "2", "3", "4"]
    assert len(lines(emulator)) == 4


def test_data_is_left_out_where_the_machine_says_so(emulator: Emulator) -> None:
    emulator.client("logs").create_log_group(logGroupName=GROUP)
    arn = machine(emulator, {"Type": "Pass", "End": True}, loggingConfiguration=logging("ALL", False))
    run(emulator, arn, '{"secret":1}')
    assert "secret" not in json.dumps(lines(emulator))


@pytest.mark.parametrize(
    ("level", "expected"),
    [("ERROR", ["FailStateEntered", "ExecutionFailed"]), ("FATAL", ["ExecutionFailed"]), ("OFF", [])],
)
def test_a_level_chooses_what_is_logged(emulator: Emulator, level: str, expected: list[str]) -> None:
    emulator.client("logs").create_log_group(logGroupName=GROUP)
    arn = machine(emulator, {"Type": "Fail", "Error": "Broken"}, loggingConfiguration=logging(level))
    run(emulator, arn)
    assert [each["type"] for each in lines(emulator)] == expected


def test_express_executions_are_logged_too(emulator: Emulator) -> None:
    emulator.client("logs").create_log_group(logGroupName=GROUP)
    arn = machine(
        emulator, {"Type": "Pass", "End": True}, type="EXPRESS", loggingConfiguration=logging("ALL")
    )
    run(emulator, arn)
    assert len(lines(emulator)) == 4


def test_lines_of_a_redrive_follow_those_before_with_its_number(emulator: Emulator) -> None:
    emulator.client("logs").create_log_group(logGroupName=GROUP)
    arn = machine(emulator, {"Type": "Fail", "Error": "Broken"}, loggingConfiguration=logging("FATAL"))
    failed = run(emulator, arn)
    assert [each["redrive_count"] for each in lines(emulator)] == ["0"]
    emulator.client("stepfunctions").redrive_execution(executionArn=failed)
    emulator.clock.advance(minutes=1)
    assert [each["redrive_count"] for each in lines(emulator)] == ["0", "1"]
