"""How many mutants of right answers a question's checks find: `kit course verify --mutants`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kit.course.exercise import Deed, Exercise, Reading
from kit.course.ladder import cases, rungs
from kit.course.mutants import mutants
from kit.course.question import Question
from kit.machine import Machine
from kit.testing import Rehearsal

__all__ = ["LEAST", "Score", "can_be_broken", "score", "scores"]

LEAST = 0.95
"""The share of mutants that must be found."""

_ANSWERS = 2
"""How many right answers of a question are broken: one by kit.steps, one as ASL."""


@dataclass(frozen=True, slots=True)
class Score:
    """`found` of `all` mutants did not pass. `excused` passed rightly: in every scenario their runs were
    the same as those of the answer they come from. `survivors` passed, and should not have."""

    question: str
    found: int
    excused: tuple[str, ...]
    survivors: tuple[str, ...]

    @property
    def all(self) -> int:
        return self.found + len(self.survivors)

    @property
    def share(self) -> float:
        return self.found / self.all if self.all else 1.0

    @property
    def right(self) -> bool:
        return self.share >= LEAST

    @property
    def line(self) -> str:
        words = f"{self.question}: {self.found} of {self.all} mutants found ({self.share:.0%})"
        if self.excused:
            words += f", {len(self.excused)} excused"
        return words + "".join(f"\n  passed: {survivor}" for survivor in self.survivors)


def scores(rung: str | None = None) -> Iterator[Score]:
    """The score of each question, of one rung or of all, but for those whose answer is a deed: it is code,
    and has no parts that could be taken out one by one."""
    for each in rungs():
        if rung in (None, each.number):
            yield from map(score, filter(can_be_broken, each.questions))


def can_be_broken(question: Question) -> bool:
    return not isinstance(question.exercise, Deed)


def score(question: Question) -> Score:
    question = replace(question, progress=None)
    number, _, key = question.id.partition(".")
    right = [case.answer() for case in cases(number)[int(key)] if case.outcome == "passed"]
    if isinstance(question.exercise, Reading):
        return _score_of_reading(question, right[0])
    assert isinstance(question.exercise, Exercise)
    return _score_of_machines(question, question.exercise, [_asl(answer) for answer in right[:_ANSWERS]])


def _score_of_reading(question: Question, answer: Mapping[str, Any]) -> Score:
    """A reading is broken field by field: left out, or another value."""
    found, survivors = 0, []
    for name, value in answer.items():
        for what, told in (
            ("left out", None),
            ("another value", not value if value in (True, False) else "x"),
        ):
            if question.check({**answer, name: told}).passed:
                survivors.append(f"{name}: {what}")
            else:
                found += 1
    return Score(question.id, found, (), tuple(survivors))


def _score_of_machines(question: Question, exercise: Exercise, right: list[Mapping[str, Any]]) -> Score:
    found, excused, survivors = 0, [], []
    for asl in right:
        as_it_was = _runs(question, exercise, asl)
        for mutant in mutants(asl):
            if not question.check(dict(mutant.asl)).passed:
                found += 1
            elif _runs(question, exercise, mutant.asl) == as_it_was:
                excused.append(mutant.name)
            else:
                survivors.append(mutant.name)
    return Score(question.id, found, tuple(excused), tuple(survivors))


def _runs(question: Question, exercise: Exercise, asl: Mapping[str, Any]) -> list[Any]:
    machine = Machine("answer", dict(asl))
    return [_what_happened(question.run(machine, scenario)) for scenario in exercise.scenarios]


def _what_happened(rehearsal: Rehearsal) -> tuple[Any, ...]:
    """A run's history without what differs from run to run (ids in the answers of calls): what was entered
    and left, when, what it assigned; and the calls with their parameters."""
    visits = [
        (visit.state, visit.status, visit.entered, visit.ended, visit.variables, visit.error)
        for visit in rehearsal.trace.visits
    ]
    calls = [(call.at, call.operation, dict(call.params), call.error) for call in rehearsal.calls]
    return rehearsal.status, rehearsal.error, visits, calls


def _asl(answer: Any) -> Mapping[str, Any]:
    machine = answer if isinstance(answer, Machine) else Machine("answer", answer)
    return machine.asl
