"""Marking a place on a drawn run: a frame and the word "here" around one state."""

from __future__ import annotations

import re
from xml.etree import ElementTree

__all__ = ["mark_place"]

_SVG = "http://www.w3.org/2000/svg"
_COLOUR = "#A3145C"
_GAP = 5.0


def mark_place(svg: str, state: str, word: str = "here") -> str:
    """The SVG of `kit.view` with a frame around the state of that name; unchanged where it isn't drawn."""
    ElementTree.register_namespace("", _SVG)
    tree = ElementTree.fromstring(svg)
    group = next((g for g in tree.iter(f"{{{_SVG}}}g") if g.get("data-state") == state), None)
    shape = group.find(f"{{{_SVG}}}path") if group is not None else None
    if group is None or shape is None:
        return svg
    numbers = [float(text) for text in re.findall(r"-?\d+(?:\.\d+)?", shape.get("d", ""))]
    xs, ys = numbers[0::2], numbers[1::2]
    left, top = min(xs) - _GAP, min(ys) - _GAP
    frame = {
        "x": f"{left:.2f}",
        "y": f"{top:.2f}",
        "width": f"{max(xs) - left + _GAP:.2f}",
        "height": f"{max(ys) - top + _GAP:.2f}",
        "rx": "9",
        "fill": "none",
        "stroke": _COLOUR,
        "stroke-width": "2.5",
        "stroke-dasharray": "7,3",
        "class": "place",
    }
    ElementTree.SubElement(group, f"{{{_SVG}}}rect", frame)
    label = ElementTree.SubElement(
        group,
        f"{{{_SVG}}}text",
        {
            "x": f"{max(xs):.2f}",
            "y": f"{top - 2:.2f}",
            "text-anchor": "end",
            "font-size": "10",
            "font-weight": "bold",
            "fill": _COLOUR,
        },
    )
    label.text = word
    return ElementTree.tostring(tree, encoding="unicode")
