"""How far somebody is, as a bar: in words and blocks, and drawn in a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from kit.course.texts import numbers, texts

if TYPE_CHECKING:
    from kit.course.progress import Record

__all__ = ["bar"]

_BLOCKS = 24
_DONE, _OPEN, _INK = "#1D7F0B", "#E4E4E7", "#3F3F46"


def bar(number: str, records: Mapping[str, Record]) -> dict[str, Any]:
    """A mimebundle: the rung, and how many questions of it and of the whole course are passed."""
    here = _passed([number], records)
    all_of_it = _passed(numbers(), records)
    words = (
        f"Rung {number}: {texts(number).title}, about {texts(number).minutes} minutes. "
        f"Passed: {here[0]} of {here[1]} here, {all_of_it[0]} of {all_of_it[1]} in all."
    )
    share = all_of_it[0] / all_of_it[1] if all_of_it[1] else 0.0
    full = round(share * _BLOCKS)
    drawn = (
        f'<div role="progressbar" aria-valuenow="{all_of_it[0]}" aria-valuemin="0" '
        f'aria-valuemax="{all_of_it[1]}" '
        f'aria-label="{escape(words, quote=True)}" style="height:.6em;max-width:24em;border-radius:.3em;'
        f'overflow:hidden;background:{_OPEN};border:1px solid {_INK}">'
        f'<div style="height:100%;width:{share:.0%};background:{_DONE}"></div></div>'
    )
    return {
        "text/plain": f"{words}\n[{'#' * full}{'.' * (_BLOCKS - full)}]",
        "text/html": f'<div style="line-height:1.6">{escape(words)}</div>{drawn}',
    }


def _passed(rungs: list[str], records: Mapping[str, Record]) -> tuple[int, int]:
    """How many questions of these rungs are passed, of how many."""
    ids = [f"{number}.{key}" for number in rungs for key in texts(number).questions]
    done = [each for each in ids if each in records and records[each].passed is not None]
    return len(done), len(ids)
