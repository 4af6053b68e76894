"""History events: plain tuples while a machine runs, AWS's shapes when somebody asks.

A tuple is `(previous, type, time, ...)`; its id is its place in the list, from 1. What follows is:

- `...StateEntered`: name, input as JSON text
- `...StateExited`: name, output as JSON text, the variables assigned or None
- `MapIteration...`: name, index
- all others: the details as AWS shapes them, or None where it gives none

https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from kit.asl.encoding import encode

Event: TypeAlias = tuple[Any, ...]

NOT_TRUNCATED: Final = {"truncated": False}
"""Shared by every event: nobody changes it."""

DATA_KEYS: Final = frozenset({"input", "output", "parameters", "assignedVariables"})
"""What `includeExecutionData=False` leaves out."""


def at(seconds: float) -> datetime:
    """A moment as the API gives it: UTC, in milliseconds."""
    return datetime.fromtimestamp(round(seconds * 1000) / 1000, UTC)


def iso(seconds: float) -> str:
    """A moment as the context object writes it: `2026-04-06T08:00:00.000Z`."""
    return at(seconds).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def details_key(event_type: str) -> str:
    """The member that holds an event's details: `taskFailedEventDetails`."""
    if event_type.endswith("StateEntered"):
        return "stateEnteredEventDetails"
    if event_type.endswith("StateExited"):
        return "stateExitedEventDetails"
    return event_type[0].lower() + event_type[1:] + "EventDetails"


def details(event: Event) -> Mapping[str, Any] | None:
    """An event's details as AWS shapes them, or None."""
    event_type: str = event[1]
    if event_type.endswith("StateEntered"):
        return {"name": event[3], "input": event[4], "inputDetails": NOT_TRUNCATED}
    if event_type.endswith("StateExited"):
        shown: dict[str, Any] = {"name": event[3], "output": event[4], "outputDetails": NOT_TRUNCATED}
        if event[5]:
            shown["assignedVariables"] = {name: encode(value) for name, value in event[5].items()}
            shown["assignedVariablesDetails"] = NOT_TRUNCATED
        return shown
    if event_type.startswith("MapIteration"):
        return {"name": event[3], "index": event[4]}
    found: Mapping[str, Any] | None = event[3]
    return found


def render(event: Event, number: int, include_data: bool = True) -> dict[str, Any]:
    """The event with this id, as GetExecutionHistory gives it."""
    shown: dict[str, Any] = {
        "timestamp": at(event[2]),
        "type": event[1],
        "id": number,
        "previousEventId": event[0],
    }
    found = details(event)
    if found is not None:
        if not include_data:
            found = {key: value for key, value in found.items() if key not in DATA_KEYS}
        shown[details_key(event[1])] = found
    return shown
