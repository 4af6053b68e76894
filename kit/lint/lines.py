"""Where a place of a definition, `/States/Wait/Retry[0]`, stands in its text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]

_BLANK = re.compile(r"[ \t\r\n]*")
_SCALAR = re.compile(r"[^\s,\]}]+")
_SEGMENTS = re.compile(r"(/(?:[^/\[]|\[(?!\d+\]))*|\[\d+\])")


class Lines:
    """The lines of one definition's text, JSON or YAML, counted when they are asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._offsets: Mapping[str, int] | None = None

    def of(self, place: str) -> tuple[int, int]:
        """Line and column, both from 1, of a place, or of the nearest one around it."""
        offset = self._in_json(place) if self._text.lstrip().startswith("{") else self._in_yaml(place)
        before = self._text[:offset]
        return before.count("\n") + 1, offset - before.rfind("\n")

    def _in_json(self, place: str) -> int:
        if self._offsets is None:
            self._offsets = _offsets(self._text)
        segments = _SEGMENTS.findall(place)
        while segments:
            if (found := self._offsets.get("".join(segments))) is not None:
                return found
            segments.pop()
        return 0

    def _in_yaml(self, place: str) -> int:
        """YAML's keys come in the order of a place, so that each is looked for after the one before."""
        at = 0
        for segment in _SEGMENTS.findall(place):
            if segment.startswith("/"):
                key = rf"^[ \t]*(?:- +)*(?P<key>[\"']?{re.escape(segment[1:])}[\"']?)[ \t]*:"
                found = re.compile(key, re.MULTILINE).search(self._text, at)
                if found is None:
                    return at
                at = found.start("key")
        return at


def _offsets(text: str) -> dict[str, int]:
    """Where each key and each element begins. As far as it is JSON."""
    found: dict[str, int] = {}
    try:
        _value(text, _skip(text, 0), "", found)
    except (IndexError, ValueError, JSONDecodeError, AttributeError):
        return found
    return found


def _skip(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


def _value(text: str, at: int, place: str, found: dict[str, int]) -> int:
    if text[at] == "{":
        at = _skip(text, at + 1)
        while text[at] != "}":
            key_at = at
            key, at = scanstring(text, at + 1)
            found[f"{place}/{key}"] = key_at
            at = _skip(text, _skip(text, at) + 1)
            at = _skip(text, _value(text, at, f"{place}/{key}", found))
            at = _skip(text, at + 1) if text[at] == "," else at
        return at + 1
    if text[at] == "[":
        at, index = _skip(text, at + 1), 0
        while text[at] != "]":
            found[f"{place}[{index}]"] = at
            at = _skip(text, _value(text, at, f"{place}[{index}]", found))
            at, index = (_skip(text, at + 1) if text[at] == "," else at), index + 1
        return at + 1
    if text[at] == '"':
        end: int = scanstring(text, at + 1)[1]
        return end
    scalar = _SCALAR.match(text, at)
    if scalar is None:
        raise ValueError("no JSON")
    return scalar.end()
