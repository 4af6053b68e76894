"""Assertions on a rehearsal. Each raises `MismatchError`: what was expected, what happened, and the state
where the two part, so that a failure can be shown on the graph."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from kit.testing.leftovers import leftovers
from kit.testing.scenario import Rehearsal
from kit.testing.tables import ANYTHING, Expectation

__all__ = [
    "Expected",
    "MismatchError",
    "assert_as_expected",
    "assert_calls",
    "assert_ended_at",
    "assert_failed",
    "assert_left_nothing",
    "assert_output",
    "assert_path",
    "assert_succeeded",
]


class MismatchError(AssertionError):
    """A rehearsal that went another way. `place` is the name of a state, or None for the whole run;
    `rehearsal` is the run itself, for those who show it."""

    def __init__(
        self, expected: str, happened: str, place: str | None = None, rehearsal: Rehearsal | None = None
    ) -> None:
        super().__init__(f"expected {expected}, but {happened}")
        self.expected, self.happened, self.place, self.rehearsal = expected, happened, place, rehearsal


@dataclass(frozen=True, slots=True)
class Expected:
    """A call of an AWS service in the API's own casing: `Expected("rds", "StopDBCluster", {...})`."""

    service: str
    operation: str
    params: Mapping[str, Any] = field(default_factory=dict)


def assert_succeeded(rehearsal: Rehearsal) -> None:
    """The run ended, and in success."""
    if rehearsal.ended is None:
        raise MismatchError(
            "a run that ends",
            f"after {_allowed(rehearsal)} it was still going on",
            _last_place(rehearsal),
            rehearsal,
        )
    if rehearsal.status == "SUCCEEDED":
        return
    raise MismatchError("a run that succeeds", _ending(rehearsal), _last_place(rehearsal), rehearsal)


def assert_failed(rehearsal: Rehearsal, error: str, cause: str | None = None) -> None:
    """The run failed with this error, and a cause that has this text in it."""
    if rehearsal.status == "FAILED" and rehearsal.error == error and (cause or "") in (rehearsal.cause or ""):
        return
    about = f" about {cause!r}" if cause else ""
    raise MismatchError(
        f"a run that fails with {error}{about}", _ending(rehearsal), _last_place(rehearsal), rehearsal
    )


def assert_path(rehearsal: Rehearsal, path: Sequence[str]) -> None:
    """The states were entered in this order, and no others."""
    if rehearsal.path == tuple(path):
        return
    place = next(
        (
            went
            for went, meant in zip(rehearsal.path, [*path, *[None] * len(rehearsal.path)], strict=False)
            if went != meant
        ),
        rehearsal.path[-1] if rehearsal.path else None,
    )
    raise MismatchError(f"the way {_arrows(path)}", f"it went {_arrows(rehearsal.path)}", place, rehearsal)


def assert_output(rehearsal: Rehearsal, output: Any) -> None:
    """The execution's output is equal to this JSON value."""
    if rehearsal.output != output:
        happened = f"it was {_short(rehearsal.output)}"
        raise MismatchError(f"the output {_short(output)}", happened, _last_place(rehearsal), rehearsal)


def assert_ended_at(
    rehearsal: Rehearsal, moment: datetime, tolerance: timedelta = timedelta(seconds=1)
) -> None:
    """The run ended at this moment of the virtual clock."""
    if rehearsal.ended is None:
        raise MismatchError(
            f"an end at {_clock(moment)}", "it had not ended", _last_place(rehearsal), rehearsal
        )
    off = rehearsal.ended - moment
    side = "late" if off > timedelta() else "early"
    if abs(off) > tolerance:
        raise MismatchError(
            f"an end at {_clock(moment)}",
            f"it ended at {_clock(rehearsal.ended)}, {_span(abs(off))} too {side}",
            _longest_place(rehearsal),
            rehearsal,
        )


def assert_calls(rehearsal: Rehearsal, expected: Sequence[Expected]) -> None:
    """The run made exactly these calls, in this order, with exactly these parameters."""
    made = [Expected(call.service, call.operation, call.params) for call in rehearsal.calls]
    if made == list(expected):
        return
    raise MismatchError(
        _list_of_calls(expected) if expected else "no call",
        f"it made {_list_of_calls(made)}" if made else "it made no call",
        _last_place(rehearsal),
        rehearsal,
    )


def assert_left_nothing(rehearsal: Rehearsal, but: Sequence[str] = ()) -> None:
    """All that the run made in the account, it has deleted again. `but` are calls whose things may stay:
    `["rds:CreateDBClusterSnapshot"]`. Told by the calls: see `kit.testing.leftovers`."""
    left = [call for call in leftovers(rehearsal.calls) if call.name not in but]
    if left:
        made = [Expected(call.service, call.operation, call.params) for call in left]
        raise MismatchError(
            "nothing left in the account", f"it left what it made by {_list_of_calls(made)}",
            left[0].state, rehearsal,
        )  # fmt: skip


def assert_as_expected(rehearsal: Rehearsal) -> None:
    """The run is what its scenario expects: see `Expectation`."""
    expects = rehearsal.scenario.expects or Expectation()
    status = expects.status or ("FAILED" if expects.error is not None else "SUCCEEDED")
    if status == "SUCCEEDED":
        assert_succeeded(rehearsal)
    elif expects.error is not None:
        assert_failed(rehearsal, expects.error)
    elif rehearsal.status != status:
        raise MismatchError(
            f"a run that ends {status}", _ending(rehearsal), _last_place(rehearsal), rehearsal
        )
    if expects.path is not None:
        assert_path(rehearsal, expects.path)
    if expects.output is not ANYTHING:
        assert_output(rehearsal, expects.output)
    if expects.calls is not None:
        assert_calls(rehearsal, expects.calls)
    if expects.takes is not None:
        assert_ended_at(rehearsal, rehearsal.started + expects.takes)
    if expects.leaves_nothing:
        assert_left_nothing(rehearsal)


def _ending(rehearsal: Rehearsal) -> str:
    ending = f"it ended {rehearsal.status}" if rehearsal.ended is not None else "it was still going on"
    if rehearsal.error:
        ending += f" with {rehearsal.error}"
    return f"{ending}: {rehearsal.cause}" if rehearsal.cause else ending


def _allowed(rehearsal: Rehearsal) -> str:
    limit = rehearsal.scenario.limit
    return f"{rehearsal.scenario.patience:g} real seconds" if limit is None else _span(limit)


def _last_place(rehearsal: Rehearsal) -> str | None:
    return rehearsal.path[-1] if rehearsal.path else None


def _longest_place(rehearsal: Rehearsal) -> str | None:
    """The state that took most of the time: where a wrong time comes from."""
    timed = [
        (visit.exited - visit.entered, visit.state)
        for visit in rehearsal.trace.visits
        if visit.entered is not None and visit.exited is not None
    ]
    return max(timed)[1] if timed else _last_place(rehearsal)


def _arrows(path: Sequence[str]) -> str:
    return " -> ".join(path) if path else "nowhere"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 200 else f"{text[:197]}..."


def _list_of_calls(calls: Sequence[Expected]) -> str:
    number = "one call" if len(calls) == 1 else f"{len(calls)} calls"
    return f"{number}: " + ", ".join(
        f"{call.service} {call.operation} {_short(dict(call.params))}" for call in calls
    )


def _clock(moment: datetime) -> str:
    return f"{moment:%a %Y-%m-%d %H:%M:%S} UTC"


def _span(span: timedelta) -> str:
    """A duration in words: `15 min`, `9 h 30 min`, `2 d`."""
    seconds = round(span.total_seconds())
    parts = [
        (seconds // 86400, "d"),
        (seconds % 86400 // 3600, "h"),
        (seconds % 3600 // 60, "min"),
        (seconds % 60, "s"),
    ]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s"
