from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from kit.emulator import Emulator

ROLE = "arn:aws:iam::123456789012:role/scheduler"


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """Its clock is paused: time passes by the test's hand only. It begins on Monday 2026-04-06."""
    with Emulator(clock="instant") as made:
        made.clock.pause()
        yield made


@pytest.fixture
def queue(emulator: Emulator) -> str:
    emulator.client("sqs").create_queue(QueueName="inbox")
    return "arn:aws:sqs:us-east-1:123456789012:inbox"


def received(emulator: Emulator, name: str = "inbox") -> list[dict[str, Any]]:
    sqs = emulator.client("sqs")
    url, found = sqs.get_queue_url(QueueName=name)["QueueUrl"], []
    while messages := sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    ).get("Messages"):
        for each in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
        found += messages
    return found


def machine(emulator: Emulator, name: str = "job", state: dict[str, Any] | None = None) -> str:
    definition = {"StartAt": "A", "States": {"A": state or {"Type": "Pass", "End": True}}}
    made = emulator.client("stepfunctions").create_state_machine(
        name=name, definition=json.dumps(definition), roleArn=ROLE
    )
    return str(made["stateMachineArn"])


def executions(emulator: Emulator, arn: str) -> list[dict[str, Any]]:
    client = emulator.client("stepfunctions")
    found = client.list_executions(stateMachineArn=arn)["executions"]
    return [client.describe_execution(executionArn=each["executionArn"]) for each in found][::-1]


def schedule(emulator: Emulator, expression: str, target: str, **fields: Any) -> None:
    given: dict[str, Any] = {"Name": "daily", "FlexibleTimeWindow": {"Mode": "OFF"}, **fields}
    settings = given.pop("Settings", {})
    emulator.client("scheduler").create_schedule(
        ScheduleExpression=expression, Target={"Arn": target, "RoleArn": ROLE, **settings}, **given
    )


def test_a_cron_starts_an_execution_each_weekday(emulator: Emulator) -> None:
    arn = machine(emulator)
    schedule(
        emulator,
        "cron(0 8 ? * MON-FRI *)",
        arn,
        ScheduleExpressionTimezone="Asia/Tokyo",
        Settings={"Input": '{"at": "<aws.scheduler.scheduled-time>"}'},
    )
    emulator.clock.advance(days=7)
    ran = executions(emulator, arn)
    # Monday 08:00 in Tokyo was an hour before the beginning.
    assert [json.loads(each["input"])["at"][:13] for each in ran] == [
        "2026-04-06T23",
        "2026-04-07T23",
        "2026-04-08T23",
        "2026-04-09T23",
        "2026-04-12T23",
    ]
    assert {each["status"] for each in ran} == {"SUCCEEDED"}
    assert ran[0]["startDate"] == dt.datetime(2026, 4, 6, 23, tzinfo=dt.UTC)
    assert {call.by for call in emulator.journal("stepfunctions:StartExecution")} == {
        "arn:aws:scheduler:us-east-1:123456789012:schedule/default/daily"
    }


def test_nothing_is_due_by_itself(emulator: Emulator) -> None:
    arn = machine(emulator)
    schedule(emulator, "cron(0 8 ? * MON-FRI *)", arn)
    emulator.clock.resume()
    emulator.client("stepfunctions").start_execution(stateMachineArn=arn)
    emulator.clock.advance(hours=7, minutes=59)
    assert len(executions(emulator, arn)) == 1
    emulator.clock.advance(minutes=1)
    assert len(executions(emulator, arn)) == 2


def test_a_rate_begins_at_once_or_with_its_start(emulator: Emulator, queue: str) -> None:
    schedule(emulator, "rate(1 hours)", queue)
    emulator.clock.advance(hours=2, minutes=30)
    assert len(received(emulator)) == 3
    begin = emulator.clock.now() + dt.timedelta(hours=5)
    emulator.client("scheduler").update_schedule(
        Name="daily",
        ScheduleExpression="rate(1 hours)",
        StartDate=begin,
        EndDate=begin + dt.timedelta(hours=1, minutes=1),
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": queue, "RoleArn": ROLE},
    )
    emulator.clock.advance(hours=4, minutes=59)
    assert received(emulator) == []
    emulator.clock.advance(days=1)
    assert len(received(emulator)) == 2


def test_once_is_once_and_may_delete_itself(emulator: Emulator, queue: str) -> None:
    schedule(emulator, "at(2026-04-06T12:00:00)", queue, ActionAfterCompletion="DELETE")
    emulator.clock.advance(days=2)
    assert len(received(emulator)) == 1
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        emulator.client("scheduler").get_schedule(Name="daily")


def test_a_disabled_or_deleted_schedule_is_not_due(emulator: Emulator, queue: str) -> None:
    schedule(emulator, "rate(1 hours)", queue, State="DISABLED")
    schedule(emulator, "cron(0 12 * * ? *)", queue, Name="other")
    emulator.client("scheduler").delete_schedule(Name="other")
    emulator.clock.advance(days=2)
    assert received(emulator) == []


def test_a_flexible_window_is_used_the_same_for_the_same_seed() -> None:
    def moments(seed: int) -> list[float]:
        with Emulator(clock="instant", seed=seed) as emulator:
            emulator.clock.pause()
            arn = machine(emulator)
            window = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 30}
            schedule(emulator, "cron(0 8 * * ? *)", arn, FlexibleTimeWindow=window)
            emulator.clock.advance(days=4)
            return [each["startDate"].timestamp() % 86_400 - 8 * 3600 for each in executions(emulator, arn)]

    first = moments(1)
    assert len(first) == 4
    assert all(0 <= late <= 1800 for late in first)
    assert len(set(first)) > 1
    assert first == moments(1)
    assert first != moments(2)


def test_a_refused_target_goes_to_the_dead_letter_queue(emulator: Emulator, queue: str) -> None:
    gone = "arn:aws:states:us-east-1:123456789012:stateMachine:gone"
    settings = {"Input": '{"day": 1}', "DeadLetterConfig": {"Arn": queue}}
    schedule(emulator, "at(2026-04-06T12:00:00)", gone, Settings=settings)
    emulator.clock.advance(days=1)
    (letter,) = received(emulator)
    assert letter["Body"] == '{"day": 1}'
    assert letter["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "StateMachineDoesNotExist"


def test_a_throttled_target_is_tried_again_until_its_retries_are_used_up(
    emulator: Emulator, queue: str
) -> None:
    emulator.client("sqs").create_queue(QueueName="dead")
    settings = {
        "RetryPolicy": {"MaximumRetryAttempts": 2},
        "DeadLetterConfig": {"Arn": queue.replace("inbox", "dead")},
    }
    schedule(emulator, "cron(0 12 * * ? *)", queue, Settings=settings)
    emulator.faults.fail("sqs:SendMessage", code="Throttling", times=2)
    emulator.clock.advance(days=1)
    assert len(received(emulator)) == 1
    emulator.faults.fail("sqs:SendMessage", code="Throttling", times=3)
    emulator.clock.advance(days=1)
    assert received(emulator) == []
    (letter,) = received(emulator, "dead")
    assert letter["MessageAttributes"]["EXHAUSTED_RETRY_CONDITION"]["StringValue"] == "MaximumRetryAttempts"


def test_a_schedule_may_call_any_action(emulator: Emulator) -> None:
    schedule(
        emulator,
        "at(2026-04-06T12:00:00)",
        "arn:aws:scheduler:::aws-sdk:sqs:createQueue",
        Settings={"Input": '{"QueueName": "made-by-schedule"}'},
    )
    emulator.clock.advance(days=1)
    assert emulator.client("sqs").get_queue_url(QueueName="made-by-schedule")["QueueUrl"]


@pytest.mark.parametrize("expression", ["cron(* * * * *)", "cron(0 8 * * * *)", "rate(0 days)", "tomorrow"])
def test_a_nonsense_schedule_is_refused(emulator: Emulator, queue: str, expression: str) -> None:
    with pytest.raises(ClientError, match="Invalid Schedule Expression") as refused:
        schedule(emulator, expression, queue)
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert emulator.client("scheduler").list_schedules()["Schedules"] == []


def test_a_nonsense_zone_is_refused(emulator: Emulator, queue: str) -> None:
    with pytest.raises(ClientError, match="Timezone"):
        schedule(emulator, "rate(1 days)", queue, ScheduleExpressionTimezone="Mars/Olympus")


# Rules.


def rule(emulator: Emulator, arn: str, *, name: str = "rule", target: Any = None, **fields: Any) -> None:
    events = emulator.client("events")
    events.put_rule(Name=name, **fields)
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn, "RoleArn": ROLE, **(target or {})}])


def test_a_scheduled_rule_gives_its_targets_an_event(emulator: Emulator) -> None:
    arn = machine(emulator)
    rule(emulator, arn, ScheduleExpression="rate(1 day)")
    emulator.clock.advance(days=2)
    ran = executions(emulator, arn)
    assert len(ran) == 2
    event = json.loads(ran[0]["input"])
    assert (event["detail-type"], event["source"]) == ("Scheduled Event", "aws.events")
    assert event["time"] == "2026-04-07T00:00:00Z"
    emulator.client("events").disable_rule(Name="rule")
    emulator.clock.advance(days=2)
    assert len(executions(emulator, arn)) == 2
    emulator.client("events").enable_rule(Name="rule")
    emulator.clock.advance(days=1)
    assert len(executions(emulator, arn)) == 3


def test_a_nonsense_rule_is_refused(emulator: Emulator) -> None:
    events = emulator.client("events")
    with pytest.raises(ClientError, match="ScheduleExpression is not valid"):
        events.put_rule(Name="x", ScheduleExpression="cron(0 8 * * * *)")
    with pytest.raises(ClientError, match="InvalidEventPatternException"):
        events.put_rule(Name="x", EventPattern='{"source": "aws.states"}')


def put(emulator: Emulator, **detail: Any) -> None:
    entry = {"Source": "ops", "DetailType": "Deployed", "Detail": json.dumps(detail)}
    answer = emulator.client("events").put_events(Entries=[entry])
    assert answer["FailedEntryCount"] == 0


def test_events_that_match_reach_queue_topic_and_machine(emulator: Emulator, queue: str) -> None:
    arn = machine(emulator)
    pattern = json.dumps({"source": ["ops"], "detail": {"env": [{"prefix": "prod"}]}})
    topic = emulator.client("sns").create_topic(Name="told")["TopicArn"]
    emulator.client("sqs").create_queue(QueueName="of-topic")
    emulator.client("sns").subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=queue.replace("inbox", "of-topic")
    )
    rule(emulator, arn, name="a", EventPattern=pattern, target={"InputPath": "$.detail"})
    rule(emulator, queue, name="b", EventPattern=pattern)
    rule(emulator, topic, name="c", EventPattern=pattern, target={"Input": '"hello"'})
    put(emulator, env="production", app="bookmark")
    put(emulator, env="staging")
    emulator.clock.advance(seconds=1)
    (ran,) = executions(emulator, arn)
    assert json.loads(ran["input"]) == {"env": "production", "app": "bookmark"}
    (message,) = received(emulator)
    assert json.loads(message["Body"])["detail"]["env"] == "production"
    assert len(received(emulator, "of-topic")) == 1


def test_an_input_is_transformed(emulator: Emulator, queue: str) -> None:
    transformer = {
        "InputPathsMap": {"app": "$.detail.app", "tags": "$.detail.tags"},
        "InputTemplate": '{"text": "Deployed <app>", "tags": <tags>, "rule": <aws.events.rule-name>}',
    }
    rule(
        emulator,
        queue,
        EventPattern='{"source": ["ops"]}',
        target={"InputTransformer": transformer},
    )
    put(emulator, app='the "best"', tags=["a"])
    (message,) = received(emulator)
    assert json.loads(message["Body"]) == {"text": 'Deployed the "best"', "tags": ["a"], "rule": "rule"}


def test_a_lambda_is_called_by_a_rule(emulator: Emulator) -> None:
    import io
    import zipfile

    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("f.py", "def handler(event, context):\n    return event\n")
    iam = emulator.client("iam")
    role = iam.create_role(RoleName="f", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    made = emulator.client("lambda").create_function(
        FunctionName="f",
        Runtime="python3.12",
        Role=role,
        Handler="f.handler",
        Code={"ZipFile": archive.getvalue()},
    )
    rule(emulator, made["FunctionArn"], EventPattern='{"source": ["ops"]}')
    put(emulator, a=1)
    (call,) = emulator.journal("lambda:Invoke")
    assert call.outcome == "succeeded"
    assert call.by.endswith(":rule/rule")


def test_an_executions_end_starts_the_one_that_tells_of_it(emulator: Emulator) -> None:
    failing = machine(emulator, "failing", {"Type": "Fail", "Error": "Broken", "Cause": "by hand"})
    telling = machine(emulator, "telling")
    pattern = {
        "source": ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        "detail": {"status": ["FAILED"], "stateMachineArn": [failing]},
    }
    rule(emulator, telling, EventPattern=json.dumps(pattern))
    emulator.client("stepfunctions").start_execution(stateMachineArn=failing, input='{"a": 1}')
    emulator.clock.advance(seconds=1)
    (ran,) = executions(emulator, telling)
    detail = json.loads(ran["input"])["detail"]
    assert (detail["status"], detail["error"], detail["cause"]) == ("FAILED", "Broken", "by hand")
    assert detail["input"] == '{"a": 1}'
    assert detail["startDate"] == detail["stopDate"] == 1_775_433_600_000


def test_a_beginning_is_told_too(emulator: Emulator, queue: str) -> None:
    arn = machine(emulator)
    rule(emulator, queue, EventPattern='{"source": ["aws.states"]}')
    emulator.client("stepfunctions").start_execution(stateMachineArn=arn)
    emulator.clock.advance(seconds=1)
    told = [json.loads(each["Body"])["detail"]["status"] for each in received(emulator)]
    assert sorted(told) == ["RUNNING", "SUCCEEDED"]


@pytest.mark.parametrize("status", ["SUCCEEDED", "RUNNING"])
def test_a_rule_that_starts_what_it_reports_comes_to_an_end(emulator: Emulator, status: str) -> None:
    arn = machine(emulator)
    pattern = json.dumps({"source": ["aws.states"], "detail": {"status": [status]}})
    rule(emulator, arn, EventPattern=pattern, target={"Input": "{}"})
    emulator.client("stepfunctions").start_execution(stateMachineArn=arn)
    emulator.clock.advance(seconds=1)
    assert len(emulator.journal("stepfunctions:StartExecution")) == 100
    ended = [call for call in emulator.journal("events:PutEvents") if call.error == "EndlessChain"]
    assert "one because of the other" in str(ended[0].message)


def test_what_a_target_refuses_goes_to_its_dead_letter_queue(emulator: Emulator, queue: str) -> None:
    gone = "arn:aws:states:us-east-1:123456789012:stateMachine:gone"
    rule(emulator, gone, EventPattern='{"source": ["ops"]}', target={"DeadLetterConfig": {"Arn": queue}})
    put(emulator, a=1)
    (letter,) = received(emulator)
    assert letter["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "StateMachineDoesNotExist"


def test_two_emulators_hear_of_their_own_events_only(queue: str, emulator: Emulator) -> None:
    with Emulator(clock="instant") as other:
        other.client("sqs").create_queue(QueueName="inbox")
        for each in (emulator, other):
            rule(each, queue, EventPattern='{"source": ["ops"]}')
        put(emulator, a=1)
        assert received(other) == []
        assert len(received(emulator)) == 1
