"""A question as a learner holds it: `q.check(machine)`, `q.hint()`, `q.solution()`."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from kit.course.answer import LearnerError, as_machine, as_reading, do, is_unattempted
from kit.course.exercise import Deed, Exercise, Reading
from kit.course.progress import Progress, Record
from kit.course.result import CheckResult, Note
from kit.course.texts import QuestionTexts
from kit.machine import Machine
from kit.sandbox import Sandbox
from kit.testing import MismatchError, RefusedError, Rehearsal, Scenario, rehearsal_of, rehearse

__all__ = ["Question"]

_REQUEST_ID = re.compile(r"Request ID: [^,)]*")
_PATIENCE = 20.0
"""Real seconds that a run may go on after a deed."""

_AFTER_FAILURE = "`q.hint()` gives a hint."


@dataclass(eq=False)
class Question:
    """One question of a rung. `id` such as "01.1". Nothing is noted where `progress` is None, as in the
    notebooks of solutions. `read_solution` gives the code of the course's own solution."""

    id: str
    exercise: Exercise | Reading | Deed
    texts: QuestionTexts
    progress: Progress | None
    read_solution: Callable[[], str]
    run: Callable[[Machine, Scenario], Rehearsal] = rehearse
    _hints_seen: int = field(default=0, init=False, repr=False)

    def __repr__(self) -> str:
        return f"Question {self.id}: {self.texts.title}. Use .check(machine), .hint() and .solution()."

    def check(self, answer: Any = ...) -> CheckResult:
        """Runs the machine under every scenario, in fresh local sandboxes, and looks at what it did.

        `answer` is a Machine, or what Machine takes, or a function without parameters that makes one; where
        the question is what a run says, a dict with a value for each field of the prompt; where it is what
        you would do, a function of the sandbox and the run. The outcome is `unattempted`, `passed`,
        `failed` or `broken` (the learner's code raised)."""
        begun = time.perf_counter()
        exercise = self.exercise
        if isinstance(exercise, Reading):
            judged = self._read_off(exercise, answer)
        elif isinstance(exercise, Deed):
            judged = self._done(exercise, answer)
        else:
            judged = self._judged(exercise, answer)
        result = replace(judged, seconds=time.perf_counter() - begun)
        if result.outcome == "unattempted":
            return result
        return replace(result, note=self._note(lambda record: record.checked(result.outcome)))

    def hint(self, number: int | None = None) -> Note:
        """The next hint, or hint `number` (from 1). The last one stays the last."""
        total = len(self.texts.hints)
        if number is not None and not 1 <= number <= total:
            raise ValueError(f"question {self.id} has hints 1 to {total}, not {number}")
        shown = number or min(self._hints_seen + 1, total)
        self._hints_seen = max(self._hints_seen, shown)
        note = self._note(lambda record: replace(record, hints=max(record.hints, shown)))
        more = (
            "" if shown < total else "\n\nThis was the last hint. q.solution(anyway=True) shows the solution."
        )
        text = self.texts.hints[shown - 1] + more + (note and f"\n\n{note}")
        return Note(title=f"Hint {shown} of {total}", text=text)

    def solution(self, *, anyway: bool = False) -> Note:
        """The course's solution with its reasons: after a pass, or `anyway`."""
        if self.progress is not None and not anyway and self._record().passed is None:
            return Note(
                title="Not passed yet",
                text="The solution comes after a pass. q.hint() gives a hint; q.solution(anyway=True) shows "
                "the solution now.",
            )
        note = self._note(lambda record: replace(record, solution_seen=True))
        return Note(
            title=f"Solution of question {self.id}: {self.texts.title}",
            text=self.texts.reasons + (note and f"\n\n{note}"),
            code=self.read_solution(),
        )

    def _read_off(self, reading: Reading, answer: Any) -> CheckResult:
        try:
            given = as_reading(answer)
        except LearnerError as raised:
            return self._result("broken", words=raised.words, where=raised.where)
        if given is None:
            return self._result(
                "unattempted", next_step="Fill the fields in the cell above, run it, and check again."
            )
        for field_name, said in reading.read().items():
            told = given.get(field_name)
            if is_unattempted(told) or _plain(told) != _plain(said):
                return self._result(
                    "failed",
                    expected=f"`{field_name}` as the run's history has it",
                    happened="your answer leaves it out"
                    if is_unattempted(told)
                    else f"you say {_plain(told)}",
                    advice_key=reading.advise(field_name, told),
                    next_step=_AFTER_FAILURE,
                )
        return self._result("passed", words=self.texts.passed)

    def _done(self, deed: Deed, answer: Any) -> CheckResult:
        if is_unattempted(answer):
            return self._result(
                "unattempted", next_step="Write your function in the cell above, run it, and check again."
            )
        with Sandbox.local(clock="instant") as sandbox:
            run, machine = deed.stage(sandbox)
            try:
                if do(answer, sandbox, run):
                    return self._result(
                        "unattempted", next_step="Your function does nothing yet: write it, and check again."
                    )
            except LearnerError as raised:
                return self._result("broken", words=raised.words, where=raised.where)
            # Afresh: it may have been gone on with behind this object's back, by boto3.
            run = sandbox.run(run.arn)
            with suppress(TimeoutError):
                run.wait(timeout=_PATIENCE)
            rehearsal = replace(rehearsal_of(sandbox, run, machine), seen=deed.look(sandbox, run))
            try:
                deed.judge(rehearsal)
            except MismatchError as mismatch:
                return self._result(
                    "failed",
                    expected=mismatch.expected,
                    happened=mismatch.happened,
                    place=mismatch.place,
                    advice_key=deed.advise(mismatch, rehearsal),
                    rehearsal=rehearsal,
                    next_step=_AFTER_FAILURE,
                )
        return self._result("passed", words=self.texts.passed)

    def _judged(self, exercise: Exercise, answer: Any) -> CheckResult:
        try:
            machine = as_machine(answer)
        except LearnerError as raised:
            return self._result("broken", words=raised.words, where=raised.where)
        except RefusedError as refusal:
            return self._refused(exercise, refusal)
        if machine is None or machine.asl == exercise.starter:
            return self._result(
                "unattempted", next_step="Write your machine in the cell above, run it, and check again."
            )
        for scenario in exercise.scenarios:
            rehearsal = None
            try:
                rehearsal = self.run(machine, scenario)
                exercise.judge(rehearsal)
            except RefusedError as refusal:
                return self._refused(exercise, refusal)
            except MismatchError as mismatch:
                return self._failed(exercise, mismatch, scenario, rehearsal)
        return self._result("passed", words=self.texts.passed, scenarios=len(exercise.scenarios))

    def _refused(self, exercise: Exercise, refusal: RefusedError) -> CheckResult:
        key = exercise.advise(refusal, None)
        return self._result(
            "failed",
            scenario="deploying the machine",
            expected="a definition that AWS takes",
            happened=refusal.words,
            place=refusal.place,
            advice_key=key,
            next_step=_AFTER_FAILURE,
        )

    def _failed(
        self,
        exercise: Exercise,
        mismatch: MismatchError,
        scenario: Scenario,
        rehearsal: Rehearsal | None,
    ) -> CheckResult:
        return self._result(
            "failed",
            scenario=self.texts.scenarios.get(scenario.name, scenario.name),
            expected=mismatch.expected,
            happened=mismatch.happened,
            place=mismatch.place,
            advice_key=exercise.advise(mismatch, rehearsal),
            rehearsal=rehearsal,
            next_step=_AFTER_FAILURE,
        )

    def _result(self, outcome: Any, *, advice_key: str | None = None, **fields: Any) -> CheckResult:
        return CheckResult(
            question=self.id,
            title=self.texts.title,
            outcome=outcome,
            advice=self.texts.advice[advice_key] if advice_key else None,
            advice_key=advice_key,
            **fields,
        )

    def _record(self) -> Record:
        if self.progress is None:
            return Record()
        try:
            return self.progress.record(self.id)
        except OSError:
            return Record()

    def _note(self, change: Callable[[Record], Record]) -> str:
        """Notes progress; what could not be noted is said, and the check counts all the same."""
        if self.progress is None:
            return ""
        try:
            self.progress.update(self.id, change)
        except (OSError, TimeoutError) as error:
            return f"Your progress could not be written to {self.progress.path}: {error}"
        notices = " ".join(self.progress.notices)
        self.progress.notices.clear()
        return notices


def _plain(value: Any) -> str:
    """A value as one line of JSON, without ids of requests."""
    return _REQUEST_ID.sub(
        "Request ID: -", json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    )
