"""Typical answers to rung 02."""

from __future__ import annotations

from typing import Any

from kit.course.exercise import Case
from kit.machine import Machine
from kit.steps import AwsSdk, Chain, Succeed

_STOP = "arn:aws:states:::aws-sdk:rds:stopDBCluster"


def _task(arguments: Any, resource: str = _STOP, **more: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": resource, "Arguments": arguments, **(more or {"End": True})}


def _machine(states: dict[str, Any]) -> dict[str, Any]:
    return {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states}


def _one_task(arguments: Any, resource: str = _STOP) -> dict[str, Any]:
    return _machine({"Stop it": _task(arguments, resource)})


def _by_steps() -> Machine:
    stop = AwsSdk("Stop it", "rds:stopDBCluster", DbClusterIdentifier="{% $states.input.cluster %}")
    return Machine("stop-one", Chain([stop, Succeed("Asked to stop")]))


def _by_path() -> dict[str, Any]:
    return {
        "StartAt": "Stop it",
        "States": {
            "Stop it": {
                "Type": "Task",
                "Resource": _STOP,
                "Parameters": {"DbClusterIdentifier.$": "$.cluster"},
                "End": True,
            }
        },
    }


def _by_variable() -> dict[str, Any]:
    return _machine(
        {
            "Which one": {
                "Type": "Pass",
                "Assign": {"name": "{% $states.input.cluster %}"},
                "Next": "Stop it",
            },
            "Stop it": _task({"DbClusterIdentifier": "{% $name %}"}),
        }
    )


def _look_first() -> dict[str, Any]:
    return _machine(
        {
            "Look": _task(
                {"DbClusterIdentifier": "{% $states.input.cluster %}"},
                "arn:aws:states:::aws-sdk:rds:describeDBClusters",
                Output="{% $states.input %}",
                Next="Stop it",
            ),
            "Stop it": _task({"DbClusterIdentifier": "{% $states.input.cluster %}"}),
        }
    )


CASES = {
    1: (
        Case(name="the placeholder", outcome="unattempted", answer=lambda: ...),
        Case(
            name="the lesson's cluster",
            outcome="failed",
            advice="fixed_name",
            answer=lambda: _one_task({"DbClusterIdentifier": "dev"}),
        ),
        Case(
            name="the example's cluster",
            outcome="failed",
            advice="other_cluster",
            answer=lambda: _one_task({"DbClusterIdentifier": "reports"}),
        ),
        Case(
            name="a start instead of a stop",
            outcome="failed",
            advice="wrong_call",
            answer=lambda: _one_task(
                {"DbClusterIdentifier": "{% $states.input.cluster %}"},
                "arn:aws:states:::aws-sdk:rds:startDBCluster",
            ),
        ),
        Case(
            name="boto3's casing of the parameter",
            outcome="failed",
            advice="parameter_casing",
            answer=lambda: _one_task({"DBClusterIdentifier": "{% $states.input.cluster %}"}),
        ),
        Case(
            name="the parameter's casing in the action",
            outcome="failed",
            advice="action_casing",
            answer=lambda: _one_task(
                {"DbClusterIdentifier": "{% $states.input.cluster %}"},
                "arn:aws:states:::aws-sdk:rds:stopDbCluster",
            ),
        ),
        Case(
            name="an expression without its marks",
            outcome="failed",
            advice="plain_text",
            answer=lambda: _one_task({"DbClusterIdentifier": "$states.input.cluster"}),
        ),
        Case(
            name="a field that isn't in the input",
            outcome="failed",
            advice="undefined",
            answer=lambda: _one_task({"DbClusterIdentifier": "{% $states.input.name %}"}),
        ),
        Case(
            name="a Pass that only says it",
            outcome="failed",
            advice="no_call",
            answer=lambda: _machine({"Stop it": {"Type": "Pass", "Output": {"stopped": True}, "End": True}}),
        ),
        Case(name="a look before the stop", outcome="failed", advice="too_many_calls", answer=_look_first),
        Case(
            name="JSONPath's field in a JSONata state",
            outcome="failed",
            advice="refused",
            answer=lambda: _machine(
                {
                    "Stop it": {
                        "Type": "Task",
                        "Resource": _STOP,
                        "Parameters": {"DbClusterIdentifier.$": "$.cluster"},
                        "End": True,
                    }
                }
            ),
        ),
        Case(name="a Task and a Succeed, by kit.steps", outcome="passed", answer=_by_steps),
        Case(name="one Task in JSONPath, as ASL", outcome="passed", answer=_by_path),
        Case(name="a variable before the Task, as ASL", outcome="passed", answer=_by_variable),
    )
}
