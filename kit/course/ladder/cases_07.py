"""Typical answers to rung 07."""

from __future__ import annotations

from typing import Any

from kit.course.exercise import Case
from kit.machine import Machine
from kit.steps import AwsSdk, Chain, Retry, Succeed

_STOP = "arn:aws:states:::aws-sdk:rds:stopDBCluster"
_THROTTLED = {
    "ErrorEquals": ["Rds.RdsException"],
    "IntervalSeconds": 2,
    "BackoffRate": 2.0,
    "MaxAttempts": 6,
    "MaxDelaySeconds": 30,
}


def _by_steps() -> Machine:
    stop = AwsSdk("Stop it", "rds:stopDBCluster", DbClusterIdentifier="{% $states.input.cluster %}")
    stop.add_retry(
        Retry(
            error_equals=["Rds.RdsException"],
            interval_seconds=2,
            backoff_rate=2.0,
            max_attempts=6,
            max_delay_seconds=30,
        )
    )
    return Machine("stop-patiently", Chain([stop, Succeed("Asked to stop")]))


def _task(*retries: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "Stop it",
        "States": {
            "Stop it": {
                "Type": "Task",
                "Resource": _STOP,
                "Arguments": {"DbClusterIdentifier": "{% $states.input.cluster %}"},
                "Retry": list(retries),
                "End": True,
                **more,
            },
        },
    }


def _changed(**fields: Any) -> dict[str, Any]:
    return _task({**_THROTTLED, **fields})


def _by_path() -> dict[str, Any]:
    """JSONPath: a steady pause, and the hopeless errors named first, with no tries."""
    return {
        "StartAt": "Stop it",
        "States": {
            "Stop it": {
                "Type": "Task",
                "Resource": _STOP,
                "Parameters": {"DbClusterIdentifier.$": "$.cluster"},
                "Retry": [
                    {
                        "ErrorEquals": [
                            "Rds.DbClusterNotFoundException",
                            "Rds.InvalidDbClusterStateException",
                        ],
                        "MaxAttempts": 0,
                    },
                    {
                        "ErrorEquals": ["States.TaskFailed"],
                        "IntervalSeconds": 8,
                        "BackoffRate": 1.0,
                        "MaxAttempts": 8,
                    },
                ],
                "End": True,
            },
        },
    }


def _caught() -> dict[str, Any]:
    machine = _task(_THROTTLED, Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Never mind"}])
    machine["States"]["Never mind"] = {"Type": "Succeed"}
    return machine


CASES = {
    1: (
        Case(name="the placeholder", outcome="unattempted", answer=lambda: ...),
        Case(
            name="a Task without a Retry",
            outcome="failed",
            advice="never_fires",
            answer=lambda: _task(Retry=[]),
        ),
        Case(
            name="the name of other services",
            outcome="failed",
            advice="never_fires",
            answer=lambda: _changed(ErrorEquals=["ThrottlingException"]),
        ),
        Case(
            name="the defaults",
            outcome="failed",
            advice="gave_up_early",
            answer=lambda: _task({"ErrorEquals": ["Rds.RdsException"]}),
        ),
        Case(
            name="one long pause",
            outcome="failed",
            advice="waits_too_long",
            answer=lambda: _changed(IntervalSeconds=60, MaxDelaySeconds=90),
        ),
        Case(
            name="pauses that grow and grow",
            outcome="failed",
            advice="without_end",
            answer=lambda: _task(
                {
                    "ErrorEquals": ["Rds.RdsException"],
                    "IntervalSeconds": 3,
                    "BackoffRate": 2.0,
                    "MaxAttempts": 9,
                }
            ),
        ),
        Case(
            name="a try each two seconds",
            outcome="failed",
            advice="gave_up_early",
            answer=lambda: _changed(BackoffRate=1.0, MaxAttempts=9),
        ),
        Case(
            name="everything is tried again",
            outcome="failed",
            advice="retries_all",
            answer=lambda: _changed(ErrorEquals=["States.ALL"]),
        ),
        Case(name="errors swallowed at the end", outcome="failed", advice="ends_well", answer=_caught),
        Case(
            name="a start instead of a stop",
            outcome="failed",
            advice="wrong_calls",
            answer=lambda: _task(_THROTTLED, Resource=_STOP.replace("stop", "start")),
        ),
        Case(
            name="a pause of half a second",
            outcome="failed",
            advice="refused",
            answer=lambda: _changed(IntervalSeconds=0.5),
        ),
        Case(name="growing pauses with a longest, by kit.steps", outcome="passed", answer=_by_steps),
        Case(name="steady pauses, in JSONPath, as ASL", outcome="passed", answer=_by_path),
    )
}
