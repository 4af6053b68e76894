"""Two runs of a machine side by side: before and after a fix."""

from __future__ import annotations

from datetime import timedelta
from html import escape
from typing import NamedTuple

from kit.history import StateStatus, Trace
from kit.view.captions import duration_text, headline, spoken, width


class Difference(NamedTuple):
    """A state that differs. `before` and `after` are how it stood, in words; `in_what` lists path, time,
    retries, output."""

    state: str
    before: str
    after: str
    in_what: tuple[str, ...]


class Comparison:
    """The states in which two runs differ. Shows itself as a table."""

    columns = ("State", "Before", "After", "Differs in")

    def __init__(self, before: Trace, after: Trace) -> None:
        self.before, self.after = before, after
        names = dict.fromkeys([*before.path, *after.path])
        found = (_difference(name, before.state(name), after.state(name)) for name in names)
        self.differences = [each for each in found if each is not None]

    def __repr__(self) -> str:
        lines = [f"Before: {headline(self.before)}", f"After: {headline(self.after)}"]
        if not self.differences:
            return "\n".join([*lines, "No state differs."])
        rows = [self.columns, *self._cells()]
        sizes = [max(width(row[column]) for row in rows) for column in range(3)]
        for row in rows:
            padded = [cell + " " * (size - width(cell)) for cell, size in zip(row, sizes, strict=False)]
            lines.append("  ".join([*padded, row[3]]))
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{name}</th>' for name in self.columns)
        body = "".join(
            f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in self._cells()
        )
        said = f"Before: {headline(self.before)}. After: {headline(self.after)}."
        return (
            f"<p>{escape(said)}</p><table><thead><tr>{head}</tr></thead><tbody>"
            f"{body or '<tr><td colspan=4>No state differs.</td></tr>'}</tbody></table>"
        )

    def _cells(self) -> list[tuple[str, str, str, str]]:
        return [(d.state, d.before, d.after, ", ".join(d.in_what)) for d in self.differences]


def compare(before: Trace, after: Trace) -> Comparison:
    """In which states two runs of a machine differ: path, time, retries, output."""
    return Comparison(before, after)


def _difference(name: str, before: StateStatus | None, after: StateStatus | None) -> Difference | None:
    what: list[str] = []
    if before is None or after is None:
        what.append("path")
    else:
        if (before.status, before.visits) != (after.status, after.visits):
            what.append("path")
        if _shown(before.duration) != _shown(after.duration):
            what.append("time")
        if before.retries != after.retries:
            what.append("retries")
        if before.latest.output != after.latest.output:
            what.append("output")
    return Difference(name, spoken(before), spoken(after), tuple(what)) if what else None


def _shown(duration: timedelta | None) -> str:
    return "" if duration is None else duration_text(duration)
