"""What happened in one execution: the reading side of the fold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from kit.history.events import Event, RawEvent, moment, value
from kit.history.fold import Fold
from kit.history.visits import PRECEDENCE, StateStatus, Visit


class Trace(Fold):
    """What happened in one execution, as far as its events have been fed.

    `status` is the execution's (RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED), `path` the names
    of the states in order of entry, `visits` every stay in a state in that order.
    """

    def __init__(self, events: Iterable[RawEvent | Event] = ()) -> None:
        super().__init__()
        self.feed(events)

    @property
    def held_back(self) -> int:
        """How many events wait for earlier ones that have not been fed."""
        return len(self._held)

    @property
    def started(self) -> datetime | None:
        return moment(self._started_at)

    @property
    def ended(self) -> datetime | None:
        """When the execution closed; None while it runs."""
        return moment(self._ended_at)

    @property
    def last_time(self) -> datetime | None:
        """The time of the newest event."""
        return self.events[-1].time if self.events else None

    @property
    def input(self) -> Any:
        return value(self._input_text)

    @property
    def output(self) -> Any:
        """The value of the execution's output, None unless it succeeded."""
        return value(self._output_text)

    def visit_of(self, event_id: int) -> Visit | None:
        """The visit that an event belongs to, None for an event of the execution as a whole."""
        if not 0 < event_id <= len(self.events):
            return None
        if (exited := self._exits.get(event_id)) is not None:
            return exited
        spot = self._spots[event_id]
        return spot if isinstance(spot, Visit) else spot.owner

    @property
    def states(self) -> Mapping[str, StateStatus]:
        """By name, every state with a visit that counts."""
        return States(self)

    def state(self, name: str, now: datetime | None = None) -> StateStatus | None:
        """How a state stands, None if no visit of it counts: it was never entered, or only in an
        attempt of its Map or Parallel that a Retry has replaced. `now` (else the time of the newest
        event) is what the duration of an open visit runs to."""
        standing = self._standing.get(name)
        status = next((s for s in PRECEDENCE if standing[s]), None) if standing is not None else None
        if standing is None or status is None:
            return None
        latest = next(reversed(standing[status].values()))
        current = [visits for visits in standing.values() if visits]
        if len(current) == 1 and len(current[0]) == 1:
            retries = latest.retries
        else:
            retries = sum(visit.retries for visits in current for visit in visits.values())
        return StateStatus(
            state=name,
            status=status,
            visits=self._entries[name],
            counts={status: len(visits) for status, visits in standing.items() if visits},
            duration=latest.duration(now or self.last_time),
            retries=retries,
            iterations=latest.iterations,
            latest=latest,
        )

    def unfinished(self) -> list[Visit]:
        """Visits that were entered and never exited: what runs now, or what a redrive would run again."""
        return list(self._unfinished.values())

    def failures(self) -> list[Visit]:
        """Visits that count, failed, and whose failure no Catch took, not even one around them."""
        return [
            visit
            for visit in self.visits
            if visit.status == "failed"
            and not visit.superseded
            and all(around.exit_event is None for around in self._outwards(visit))
        ]


class States(Mapping[str, StateStatus]):
    """The statuses of the states entered so far, each worked out when it is asked for."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    def __getitem__(self, name: str) -> StateStatus:
        status = self._trace.state(name)
        if status is None:
            raise KeyError(name)
        return status

    def __iter__(self) -> Iterator[str]:
        return (name for name, standing in self._trace._standing.items() if any(standing.values()))

    def __len__(self) -> int:
        return sum(1 for _ in self)
