from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from kit.emulator import Emulator


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(clock="paced") as made:
        made.client("sqs").create_queue(QueueName="asked")
        yield made


def start(emulator: Emulator, given: Any = None, **fields: Any) -> str:
    """An execution that asks by a queue, and tells what it was answered."""
    definition = {
        "StartAt": "Ask",
        "States": {
            "Ask": {
                "Type": "Task",
                "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                "Parameters": {
                    "QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/asked",
                    "MessageBody": {"Token.$": "$$.Task.Token"},
                },
                "End": True,
                **fields,
            }
        },
    }
    client = emulator.client("stepfunctions")
    name = f"asking-{len(client.list_state_machines()['stateMachines'])}"
    made = client.create_state_machine(
        name=name, definition=json.dumps(definition), roleArn="arn:aws:iam::123456789012:role/x"
    )
    started = client.start_execution(
        stateMachineArn=made["stateMachineArn"], input=json.dumps({} if given is None else given)
    )
    return str(started["executionArn"])


def end(emulator: Emulator, arn: str) -> dict[str, Any]:
    client = emulator.client("stepfunctions")
    emulator.driver.wait(lambda: not emulator.engine.open, real_seconds=10)
    found: dict[str, Any] = client.describe_execution(executionArn=arn)
    return found


def test_what_waits_is_listed_and_approved(emulator: Emulator) -> None:
    arn = start(emulator, {"cluster": "prod"})
    approval = emulator.approvals.wait()
    assert (approval.state, approval.execution, approval.input) == ("Ask", arn, {"cluster": "prod"})
    assert approval.since == dt.datetime(2026, 4, 6, tzinfo=dt.UTC)
    assert "Ask of" in repr(emulator.approvals)
    approval.approve({"by": "Aki"})
    ended = end(emulator, arn)
    assert (ended["status"], json.loads(ended["output"])) == ("SUCCEEDED", {"by": "Aki"})
    assert list(emulator.approvals) == []
    with pytest.raises(ClientError, match="TaskTimedOut"):
        approval.approve()


def test_a_refusal_has_a_name_and_a_cause(emulator: Emulator) -> None:
    arn = start(emulator)
    emulator.approvals.wait().reject("Declined", "not on a Friday")
    ended = end(emulator, arn)
    assert (ended["error"], ended["cause"]) == ("Declined", "not on a Friday")


def test_several_wait_in_the_order_of_their_asking(emulator: Emulator) -> None:
    first = start(emulator, {"n": 1})
    emulator.approvals.wait()
    start(emulator, {"n": 2})
    emulator.driver.wait(lambda: len(emulator.approvals) == 2, real_seconds=10)
    assert [each.input for each in emulator.approvals] == [{"n": 1}, {"n": 2}]
    emulator.approvals[0].approve()
    emulator.driver.wait(lambda: emulator.engine.open == 1, real_seconds=10)
    assert [each.input for each in emulator.approvals] == [{"n": 2}]
    assert emulator.client("stepfunctions").describe_execution(executionArn=first)["output"] == "null"


def test_who_comes_too_late_finds_nothing(emulator: Emulator) -> None:
    arn = start(emulator, TimeoutSeconds=60)
    emulator.approvals.wait()
    emulator.clock.advance(seconds=61)
    assert end(emulator, arn)["status"] == "FAILED"
    assert len(emulator.approvals) == 0
    assert repr(emulator.approvals) == "Nothing waits for an answer."
    with pytest.raises(IndexError, match="sandbox"):
        _ = emulator.approvals[0]


def test_a_heartbeat_keeps_it_waiting(emulator: Emulator) -> None:
    start(emulator, HeartbeatSeconds=60)
    approval = emulator.approvals.wait()
    emulator.clock.advance(seconds=50)
    approval.heartbeat()
    emulator.clock.advance(seconds=50)
    assert len(emulator.approvals) == 1
    emulator.clock.advance(seconds=20)
    assert len(emulator.approvals) == 0


def test_waiting_for_nobody_ends(emulator: Emulator) -> None:
    with pytest.raises(TimeoutError, match="No task has asked"):
        emulator.approvals.wait(timeout=0.1)
