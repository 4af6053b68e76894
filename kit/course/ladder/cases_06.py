"""Typical answers to rung 06."""

from __future__ import annotations

from typing import Any

from kit.course.exercise import Case
from kit.machine import Machine
from kit.steps import AwsSdk, Chain, Choice, ChoiceRule, Fail, Succeed, Wait

_ECS = "arn:aws:states:::aws-sdk:ecs:"
_INPUT = "{% $states.input %}"


def _machine(**changes: dict[str, Any]) -> dict[str, Any]:
    """Scale to zero, then the loop of rung 05; `changes` by state, None takes a field away."""
    states: dict[str, dict[str, Any]] = {
        "Scale": {
            "Type": "Task",
            "Resource": f"{_ECS}updateService",
            "Arguments": {
                "Cluster": "{% $states.input.cluster %}",
                "Service": "{% $states.input.service %}",
                "DesiredCount": 0,
            },
            "Assign": {"rounds": 0},
            "Output": _INPUT,
            "Next": "Hold",
        },
        "Hold": {"Type": "Wait", "Seconds": 30, "Next": "Look"},
        "Look": {
            "Type": "Task",
            "Resource": f"{_ECS}describeServices",
            "Arguments": {
                "Cluster": "{% $states.input.cluster %}",
                "Services": ["{% $states.input.service %}"],
            },
            "Assign": {
                "running": "{% $states.result.Services[0].RunningCount %}",
                "rounds": "{% $rounds + 1 %}",
            },
            "Output": _INPUT,
            "Next": "None left",
        },
        "None left": {
            "Type": "Choice",
            "Choices": [
                {"Condition": "{% $running = 0 %}", "Next": "Off"},
                {"Condition": "{% $rounds >= 60 %}", "Next": "Late"},
            ],
            "Default": "Hold",
        },
        "Off": {"Type": "Succeed"},
        "Late": {"Type": "Fail", "Error": "TooLong", "Cause": "Tasks still run after half an hour"},
    }
    for name, fields in changes.items():
        state = states[name.replace("_", " ")]
        state |= fields
        for field in [key for key, value in state.items() if value is None]:
            del state[field]
    return {"QueryLanguage": "JSONata", "StartAt": "Scale", "States": states}


def _bound(rounds: int, seconds: int = 30) -> dict[str, Any]:
    rules = _machine()["States"]["None left"]["Choices"]
    return _machine(
        None_left={"Choices": [rules[0], {**rules[1], "Condition": f"{{% $rounds >= {rounds} %}}"}]},
        Hold={"Seconds": seconds},
    )


def _limited() -> dict[str, Any]:
    """The machine's own limit in place of a count."""
    machine = _machine(None_left={"Choices": _machine()["States"]["None left"]["Choices"][:1]})
    del machine["States"]["Late"]
    return {**machine, "TimeoutSeconds": 1800}


def _unlimited() -> dict[str, Any]:
    machine = _limited()
    del machine["TimeoutSeconds"]
    return machine


def _by_steps() -> Machine:
    """The count in the Choice's rule is of minutes; the decision is made on the answer itself."""
    scale = AwsSdk(
        "To zero",
        "ecs:updateService",
        Cluster="{% $states.input.cluster %}",
        Service="{% $states.input.service %}",
        DesiredCount=0,
        assign={
            "cluster": "{% $states.input.cluster %}",
            "service": "{% $states.input.service %}",
            "minutes": 0,
        },
    )
    hold = Wait("A minute", seconds=60)
    look = AwsSdk(
        "Look",
        "ecs:describeServices",
        Cluster="{% $cluster %}",
        Services=["{% $service %}"],
        assign={"minutes": "{% $minutes + 1 %}"},
    )
    decide = Choice("Which way?")
    decide.add_choice(
        ChoiceRule.Condition("{% $states.input.Services[0].RunningCount = 0 %}"), Succeed("Nobody left")
    )
    decide.add_choice("{% $minutes >= 31 %}", Fail("Give up", error="TooLong", cause="After half an hour"))
    decide.default_choice(hold)
    return Machine("scale-to-zero", Chain([scale, hold, look, decide]))


def _by_path() -> dict[str, Any]:
    """JSONPath, with the look before the wait."""
    return {
        "StartAt": "Scale",
        "States": {
            "Scale": {
                "Type": "Task",
                "Resource": f"{_ECS}updateService",
                "Parameters": {"Cluster.$": "$.cluster", "Service.$": "$.service", "DesiredCount": 0},
                "ResultPath": None,
                "Assign": {"rounds": 0},
                "Next": "Look",
            },
            "Look": {
                "Type": "Task",
                "Resource": f"{_ECS}describeServices",
                "Parameters": {"Cluster.$": "$.cluster", "Services.$": "States.Array($.service)"},
                "ResultPath": "$.seen",
                "Assign": {"rounds.$": "States.MathAdd($rounds, 1)"},
                "Next": "None left",
            },
            "None left": {
                "Type": "Choice",
                "Choices": [
                    {"Variable": "$.seen.Services[0].RunningCount", "NumericEquals": 0, "Next": "Off"},
                    {"Variable": "$rounds", "NumericGreaterThan": 60, "Next": "Late"},
                ],
                "Default": "Hold",
            },
            "Hold": {"Type": "Wait", "Seconds": 30, "Next": "Look"},
            "Off": {"Type": "Succeed"},
            "Late": {"Type": "Fail", "Error": "TooLong", "Cause": "Tasks still run after half an hour"},
        },
    }


CASES = {
    1: (
        Case(name="the placeholder", outcome="unattempted", answer=lambda: ...),
        Case(
            name="as patient as the function",
            outcome="failed",
            advice="lambdas_patience",
            answer=lambda: _bound(29),
        ),
        Case(name="too patient", outcome="failed", advice="counts_wrong", answer=lambda: _bound(120)),
        Case(name="the machine's own limit", outcome="failed", advice="timed_out", answer=_limited),
        Case(name="no limit at all", outcome="failed", advice="no_end", answer=_unlimited),
        Case(
            name="what is desired, not what runs",
            outcome="failed",
            advice="desired",
            answer=lambda: _machine(
                Look={
                    "Assign": {
                        "running": "{% $states.result.Services[0].DesiredCount %}",
                        "rounds": "{% $rounds + 1 %}",
                    }
                }
            ),
        ),
        Case(
            name="late, and green",
            outcome="failed",
            advice="green",
            answer=lambda: _machine(Late={"Type": "Succeed", "Error": None, "Cause": None}),
        ),
        Case(
            name="a look every ten minutes",
            outcome="failed",
            advice="seldom",
            answer=lambda: _machine(Hold={"Seconds": 600}),
        ),
        Case(
            name="a look every two seconds",
            outcome="failed",
            advice="too_often",
            answer=lambda: _bound(900, seconds=2),
        ),
        Case(
            name="always the same service",
            outcome="failed",
            advice="wrong_calls",
            answer=lambda: _machine(
                Scale={"Arguments": {"Cluster": "staging", "Service": "shop", "DesiredCount": 0}}
            ),
        ),
        Case(
            name="one task stays",
            outcome="failed",
            advice="not_scaled",
            answer=lambda: _machine(
                Scale={
                    "Arguments": {
                        "Cluster": "{% $states.input.cluster %}",
                        "Service": "{% $states.input.service %}",
                        "DesiredCount": 1,
                    }
                }
            ),
        ),
        Case(
            name="a call without an Output",
            outcome="failed",
            advice="undefined",
            answer=lambda: _machine(Scale={"Output": None}),
        ),
        Case(
            name="boto3's casing",
            outcome="failed",
            advice="refused",
            answer=lambda: _machine(Look={"Resource": f"{_ECS}DescribeServices"}),
        ),
        Case(name="a minute each, by kit.steps", outcome="passed", answer=_by_steps),
        Case(name="the loop of rung 05, as ASL", outcome="passed", answer=_machine),
        Case(name="the look first, in JSONPath, as ASL", outcome="passed", answer=_by_path),
    )
}
