"""Typical answers to rung 01."""

from __future__ import annotations

from typing import Any

from kit.course.exercise import Case
from kit.machine import Machine
from kit.steps import Chain, Wait


def _timestamp(expression: str) -> Machine:
    return Machine("before-the-window", Chain([Wait("Until it is time", timestamp=f"{{% {expression} %}}")]))


def _by_steps() -> Machine:
    return _timestamp("$fromMillis($toMillis($states.input.window) - 15 * 60 * 1000)")


def _by_choice() -> dict[str, Any]:
    """Seconds, with a Choice in front that keeps them from becoming negative."""
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "How long is it",
        "States": {
            "How long is it": {
                "Type": "Pass",
                "Assign": {
                    "seconds": "{% $floor(($toMillis($states.input.window) - $toMillis("
                    "$states.context.Execution.StartTime)) / 1000) - 900 %}"
                },
                "Next": "Passed already?",
            },
            "Passed already?": {
                "Type": "Choice",
                "Choices": [{"Condition": "{% $seconds <= 0 %}", "Next": "Now"}],
                "Default": "Hold",
            },
            "Hold": {"Type": "Wait", "Seconds": "{% $seconds %}", "Next": "Now"},
            "Now": {"Type": "Succeed"},
        },
    }


def _by_path() -> dict[str, Any]:
    """The moment is worked out in JSONata, the Wait reads it by a JSONPath."""
    return {
        "StartAt": "Work it out",
        "States": {
            "Work it out": {
                "Type": "Pass",
                "QueryLanguage": "JSONata",
                "Output": {"moment": "{% $fromMillis($toMillis($states.input.window) - 900000) %}"},
                "Next": "Hold",
            },
            "Hold": {"Type": "Wait", "TimestampPath": "$.moment", "End": True},
        },
    }


def _lesson() -> dict[str, Any]:
    return {"StartAt": "Hold", "States": {"Hold": {"Type": "Wait", "Seconds": 32400, "End": True}}}


def _seconds() -> dict[str, Any]:
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "Hold",
        "States": {
            "Hold": {
                "Type": "Wait",
                "Seconds": "{% $floor(($toMillis($states.input.window) - $toMillis("
                "$states.context.Execution.StartTime)) / 1000) - 900 %}",
                "End": True,
            }
        },
    }


def _raises() -> Machine:
    return _timestamp(minutes_before)  # type: ignore[name-defined]  # noqa: F821


CASES = {
    1: (
        Case(name="the placeholder", outcome="unattempted", answer=lambda: ...),
        Case(name="the lesson's nine hours", outcome="failed", advice="nine_hours", answer=_lesson),
        Case(
            name="an hour, whatever the input says",
            outcome="failed",
            advice="same_wait",
            answer=lambda: {
                "StartAt": "Hold",
                "States": {"Hold": {"Type": "Wait", "Seconds": 3600, "End": True}},
            },
        ),
        Case(
            name="until the present",
            outcome="failed",
            advice="did_not_wait",
            answer=lambda: _timestamp("$states.context.Execution.StartTime"),
        ),
        Case(
            name="until the window opens",
            outcome="failed",
            advice="at_the_window",
            answer=lambda: _timestamp("$states.input.window"),
        ),
        Case(
            name="fifteen minutes after",
            outcome="failed",
            advice="after_the_window",
            answer=lambda: _timestamp("$fromMillis($toMillis($states.input.window) + 900000)"),
        ),
        Case(name="seconds that turn negative", outcome="failed", advice="negative_seconds", answer=_seconds),
        Case(
            name="the time zone cut off",
            outcome="failed",
            advice="time_zone",
            answer=lambda: _timestamp(
                "$fromMillis($toMillis($substring($states.input.window, 0, 19) & 'Z') - 900000)"
            ),
        ),
        Case(
            name="milliseconds where a timestamp belongs",
            outcome="failed",
            advice="not_a_timestamp",
            answer=lambda: _timestamp("$string($toMillis($states.input.window) - 900000)"),
        ),
        Case(
            name="a field that isn't in the input",
            outcome="failed",
            advice="undefined",
            answer=lambda: _timestamp("$states.input.windows"),
        ),
        Case(
            name="a Wait without a time",
            outcome="failed",
            advice="refused",
            answer=lambda: {"StartAt": "Hold", "States": {"Hold": {"Type": "Wait", "End": True}}},
        ),
        Case(name="a name that isn't defined", outcome="broken", answer=lambda: _raises),
        Case(name="one Wait, by kit.steps", outcome="passed", answer=_by_steps),
        Case(name="a Choice before the Wait, as ASL", outcome="passed", answer=_by_choice),
        Case(name="a path to a moment, as ASL", outcome="passed", answer=_by_path),
    )
}
