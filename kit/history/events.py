"""History events, typed.

The shape is GetExecutionHistory's,
https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html, as boto3
returns it or as the AWS CLI prints it (timestamps as ISO 8601 texts or seconds since 1970).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple, TypeAlias

RawEvent: TypeAlias = Mapping[str, Any]
NO_DETAILS: Mapping[str, Any] = {}


class HistoryError(ValueError):
    """What was read is not an execution history. The message says what was found."""


class Event(NamedTuple):
    """One event.

    `previous` is previousEventId: the event that led to this one, 0 for none.
    `timestamp` is as it was given; `time` is the moment it means.
    `details` is the content of the event's only details object, empty where it has none.
    """

    id: int
    previous: int
    type: str
    timestamp: Any
    details: Mapping[str, Any]

    @property
    def time(self) -> datetime | None:
        """Timezone-aware, None where the event has no timestamp."""
        return moment(self.timestamp)


@cache
def details_key(event_type: str) -> str:
    """The name of the details object that events of a type have.

    >>> details_key("PassStateEntered"), details_key("TaskFailed")
    ('stateEnteredEventDetails', 'taskFailedEventDetails')
    """
    for ending in ("StateEntered", "StateExited"):
        if event_type.endswith(ending):
            return f"s{ending[1:]}EventDetails"
    return f"{event_type[:1].lower()}{event_type[1:]}EventDetails"


def read_event(raw: RawEvent | Event) -> Event:
    """One event of a history. Raises HistoryError where `id` or `type` is missing."""
    if isinstance(raw, Event):
        return raw
    try:
        event_type = raw["type"]
        return Event(
            int(raw["id"]),
            int(raw.get("previousEventId") or 0),
            event_type,
            raw.get("timestamp"),
            raw.get(details_key(event_type)) or NO_DETAILS,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        shown = f"{raw!r:.120}"
        raise HistoryError(f"Not an event of an execution history: {shown} ({error!r})") from error


def read_history(source: str | bytes | Mapping[str, Any] | Iterable[RawEvent]) -> list[Event]:
    """The events of a history, in order of their ids.

    `source` is what GetExecutionHistory returns or `aws stepfunctions get-execution-history`
    prints: an object with `events`, its JSON text, or the events alone. Raises HistoryError.
    """
    if isinstance(source, str | bytes):
        try:
            source = json.loads(source)
        except ValueError as error:
            raise HistoryError(f"Expected the JSON of an execution history: {error}") from error
    if isinstance(source, Mapping):
        if "events" not in source:
            keys = ", ".join(map(str, source)) or "none"
            raise HistoryError(f"Expected an object with the key `events`, found the keys: {keys}")
        source = source["events"]
    if isinstance(source, str) or not isinstance(source, Iterable):
        raise HistoryError(f"Expected a list of events, found {type(source).__name__}")
    raws: Iterable[Any] = source
    events = [read_event(raw) for raw in raws]
    return sorted(events, key=lambda event: event.id)


def moment(timestamp: Any) -> datetime | None:
    """A timestamp of any of the forms in use as a timezone-aware datetime. Raises HistoryError."""
    if timestamp is None:
        return None
    if isinstance(timestamp, datetime):
        return timestamp if timestamp.tzinfo else timestamp.replace(tzinfo=UTC)
    if isinstance(timestamp, int | float):
        return datetime.fromtimestamp(timestamp, UTC)
    try:
        parsed = datetime.fromisoformat(timestamp)
    except (TypeError, ValueError) as error:
        raise HistoryError(
            f"Expected a timestamp such as 2026-04-06T09:00:00Z, found {timestamp!r}"
        ) from error
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def value(text: Any) -> Any:
    """The value of an input or output, which histories hold as JSON text; None where it is left out."""
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
