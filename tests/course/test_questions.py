"""Questions with a fake run: what a learner is told for each outcome."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kit.course.executed import MIME
from kit.course.exercise import Deed, Exercise, Reading
from kit.course.progress import Progress
from kit.course.question import Question
from kit.course.texts import QuestionTexts
from kit.history import Trace
from kit.machine import Machine
from kit.sandbox import Run
from kit.testing import MONDAY, MismatchError, RefusedError, Rehearsal, Scenario

DEFINITION = {"StartAt": "Hold", "States": {"Hold": {"Type": "Wait", "Seconds": 5, "End": True}}}
TEXTS = QuestionTexts(
    title="a try",
    hints=("first", "second"),
    advice={"known": "Look again.", "refused": "AWS says no."},
    scenarios={"quiet": "a quiet day"},
    passed="Well built.",
    reasons="Because.",
)


def rehearsal_of(machine: Machine, scenario: Scenario) -> Rehearsal:
    return Rehearsal(
        scenario=scenario,
        machine=machine,
        trace=Trace(),
        status="SUCCEEDED",
        calls=(),
        started=MONDAY,
        ended=MONDAY + timedelta(seconds=5),
    )


def always_right(_: Rehearsal) -> None:
    """Any behaviour will do."""


def always_wrong(_: Rehearsal) -> None:
    raise MismatchError("a call", "there was none", "Hold")


def question(path: Path | None, judge: Any = always_right, run: Any = rehearsal_of, **more: Any) -> Question:
    exercise = Exercise(
        scenarios=(Scenario(name="quiet"),),
        judge=judge,
        advise=lambda _, rehearsal: "known" if rehearsal else "refused",
        **more,
    )
    progress = Progress(path / "progress.json") if path else None
    return Question("42.1", exercise, TEXTS, progress, lambda: "machine = 1", run)


def test_a_right_machine_passes_and_is_noted(tmp_path: Path) -> None:
    result = question(tmp_path).check(Machine("try", DEFINITION))
    assert (result.outcome, result.words, result.scenarios) == ("passed", "Well built.", 1)
    assert Progress(tmp_path / "progress.json").record("42.1").passed is not None


@pytest.mark.parametrize("answer", [..., None, lambda: ...])
def test_the_placeholder_is_unattempted_and_not_noted(tmp_path: Path, answer: Any) -> None:
    result = question(tmp_path).check(answer)
    assert result.outcome == "unattempted"
    assert not (tmp_path / "progress.json").exists()


def test_the_starter_is_unattempted(tmp_path: Path) -> None:
    assert question(tmp_path, starter=DEFINITION).check(Machine("x", DEFINITION)).outcome == "unattempted"


def test_a_wrong_machine_is_told_scenario_expectation_happening_place_and_advice(tmp_path: Path) -> None:
    result = question(tmp_path, always_wrong).check(DEFINITION)
    assert result.outcome == "failed"
    said = repr(result)
    assert "Scenario: a quiet day" in said
    assert "Expected: a call" in said
    assert "Happened: there was none" in said
    assert "Place: Hold" in said
    assert "Advice: Look again." in said
    assert "machine = 1" not in said


def test_a_failure_draws_the_run_with_the_place_marked(tmp_path: Path) -> None:
    bundle = question(tmp_path, always_wrong).check(DEFINITION)._repr_mimebundle_()
    assert "data:image/svg+xml;base64," in bundle["text/html"]
    assert bundle[MIME]["outcome"] == "failed"
    assert bundle[MIME]["advice"] == "known"


def test_code_that_raises_is_shown_with_the_learners_own_line(tmp_path: Path) -> None:
    def make() -> Machine:
        return Machine("try", undefined_name)  # type: ignore[name-defined]  # noqa: F821

    result = question(tmp_path).check(make)
    assert result.outcome == "broken"
    assert result.words == "NameError: name 'undefined_name' is not defined"
    assert result.where is not None
    assert 'Machine("try", undefined_name)' in result.where


def test_what_is_no_machine_is_broken_and_says_what_is_one(tmp_path: Path) -> None:
    result = question(tmp_path).check(42)
    assert result.outcome == "broken"
    assert "a Chain" in result.words


def test_a_definition_that_aws_refuses_fails_with_its_words(tmp_path: Path) -> None:
    def refuse(*_: object) -> Rehearsal:
        raise RefusedError("SCHEMA_VALIDATION_FAILED: no such field", "Hold")

    result = question(tmp_path, run=refuse).check(DEFINITION)
    assert (result.outcome, result.advice_key, result.place) == ("failed", "refused", "Hold")
    assert "no such field" in (result.happened or "")


def test_a_fault_of_the_kit_is_not_told_as_the_learners(tmp_path: Path) -> None:
    def fall(*_: object) -> Rehearsal:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        question(tmp_path, run=fall).check(DEFINITION)


def test_hints_come_in_steps_and_the_last_one_stays(tmp_path: Path) -> None:
    asked = question(tmp_path)
    assert [asked.hint().title for _ in range(3)] == ["Hint 1 of 2", "Hint 2 of 2", "Hint 2 of 2"]
    assert "last hint" in asked.hint().text
    assert asked.hint(1).text == "first"
    assert Progress(tmp_path / "progress.json").record("42.1").hints == 2
    with pytest.raises(ValueError, match="has hints 1 to 2, not 3"):
        asked.hint(3)


def test_the_solution_comes_after_a_pass(tmp_path: Path) -> None:
    asked = question(tmp_path)
    assert asked.solution().code == ""
    asked.check(DEFINITION)
    shown = asked.solution()
    assert (shown.text, shown.code) == ("Because.", "machine = 1")


def test_the_solution_comes_on_request(tmp_path: Path) -> None:
    assert question(tmp_path).solution(anyway=True).code == "machine = 1"
    assert Progress(tmp_path / "progress.json").record("42.1").solution_seen


def test_without_a_progress_file_nothing_is_noted_and_the_solution_is_open() -> None:
    asked = question(None)
    assert asked.check(DEFINITION).passed
    assert asked.solution().code == "machine = 1"


def test_a_home_that_cannot_be_written_is_told_and_the_check_counts(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = question(tmp_path / "file").check(DEFINITION)
    assert result.passed
    assert "could not be written" in result.note


def test_words_of_a_learner_are_escaped_in_html(tmp_path: Path) -> None:
    def shout(_: Rehearsal) -> None:
        raise MismatchError("a `name`", "<script>alert(1)</script>")

    page = question(tmp_path, shout).check(DEFINITION)._repr_mimebundle_()["text/html"]
    assert "<script>" not in page
    assert "<code>name</code>" in page


def reading(path: Path) -> Question:
    exercise = Reading(
        read=lambda: {"state": "Stop it", "cause": "gone (Request ID: 1)"},
        advise=lambda field, told: "known" if (field, told) == ("state", "Start it") else None,
    )
    return Question("42.1", exercise, TEXTS, Progress(path / "progress.json"), lambda: "answer = {}")


def test_what_is_read_off_a_run_is_compared_field_by_field_without_ids_of_requests(tmp_path: Path) -> None:
    question = reading(tmp_path)
    assert question.check({"state": "Stop it", "cause": "gone (Request ID: 2)"}).outcome == "passed"
    wrong = question.check({"state": "Start it", "cause": "gone (Request ID: 1)"})
    assert (wrong.outcome, wrong.advice_key) == ("failed", "known")
    assert 'Happened: you say "Start it"' in repr(wrong)
    left_out = question.check({"state": "Stop it"})
    assert "Happened: your answer leaves it out" in repr(left_out)


def test_what_is_read_off_a_run_may_be_open_or_no_dict_at_all(tmp_path: Path) -> None:
    question = reading(tmp_path)
    assert question.check({"state": ..., "cause": None}).outcome == "unattempted"
    assert "not a list" in repr(question.check([]))


def deed(path: Path) -> Question:
    """What a person does about a run that holds for an hour: here, to stop it."""

    def stage(sandbox: Any) -> tuple[Run, Machine]:
        machine = Machine("try", DEFINITION | {"StartAt": "Hold"})
        return sandbox.deploy(machine).start({}).wait(timeout=20), machine

    def judge(rehearsal: Rehearsal) -> None:
        if rehearsal.seen != "done":
            raise MismatchError("a parameter", "there is none", "Hold")

    def look(sandbox: Any, _: Run) -> str | None:
        found = sandbox.aws("ssm").get_parameters(Names=["/x"])["Parameters"]
        return found[0]["Value"] if found else None

    exercise = Deed(stage=stage, judge=judge, look=look, advise=lambda _, __: "known")
    return Question("42.1", exercise, TEXTS, Progress(path / "progress.json"), lambda: "def repair(): ...")


def test_a_deed_is_done_in_a_fresh_sandbox_and_judged_by_what_it_left(tmp_path: Path) -> None:
    asked = deed(tmp_path)
    right = asked.check(
        lambda sandbox, _: sandbox.aws("ssm").put_parameter(Name="/x", Value="done", Type="String")
    )
    assert right.outcome == "passed"
    wrong = asked.check(lambda _, __: None)
    assert (wrong.outcome, wrong.place, wrong.advice_key) == ("failed", "Hold", "known")


def test_a_deed_may_be_open_raise_or_be_no_function(tmp_path: Path) -> None:
    asked = deed(tmp_path)
    assert asked.check(...).outcome == "unattempted"
    assert asked.check(lambda _, __: ...).outcome == "unattempted"
    assert "not a str" in repr(asked.check("run.redrive()"))
    assert asked.check(lambda sandbox: sandbox).outcome == "broken"
