"""The graph of a machine, and of a run of it, as a still picture."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kit.asl.definition import StateMachine
from kit.history import StateStatus, Trace
from kit.view.captions import footer, headline, progress_text, spoken
from kit.view.dot import dot
from kit.view.layout import Layout, Mark
from kit.view.mermaid import mermaid
from kit.view.picture import notebook_png, png
from kit.view.words import words


class Graph:
    """A graph that shows itself in a notebook, as SVG and PNG with a description in words.

    `mark` is an id by which a page finds the picture again.
    """

    def __init__(
        self, definition: StateMachine, trace: Trace | None = None, title: str | None = None, mark: str = ""
    ) -> None:
        self.definition = definition
        self.trace = trace
        self.title = title or definition.comment or "State machine"
        self.mark = mark

    def dot(self) -> str:
        """The drawing as DOT, statuses in its attributes."""
        return dot(self.definition, self.trace)

    def svg(self) -> str:
        """The picture as SVG, with title, description and statuses in words."""
        layout = Layout(self.definition, room=self.trace is not None)
        title = self.title if self.trace is None else f"{self.title}: {headline(self.trace)}"
        shown = marks(self.definition, self.trace) if self.trace else {}
        return layout.svg(title, self.description(), shown, mark=self.mark)

    def png(self, scale: float = 1.5) -> bytes:
        """The picture as PNG. `scale` 1 gives 96 pixels an inch."""
        return png(self.svg(), scale=scale)

    def mermaid(self) -> str:
        """The graph as a Mermaid state diagram."""
        return mermaid(self.definition, self.trace)

    def description(self) -> str:
        """The states in the order of the text, each with its status, in words."""
        lines = []
        for state in self.definition.walk():
            said = f"{state.type} {state.name}"
            if self.trace is not None:
                said += f": {spoken(self.trace.state(state.name))}"
            lines.append(f"{said}.")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return words(self.definition, self.trace, title=self.title)

    def _repr_mimebundle_(self, **_limits: Any) -> dict[str, Any]:
        svg = self.svg()
        return {
            "image/svg+xml": svg,
            "image/png": notebook_png(svg),
            "text/plain": repr(self),
        }


def graph(definition: StateMachine, trace: Trace | None = None, title: str | None = None) -> Graph:
    """The graph of a definition; with `trace`, of a run of it.

    Drawing raises LayoutError where no layout engine is there.
    """
    return Graph(definition, trace, title)


def marks(definition: StateMachine, trace: Trace, now: datetime | None = None) -> dict[str, Mark]:
    """What each node shows of a run, by name of state. `now` is what open visits last until."""
    found: dict[str, Mark] = {}
    for state in definition.walk():
        status = trace.state(state.name, now)
        if status is None:
            continue
        found[state.name] = mark(status)
    return found


def mark(status: StateStatus) -> Mark:
    """What a node shows of a state's status."""
    caption = progress_text(status.iterations) if status.iterations is not None else None
    return Mark(status.status, footer(status), caption, spoken(status), status.latest.came_from)
