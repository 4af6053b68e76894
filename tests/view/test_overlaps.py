"""No label lies on another or on a state, computed from the boxes of the layout."""

import re
from itertools import combinations
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from view_stories import real_definitions

from kit.asl.definition import StateMachine
from kit.view.captions import width
from kit.view.layout import SVG, Layout

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
SLACK = 2.0
"""Points that boxes may share: half of the space that a line of text has around its letters."""


class Box(NamedTuple):
    what: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right - SLACK
            and other.left < self.right - SLACK
            and self.top < other.bottom - SLACK
            and other.top < self.bottom - SLACK
        )


def boxes(definition: StateMachine) -> tuple[list[Box], list[Box]]:
    """The boxes of the states, and those of the lines of text at edges."""
    tree = ElementTree.fromstring(Layout(definition, room=True).svg("", "", {}))
    states, labels = [], []
    for group in tree.iter(f"{{{SVG}}}g"):
        if group.get("data-node") and (path := group.find(f"{{{SVG}}}path")) is not None:
            numbers = [float(number) for number in NUMBER.findall(path.get("d", ""))]
            across, down = numbers[::2], numbers[1::2]
            states.append(Box(group.get("data-state", ""), min(across), min(down), max(across), max(down)))
        elif (group.get("class") or "").split(" ")[0] == "edge":
            edge = f"{group.get('data-from')}>{group.get('data-to')}"
            for text in group.iter(f"{{{SVG}}}text"):
                if not (words := (text.text or "").strip()):
                    continue
                size = float(text.get("font-size", "9"))
                x, y = float(text.get("x", "0")), float(text.get("y", "0"))
                long = width(words) * size * 0.5
                left = x - {"middle": long / 2, "end": long}.get(text.get("text-anchor", "start"), 0.0)
                labels.append(Box(f"{edge}: {words}", left, y - size * 0.75, left + long, y + size * 0.2))
    return states, labels


def overlaps(definition: StateMachine) -> list[str]:
    """Pairs of boxes that lie on each other, in words."""
    states, labels = boxes(definition)
    pairs = [*combinations(labels, 2), *((label, state) for label in labels for state in states)]
    pairs += combinations(states, 2)
    return [f"{one.what} on {other.what}" for one, other in pairs if one.meets(other)]


def test_in_real_definitions_no_label_lies_on_another_or_on_a_state(shared: Path) -> None:
    found = {path: said for path, machine in real_definitions(shared) if (said := overlaps(machine))}
    assert found == {}


def test_a_label_that_lies_on_a_state_is_found(shared: Path) -> None:
    """The measure itself: every real label, moved to the middle of a state, is told."""
    counted = 0
    for _, machine in real_definitions(shared):
        states, labels = boxes(machine)
        for label in labels:
            state = states[0]
            across, down = state.left + 10 - label.left, state.top + 10 - label.top
            moved = Box(
                label.what, label.left + across, label.top + down, label.right + across, label.bottom + down
            )
            assert moved.meets(state)
            counted += 1
    assert counted > 100
