"""How statuses look: fill, border, glyph and word together, so that none is told by colour alone.

Text on its fill has a contrast of at least 4.5 (WCAG 2 AA); a test computes it.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from kit.history import Status

Dashes: TypeAlias = Literal["solid", "dashed", "dotted"]

INK = "#16191F"
QUIET = "#4B5563"
LINE = "#414D5C"
FAINT = "#7D8998"
DEFAULT_RULE = "#6B3FA0"
CATCH = "#9A5B00"
PANEL = "#F6F8FA"


class Look(NamedTuple):
    """What a status looks like. `border` is a width in points, `text` the colour of its words."""

    word: str
    glyph: str
    fill: str
    stroke: str
    text: str
    border: float
    dashes: Dashes


NOT_STARTED = Look("Not started", "", "#FFFFFF", "#7D8998", "#4B5563", 1.2, "solid")

LOOKS: dict[Status, Look] = {
    "succeeded": Look("Succeeded", "√", "#E6F4E3", "#1D7F0B", "#19700A", 2, "solid"),
    "running": Look("In progress", "►", "#DDEBFB", "#0B5CAD", "#0B5CAD", 2.6, "dashed"),
    "waiting": Look("Waiting", "○", "#DDEBFB", "#0B5CAD", "#0B5CAD", 2.6, "dashed"),
    "failed": Look("Failed", "\N{MULTIPLICATION SIGN}", "#FBE0DC", "#C02A10", "#B3260E", 4, "solid"),
    "caught": Look("Caught error", "!", "#FFEBCC", "#9A5B00", "#8A5200", 3, "solid"),
    "aborted": Look("Aborted", "■", "#E4E4E7", "#3F3F46", "#3F3F46", 3, "dotted"),
    "timed out": Look("Timed out", "■", "#E4E4E7", "#3F3F46", "#3F3F46", 3, "dotted"),
}

DARK_NOT_STARTED = NOT_STARTED._replace(fill="#22262E", stroke="#8592A3", text="#C3CCD6")

_DARK: dict[Status, tuple[str, str, str]] = {
    "succeeded": ("#15301A", "#4FB548", "#8FDB86"),
    "running": ("#12304F", "#5AA9F5", "#A5D0FA"),
    "waiting": ("#12304F", "#5AA9F5", "#A5D0FA"),
    "failed": ("#45181A", "#F0705E", "#FFB3A6"),
    "caught": ("#402C08", "#E3A33B", "#FFD080"),
    "aborted": ("#33353B", "#B4B4BD", "#DADAE0"),
    "timed out": ("#33353B", "#B4B4BD", "#DADAE0"),
}
DARK_LOOKS: dict[Status, Look] = {
    status: LOOKS[status]._replace(fill=fill, stroke=stroke, text=text)
    for status, (fill, stroke, text) in _DARK.items()
}
"""The same on a dark page. Only the live view has it: a picture keeps its white ground."""

DARK_INK = "#F1F3F5"
DARK_QUIET = "#C3CCD6"
DARK_GROUND = "#181B20"

DASH_ARRAYS: dict[Dashes, str | None] = {"solid": None, "dashed": "6,3", "dotted": "1.5,3.5"}


def look_of(status: Status | None) -> Look:
    """The look of a status; None is a state that has not started."""
    return NOT_STARTED if status is None else LOOKS[status]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours `#RRGGBB`, from 1 to 21, as WCAG 2 defines it.

    >>> round(contrast("#FFFFFF", "#000000"))
    21
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
