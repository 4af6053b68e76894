"""Machines that others wrote, taken from their text to lint, tests and coverage."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from kit import Machine
from kit.testing import (
    Coverage,
    Fault,
    Rehearsal,
    Scenario,
    assert_failed,
    assert_path,
    assert_succeeded,
    put_function,
    rehearse,
)

ECHO = """
def handler(event, context):
    return event
"""


@pytest.fixture(scope="session")
def samples(shared: Path) -> dict[str, Any]:
    listed = json.loads((shared / "definitions" / "aws-samples.json").read_text(encoding="utf-8"))
    return {sample["path"].partition("/")[0]: sample["definition"] for sample in listed}


def errors(machine: Machine) -> list[str]:
    """What lint says AWS would refuse, or must fail."""
    return [str(finding) for finding in machine.lint() if finding.severity == "error"]


class Covered:
    """Rehearses a machine, and keeps what was covered."""

    def __init__(self, machine: Machine) -> None:
        self.machine, self.coverage = machine, Coverage(machine.definition, machine.name)

    def __call__(self, name: str, **how: Any) -> Rehearsal:
        seen = rehearse(self.machine, Scenario(name=name, patience=20, **how))
        self.coverage.add(seen.trace)
        return seen


def test_a_lock_in_a_table_is_taken_waited_for_and_given_back(samples: dict[str, Any]) -> None:
    machine = Machine("semaphore", samples["app-control-concurrency-with-dynamodb-tf"])
    assert errors(machine) == []
    assert set(machine.open_substitutions) == {
        "SF_TableSemaphore", "SF_LockName", "SF_ConcurrentAccessLimit", "SF_LambdaARN",
    }  # fmt: skip

    def a_table(sandbox: Any) -> None:
        sandbox.aws("dynamodb").create_table(
            TableName="locks",
            KeySchema=[{"AttributeName": "LockName", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "LockName", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        put_function(sandbox, "work", ECHO)

    def a_free_lock(sandbox: Any) -> None:
        a_table(sandbox)
        item = {"LockName": {"S": "one"}, "currentlockcount": {"N": "0"}}
        sandbox.aws("dynamodb").put_item(TableName="locks", Item=item)

    def values(_: Any) -> dict[str, str]:
        return {
            "SF_TableSemaphore": "locks",
            "SF_LockName": "one",
            "SF_ConcurrentAccessLimit": "1",
            "SF_LambdaARN": "work",
        }

    covered = Covered(machine)
    free = covered("the lock is free", world=a_free_lock, substitutions=values)
    assert_succeeded(free)
    assert free.path[:2] == ("Get Lock", "Acquire Lock")
    assert free.path[-1] == "Success State"
    trouble = [Fault("dynamodb:UpdateItem", "InternalServerError")]
    again = covered("the table has a moment", world=a_free_lock, substitutions=values, faults=trouble)
    assert_succeeded(again)
    first = covered("nobody has had the lock before", world=a_table, substitutions=values)
    assert_succeeded(first)
    assert "Initialize Lock Item" in first.path
    assert covered.coverage.percent > 50


def test_a_person_approves_rejects_or_answers_something_else(samples: dict[str, Any]) -> None:
    machine = Machine("human-in-the-loop", samples["human-in-the-loop-tf"])
    assert errors(machine) == []
    assert "callback-without-timeout" in {finding.rule for finding in machine.lint()}

    def a_topic(sandbox: Any) -> None:
        sandbox.aws("sqs").create_queue(QueueName="inbox")
        topic = sandbox.aws("sns").create_topic(Name="approver")["TopicArn"]
        sandbox.aws("sns").subscribe(
            TopicArn=topic,
            Protocol="sqs",
            Endpoint="arn:aws:sqs:us-east-1:123456789012:inbox",
            Attributes={"RawMessageDelivery": "true"},
        )
        put_function(sandbox, "process", ECHO)

    def values(_: Any) -> dict[str, str]:
        return {"TopicName": "arn:aws:sns:us-east-1:123456789012:approver", "ProcessingLambda": "process"}

    def says(answer: dict[str, Any]) -> Any:
        def reply(sandbox: Any, _run: Any) -> None:
            token = json.loads(received(sandbox))["token"]
            sandbox.aws("stepfunctions").send_task_success(taskToken=token, output=json.dumps(answer))

        return reply

    def received(sandbox: Any) -> str:
        sqs, until = sandbox.aws("sqs"), time.monotonic() + 10
        url = sqs.get_queue_url(QueueName="inbox")["QueueUrl"]
        while time.monotonic() < until:
            if found := sqs.receive_message(QueueUrl=url).get("Messages"):
                return str(found[0]["Body"])
        raise AssertionError("no message came")

    covered = Covered(machine)
    for answer, end in (
        ({"result": True}, "Handle approval"),
        ({"result": False}, "Handle rejection"),
        ({"other": 1}, "Handle failure"),
    ):
        seen = covered(str(answer), world=a_topic, substitutions=values, meanwhile=says(answer))
        assert_succeeded(seen)
        assert_path(seen, ["Notify Approver", "Approved?", end])
    assert covered.coverage.counts() == {
        "state": (5, 5), "way on": (2, 2), "retrier": (0, 3), "choice rule": (2, 2),
    }  # fmt: skip


def test_events_are_replayed_at_their_times(samples: dict[str, Any]) -> None:
    machine = Machine("replay", samples["eventbridge-replay-events"])
    assert errors(machine) == []
    convert = """
    def handler(event, context):
        return {"process": event["time"] > "2026-04-06", "time": event["time"], "event": event}
    """

    def a_function(sandbox: Any) -> None:
        put_function(sandbox, "convert", convert)
        sandbox.aws("events").create_event_bus(Name="replayed")

    def values(_: Any) -> dict[str, str]:
        return {"functionArn": "convert", "EventBusName": "replayed"}

    event = {"detail": {"n": 1}, "detail-type": "Order", "source": "shop"}
    events = [{**event, "time": "2026-04-06T09:00:00Z"}, {**event, "time": "2026-04-05T09:00:00Z"}]
    covered = Covered(machine)
    seen = covered("one to come and one that is over", world=a_function, substitutions=values, input=events)
    assert_succeeded(seen)
    assert seen.ended is not None
    assert (seen.ended - seen.started).total_seconds() >= 9 * 3600
    assert [call.name for call in seen.calls].count("events:PutEvents") == 1
    assert covered.coverage.counts()["state"] == (6, 6)
    down = Fault("lambda:Invoke", "ServiceException", times=None)
    failed = covered(
        "the function is down", world=a_function, substitutions=values, input=events, faults=[down]
    )
    assert_failed(failed, "Lambda.ServiceException")
    assert covered.coverage.percent == 100
