"""Rung 01: a run that waits until fifteen minutes before a window given in the input."""

from __future__ import annotations

from datetime import datetime, timedelta

from kit.course.exercise import Exercise
from kit.testing import (
    MONDAY,
    MismatchError,
    RefusedError,
    Rehearsal,
    Scenario,
    assert_ended_at,
    assert_succeeded,
)

_LEAD = timedelta(minutes=15)
_WINDOWS = {
    "tomorrow": "2026-04-07T02:00:00Z",
    "tokyo": "2026-04-06T21:00:00+09:00",
    "ten_minutes": "2026-04-06T00:10:00Z",
    "yesterday": "2026-04-05T02:00:00Z",
    "three_weeks": "2026-04-27T02:00:00Z",
}


def _window(rehearsal: Rehearsal) -> datetime:
    return datetime.fromisoformat(rehearsal.scenario.input["window"])


def _judge(rehearsal: Rehearsal) -> None:
    assert_succeeded(rehearsal)
    assert_ended_at(rehearsal, max(rehearsal.started, _window(rehearsal) - _LEAD))


def _advise(_: MismatchError | RefusedError, rehearsal: Rehearsal | None) -> str | None:
    if rehearsal is None:
        return "refused"
    if rehearsal.ended is None:
        return None
    if rehearsal.status != "SUCCEEDED":
        return _advise_on_error(rehearsal)
    window, waited = _window(rehearsal), rehearsal.ended - rehearsal.started
    offset = window.utcoffset() or timedelta()
    moments = {
        window: "at_the_window",
        window + _LEAD: "after_the_window",
        rehearsal.started + timedelta(hours=9): "nine_hours",
        window - _LEAD + offset: "time_zone",
    }
    if rehearsal.ended in moments:
        return moments[rehearsal.ended]
    return "same_wait" if waited else "did_not_wait"


def _advise_on_error(rehearsal: Rehearsal) -> str | None:
    words = f"{rehearsal.error} {rehearsal.cause}"
    passed_already = _window(rehearsal) - _LEAD < rehearsal.started
    if "undefined" in words:
        return "undefined"
    if passed_already and ("Seconds" in words or "negative" in words):
        return "negative_seconds"
    return "not_a_timestamp" if "Timestamp" in words else None


EXERCISES = {
    1: Exercise(
        scenarios=tuple(
            Scenario(name=name, input={"window": window}, start=MONDAY) for name, window in _WINDOWS.items()
        ),
        judge=_judge,
        advise=_advise,
    )
}
