"""A run that is under way, as a widget: graph, timeline, events and words with one selection.

The SVG travels once, afterwards only what changed. Everything is also in synced traits, so that a
second view, or a page that was reloaded, shows the same. The JavaScript is part of this package:
nothing is loaded from elsewhere.

At a run's end the output holds the still picture, which is what the file keeps and what a page
without this kernel shows. While the kernel lives, the widget covers that picture and goes on to
answer clicks; after a redrive it moves again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import anywidget
import traitlets
from IPython.display import DisplayHandle

from kit.asl.definition import StateMachine
from kit.history import Trace
from kit.view.feed import Feed, event_details, looks, visit_details
from kit.view.graph import Graph
from kit.view.layout import Layout
from kit.view.place import is_live
from kit.view.words import advice

PAGE = Path(__file__).parent / "page"
SCRIPTS = ("pane.js", "timeline.js", "events.js", "page.js")
ACTIONS = ("stop", "pause", "resume", "step", "slower", "faster", "redrive")
NEW_DISPLAY: Callable[[], Any] = DisplayHandle
NOT_SENT = frozenset({"status", "details", "bars", "rows"})
UNHURRIED = 1.0
"""Seconds between two looks at what concerns the run as a whole: the timeline's scale, the words."""


class RunControls(Protocol):
    """What the buttons of a live graph do. Methods called `pause`, `resume`, `step`, `slower`, `faster`
    and `redrive` get a button where the object has them."""

    def stop(self) -> object: ...


@cache
def script() -> str:
    """The JavaScript of the page, one module."""
    return "\n".join((PAGE / name).read_text(encoding="utf-8") for name in SCRIPTS)


@cache
def style() -> str:
    """The page's style sheet."""
    return (PAGE / "page.css").read_text(encoding="utf-8")


class LiveGraph(anywidget.AnyWidget):
    """A run's views, which follow it.

    `show()` displays them, `update(trace)` brings them up to date (from any thread), `finish(trace)`
    puts the still picture into the output. Where nobody can see a widget (papermill, a terminal) only
    the still picture appears, at the end.
    """

    _esm = script()
    _css = style()

    svg = traitlets.Unicode().tag(sync=True)
    looks = traitlets.Dict().tag(sync=True)
    actions = traitlets.List(traitlets.Unicode()).tag(sync=True)
    execution = traitlets.Dict().tag(sync=True)
    notice = traitlets.Unicode().tag(sync=True)
    picture = traitlets.Unicode().tag(sync=True)
    scale = traitlets.Dict().tag(sync=True)
    said: traitlets.List[Any] = traitlets.List().tag(sync=True)
    notes = traitlets.Dict().tag(sync=True)
    status = traitlets.Dict().tag(sync=True)
    details = traitlets.Dict().tag(sync=True)
    bars: traitlets.List[Any] = traitlets.List().tag(sync=True)
    rows: traitlets.List[Any] = traitlets.List().tag(sync=True)
    changes = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        definition: StateMachine,
        trace: Trace | None = None,
        title: str | None = None,
        controls: RunControls | None = None,
    ) -> None:
        self._graph = Graph(definition, trace, title, mark=uuid4().hex)
        self._controls = controls
        self._feed = Feed(definition)
        self._trace = trace or Trace()
        self._display: Any = None
        self._looked = time.monotonic()
        self._feed.take(self._trace)
        # All of it goes with the first message: NOT_SENT are never sent by themselves.
        super().__init__(
            status=self._feed.status,
            details=self._feed.details,
            bars=self._feed.bars,
            rows=self._feed.rows,
            svg=Layout(definition, room=True).svg(self._graph.title, "", {}),
            looks=looks(),
            notes=self._feed.notes(),
            actions=[name for name in ACTIONS if callable(getattr(controls, name, None))],
            execution=self._feed.execution(self._trace),
            scale=self._feed.scale(self._trace),
            said=advice(definition, self._trace),
        )
        self.on_msg(self._told)

    def update(self, trace: Trace, now: datetime | None = None) -> None:
        """Show how a run stands. `now` (else the time of the newest event) is the time that open
        states are shown to last until."""
        closing = trace.status != self.execution["status"]
        changes = self._feed.take(trace, now)
        self._trace = trace
        if changes:
            self.status, self.details = self._feed.status, self._feed.details
            self.bars, self.rows = self._feed.bars, self._feed.rows
            self.changes = changes
        self.execution = self._feed.execution(trace)
        if closing or time.monotonic() - self._looked > UNHURRIED:
            self.scale = self._feed.scale(trace)
            self.said = advice(self._graph.definition, trace)
            self._looked = time.monotonic()

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
        """Put the still picture of the run into the output, or display it where there is none."""
        self.update(trace)
        still = Graph(self._graph.definition, trace, self._graph.title, mark=self._graph.mark)
        if self._display is None:
            NEW_DISPLAY().display(still)
        else:
            self.picture = self._graph.mark
            self._display.update(still)

    def _repr_mimebundle_(self, **limits: Any) -> Any:
        if not is_live():
            return Graph(self._graph.definition, self._graph.trace, self._graph.title)._repr_mimebundle_()
        return super()._repr_mimebundle_(**limits)

    def _should_send_property(self, key: str, value: Any) -> bool:
        """What NOT_SENT names is sent whole only to a page that asks for the state; what a page has
        already is brought up to date by `changes`."""
        return key not in NOT_SENT and bool(super()._should_send_property(key, value))

    def _told(self, _widget: object, content: Any, _buffers: object) -> None:
        if not isinstance(content, dict):
            return
        if isinstance(asked := content.get("ask"), dict):
            self._answer(asked)
            return
        name = content.get("press")
        if name not in self.actions:
            return
        try:
            getattr(self._controls, name)()
            self.notice = ""
        except Exception as error:  # noqa: BLE001 - whatever a button's work raises is told beside it
            self.notice = f"{name.capitalize()} failed: {error}"

    def _answer(self, asked: dict[str, Any]) -> None:
        for kind, find in (("visit", visit_details), ("event", event_details)):
            if isinstance(asked.get(kind), int):
                self.send({"to": f"{kind} {asked[kind]}", "answer": find(self._trace, asked[kind])})
