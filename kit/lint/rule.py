"""A rule, as data, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kit.asl.definition import State
from kit.lint.finding import Finding, Severity
from kit.lint.subject import Subject


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule found, at a place inside of a state (`/Retry[0]`, or nothing), and what helps."""

    state: State
    found: str
    expected: str
    mend: str
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """`id` is stable; `why` holds for each of its findings."""

    id: str
    severity: Severity
    why: str
    look: Callable[[Subject], Iterator[Said]]

    def findings(self, subject: Subject) -> Iterator[Finding]:
        for said in self.look(subject):
            yield Finding(
                rule=self.id,
                severity=self.severity,
                place=f"{said.state.place}{said.inside}",
                found=said.found,
                expected=said.expected,
                why=self.why,
                mend=said.mend,
            )
