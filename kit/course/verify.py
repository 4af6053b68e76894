"""Proving the course: each question's typical answers get the outcome and the advice they must get."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kit.course.exercise import Case
from kit.course.home import course_root
from kit.course.ladder import cases, rungs
from kit.course.notebooks import out_of_step
from kit.course.question import Question
from kit.course.result import CheckResult
from kit.sandbox import Sandbox

__all__ = ["SECONDS_A_CHECK", "Finding", "judge_case", "verify", "warm_up"]

SECONDS_A_CHECK = 2.0
"""How much processor time a check may take: what else the computer does meanwhile doesn't count."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, in one line; `right` says whether it is as it should be."""

    line: str
    right: bool


def judge_case(question: Question, case: Case) -> tuple[CheckResult, list[str]]:
    """Checks a typical answer, without a mark in the progress file: the result, and what is wrong with
    it in sentences."""
    answer = case.answer()
    begun = time.process_time()
    result = replace(question, progress=None).check(answer)
    spent = time.process_time() - begun
    problems = []
    if result.outcome != case.outcome:
        problems.append(f"expected {case.outcome}, but it was {result.outcome}: {result.happened}")
    if result.advice_key != case.advice:
        problems.append(f"expected the advice {case.advice}, but it got {result.advice_key}")
    if spent > SECONDS_A_CHECK:
        problems.append(f"took {spent:.1f} s, more than {SECONDS_A_CHECK:g}")
    return result, problems


def warm_up() -> None:
    """Loads what the first sandbox of a process loads, so that it isn't counted as a check's time."""
    with Sandbox.local(clock="instant") as sandbox:
        sandbox.aws("rds").describe_db_clusters()


def verify() -> Iterator[Finding]:
    """Looks at every question of every rung, and at the notebooks."""
    warm_up()
    for rung in rungs():
        by_question = cases(rung.number)
        for question in rung.questions:
            number = int(question.id.split(".")[1])
            unused = set(question.texts.advice)
            if len(question.texts.hints) < 2:
                yield Finding(f"{question.id}: has {len(question.texts.hints)} hints, needs two", False)
            if not rung.solution_code(number):
                yield Finding(f"{question.id}: its source has no solution", False)
            for case in by_question[number]:
                result, problems = judge_case(question, case)
                unused.discard(case.advice or "")
                words = "; ".join(problems) or f"{result.outcome}, {result.seconds:.2f} s"
                yield Finding(f"{question.id} {case.name}: {words}", not problems)
            if unused:
                words = ", ".join(sorted(unused))
                yield Finding(f"{question.id}: advice without a typical answer: {words}", False)
    for path, reason in out_of_step(course_root()):
        yield Finding(f"{path.relative_to(course_root())}: {reason}", False)
