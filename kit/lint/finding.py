"""What lint says: five things about one place."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["error", "warning", "advice"]
"""`error`: AWS refuses it, or it must fail. `warning`: it will bite. `advice`: there is a better way."""

_ORDER = {"error": 0, "warning": 1, "advice": 2}
_COLUMNS = ("severity", "place", "found", "expected", "why", "mend", "rule")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`rule` is the rule's stable id; `place` as AWS writes it: `/States/Wait for it/Retry[0]`."""

    rule: str
    severity: Severity
    place: str
    found: str
    expected: str
    why: str
    mend: str

    def __str__(self) -> str:
        return (
            f"{self.severity}: {self.place}: {self.found} [{self.rule}]\n"
            f"  expected: {self.expected}\n  why: {self.why}\n  mend: {self.mend}"
        )


class Findings(tuple[Finding, ...]):
    """Findings, the gravest first. Empty: nothing to say."""

    __slots__ = ()

    def __new__(cls, findings: Iterable[Finding] = ()) -> Findings:
        return super().__new__(cls, sorted(findings, key=lambda finding: _ORDER[finding.severity]))

    @property
    def errors(self) -> Findings:
        """Those that AWS refuses, or that must fail."""
        return Findings(finding for finding in self if finding.severity == "error")

    def __repr__(self) -> str:
        return "\n\n".join(map(str, self)) if self else "Nothing found."

    def _repr_html_(self) -> str:
        if not self:
            return "<p>Nothing found.</p>"
        head = "".join(f"<th>{name.capitalize()}</th>" for name in _COLUMNS)
        return f"<table><tr>{head}</tr>{''.join(map(_row, self))}</table>"


def _row(finding: Finding) -> str:
    values = [getattr(finding, name) for name in _COLUMNS]
    return "<tr>" + "".join(f'<td style="text-align: left">{html.escape(v)}</td>' for v in values) + "</tr>"
