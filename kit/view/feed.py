"""What a page is told of a run: whole once, afterwards only what is new.

A page is a moving graph in a notebook or a file of its own; both are drawn by the same JavaScript
from the same values.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from kit.asl.definition import StateMachine
from kit.history import Status, Trace, Visit
from kit.view.bars import Bar, Bars, scale
from kit.view.captions import headline
from kit.view.dot import Drawing
from kit.view.graph import mark
from kit.view.looks import DARK_LOOKS, DARK_NOT_STARTED, DASH_ARRAYS, LOOKS, NOT_STARTED, Look
from kit.view.table import opened, says

TEXT_LENGTH = 700
"""Characters of a value that travels by itself. The whole comes on request."""
WHOLE_LENGTH = 200_000
KEPT = 4000
"""Events and bars of a run that a page holds at most: its first ones."""
NOTHING: list[Any] = ["not started", "", None, None]

NodeStatus: TypeAlias = list[Any]
"""Status, footer, caption (None leaves the one of the layout), node it was entered from."""
Details: TypeAlias = dict[str, str]
"""Texts by label, in order."""


class Feed:
    """What a page knows of a run. `take` brings it up to date and returns what is new."""

    def __init__(self, definition: StateMachine) -> None:
        self.definition = definition
        self.drawing = Drawing(definition)
        self.nodes = {node.state.name: node.id for node in self.drawing.nodes}
        self._clear()

    def _clear(self) -> None:
        self.status: dict[str, NodeStatus] = {}
        self.details: dict[str, Details] = {}
        self.bars: list[list[Any]] = []
        self.rows: list[list[Any]] = []
        self._seen: dict[str, tuple[Any, ...]] = {}
        self._bars = Bars()
        self._trace: Trace | None = None
        self._taken = 0

    def take(self, trace: Trace, now: datetime | None = None) -> dict[str, Any]:
        """What differs from what the page knows, empty where nothing does."""
        changes: dict[str, Any] = {}
        names = self._names(trace)
        if self._trace is not None and trace is not self._trace:
            shown = self.status
            self._clear()
            self.status = shown
            changes["reset"] = True
        statuses, details = self._news(trace, now, names)
        bars = {place: self._bar(self._bars.bars[place]) for place in self._bars.take(trace) if place < KEPT}
        rows = self._rows(trace)
        self._trace, self._taken = trace, len(trace.events)
        for place in sorted(bars):
            self.bars[place : place + 1] = [bars[place]]
        self.rows.extend(rows)
        news = {"status": statuses, "details": details, "bars": bars, "rows": rows}
        return {**changes, **{key: value for key, value in news.items() if value}}

    def scale(self, trace: Trace) -> dict[str, Any]:
        """The timeline's scale."""
        last = seconds(trace, trace.ended or trace.last_time)
        found = scale(self._bars.bars[:KEPT], last)
        return {"points": [list(point) for point in found.points], "folds": list(found.folds)}

    def notes(self) -> dict[str, list[list[str]]]:
        """What the definition says of its states: their Comments, by node."""
        commented = [node for node in self.drawing.nodes if node.state.comment]
        return {node.id: [["Comment", cut(node.state.comment or "")]] for node in commented}

    def execution(self, trace: Trace) -> dict[str, Any]:
        """The execution as a whole: status, headline, and what is to be done."""
        return {
            "status": trace.status,
            "headline": headline(trace),
            "events": len(trace.events),
            "last": seconds(trace, trace.ended or trace.last_time),
        }

    def _news(
        self, trace: Trace, now: datetime | None, names: set[str]
    ) -> tuple[dict[str, NodeStatus], dict[str, dict[str, str | None]]]:
        statuses: dict[str, NodeStatus] = {}
        details: dict[str, dict[str, str | None]] = {}
        for name in names:
            node = self.nodes[name]
            state = trace.state(name, now)
            status = NOTHING
            if state is not None:
                came_from = state.latest.came_from
                status = [*mark(state)[:3], self.nodes.get(came_from or "")]
            if status != self.status.get(node, NOTHING):
                statuses[node] = status
            if state is not None and (seen := _seen(state.latest)) != self._seen.get(node):
                self._seen[node] = seen
                whole = details_of(state.latest)
                before = self.details.get(node, {})
                details[node] = {label: text for label, text in whole.items() if before.get(label) != text}
                details[node] |= dict.fromkeys(before.keys() - whole.keys())
                self.details[node] = whole
        self.status = {**self.status, **statuses}
        return statuses, details

    def _names(self, trace: Trace) -> set[str]:
        """The states that an event touched since the last look, and those that are open, whose
        durations grow; all of them for another trace than the one before."""
        if trace is not self._trace:
            return set(self.nodes)
        touched = {name for name, event in trace.touched.items() if event > self._taken}
        return (touched | {visit.state for visit in trace.unfinished()}) & self.nodes.keys()

    def _bar(self, bar: Bar) -> list[Any]:
        return [
            self.nodes.get(bar.state),
            bar.status,
            bar.start,
            bar.end,
            bar.lane,
            bar.iteration,
            [list(segment) for segment in bar.segments],
            bar.event,
            int(bar.replaced),
        ]

    def _rows(self, trace: Trace) -> list[list[Any]]:
        found = []
        for event in trace.events[self._taken : KEPT]:
            visit = trace.visit_of(event.id)
            node = self.nodes.get(visit.state) if visit is not None else None
            iteration = visit.iteration if visit is not None else None
            time = seconds(trace, event.time)
            found.append([event.id, time, event.type, node, iteration, says(event, 60)])
        return found


def seconds(trace: Trace, time: datetime | None) -> float:
    """Seconds from the execution's start to a moment; 0 where either is not known."""
    if time is None or trace.started is None:
        return 0.0
    return round((time - trace.started).total_seconds(), 3)


def _seen(visit: Visit) -> tuple[Any, ...]:
    return (visit.id, visit.status, visit.exit_event, len(visit.attempts), visit.error)


def details_of(visit: Visit, most: int = TEXT_LENGTH) -> Details:
    """What a click on a state shows, each text of at most so many characters."""
    found = {"Status": str(visit.status)}
    if visit.iteration is not None:
        found["Iteration"] = str(visit.iteration)
    if visit.error:
        found["Error"] = visit.error
    if visit.cause:
        found["Cause"] = visit.cause
    if len(visit.attempts) > 1:
        lines = [f"{number}. {attempt.status}" for number, attempt in enumerate(visit.attempts, 1)]
        errors = [f": {attempt.error}" if attempt.error else "" for attempt in visit.attempts]
        found["Attempts"] = "\n".join(map("".join, zip(lines, errors, strict=True)))
    if visit.attempts and visit.attempts[-1].resource:
        found["Call"] = visit.attempts[-1].resource
        if visit.attempts[-1].call is not None:
            found["Parameters"] = str(visit.attempts[-1].call)
    for label, text in (("Input", visit.input_text), ("Output", visit.output_text)):
        if text is not None:
            found[label] = str(text)
    if visit.assigned:
        found["Variables"] = "\n".join(f"{name} = {text}" for name, text in visit.assigned.items())
    if visit.map_run:
        found["Map Run"] = visit.map_run
    return {label: cut(text, most) for label, text in found.items()}


def visit_details(trace: Trace, event: int, most: int = WHOLE_LENGTH) -> Details:
    """The details of the visit that an event belongs to, empty where there is none."""
    visit = trace.visit_of(event)
    return {} if visit is None else details_of(visit, most)


def event_details(trace: Trace, event: int, most: int = WHOLE_LENGTH) -> str:
    """An event's details as readable JSON."""
    if not 0 < event <= len(trace.events):
        return ""
    return opened(trace.events[event - 1].details, most)


def cut(text: str, most: int = TEXT_LENGTH) -> str:
    """A text of at most so many characters, which says how long the whole is."""
    if len(text) <= most:
        return text
    return f"{text[:most]}… ({len(text):,} characters)"


def looks() -> dict[str, dict[str, dict[str, Any]]]:
    """How statuses look on a light and on a dark page."""

    def spelled(looks: Mapping[Status, Look], not_started: Look) -> dict[str, dict[str, Any]]:
        every = [("not started", not_started), *looks.items()]
        return {status: {**look._asdict(), "dashes": DASH_ARRAYS[look.dashes]} for status, look in every}

    return {"light": spelled(LOOKS, NOT_STARTED), "dark": spelled(DARK_LOOKS, DARK_NOT_STARTED)}
