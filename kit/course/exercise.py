"""What a question asks, apart from any learner: scenarios, a judge and advice; and typical answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from kit.machine import Machine
    from kit.sandbox import Run
    from kit.testing import MismatchError, RefusedError, Rehearsal, Scenario

__all__ = ["Case", "Deed", "Exercise", "Outcome", "Reading"]

Outcome: TypeAlias = Literal["unattempted", "passed", "failed", "broken"]


def _no_advice(_: MismatchError | RefusedError, __: Rehearsal | None) -> str | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """`judge` raises `MismatchError` where the behaviour is not what was asked for. `advise` recognises a
    known mistake and gives the key of its advice; the rehearsal is None for a refused definition. An
    answer that equals `starter` counts as unattempted. `mended_later` are lint's findings that a right
    answer still has, since a later rung teaches how to mend them."""

    scenarios: tuple[Scenario, ...]
    judge: Callable[[Rehearsal], None]
    advise: Callable[[MismatchError | RefusedError, Rehearsal | None], str | None] = _no_advice
    starter: Mapping[str, Any] | None = None
    mended_later: frozenset[str] = frozenset()


def _no_remark(_: str, __: Any) -> str | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A question whose answer is read off a run, field by field, and is no machine. `read` makes the run
    afresh and gives what its history says; `advise` recognises a known mistake by the field and what was
    given for it. Ids of requests don't count: they differ from run to run."""

    read: Callable[[], Mapping[str, Any]]
    advise: Callable[[str, Any], str | None] = _no_remark


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """A question whose answer is what a person does: a function of the sandbox and of a run that failed in
    it. `stage` prepares a fresh sandbox and gives the failed run with its machine; `look` says what is kept
    as evidence after the deed; `judge` and `advise` are as an Exercise's."""

    stage: Callable[[Any], tuple[Run, Machine]]
    judge: Callable[[Rehearsal], None]
    look: Callable[[Any, Run], Any]
    advise: Callable[[MismatchError | RefusedError, Rehearsal | None], str | None] = _no_advice


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A typical answer and what must be said about it. `answer` makes it afresh; `broken` cases raise
    when it is called by the check."""

    name: str
    outcome: Outcome
    answer: Callable[[], Any]
    advice: str | None = None
