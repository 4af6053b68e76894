"""Typical answers to rung 05."""

from __future__ import annotations

from typing import Any

from kit.course.exercise import Case
from kit.machine import Machine
from kit.steps import AwsSdk, Chain, Choice, ChoiceRule, Fail, Pass, Succeed, Wait

_RDS = "arn:aws:states:::aws-sdk:rds:"
_NAMED = {"DbClusterIdentifier": "{% $states.input.cluster %}"}
_INPUT = "{% $states.input %}"
_HOPELESS = ["stopping", "stopped", "deleting", "inaccessible-encryption-credentials"]

_UP = {"Condition": "{% $status = 'available' %}", "Next": "Up"}
_LOST = {"Condition": f"{{% $status in {_HOPELESS} %}}", "Next": "It won't come"}
_LATE = {"Condition": "{% $rounds >= 60 %}", "Next": "It takes too long"}


def _machine(*rules: dict[str, Any], **changes: dict[str, Any]) -> dict[str, Any]:
    """A bounded loop with these rules; `changes` by state, with _ for a space in its name."""
    states: dict[str, dict[str, Any]] = {
        "Start it": {
            "Type": "Task",
            "Resource": f"{_RDS}startDBCluster",
            "Arguments": _NAMED,
            "Assign": {"rounds": 0},
            "Output": _INPUT,
            "Next": "Hold",
        },
        "Hold": {"Type": "Wait", "Seconds": 30, "Next": "Look"},
        "Look": {
            "Type": "Task",
            "Resource": f"{_RDS}describeDBClusters",
            "Arguments": _NAMED,
            "Assign": {
                "status": "{% $states.result.DbClusters[0].Status %}",
                "rounds": "{% $rounds + 1 %}",
            },
            "Output": _INPUT,
            "Next": "How is it",
        },
        "How is it": {"Type": "Choice", "Choices": list(rules), "Default": "Hold"},
        "Up": {"Type": "Succeed"},
        "It won't come": {"Type": "Fail", "Error": "NotComing"},
        "It takes too long": {"Type": "Fail", "Error": "TooLong"},
    }
    for name, fields in changes.items():
        states[name.replace("_", " ")] |= fields
    used = {rule["Next"] for rule in rules} | {"Start it", "Hold", "Look", "How is it"}
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "Start it",
        "States": {name: state for name, state in states.items() if name in used},
    }


def _by_steps() -> Machine:
    """A rule for each status, and the rounds counted in a state of their own."""
    name = Pass("Whose", assign={"name": "{% $states.input.cluster %}", "left": 31})
    start = AwsSdk("Start it", "rds:startDBCluster", DbClusterIdentifier="{% $name %}")
    count = Pass("One round less", assign={"left": "{% $left - 1 %}"})
    hold = Wait("A minute", seconds=60)
    look = AwsSdk("Look", "rds:describeDBClusters", DbClusterIdentifier="{% $name %}")
    ready = Choice("Available?")
    hopeless = Fail(
        "It won't come", error="NotComing", cause="Somebody stopped or deleted it, or its key is gone"
    )
    status = "$states.input.DbClusters[0].Status"
    ready.add_choice(ChoiceRule.Condition(f"{{% {status} = 'available' %}}"), Succeed("It is up"))
    for each in _HOPELESS:
        ready.add_choice(ChoiceRule.Condition(f"{{% {status} = '{each}' %}}"), hopeless)
    ready.add_choice(ChoiceRule.Condition("{% $left <= 0 %}"), Fail("It takes too long", error="TooLong"))
    ready.default_choice(count)
    return Machine("start-and-wait", Chain([name, start, count, hold, look, ready]))


def _by_clock() -> dict[str, Any]:
    """The time since the start of the execution instead of rounds; no variable for it."""
    late = (
        "{% $toMillis($states.context.State.EnteredTime) - $toMillis($states.context.Execution.StartTime)"
        " >= 31 * 60 * 1000 %}"
    )
    machine = _machine(_UP, _LOST, {"Condition": late, "Next": "It takes too long"}, Hold={"Seconds": 40})
    del machine["States"]["Start it"]["Assign"], machine["States"]["Look"]["Assign"]["rounds"]
    return machine


def _by_path() -> dict[str, Any]:
    """JSONPath: an intrinsic function counts, two Choices decide."""
    hopeless = [
        {"Variable": "$.seen.DbClusters[0].Status", "StringEquals": status, "Next": "It won't come"}
        for status in _HOPELESS
    ]
    return {
        "StartAt": "Begin",
        "States": {
            "Begin": {"Type": "Pass", "Result": 0, "ResultPath": "$.rounds", "Next": "Start it"},
            "Start it": {
                "Type": "Task",
                "Resource": f"{_RDS}startDBCluster",
                "Parameters": {"DbClusterIdentifier.$": "$.cluster"},
                "ResultPath": None,
                "Next": "Hold",
            },
            "Hold": {"Type": "Wait", "Seconds": 30, "Next": "Look"},
            "Look": {
                "Type": "Task",
                "Resource": f"{_RDS}describeDBClusters",
                "Parameters": {"DbClusterIdentifier.$": "$.cluster"},
                "ResultPath": "$.seen",
                "Next": "How is it",
            },
            "How is it": {
                "Type": "Choice",
                "Choices": [
                    {
                        "Variable": "$.seen.DbClusters[0].Status",
                        "StringEquals": "available",
                        "Next": "Up",
                    },
                    *hopeless,
                ],
                "Default": "Count",
            },
            "Count": {
                "Type": "Pass",
                "Parameters": {"cluster.$": "$.cluster", "rounds.$": "States.MathAdd($.rounds, 1)"},
                "Next": "Too long?",
            },
            "Too long?": {
                "Type": "Choice",
                "Choices": [
                    {"Variable": "$.rounds", "NumericGreaterThanEquals": 60, "Next": "It takes too long"}
                ],
                "Default": "Hold",
            },
            "Up": {"Type": "Succeed"},
            "It won't come": {"Type": "Fail", "Error": "NotComing"},
            "It takes too long": {"Type": "Fail", "Error": "TooLong"},
        },
    }


def _only_a_timeout() -> dict[str, Any]:
    return _machine(_UP, _LOST) | {"TimeoutSeconds": 1860}


def _not_counted_from_zero() -> dict[str, Any]:
    machine = _machine(_UP, _LOST, _LATE)
    del machine["States"]["Start it"]["Assign"]
    return machine


_ANY_TROUBLE = {"Condition": "{% $status != 'starting' %}", "Next": "It won't come"}
_NOT_STARTING = {"Condition": "{% $status != 'starting' %}", "Next": "Up"}

CASES = {
    1: (
        Case(name="the placeholder", outcome="unattempted", answer=lambda: ...),
        Case(
            name="no bound",
            outcome="failed",
            advice="no_end",
            answer=lambda: _machine(_UP, _LOST),
        ),
        Case(
            name="the machine of rung 04",
            outcome="failed",
            advice="waits_for_nothing",
            answer=lambda: _machine(_UP),
        ),
        Case(
            name="only the rounds",
            outcome="failed",
            advice="waits_for_nothing",
            answer=lambda: _machine(_UP, _LATE),
        ),
        Case(
            name="trouble that ends well",
            outcome="failed",
            advice="ends_well",
            answer=lambda: _machine(_UP, _LOST | {"Next": "Up"}, _LATE),
        ),
        Case(
            name="a timeout of the machine in the place of a bound",
            outcome="failed",
            advice="timed_out",
            answer=_only_a_timeout,
        ),
        Case(
            name="one error for all",
            outcome="failed",
            advice="other_name",
            answer=lambda: _machine(_UP, _LOST, _LATE | {"Next": "It won't come"}),
        ),
        Case(
            name="the bound before the success",
            outcome="failed",
            advice="gave_up_early",
            answer=lambda: _machine(_LATE, _UP, _LOST),
        ),
        Case(
            name="every other status is trouble",
            outcome="failed",
            advice="still_on_its_way",
            answer=lambda: _machine(_UP, _ANY_TROUBLE, _LATE),
        ),
        Case(
            name="as soon as it isn't starting",
            outcome="failed",
            advice="not_available_yet",
            answer=lambda: _machine(_NOT_STARTING, _LATE),
        ),
        Case(
            name="an hour of rounds",
            outcome="failed",
            advice="counts_wrong",
            answer=lambda: _machine(_UP, _LOST, _LATE | {"Condition": "{% $rounds >= 120 %}"}),
        ),
        Case(
            name="looks without a rest",
            outcome="failed",
            advice="too_often",
            answer=lambda: _machine(
                _UP, _LOST, _LATE | {"Condition": "{% $rounds >= 360 %}"}, Hold={"Seconds": 5}
            ),
        ),
        Case(
            name="the lesson's stop",
            outcome="failed",
            advice="wrong_calls",
            answer=lambda: _machine(_UP, _LOST, _LATE, Start_it={"Resource": f"{_RDS}stopDBCluster"}),
        ),
        Case(
            name="a count that begins nowhere",
            outcome="failed",
            advice="undefined",
            answer=_not_counted_from_zero,
        ),
        Case(
            name="a Fail with a Next",
            outcome="failed",
            advice="refused",
            answer=lambda: _machine(_UP, _LOST, _LATE, **{"It won't come": {"Next": "Up"}}),
        ),
        Case(name="a rule for each status, by kit.steps", outcome="passed", answer=_by_steps),
        Case(name="three rules, as ASL", outcome="passed", answer=lambda: _machine(_UP, _LOST, _LATE)),
        Case(name="by the clock, as ASL", outcome="passed", answer=_by_clock),
        Case(name="counted in JSONPath, as ASL", outcome="passed", answer=_by_path),
    )
}
