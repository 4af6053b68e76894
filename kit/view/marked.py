"""The graph of a machine with marks of anybody's making: what tests went through, what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any
from xml.etree import ElementTree

from kit.asl.definition import StateMachine
from kit.view.layout import SVG, Layout, Mark
from kit.view.picture import png


class MarkedGraph:
    """A picture with a mark on each state that has one, and in which some ways are set back.

    `marks` are by name of state: the look of a status, a footer, and words for those who can't see it.
    `set_back` are the ways that are drawn faint, the others strong: from a state, to one that may follow,
    and which of the ways between the two, counted from 0 as they stand in the definition (Next or rules,
    Default, catchers).
    """

    def __init__(
        self,
        definition: StateMachine,
        marks: Mapping[str, Mark],
        set_back: Collection[tuple[str, str, int]] = (),
        title: str | None = None,
    ) -> None:
        self.definition, self.marks, self.set_back = definition, marks, frozenset(set_back)
        self.title = title or definition.comment or "State machine"

    def description(self) -> str:
        """The states in the order of the text, each with what its mark says."""
        return "\n".join(
            f"{state.type} {state.name}: {self.marks[state.name].spoken}."
            for state in self.definition.walk()
            if state.name in self.marks
        )

    def svg(self) -> str:
        """The picture as SVG, with title and description in words."""
        layout = Layout(self.definition, room=True)
        tree = ElementTree.fromstring(layout.svg(self.title, self.description(), self.marks))
        drawn: Counter[Any] = Counter()
        for group in tree.iter(f"{{{SVG}}}g"):
            ends = (layout.nodes.get(group.get("data-from", "")), layout.nodes.get(group.get("data-to", "")))
            if None not in ends:
                faint = (*ends, drawn[ends]) in self.set_back
                drawn[ends] += 1
                group.set("data-way", "set back" if faint else "taken")
                group.set("opacity", "0.35" if faint else "1")
                if not faint and (line := group.find(f"{{{SVG}}}path")) is not None:
                    line.set("stroke-width", "2.6")
        return ElementTree.tostring(tree, encoding="unicode")

    def png(self, scale: float = 1.5) -> bytes:
        """The picture as PNG. `scale` 1 gives 96 pixels an inch."""
        return png(self.svg(), scale=scale)

    def __repr__(self) -> str:
        return f"{self.title}\n{self.description()}"

    def _repr_mimebundle_(self, **_limits: Any) -> dict[str, Any]:
        svg = self.svg()
        return {"image/svg+xml": svg, "image/png": png(svg), "text/plain": repr(self)}
