"""Rehearsals in real sandboxes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kit.machine import Machine
from kit.sandbox import Sandbox
from kit.testing import MONDAY, MismatchError, RefusedError, Scenario, assert_succeeded, rehearse


def one_state(**state: Any) -> Machine:
    return Machine("one", {"QueryLanguage": "JSONata", "StartAt": "It", "States": {"It": state}})


def a_bucket(sandbox: Any) -> None:
    sandbox.aws("s3").create_bucket(Bucket="reports")


def test_a_rehearsal_starts_on_monday_and_takes_virtual_time() -> None:
    run = rehearse(one_state(Type="Wait", Seconds=86400, End=True), Scenario(name="a day", input={"a": 1}))
    assert (run.status, run.path, run.output) == ("SUCCEEDED", ("It",), {"a": 1})
    assert run.started == MONDAY
    assert run.ended == MONDAY + timedelta(days=1)


def test_only_the_runs_own_calls_are_evidence() -> None:
    machine = one_state(Type="Task", Resource="arn:aws:states:::aws-sdk:s3:listBuckets", End=True)
    run = rehearse(machine, Scenario(name="one bucket", world=a_bucket))
    assert [call.name for call in run.calls] == ["s3:ListBuckets"]
    assert run.output["Buckets"][0]["Name"] == "reports"


def test_two_rehearsals_share_nothing() -> None:
    machine = one_state(Type="Task", Resource="arn:aws:states:::aws-sdk:s3:listBuckets", End=True)
    rehearse(machine, Scenario(name="one bucket", world=a_bucket))
    assert rehearse(machine, Scenario(name="none")).output["Buckets"] == []


def test_a_failure_carries_error_and_cause() -> None:
    run = rehearse(one_state(Type="Fail", Error="Too.Late", Cause="It is night"), Scenario(name="night"))
    assert (run.status, run.error, run.cause) == ("FAILED", "Too.Late", "It is night")


def test_a_run_that_waits_for_somebody_ends_with_patience() -> None:
    machine = one_state(
        Type="Task",
        Resource="arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        Arguments={
            "QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/q",
            "MessageBody": "{% $states.context.Task.Token %}",
        },
        End=True,
    )

    def a_queue(sandbox: Any) -> None:
        sandbox.aws("sqs").create_queue(QueueName="q")

    run = rehearse(machine, Scenario(name="silence", world=a_queue, patience=0.3))
    assert (run.status, run.ended) == ("RUNNING", None)
    with pytest.raises(MismatchError, match="still going on"):
        assert_succeeded(run)


def test_a_definition_that_the_api_refuses_is_told_in_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    # A Machine is checked when it is made, so the API's own refusal has to be brought about.
    def deploy_nothing(self: Sandbox, _: Machine) -> None:
        self.aws("stepfunctions").create_state_machine(
            name="empty", definition="{}", roleArn="arn:aws:iam::123456789012:role/any"
        )

    monkeypatch.setattr(Sandbox, "deploy", deploy_nothing)
    with pytest.raises(RefusedError, match="These fields are required"):
        rehearse(one_state(Type="Succeed"), Scenario(name="any"))


def test_a_scenario_repairs_the_account_and_redrives_what_failed() -> None:
    machine = Machine(
        "look",
        {
            "StartAt": "Look",
            "States": {
                "Look": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::aws-sdk:s3:headBucket",
                    "Parameters": {"Bucket": "missing"},
                    "End": True,
                }
            },
        },
    )

    def repair(sandbox: Any) -> None:
        sandbox.aws("s3").create_bucket(Bucket="missing")

    assert rehearse(machine, Scenario(name="left alone")).status == "FAILED"
    mended = rehearse(machine, Scenario(name="mended", repair=repair))
    assert (mended.status, len(mended.calls)) == ("SUCCEEDED", 2)
