"""Typical answers to rung 03."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kit.course.exercise import Case
from kit.course.ladder.rung_03 import week
from kit.sandbox import Sandbox

_EXPRESSION = "$states.input.DbCluster.TagList[Key = 'owner'].Value"

# As copied from a screen, one field after the other: the id of the request is of that day.
_TUESDAY: dict[str, Any] = {
    "state": "Stop it",
    "input": {
        "Parameter": {
            "Arn": "arn:aws:ssm:us-east-1:123456789012:parameter/clusters/reports",
            "DataType": "text",
            "LastModifiedDate": "2026-04-06T00:00:00Z",
            "Name": "/clusters/reports",
            "Type": "String",
            "Value": "reports-old",
            "Version": 1,
        }
    },
    "error": "Rds.DbClusterNotFoundException",
    "cause": "DBCluster reports-old not found. (Service: Rds, Status Code: 404, "
    "Request ID: 00000000-0000-0000-0000-000000000000) (SDK Attempt Count: 1)",
}
_THURSDAY: dict[str, Any] = {
    "state": "Note the owner",
    "stopped": True,
    "error": "States.QueryEvaluationError",
    "cause": "An error occurred while executing the state 'Note the owner' (entered at the event id #14). "
    f"The JSONata expression '{_EXPRESSION}' specified for the field 'Arguments/Value' returned nothing "
    "(undefined).",
}


def _by_code(day: str, *fields: str, **more: Any) -> dict[str, Any]:
    """Taken from the trace of a run of one's own."""
    with Sandbox.local(clock="instant", seed=7) as sandbox:
        failed = sandbox.run(week(sandbox)[day]).trace.failures()[0]
    return {name: getattr(failed, name) for name in fields} | more


def _changed(answer: dict[str, Any], **fields: Any) -> Callable[[], dict[str, Any]]:
    return lambda: answer | fields


def _raises() -> dict[str, Any]:
    return {"state": run.trace.failures()[0].state}  # type: ignore[name-defined]  # noqa: F821


_PLACEHOLDER = {"state": ..., "error": ..., "cause": ...}

CASES = {
    1: (
        Case(name="the placeholders", outcome="unattempted", answer=lambda: _PLACEHOLDER | {"input": ...}),
        Case(
            name="the state that gave the wrong name",
            outcome="failed",
            advice="not_the_red_one",
            answer=_changed(_TUESDAY, state="Look up the cluster"),
        ),
        Case(
            name="the input of the execution",
            outcome="failed",
            advice="input_of_the_run",
            answer=_changed(_TUESDAY, input={"team": "reports", "evening": "2026-04-07T19:00:00+00:00"}),
        ),
        Case(
            name="boto3's name of the error",
            outcome="failed",
            advice="name_of_boto3",
            answer=_changed(_TUESDAY, error="DBClusterNotFoundFault"),
        ),
        Case(
            name="the beginning of the cause",
            outcome="failed",
            advice="not_whole",
            answer=_changed(_TUESDAY, cause="DBCluster reports-old not found."),
        ),
        Case(
            name="one field still open",
            outcome="failed",
            advice="not_whole",
            answer=_changed(_TUESDAY, error=...),
        ),
        Case(name="a name that isn't defined", outcome="broken", answer=lambda: _raises),
        Case(name="a sentence", outcome="broken", answer=lambda: "Stop it failed"),
        Case(name="copied from the screen", outcome="passed", answer=lambda: _TUESDAY),
        Case(
            name="taken from the trace, by code",
            outcome="passed",
            answer=lambda: _by_code("tuesday", "state", "input", "error", "cause"),
        ),
    ),
    2: (
        Case(name="the placeholders", outcome="unattempted", answer=lambda: _PLACEHOLDER | {"stopped": ...}),
        Case(
            name="the last green state",
            outcome="failed",
            advice="not_the_red_one",
            answer=_changed(_THURSDAY, state="Stop it"),
        ),
        Case(
            name="red, so nothing was done",
            outcome="failed",
            advice="done_before_the_failure",
            answer=_changed(_THURSDAY, stopped=False),
        ),
        Case(
            name="Tuesday's error",
            outcome="failed",
            advice="not_whole",
            answer=_changed(_THURSDAY, error="Rds.DbClusterNotFoundException"),
        ),
        Case(name="copied from the screen", outcome="passed", answer=lambda: _THURSDAY),
        Case(
            name="taken from the trace, by code",
            outcome="passed",
            answer=lambda: _by_code("thursday", "state", "error", "cause", stopped=True),
        ),
    ),
}
