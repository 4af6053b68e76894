"""The graph of a run that is under way, as a widget.

The SVG travels once, afterwards only what changed. Everything is also in synced traits, so that a
second view, or a page that was reloaded, shows the same. The JavaScript is part of this package:
nothing is loaded from elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import anywidget
import traitlets
from IPython.display import DisplayHandle

from kit.asl.definition import StateMachine
from kit.history import Status, Trace, Visit
from kit.view.captions import headline
from kit.view.dot import Drawing
from kit.view.graph import Graph, mark
from kit.view.layout import Layout
from kit.view.looks import DARK_LOOKS, DARK_NOT_STARTED, DASH_ARRAYS, LOOKS, NOT_STARTED, Look
from kit.view.place import is_live

HERE = Path(__file__).parent
ACTIONS = ("stop", "pause", "resume", "step", "redrive")
TEXT_LENGTH = 4000
NOTHING: list[Any] = ["not started", "", None]
NEW_DISPLAY: Callable[[], Any] = DisplayHandle

NodeStatus: TypeAlias = list[Any]
"""Status, footer, caption (None leaves the one of the layout)."""
Details: TypeAlias = list[list[str]]
"""Pairs of label and text."""


class RunControls(Protocol):
    """What the buttons of a live graph do. Methods called `pause`, `resume`, `step` and `redrive`
    get a button where the object has them."""

    def stop(self) -> object: ...


class LiveGraph(anywidget.AnyWidget):
    """A graph that follows a run.

    `show()` displays it, `update(trace)` brings it up to date (from any thread), `finish(trace)`
    puts a still picture in its place. Where nobody can see a widget (papermill, a terminal) only
    the still picture appears, at the end.
    """

    _esm = (HERE / "live.js").read_text(encoding="utf-8")
    _css = (HERE / "live.css").read_text(encoding="utf-8")

    svg = traitlets.Unicode().tag(sync=True)
    looks = traitlets.Dict().tag(sync=True)
    actions = traitlets.List(traitlets.Unicode()).tag(sync=True)
    execution = traitlets.Dict().tag(sync=True)
    notice = traitlets.Unicode().tag(sync=True)
    status = traitlets.Dict().tag(sync=True)
    details = traitlets.Dict().tag(sync=True)
    changes = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        definition: StateMachine,
        trace: Trace | None = None,
        title: str | None = None,
        controls: RunControls | None = None,
    ) -> None:
        self._graph = Graph(definition, trace, title)
        self._controls = controls
        self._nodes = {node.state.name: node.id for node in Drawing(definition).nodes}
        self._seen: dict[str, tuple[Any, ...]] = {}
        self._shown: Trace | None = None
        self._shown_to = 0
        self._display: Any = None
        trace = trace or Trace()
        status, details = self._news(trace, None, {})
        # All of it goes with the first message: `status` and `details` are never sent by themselves.
        super().__init__(
            status=status,
            details=details,
            svg=Layout(definition, room=True).svg(self._graph.title, "", {}),
            looks=_looks(),
            actions=[name for name in ACTIONS if callable(getattr(controls, name, None))],
            execution={"status": trace.status, "headline": headline(trace)},
        )
        self.on_msg(self._pressed)

    def update(self, trace: Trace, now: datetime | None = None) -> None:
        """Show how a run stands. `now` (else the time of the newest event) is the time that open
        states are shown to last until."""
        status, details = self._news(trace, now, self.status)
        if status or details:
            self.status = {**self.status, **status}
            self.details = {**self.details, **details}
            self.changes = {"status": status, "details": details}
        self.execution = {"status": trace.status, "headline": headline(trace)}

    def open(self) -> None:
        """A widget that nobody sees has no counterpart in a page, and leaves no trace in the file."""
        if is_live():
            super().open()

    def show(self) -> LiveGraph:
        """Display the widget where it can be seen."""
        if is_live():
            self._display = NEW_DISPLAY()
            self._display.display(self)
        return self

    def finish(self, trace: Trace) -> None:
        """Put the still picture of the run in the widget's place, or display it where there is none."""
        self.update(trace)
        still = Graph(self._graph.definition, trace, self._graph.title)
        if self._display is None:
            NEW_DISPLAY().display(still)
        else:
            self._display.update(still)

    def _repr_mimebundle_(self, **limits: Any) -> Any:
        if not is_live():
            return Graph(self._graph.definition, self._graph.trace, self._graph.title)._repr_mimebundle_()
        return super()._repr_mimebundle_(**limits)

    def _should_send_property(self, key: str, value: Any) -> bool:
        """`status` and `details` are sent whole only to a page that asks for the state; what a page
        has already is brought up to date by `changes`."""
        return key not in ("status", "details") and bool(super()._should_send_property(key, value))

    def _news(
        self, trace: Trace, now: datetime | None, shown: Mapping[str, NodeStatus]
    ) -> tuple[dict[str, NodeStatus], dict[str, Details]]:
        """What differs from what is shown, by node."""
        statuses: dict[str, NodeStatus] = {}
        details: dict[str, Details] = {}
        for name in self._names_to_look_at(trace):
            node = self._nodes[name]
            state = trace.state(name, now)
            status = NOTHING if state is None else list(mark(state)[:3])
            if status != shown.get(node, NOTHING):
                statuses[node] = status
            if state is not None and (seen := _seen(state.latest)) != self._seen.get(node):
                self._seen[node] = seen
                details[node] = details_of(state.latest)
        self._shown, self._shown_to = trace, len(trace.events)
        return statuses, details

    def _names_to_look_at(self, trace: Trace) -> set[str]:
        """The states that an event touched since the last look, and those that are open, whose
        durations grow; all of them for another trace than the one before."""
        if trace is not self._shown:
            return set(self._nodes)
        touched = {name for name, event in trace.touched.items() if event > self._shown_to}
        return (touched | {visit.state for visit in trace.unfinished()}) & self._nodes.keys()

    def _pressed(self, _widget: object, content: Any, _buffers: object) -> None:
        name = content.get("press") if isinstance(content, dict) else None
        if name not in self.actions:
            return
        try:
            getattr(self._controls, name)()
            self.notice = ""
        except Exception as error:  # noqa: BLE001 - whatever a button's work raises is told beside it
            self.notice = f"{name.capitalize()} failed: {error}"


def _seen(visit: Visit) -> tuple[Any, ...]:
    return (visit.id, visit.status, visit.exit_event, len(visit.attempts), visit.error)


def details_of(visit: Visit) -> Details:
    """What a click on a state shows: pairs of label and text, long ones cut."""
    found = [["Status", visit.status]]
    if visit.iteration is not None:
        found.append(["Iteration", str(visit.iteration)])
    if visit.error:
        found.append(["Error", visit.error])
    if visit.cause:
        found.append(["Cause", visit.cause])
    if len(visit.attempts) > 1:
        lines = [f"{number}. {attempt.status}" for number, attempt in enumerate(visit.attempts, 1)]
        errors = [f": {attempt.error}" if attempt.error else "" for attempt in visit.attempts]
        found.append(["Attempts", "\n".join(map("".join, zip(lines, errors, strict=True)))])
    if visit.attempts and visit.attempts[-1].resource:
        found.append(["Call", visit.attempts[-1].resource])
        if visit.attempts[-1].call is not None:
            found.append(["Parameters", str(visit.attempts[-1].call)])
    for label, text in (("Input", visit.input_text), ("Output", visit.output_text)):
        if text is not None:
            found.append([label, str(text)])
    if visit.assigned:
        found.append(["Variables", "\n".join(f"{name} = {text}" for name, text in visit.assigned.items())])
    return [[label, _cut(text)] for label, text in found]


def _cut(text: str) -> str:
    if len(text) <= TEXT_LENGTH:
        return text
    return f"{text[:TEXT_LENGTH]}… ({len(text):,} characters)"


def _looks() -> dict[str, dict[str, dict[str, Any]]]:
    def spelled(looks: Mapping[Status, Look], not_started: Look) -> dict[str, dict[str, Any]]:
        every = [("not started", not_started), *looks.items()]
        return {status: {**look._asdict(), "dashes": DASH_ARRAYS[look.dashes]} for status, look in every}

    return {"light": spelled(LOOKS, NOT_STARTED), "dark": spelled(DARK_LOOKS, DARK_NOT_STARTED)}
