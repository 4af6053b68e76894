"""Regions of an exercise's source: what the learner writes, and the prompt that stands there instead.

    # [solution 1]
    machine = Machine("stop", ...)
    # [prompt]
    # machine = ...  # your machine here
    # [end]

The number is the question's; a region without a number belongs to no question (setting up, say). The
lines of the prompt are comments in the source, so that the source runs as it stands. The exercise gets
the prompt with one `# ` taken off, the solution gets the lines above it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

__all__ = ["Region", "RegionError", "as_exercise", "as_solution", "regions"]

_START = re.compile(r"^# \[solution(?: (\d+))?\]$")
_PROMPT = "# [prompt]"
_END = "# [end]"


class RegionError(ValueError):
    """A region that is not closed, or a marker that stands in the wrong place."""


@dataclass(frozen=True, slots=True)
class Region:
    """One region: `question` is the number it answers, or None."""

    question: int | None
    solution: tuple[str, ...]
    prompt: tuple[str, ...]


def _parse(text: str) -> Iterator[str | Region]:
    """Plain lines as they are, and each region as one object."""
    lines = enumerate(text.splitlines(), start=1)
    for number, line in lines:
        start = _START.match(line)
        if start is None:
            if line in (_PROMPT, _END):
                raise RegionError(f"line {number}: {line!r} stands outside a region")
            yield line
            continue
        solution: list[str] = []
        prompt: list[str] = []
        into = solution
        for inner_number, inner in lines:
            if inner == _END:
                break
            if _START.match(inner):
                raise RegionError(f"line {inner_number}: a region starts inside the one of line {number}")
            if inner == _PROMPT:
                if into is prompt:
                    raise RegionError(f"line {inner_number}: the second '{_PROMPT}' of one region")
                into = prompt
            elif into is prompt:
                if inner != "#" and not inner.startswith("# "):
                    raise RegionError(f"line {inner_number}: a prompt's lines are comments, not {inner!r}")
                prompt.append(inner[2:])
            else:
                solution.append(inner)
        else:
            raise RegionError(f"line {number}: this region is not closed; '{_END}' is missing")
        yield Region(int(start[1]) if start[1] else None, tuple(solution), tuple(prompt))


def regions(text: str) -> list[Region]:
    """The regions of a source or of one cell, in order. Raises `RegionError`."""
    return [part for part in _parse(text) if isinstance(part, Region)]


def as_exercise(text: str) -> str:
    """The text with each region replaced by its prompt."""
    return _replace(text, lambda region: region.prompt)


def as_solution(text: str) -> str:
    """The text with each region replaced by its solution."""
    return _replace(text, lambda region: region.solution)


def _replace(text: str, choose: Callable[[Region], tuple[str, ...]]) -> str:
    lines: list[str] = []
    for part in _parse(text):
        if isinstance(part, Region):
            lines.extend(choose(part))
        else:
            lines.append(part)
    return "\n".join(lines)
