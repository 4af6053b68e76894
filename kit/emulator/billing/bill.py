"""What a sandbox's days would have cost in AWS."""

from __future__ import annotations

import datetime as dt
import html
from dataclasses import dataclass
from typing import Final

from kit.services.prices import AS_OF, REGION

NOT_COUNTED: Final = (
    "storage, backups, I/O, data transfer, logs, a function's duration, OpenSearch's disks, "
    "free tiers, least charges (10 minutes of a database) and discounts"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One item: `quantity` of what the price's `key` is for, in `unit`s. `usd` is None where the table has
    no price for it; `sure` says how far the price goes (see kit.services.prices)."""

    key: str
    quantity: float
    unit: str
    usd: float | None
    sure: str = ""


@dataclass(frozen=True, slots=True)
class Bill:
    """The lines, the dearest first, for the time from `since` to `until`. `total` leaves out the lines
    without a price, which `unpriced` names. Not counted: see `not_counted`."""

    lines: tuple[Line, ...]
    since: dt.datetime
    until: dt.datetime
    not_counted: str = NOT_COUNTED

    @property
    def total(self) -> float:
        """In USD."""
        return sum(line.usd for line in self.lines if line.usd is not None)

    @property
    def unpriced(self) -> list[str]:
        """The keys without a price: `sandbox.bill(prices={key: usd})`."""
        return sorted({line.key for line in self.lines if line.usd is None})

    def usd(self, prefix: str) -> float:
        """The part of some lines, by how their keys begin: `bill.usd("rds:")`."""
        return sum(line.usd or 0.0 for line in self.lines if line.key.startswith(prefix))

    def __repr__(self) -> str:
        rows = [
            f"{_money(line.usd):>12}  {line.key}: {line.quantity:,.10g} {line.unit}" for line in self.lines
        ]
        rows.append(f"{_money(self.total):>12}  in all, {self._when}")
        return "\n".join([*rows, *self._notes])

    def _repr_html_(self) -> str:
        cells = "".join(
            f"<tr><td>{html.escape(line.key)}</td><td>{line.quantity:,.6g} {html.escape(line.unit)}</td>"
            f"<td>{_money(line.usd)}</td><td>{html.escape(line.sure)}</td></tr>"
            for line in self.lines
        )
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self._notes)
        return (
            "<table><tr><th>What</th><th>How much</th><th>USD</th><th>How sure</th></tr>"
            f"{cells}<tr><th>In all, {self._when}</th><td></td><th>{_money(self.total)}</th><td></td></tr>"
            f"</table>{notes}"
        )

    @property
    def _when(self) -> str:
        return f"{self.since:%Y-%m-%d %H:%M} to {self.until:%Y-%m-%d %H:%M}"

    @property
    def _notes(self) -> list[str]:
        notes = [f"List prices of {REGION}, {AS_OF}, in USD. Not counted: {self.not_counted}."]
        if self.unpriced:
            notes.append(f"No price is known for {', '.join(self.unpriced)}: give it in prices={{...}}.")
        return notes


def _money(usd: float | None) -> str:
    return "?" if usd is None else f"{usd:,.2f}" if usd >= 1 or not usd else f"{usd:.6f}"
