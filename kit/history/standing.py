"""Which visits there are and how they stand. What the fold of events keeps and changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from kit.history.events import Event
from kit.history.visits import OPEN, PRECEDENCE, Lane, Status, Visit

Spot: TypeAlias = Visit | Lane
"""Where an event stands: inside a visit, or between the states of a lane."""


class Standing:
    """The visits of an execution, by state and status, so that a change costs the same for any number.

    `touched` is, by state, the id of the last event that changed something of it.

    `visits` is every stay in a state in order of entry, `path` their names, `redrives` how often the
    execution was redriven.
    """

    def __init__(self) -> None:
        self.redrives = 0
        self.visits: list[Visit] = []
        self.path: list[str] = []
        self.touched: dict[str, int] = {}
        self.events: list[Event] = []
        self._standing: dict[str, dict[Status, dict[int, Visit]]] = {}
        self._entries: dict[str, int] = {}
        self._unfinished: dict[int, Visit] = {}

    def _add(self, visit: Visit) -> None:
        name = visit.state
        standing = self._standing.get(name)
        if standing is None:
            standing = self._standing[name] = {status: {} for status in PRECEDENCE}
        standing[visit.status][visit.id] = visit
        self._entries[name] = self._entries.get(name, 0) + 1
        self._unfinished[visit.id] = visit
        self.visits.append(visit)
        self.path.append(name)

    def _touch(self, visit: Visit) -> None:
        self.touched[visit.state] = len(self.events)

    def _set(self, visit: Visit, status: Status) -> None:
        self._touch(visit)
        if status != visit.status:
            if not visit.superseded:
                standing = self._standing[visit.state]
                del standing[visit.status][visit.id]
                standing[status][visit.id] = visit
            visit.status = status

    def _end(self, visit: Visit, status: Status, event: Event) -> None:
        """Close a visit that will not exit, and stop what still runs inside it."""
        if visit.status in OPEN:
            self._set(visit, status)
            visit.ended_at = event.timestamp
            if visit.attempts and visit.attempts[-1].status == "running":
                visit.attempts[-1].status = status
                visit.attempts[-1].ended_at = event.timestamp
        if visit.lane.current is visit:
            visit.lane.current = None
        for lane in visit.lanes:
            self._stop(lane, event, "timed out" if status == "timed out" else "aborted")

    def _stop(self, lane: Lane, event: Event, status: Status) -> None:
        if lane.current is not None:
            self._end(lane.current, status, event)
        lane.close(status)

    def _supersede(self, visit: Visit) -> None:
        self._touch(visit)
        if not visit.superseded:
            del self._standing[visit.state][visit.status][visit.id]
            visit.superseded = True
            self._unfinished.pop(visit.id, None)
        self._supersede_lanes(visit)

    def _supersede_lanes(self, visit: Visit) -> None:
        for lane in visit.lanes:
            for inner in lane.latest.values():
                self._supersede(inner)
        visit.lanes = []

    def _reopen(self, visit: Visit) -> None:
        """A redrive or a retry goes on inside a visit that had ended without an exit."""
        outer: Visit | None = visit
        while outer is not None and outer.exit_event is None:
            if outer.status not in OPEN:
                self._set(outer, "running")
                outer.ended_at = outer.error = outer.cause = None
            outer.failing = False
            outer.redrive = self.redrives
            outer.lane.reopen()
            outer.lane.current = outer
            outer = outer.lane.owner

    def _fail(self, spot: Spot, event: Event, outermost: Visit | None = None) -> None:
        """The open visits from a spot outwards have failed: up to `outermost`, or all."""
        error, cause = event.details.get("error"), event.details.get("cause")
        visit = spot if isinstance(spot, Visit) else spot.current or spot.owner
        inner: Visit | None = None
        while visit is not None:
            if visit.status in OPEN:
                self._end(visit, "failed", event)
            if visit.status == "failed" and visit.error is None:
                visit.error = error if error is not None else inner.error if inner else None
                visit.cause = cause if cause is not None else inner.cause if inner else None
            if visit is outermost:
                return
            inner, visit = visit, visit.lane.owner

    def _name_inside(self, visit: Visit) -> None:
        """Fail states have no error in their own events: it is that of the flow they ended."""
        for lane in visit.lanes:
            for inner in lane.latest.values():
                if inner.status == "failed" and inner.error is None:
                    inner.error, inner.cause = visit.error, visit.cause
                    self._touch(inner)
                    self._name_inside(inner)

    def _forget(self, visit: Visit) -> None:
        """Nothing goes on inside a visit that has exited, not even by a redrive."""
        if self._unfinished.pop(visit.id, None) is not None:
            for lane in visit.lanes:
                for inner in lane.latest.values():
                    self._forget(inner)

    @staticmethod
    def _outwards(spot: Spot) -> Iterator[Visit]:
        visit = spot if isinstance(spot, Visit) else spot.current or spot.owner
        while visit is not None:
            yield visit
            visit = visit.lane.owner

    def _named(self, name: str | None, spot: Spot) -> Visit | None:
        """The unfinished visit of a state that is nearest to a spot."""
        for visit in self._outwards(spot):
            if visit.state == name and visit.exit_event is None:
                return visit
            for lane in reversed(visit.lanes) if visit is spot else ():
                if lane.current is not None and lane.current.state == name:
                    return lane.current
        return next((v for v in reversed(self._unfinished.values()) if v.state == name), None)

    def _nearest(self, kind: str, spot: Spot) -> Visit | None:
        """The nearest open visit of a type, outwards from a spot; without one, an unfinished one."""
        around = [visit for visit in self._outwards(spot) if visit.type == kind]
        for visit in around:
            if visit.status in OPEN:
                return visit
        for visit in (*around, *reversed(self._unfinished.values())):
            if visit.type == kind and visit.exit_event is None:
                self._reopen(visit)
                return visit
        return None
