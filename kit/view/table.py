"""The events of a history as a table: for a notebook, and as aligned text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from html import escape
from typing import Any, NamedTuple

from kit.history import Event, RawEvent, Trace, value
from kit.view.captions import duration_text, shorten, width

SHOWN = 500
"""Events that a table shows; of a longer history it shows the first and the last half of that."""
JSON_LENGTH = 8000

STYLE = """
.small-steps-events {border-collapse: collapse; font-size: 0.85rem}
table.small-steps-events tr th, table.small-steps-events tr td {
  padding: 2px 10px 2px 0; text-align: left !important; vertical-align: top
}
.small-steps-events pre {margin: 2px 0; white-space: pre-wrap}
.small-steps-events .bad td {font-weight: bold}
"""


class Row(NamedTuple):
    """One event. `after` is the time since the execution's start."""

    id: int
    follows: int
    after: timedelta | None
    type: str
    state: str
    says: str
    details: dict[str, Any]

    @property
    def bad(self) -> bool:
        return self.type.endswith(("Failed", "TimedOut", "Aborted"))


class EventTable:
    """A history's events. Shows itself in a notebook; each row opens its JSON."""

    columns = ("Event", "After", "Type", "State", "Says")

    def __init__(self, events: Iterable[RawEvent | Event]) -> None:
        self._trace = Trace(events)

    def __len__(self) -> int:
        return len(self._trace.events)

    def rows(self) -> Iterator[Row]:
        """Every event in order."""
        start = self._trace.started
        for event in self._trace.events:
            visit = self._trace.visit_of(event.id)
            time = event.time
            after = time - start if time is not None and start is not None else None
            state = visit.state if visit is not None else ""
            if visit is not None and visit.iteration is not None:
                state += f" [{visit.iteration}]"
            yield Row(event.id, event.previous, after, event.type, state, says(event), dict(event.details))

    def _shown(self) -> tuple[list[Row], list[Row]]:
        rows = list(self.rows())
        if len(rows) <= SHOWN:
            return rows, []
        return rows[: SHOWN // 2], rows[-(SHOWN // 2) :]

    def __repr__(self) -> str:
        first, last = self._shown()
        cells = [list(self.columns), *map(_cells, first)]
        if last:
            cells.append([_left_out(len(self), len(first) + len(last)), "", "", "", ""])
            cells += map(_cells, last)
        widths = [max(width(row[column]) for row in cells if row[1] or column) for column in range(4)]
        return "\n".join(
            "  ".join(
                [cell + " " * (size - width(cell)) for cell, size in zip(row[:4], widths, strict=True)]
                + [row[4]]
            ).rstrip()
            for row in cells
        )

    def _repr_html_(self) -> str:
        first, last = self._shown()
        head = "".join(f'<th scope="col">{name}</th>' for name in self.columns)
        body = "".join(map(_html, first))
        if last:
            said = _left_out(len(self), len(first) + len(last))
            body += f'<tr><td colspan="5">{said}</td></tr>{"".join(map(_html, last))}'
        return (
            f'<style>{STYLE}</style><table class="small-steps-events"><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table>"
        )


def event_table(events: Iterable[RawEvent | Event]) -> EventTable:
    """The events as a table. Raises HistoryError for what is not an event."""
    return EventTable(events)


def _left_out(total: int, shown: int) -> str:
    return f"… {total - shown:,} events left out …"


def _cells(row: Row) -> list[str]:
    after = f"+{duration_text(row.after)}" if row.after is not None else ""
    return [str(row.id), after, row.type, row.state, row.says]


def _html(row: Row) -> str:
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in _cells(row)[:4])
    pretty = escape(opened(row.details)) if row.details else ""
    shown = escape(row.says) or ("Details" if pretty else "")
    if pretty:
        shown = f"<details><summary>{shown}</summary><pre>{pretty}</pre></details>"
    kind = ' class="bad"' if row.bad else ""
    return f"<tr{kind}>{cells}<td>{shown}</td></tr>"


def opened(details: Mapping[str, Any], most: int = JSON_LENGTH) -> str:
    """An event's details as JSON, with the JSON texts in them opened, in so many characters."""
    readable = {
        key: value(text) if key in ("input", "output", "parameters") else text
        for key, text in details.items()
        if not key.endswith("Details")
    }
    text = json.dumps(readable, indent=2, ensure_ascii=False, default=str)
    return text if len(text) <= most else f"{text[:most]}… ({len(text):,} characters)"


def says(event: Event, columns: int = 100) -> str:
    """The one thing to know of an event, in so many columns."""
    details = event.details
    if "error" in details or "cause" in details:
        parts = [str(details[key]) for key in ("error", "cause") if details.get(key)]
        return shorten(": ".join(parts), columns)
    if "resource" in details:
        return ":".join(str(details[key]) for key in ("resourceType", "resource") if details.get(key))
    if "index" in details:
        return f"iteration {details['index']}"
    if "length" in details:
        return f"{details['length']} items"
    for key in ("output", "input"):
        if isinstance(details.get(key), str):
            return shorten(f"{key} {details[key]}", min(columns, 80))
    return ""
