from __future__ import annotations

from xml.etree import ElementTree

from kit.course.place import mark_place
from kit.machine import Machine

MACHINE = Machine(
    "two",
    {
        "StartAt": "First & <foremost>",
        "States": {
            "First & <foremost>": {"Type": "Pass", "Next": "Second"},
            "Second": {"Type": "Succeed"},
        },
    },
)


def frames(svg: str) -> list[str]:
    tree = ElementTree.fromstring(svg)
    return [
        group.get("data-state", "")
        for group in tree.iter("{http://www.w3.org/2000/svg}g")
        if any(child.get("class") == "place" for child in group)
    ]


def test_the_place_gets_a_frame_and_no_other_state_does() -> None:
    assert frames(mark_place(MACHINE.graph().svg(), "First & <foremost>")) == ["First & <foremost>"]


def test_a_state_that_is_not_drawn_changes_nothing() -> None:
    svg = MACHINE.graph().svg()
    assert mark_place(svg, "Third") == svg
