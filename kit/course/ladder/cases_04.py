"""Typical answers to rung 04."""

from __future__ import annotations

from typing import Any

from kit.course.exercise import Case
from kit.machine import Machine
from kit.steps import AwsSdk, Chain, Choice, ChoiceRule, Pass, Succeed, Wait

_RDS = "arn:aws:states:::aws-sdk:rds:"
_NAMED = {"DbClusterIdentifier": "{% $states.input.cluster %}"}
_INPUT = "{% $states.input %}"
_STATUS = "{% $states.result.DbClusters[0].Status %}"


def _by_steps() -> Machine:
    """The name kept in a variable, the decision made on the answer itself."""
    name = Pass("Whose", assign={"name": "{% $states.input.cluster %}"})
    start = AwsSdk("Start it", "rds:startDBCluster", DbClusterIdentifier="{% $name %}")
    hold = Wait("A minute", seconds=60)
    look = AwsSdk("Look", "rds:describeDBClusters", DbClusterIdentifier="{% $name %}")
    ready = Choice("Available?")
    ready.add_choice(
        ChoiceRule.Condition("{% $states.input.DbClusters[0].Status = 'available' %}"), Succeed("It is up")
    )
    ready.default_choice(hold)
    return Machine("start-and-wait", Chain([name, start, hold, look, ready]))


def _loop(**changes: dict[str, Any]) -> dict[str, Any]:
    """The lesson's loop around a start; `changes` by state, with _ for a space in its name."""
    states: dict[str, dict[str, Any]] = {
        "Start it": {
            "Type": "Task",
            "Resource": f"{_RDS}startDBCluster",
            "Arguments": _NAMED,
            "Output": _INPUT,
            "Next": "Hold",
        },
        "Hold": {"Type": "Wait", "Seconds": 30, "Next": "Look"},
        "Look": {
            "Type": "Task",
            "Resource": f"{_RDS}describeDBClusters",
            "Arguments": _NAMED,
            "Assign": {"status": _STATUS},
            "Output": _INPUT,
            "Next": "Ready?",
        },
        "Ready?": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $status = 'available' %}", "Next": "Up"}],
            "Default": "Hold",
        },
        "Up": {"Type": "Succeed"},
    }
    for name, fields in changes.items():
        state = states[{"ready": "Ready?"}.get(name, name.replace("_", " "))]
        state |= fields
    for state in states.values():
        for field in [key for key, value in state.items() if value is None]:
            del state[field]
    return {"QueryLanguage": "JSONata", "StartAt": "Start it", "States": states}


def _asks(condition: str) -> dict[str, Any]:
    return _loop(ready={"Choices": [{"Condition": condition, "Next": "Up"}]})


def _by_path() -> dict[str, Any]:
    """JSONPath: results are put beside the input, or thrown away."""
    return {
        "StartAt": "Start it",
        "States": {
            "Start it": {
                "Type": "Task",
                "Resource": f"{_RDS}startDBCluster",
                "Parameters": {"DbClusterIdentifier.$": "$.cluster"},
                "ResultPath": None,
                "Next": "Hold",
            },
            "Look": {
                "Type": "Task",
                "Resource": f"{_RDS}describeDBClusters",
                "Parameters": {"DbClusterIdentifier.$": "$.cluster"},
                "ResultPath": "$.seen",
                "Next": "Ready?",
            },
            "Ready?": {
                "Type": "Choice",
                "Choices": [
                    {
                        "Variable": "$.seen.DbClusters[0].Status",
                        "StringEquals": "available",
                        "Next": "Up",
                    }
                ],
                "Default": "Hold",
            },
            "Hold": {"Type": "Wait", "Seconds": 45, "Next": "Look"},
            "Up": {"Type": "Succeed"},
        },
    }


def _fixed_wait() -> dict[str, Any]:
    machine = _loop(Start_it={"Next": "Hold"}, Hold={"Seconds": 600, "Next": "Up"})
    del machine["States"]["Look"], machine["States"]["Ready?"]
    return machine


CASES = {
    1: (
        Case(name="the placeholder", outcome="unattempted", answer=lambda: ...),
        Case(name="ten minutes, then done", outcome="failed", advice="no_look", answer=_fixed_wait),
        Case(
            name="as soon as it isn't starting",
            outcome="failed",
            advice="not_the_end_yet",
            answer=lambda: _asks("{% $status != 'starting' %}"),
        ),
        Case(
            name="a look every ten minutes",
            outcome="failed",
            advice="seldom",
            answer=lambda: _loop(Hold={"Seconds": 600}),
        ),
        Case(
            name="no wait between two looks",
            outcome="failed",
            advice="too_often",
            answer=lambda: _loop(Hold={"Seconds": 2}),
        ),
        Case(
            name="a status with a capital",
            outcome="failed",
            advice="never_true",
            answer=lambda: _asks("{% $status = 'Available' %}"),
        ),
        Case(
            name="the status of the lesson",
            outcome="failed",
            advice="never_true",
            answer=lambda: _asks("{% $status = 'stopped' and $states.input.cluster = 'x' %}"),
        ),
        Case(
            name="back to the call",
            outcome="failed",
            advice="starts_again",
            answer=lambda: _loop(ready={"Default": "Start it"}),
        ),
        Case(
            name="a look without an Output",
            outcome="failed",
            advice="lost_input",
            answer=lambda: _loop(Look={"Output": None}),
        ),
        Case(
            name="boto3's casing of the result",
            outcome="failed",
            advice="lost_input",
            answer=lambda: _loop(Look={"Assign": {"status": "{% $states.result.DBClusters[0].Status %}"}}),
        ),
        Case(
            name="a start without an Output",
            outcome="failed",
            advice="undefined",
            answer=lambda: _loop(Start_it={"Output": None}),
        ),
        Case(
            name="the lesson's stop",
            outcome="failed",
            advice="wrong_calls",
            answer=lambda: _loop(Start_it={"Resource": f"{_RDS}stopDBCluster"}),
        ),
        Case(
            name="a Choice with a Next",
            outcome="failed",
            advice="refused",
            answer=lambda: _loop(ready={"Default": None, "Next": "Hold"}),
        ),
        Case(name="the name in a variable, by kit.steps", outcome="passed", answer=_by_steps),
        Case(name="the lesson's loop, as ASL", outcome="passed", answer=_loop),
        Case(name="results beside the input, in JSONPath, as ASL", outcome="passed", answer=_by_path),
    )
}
