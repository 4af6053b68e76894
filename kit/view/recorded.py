"""A run read from a history that was kept: the four views without an account.

`aws stepfunctions get-execution-history --execution-arn ... > history.json` writes one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from kit.asl import parse
from kit.asl.definition import StateMachine
from kit.history import HistoryError, RawEvent, Trace, read_history
from kit.history.masking import masked
from kit.view.feed import KEPT, Feed, event_details, looks, visit_details
from kit.view.graph import Graph
from kit.view.layout import Layout
from kit.view.sketch import sketch
from kit.view.table import EventTable
from kit.view.timeline import Timeline
from kit.view.words import advice, words

ANSWERS = 8_000_000
"""Characters of details that a page of its own holds at most."""

BOOT = """
const state = JSON.parse(document.getElementById("run").textContent);
const listeners = {};
const model = {
  get: (name) => state[name],
  set: (name, value) => { state[name] = value; },
  on: (names, call) => { for (const name of names.split(" ")) (listeners[name] ||= []).push(call); },
  off: () => {},
  send: ({ ask }) => {
    const [kind, event] = Object.entries(ask)[0];
    const none = kind === "event" ? "Left out: the history is too long." : {};
    const answer = state.answers[kind][event] ?? none;
    for (const call of listeners["msg:custom"] || []) call({ to: `${kind} ${event}`, answer });
  },
};
render({ model, el: document.getElementById("page") });
"""


class Recorded:
    """A run as its history tells it. Shows itself as the graph."""

    def __init__(
        self,
        history: str | bytes | Mapping[str, Any] | Iterable[RawEvent],
        definition: StateMachine | Mapping[str, Any] | str | None = None,
        title: str | None = None,
        *,
        mask: bool = False,
        mask_names: Iterable[str] = (),
    ) -> None:
        events = read_history(history)
        names = list(mask_names)
        if mask or names:
            events = masked(events, names)
        self.trace = Trace(events)
        if not self.trace.events:
            first = f"begins with event {events[0].id}" if events else "has no events"
            raise HistoryError(f"The history {first}. Expected all events from the first on, in any order.")
        if definition is None:
            self.definition = sketch(self.trace)
        elif isinstance(definition, StateMachine):
            self.definition = definition
        else:
            self.definition = parse(definition)
        self.title = title or self.definition.comment or "Execution"

    def graph(self) -> Graph:
        """The graph with what happened."""
        return Graph(self.definition, self.trace, self.title)

    def timeline(self) -> Timeline:
        """What happened, on its time."""
        return Timeline(self.trace, self.title)

    def events(self) -> EventTable:
        """The events as a table."""
        return EventTable(self.trace.events)

    def words(self) -> str:
        """What happened, in words."""
        return words(self.definition, self.trace, self.title)

    def html(self) -> str:
        """A page of its own with all views and one selection. It loads nothing from elsewhere."""
        from kit.view.live import script, style

        feed = Feed(self.definition)
        feed.take(self.trace)
        state = {
            "svg": Layout(self.definition, room=True).svg(self.title, "", {}),
            "looks": looks(),
            "actions": [],
            "notice": "",
            "notes": feed.notes(),
            "execution": feed.execution(self.trace),
            "scale": feed.scale(self.trace),
            "said": advice(self.definition, self.trace),
            "status": feed.status,
            "details": feed.details,
            "bars": feed.bars,
            "rows": feed.rows,
            "changes": {},
            "answers": self._answers(),
        }
        data = json.dumps(state, ensure_ascii=False, default=str).replace("<", "\\u003c")
        code = script().replace("export default { initialize, render };", "")
        return (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            f"<title>{escape(self.title)}</title>"
            '<meta name="viewport" content="width=device-width">'
            f"<style>:root {{color-scheme: light dark}} body {{margin: 12px}}\n{style()}</style></head>"
            f'<body data-own-page="true"><div id="page"></div>'
            f"<noscript><pre>{escape(self.words())}</pre></noscript>"
            f'<script type="application/json" id="run">{data}</script>'
            f'<script type="module">{code}\n{BOOT}</script></body></html>\n'
        )

    def _answers(self) -> dict[str, dict[int, Any]]:
        visits: dict[int, Any] = {}
        events: dict[int, Any] = {}
        left = ANSWERS
        for visit in self.trace.visits[:KEPT]:
            if left > 0:
                visits[visit.id] = visit_details(self.trace, visit.id, 20_000)
                left -= sum(map(len, visits[visit.id].values()))
        for event in self.trace.events[:KEPT]:
            if left > 0:
                events[event.id] = event_details(self.trace, event.id, 20_000)
                left -= len(events[event.id])
        return {"visit": visits, "event": events}

    def __repr__(self) -> str:
        return self.words()

    def _repr_mimebundle_(self, **limits: Any) -> dict[str, Any]:
        return self.graph()._repr_mimebundle_(**limits)
