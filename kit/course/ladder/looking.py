"""Judging machines that call once and then look until it is so: rungs 04 and 05."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from kit.testing import MismatchError, Rehearsal

__all__ = [
    "BETWEEN_LOOKS",
    "after",
    "assert_one_call_and_looks",
    "assert_patient",
    "begun",
    "is_wrong",
    "looks",
]

BETWEEN_LOOKS = timedelta(seconds=15)


def assert_one_call_and_looks(rehearsal: Rehearsal, operation: str, cluster: str) -> None:
    """One call of the operation, looks, and both at this cluster alone."""
    if begun(rehearsal, operation) is None or is_wrong(rehearsal, operation, cluster):
        made = ", ".join(f"{call.operation} {call.params}" for call in rehearsal.calls) or "none"
        raise MismatchError(
            f"one {operation} of {cluster!r}, and looks at it",
            f"the calls were: {made if len(made) < 300 else f'{made[:300]} ...'}",
            rehearsal.path[-1] if rehearsal.path else None,
        )


def assert_patient(rehearsal: Rehearsal) -> None:
    """A look comes at least 15 seconds after the call before it, whether that is a look or not."""
    at = [call.at for call in rehearsal.calls]
    closest = min((later - sooner for sooner, later in pairwise(at)), default=BETWEEN_LOOKS)
    if closest < BETWEEN_LOOKS:
        raise MismatchError(
            "looks that come at least 15 s after the call before",
            f"one came after {closest.total_seconds():g} s, of {len(looks(rehearsal))}",
            next((call.state for call in rehearsal.calls if call.operation == "DescribeDBClusters"), None),
        )


def begun(rehearsal: Rehearsal, operation: str) -> datetime | None:
    """When the operation was called; None unless it was called once."""
    calls: list[Any] = [call for call in rehearsal.calls if call.operation == operation]
    return calls[0].at if len(calls) == 1 else None


def is_wrong(rehearsal: Rehearsal, operation: str, cluster: str) -> bool:
    """Whether something else was called, or this for another cluster."""
    return any(
        call.operation not in (operation, "DescribeDBClusters")
        or call.params.get("DBClusterIdentifier") != cluster
        for call in rehearsal.calls
    )


def looks(rehearsal: Rehearsal) -> list[datetime]:
    return [call.at for call in rehearsal.calls if call.operation == "DescribeDBClusters"]


def after(rehearsal: Rehearsal, moment: datetime) -> str:
    """The time from the start of the run to a moment, in words."""
    seconds = round((moment - rehearsal.started).total_seconds())
    return f"{seconds // 60} min {seconds % 60} s"
