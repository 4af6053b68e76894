"""What a check, a hint or a solution shows: words everywhere, HTML with the run drawn in a notebook.

Every check also leaves a JSON output of the type `kit.course.executed.MIME` in the notebook, so that a
program can read an executed notebook: `{"question": "01.1", "outcome": "passed", ...}`.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.course.executed import MIME
from kit.course.exercise import Outcome
from kit.course.place import mark_place
from kit.view import graph

if TYPE_CHECKING:
    from kit.testing import Rehearsal

__all__ = ["CheckResult", "Note"]

# Glyph, word, colour of the border: the three say the same, since colour alone is not enough.
_LOOK: Mapping[Outcome, tuple[str, str, str]] = {
    "passed": ("√", "Passed", "#1D7F0B"),
    "failed": ("\N{MULTIPLICATION SIGN}", "Not yet", "#C02A10"),
    "broken": ("!", "Your code raised an error", "#9A5B00"),
    "unattempted": ("○", "Not attempted yet", "#3F3F46"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """The outcome of a check. `scenario`, `expected`, `happened`, `place` and `rehearsal` are there for a
    failed run; `advice` is the authored text for a known mistake and `advice_key` its key; `where` is
    the learner's own line where their code raised; `note` is about the kit (progress not written)."""

    question: str
    title: str
    outcome: Outcome
    words: str = ""
    scenario: str | None = None
    expected: str | None = None
    happened: str | None = None
    place: str | None = None
    advice: str | None = None
    advice_key: str | None = None
    where: str | None = None
    next_step: str = ""
    note: str = ""
    scenarios: int = 0
    seconds: float = 0.0
    rehearsal: Rehearsal | None = None

    @property
    def passed(self) -> bool:
        return self.outcome == "passed"

    def lines(self) -> list[tuple[str, str]]:
        """Pairs of label and text, in the order in which they are read."""
        pairs = [
            ("", self.words),
            ("Scenario", self.scenario),
            ("Expected", self.expected),
            ("Happened", self.happened),
            ("Place", self.place),
            ("Your line", self.where),
            ("Advice", self.advice),
            ("", self.next_step),
            ("", self.note),
        ]
        return [(label, text) for label, text in pairs if text]

    def __repr__(self) -> str:
        glyph, word, _ = _LOOK[self.outcome]
        lines = [f"{glyph} {word}: question {self.question}, {self.title}"]
        lines += [f"  {label}: {text}" if label else f"  {text}" for label, text in self.lines()]
        return "\n".join(lines)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:  # noqa: ARG002
        return {"text/plain": repr(self), "text/html": self._html(), MIME: self.record()}

    def record(self) -> dict[str, Any]:
        """What a program reads of this check."""
        return {
            "question": self.question,
            "outcome": self.outcome,
            "scenario": self.scenario,
            "expected": self.expected,
            "happened": self.happened,
            "advice": self.advice_key,
            "scenarios": self.scenarios,
            "seconds": round(self.seconds, 3),
        }

    def _html(self) -> str:
        glyph, word, colour = _LOOK[self.outcome]
        head = f"<b>{glyph} {word}</b> · question {self.question}, {html.escape(self.title)}"
        return _frame(colour, head, self.lines(), self._picture())

    def _picture(self) -> str:
        if self.rehearsal is None or self.outcome == "passed":
            return ""
        return _image(_drawn(self.rehearsal, self.place), f"The run under: {self.scenario}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A hint, a solution, or a word about them. `code` is shown as it is."""

    title: str
    text: str
    code: str = ""

    def __repr__(self) -> str:
        parts = [self.title, *(f"  {line}" if line else "" for line in self.text.splitlines())]
        if self.code:
            parts += ["", *(f"    {line}" if line else "" for line in self.code.splitlines())]
        return "\n".join(parts)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:  # noqa: ARG002
        body: list[tuple[str, str]] = [("", paragraph) for paragraph in self.text.split("\n\n")]
        code = (
            f'<pre style="white-space:pre-wrap;margin:.4em 0 0">{html.escape(self.code)}</pre>'
            if self.code
            else ""
        )
        return {
            "text/plain": repr(self),
            "text/html": _frame("#0B5CAD", f"<b>{html.escape(self.title)}</b>", body, code),
        }


def _drawn(rehearsal: Rehearsal, place: str | None) -> str:
    """The run as SVG, with the state `place` marked."""
    svg = graph(rehearsal.machine.definition, rehearsal.trace).svg()
    return mark_place(svg, place) if place else svg


def _image(svg: str, alt: str) -> str:
    # As a data address: JupyterLab's sanitizer keeps images in notebooks that aren't trusted, not SVG.
    data = base64.b64encode(svg.encode()).decode()
    return (
        f'<img alt="{html.escape(alt, quote=True)}" src="data:image/svg+xml;base64,{data}" '
        'style="background:#fff;max-width:100%;margin-top:.6em">'
    )


def _frame(colour: str, head: str, lines: list[tuple[str, str]], below: str) -> str:
    body = "".join(
        f"<div>{f'<b>{label}:</b> ' if label else ''}{_inline(text)}</div>" for label, text in lines
    )
    return (
        f'<div style="border-left:4px solid {colour};padding:.4em .8em;line-height:1.5">'
        f"<div>{head}</div>{body}{below}</div>"
    )


def _inline(text: str) -> str:
    """Escaped, line ends kept, `code` marked."""
    parts = html.escape(text).split("`")
    marked = "".join(
        f"<code>{part}</code>" if index % 2 and index < len(parts) - 1 else ("`" if index % 2 else "") + part
        for index, part in enumerate(parts)
    )
    return marked.replace("\n", "<br>")
