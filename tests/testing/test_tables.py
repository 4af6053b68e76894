"""Scenarios with faults, values, somebody who acts meanwhile, and what is expected of them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from kit.machine import Machine
from kit.testing import (
    Expectation,
    Expected,
    Fault,
    MismatchError,
    Rehearsal,
    Scenario,
    assert_as_expected,
    assert_failed,
    assert_left_nothing,
    put_function,
    rehearse,
)

MAKE = Machine(
    "make",
    {
        "QueryLanguage": "JSONata",
        "StartAt": "Make",
        "States": {
            "Make": {
                "Type": "Task",
                "Resource": "arn:aws:states:::aws-sdk:sns:createTopic",
                "Arguments": {"Name": "${Topic}"},
                "Next": "Nap",
            },
            "Nap": {"Type": "Wait", "Seconds": 60, "Output": "done", "End": True},
        },
    },
)


def values(_: Any) -> dict[str, str]:
    return {"Topic": "news"}


def seen(**how: Any) -> Rehearsal:
    return rehearse(MAKE, Scenario(name="one", substitutions=values, patience=10, **how))


def test_values_are_filled_in_for_the_world_of_a_scenario() -> None:
    assert [call.params for call in seen().calls] == [{"Name": "news"}]
    assert MAKE.open_substitutions == ("Topic",), "the machine itself stays as it is"
    assert MAKE.filled({"Topic": "news"}).open_substitutions == ()
    assert MAKE.filled({}) is MAKE


def test_a_fault_strikes_the_run() -> None:
    failed = seen(faults=[Fault("sns:createTopic", "InternalError")])
    assert_failed(failed, "Sns.InternalErrorException", "injected fault")
    with pytest.raises(MismatchError, match=r"fails with Other, but it ended FAILED with Sns\.InternalError"):
        assert_failed(failed, "Other")


def test_an_expectation_that_is_met_says_nothing() -> None:
    expects = Expectation(
        path=["Make", "Nap"],
        output="done",
        calls=[Expected("sns", "CreateTopic", {"Name": "news"})],
        takes=timedelta(minutes=1),
    )
    assert_as_expected(seen(expects=expects))
    assert_as_expected(seen())
    fault = Fault("sns:createTopic", "InternalError")
    assert_as_expected(seen(faults=[fault], expects=Expectation(error="Sns.InternalErrorException")))


@pytest.mark.parametrize(
    ("expects", "words"),
    [
        (Expectation(path=["Make"]), "the way Make,"),
        (Expectation(output="else"), 'the output "else"'),
        (Expectation(calls=[]), "no call"),
        (Expectation(takes=timedelta(hours=1)), "59 min too early"),
        (Expectation(leaves_nothing=True), "nothing left in the account, but it left .* CreateTopic"),
        (Expectation(error="Sns.Trouble"), "fails with Sns.Trouble"),
        (Expectation(status="TIMED_OUT"), "ends TIMED_OUT"),
    ],
)
def test_an_expectation_that_is_not_met_is_told_with_the_run(expects: Expectation, words: str) -> None:
    rehearsal = seen(expects=expects)
    with pytest.raises(MismatchError, match=words) as caught:
        assert_as_expected(rehearsal)
    assert caught.value.rehearsal is rehearsal
    assert "make: Succeeded" in rehearsal.words()
    assert rehearsal.graph().svg()


def test_what_may_stay_is_no_leftover() -> None:
    assert_left_nothing(seen(), but=["sns:CreateTopic"])


def test_somebody_answers_meanwhile_and_a_function_runs_for_real() -> None:
    machine = Machine(
        "ask",
        {
            "QueryLanguage": "JSONata",
            "StartAt": "Ask",
            "States": {
                "Ask": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
                    "Arguments": {
                        "FunctionName": "note",
                        "Payload": {"t": "{% $states.context.Task.Token %}"},
                    },
                    "End": True,
                }
            },
        },
    )
    tokens: list[str] = []

    def world(sandbox: Any) -> None:
        put_function(sandbox, "note", "def handler(event, context):\n    return event")

    def answer(sandbox: Any, run: Any) -> None:
        while not tokens:
            tokens.extend(
                event["taskScheduledEventDetails"]["parameters"]
                for event in run.history
                if event["type"] == "TaskScheduled"
            )
        token = json.loads(tokens[0])["Payload"]["t"]
        sandbox.aws("stepfunctions").send_task_success(taskToken=token, output='{"yes": true}')

    asked = rehearse(machine, Scenario(name="asked", world=world, meanwhile=answer, patience=10))
    assert asked.output == {"yes": True}
