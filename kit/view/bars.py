"""Every visit of a run as a bar on its time, and the scale on which they are read.

Times are in seconds since the execution's start. Stretches in which nothing happens are folded, so
that two seconds of calls beside nine hours of waiting are still two seconds one can look into.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, Literal, NamedTuple, TypeAlias

from kit.history import OPEN, Status, Trace, Visit, moment

Kind: TypeAlias = Literal["work", "failed", "wait"]

LANES = 8
"""Visits of one state side by side at most; further ones are drawn over them."""
WIDTH = 1000.0
FOLD = 44.0
FOLDS = 12
IDLE_SHARE, BUSY_SHARE = 0.25, 0.9
"""A stretch without events is folded if it is more than this share of what is not folded yet: where
nothing is at work, and where something is."""


class Segment(NamedTuple):
    """A part of a visit: an attempt (`work`, or `failed`), or time in which only an answer or a clock
    is waited for. `end` None is now."""

    start: float
    end: float | None
    kind: Kind


class Bar(NamedTuple):
    """A visit. `event` is its Entered event's id, `lane` its place among visits of the state at the
    same time, `replaced` that a later visit counts instead. What no segment covers was waited before
    a retry."""

    state: str
    status: Status
    start: float
    end: float | None
    lane: int
    iteration: int | None
    segments: tuple[Segment, ...]
    event: int
    replaced: bool
    type: str


class Bars:
    """The bars of a growing trace, in order of entry. What is new costs the same however many there are."""

    def __init__(self) -> None:
        self.bars: list[Bar] = []
        self._open: dict[int, Visit] = {}
        self._places: dict[int, int] = {}
        self._lanes: dict[str, list[Visit]] = {}
        self._taken = 0

    def take(self, trace: Trace) -> list[int]:
        """The places of bars that are new or have changed since the last time."""
        origin = trace.started
        if origin is None:
            return []
        changed = set(self._open)
        for event in trace.events[self._taken :]:
            visit = trace.visit_of(event.id)
            while visit is not None and visit.id in self._places and visit.id not in changed:
                changed.add(visit.id)
                self._open[visit.id] = visit
                visit = visit.parent
        self._taken = len(trace.events)
        places = []
        for visit in trace.visits[len(self.bars) :]:
            self._places[visit.id] = len(self.bars)
            self.bars.append(bar_of(visit, origin, self._lane(visit)))
            places.append(self._places[visit.id])
            if visit.status in OPEN:
                self._open[visit.id] = visit
        for identity in changed:
            visit, place = self._open[identity], self._places[identity]
            bar = bar_of(visit, origin, self.bars[place].lane)
            if bar != self.bars[place]:
                self.bars[place] = bar
                places.append(place)
            if visit.status not in OPEN:
                del self._open[identity]
        return places

    def _lane(self, visit: Visit) -> int:
        lanes = self._lanes.setdefault(visit.state, [])
        entered = visit.entered
        free = next(
            (
                lane
                for lane, before in enumerate(lanes)
                if before.status not in OPEN
                and (before.ended is None or entered is None or before.ended <= entered)
            ),
            len(lanes),
        )
        if free < len(lanes):
            lanes[free] = visit
        elif free < LANES:
            lanes.append(visit)
        else:
            free = visit.id % LANES
        return free


def bars_of(trace: Trace) -> list[Bar]:
    """The bars of a trace as it stands."""
    bars = Bars()
    bars.take(trace)
    return bars.bars


def bar_of(visit: Visit, origin: datetime, lane: int) -> Bar:
    def seconds(timestamp: Any) -> float | None:
        time = moment(timestamp)
        return None if time is None else round((time - origin).total_seconds(), 3)

    start = seconds(visit.entered_at) or 0.0
    end = seconds(visit.ended_at)
    segments: list[Segment] = []
    if visit.type == "Wait":
        segments.append(Segment(start, end, "wait"))
    elif not visit.attempts and visit.type != "Task":
        segments.append(Segment(start, end, "failed" if visit.type == "Fail" else "work"))
    for attempt in visit.attempts:
        first, last = seconds(attempt.scheduled_at), seconds(attempt.ended_at)
        kind: Kind = "failed" if attempt.error else "work"
        submitted = seconds(attempt.submitted_at)
        if submitted is not None and (attempt.resource or "").endswith((".waitForTaskToken", ".sync")):
            segments.append(Segment(first or start, submitted, "work"))
            segments.append(Segment(submitted, last, "failed" if attempt.error else "wait"))
        else:
            segments.append(Segment(start if first is None else first, last, kind))
    return Bar(
        visit.state,
        visit.status,
        start,
        end,
        lane,
        visit.iteration,
        tuple(segments),
        visit.id,
        visit.superseded,
        visit.type,
    )


class Scale(NamedTuple):
    """Time to place: straight lines between `points` (seconds, place from 0 to WIDTH). `folds` are
    pairs of points' numbers between which time is folded."""

    points: tuple[tuple[float, float], ...]
    folds: tuple[int, ...]

    def place(self, time: float) -> float:
        before = self.points[0]
        for after in self.points[1:]:
            if time <= after[0]:
                length = after[0] - before[0]
                share = (time - before[0]) / length if length else 0.0
                return before[1] + max(share, 0.0) * (after[1] - before[1])
            before = after
        return before[1]


def scale(bars: Sequence[Bar], last: float) -> Scale:
    """The scale for bars up to a `last` moment. `folds` holds the number of the point each begins at."""
    gaps = list(_gaps(bars, last))
    total = sum(end - start for start, end, _ in gaps)
    folded: list[tuple[float, float]] = []
    for start, end, idle in sorted(gaps, key=lambda gap: gap[0] - gap[1]):
        length = end - start
        share = IDLE_SHARE if idle else BUSY_SHARE
        if len(folded) < FOLDS and length > total * share and total > length:
            folded.append((start, end))
            total -= length
    folded.sort()
    unit = (WIDTH - FOLD * len(folded)) / total if total else 0.0
    points, folds, place, time = [(0.0, 0.0)], [], 0.0, 0.0
    for start, end in folded:
        place += (start - time) * unit
        points.append((start, place))
        folds.append(len(points) - 1)
        place += FOLD
        points.append((end, place))
        time = end
    points.append((last, place + (last - time) * unit))
    return Scale(tuple((t, round(x, 2)) for t, x in points), tuple(folds))


def _gaps(bars: Iterable[Bar], last: float) -> Iterable[tuple[float, float, bool]]:
    """The stretches between two moments at which something happened: start, end, whether nothing
    was at work."""
    changes: dict[float, int] = {0.0: 0, last: 0}
    for bar in bars:
        for time in (bar.start, last if bar.end is None else bar.end):
            changes.setdefault(time, 0)
        if bar.type in ("Map", "Parallel"):
            continue
        for start, end, kind in bar.segments:
            until = last if end is None else end
            at_work = kind != "wait"
            changes[start] = changes.get(start, 0) + at_work
            changes[until] = changes.get(until, 0) - at_work
    moments = sorted(changes)
    working = 0
    for start, end in pairwise(moments):
        working += changes[start]
        yield start, end, working <= 0
