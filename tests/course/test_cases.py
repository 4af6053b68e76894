"""Every question in its typical answers, run for real: outcome, advice and time."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

import kit.course.ladder
from kit.course import Rung, rung, rungs
from kit.course.exercise import Case, Exercise, Reading
from kit.course.ladder import cases
from kit.course.question import Question
from kit.course.result import CheckResult
from kit.course.verify import judge_case, warm_up
from kit.machine import Machine

ALL = [
    pytest.param(question, case, id=f"{question.id} {case.name}")
    for step in rungs()
    for question, typical in zip(step.questions, cases(step.number).values(), strict=True)
    for case in typical
]
MACHINES = Path(kit.course.ladder.__file__).parent / "machines"
QUESTIONS = [
    pytest.param(step, number, id=f"{step.number}.{number}")
    for step in rungs()
    for number in cases(step.number)
]


BUILT = [
    pytest.param(step, number, id=f"{step.number}.{number}")
    for step in rungs()
    for number in cases(step.number)
    if isinstance(step.question(number).exercise, Exercise)
]


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    warm_up()


@pytest.mark.parametrize(("question", "case"), ALL)
def test_a_typical_answer_gets_its_outcome_and_its_advice_in_time(question: Question, case: Case) -> None:
    result, problems = judge_case(question, case)
    assert problems == [], repr(result)


@pytest.mark.parametrize(("step", "number"), QUESTIONS)
def test_a_question_has_the_cases_that_prove_it(step: Rung, number: int) -> None:
    typical = cases(step.number)[number]
    outcomes = [case.outcome for case in typical]
    assert outcomes.count("unattempted") >= 1
    assert len({case.advice for case in typical if case.outcome == "failed"}) >= 2
    right = [case.answer() for case in typical if case.outcome == "passed"]
    if not isinstance(step.question(number).exercise, Exercise):
        assert len(right) >= 2
        return
    shapes = {shape(answer) for answer in right}
    assert len(shapes) == len(right) >= 2
    assert any(isinstance(answer, Machine) for answer in right), "one is written with kit.steps"
    assert any(isinstance(answer, dict) for answer in right), "one is plain ASL"


def shape(answer: Machine | dict[str, Any]) -> str:
    """The graph without its names: types, arrows and languages."""
    definition = (answer if isinstance(answer, Machine) else Machine("x", answer)).definition
    order = {name: index for index, name in enumerate(definition.states)}
    return json.dumps(
        [
            (
                state.type,
                state.query_language,
                [(kind, order[name]) for kind, name in state.successors()],
                state.fields.get("Choices"),
            )
            for state in definition.states.values()
        ]
    )


@pytest.mark.parametrize(("step", "number"), QUESTIONS)
def test_a_question_has_hints_reasons_and_advice_for_its_cases(step: Rung, number: int) -> None:
    words = step.question(number).texts
    assert len(words.hints) >= 2
    assert words.reasons
    assert words.passed
    used = {case.advice for case in cases(step.number)[number]} - {None}
    assert used <= set(words.advice)


@pytest.mark.parametrize(("step", "number"), QUESTIONS)
def test_neither_hints_nor_advice_give_the_solution_away(step: Rung, number: int) -> None:
    question = step.question(number)
    words = question.texts
    if isinstance(question.exercise, Reading):
        told = {str(value) for value in question.exercise.read().values() if isinstance(value, str)}
        assert told
        assert not [text for text in told for said in (*words.hints, *words.advice.values()) if text in said]
        return
    lines = [line.strip() for line in step.solution_code(number).splitlines()]
    telling = [line for line in lines if "{%" in line or "Output" in line or "run." in line]
    assert telling
    for line in telling:
        for said in (*words.hints, *words.advice.values()):
            assert line not in said


@pytest.mark.parametrize("step", rungs(), ids=lambda step: step.number)
def test_the_solutions_notebook_passes_every_check(step: Rung, capsys: pytest.CaptureFixture[str]) -> None:
    results = run_cells(step.solution)
    assert {result.question: result.outcome for result in results} == {
        f"{step.number}.{number}": "passed" for number in cases(step.number)
    }, capsys.readouterr().out


@pytest.mark.parametrize("step", rungs(), ids=lambda step: step.number)
def test_the_exercise_as_it_comes_is_unattempted(step: Rung, capsys: pytest.CaptureFixture[str]) -> None:
    results = run_cells(step.exercise)
    assert [result.outcome for result in results] == ["unattempted"] * len(cases(step.number)), (
        capsys.readouterr().out
    )


def run_cells(notebook: Path) -> list[CheckResult]:
    """Runs a notebook's code in this process, in instant time, and collects what its checks gave."""
    space: dict[str, Any] = {}
    results = []
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, notebook.name, "exec"), space)  # (the course's own cells)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), notebook.name, "eval"), space)  # type: ignore[attr-defined]
            if isinstance(value, CheckResult):
                results.append(value)
        if "parameters" in cell["metadata"].get("tags", []):
            space["clock"] = "instant"
    return results


@pytest.mark.parametrize(("step", "number"), BUILT)
def test_lint_has_nothing_against_the_right_answers(step: Rung, number: int) -> None:
    exercise = step.question(number).exercise
    assert isinstance(exercise, Exercise)
    for case in cases(step.number)[number]:
        if case.outcome == "passed":
            answer = case.answer()
            machine = answer if isinstance(answer, Machine) else Machine("x", answer)
            assert {finding.rule for finding in machine.lint()} <= exercise.mended_later, case.name


@pytest.mark.parametrize("path", sorted(MACHINES.glob("*.asl.json")), ids=lambda path: path.name)
def test_lint_has_nothing_against_a_ready_made_machine(path: Path) -> None:
    machine = rung("00").machine(path.name.removesuffix(".asl.json"))
    assert list(machine.lint()) == []
    assert machine.definition.comment


def test_an_unknown_machine_or_world_is_told_with_those_that_there_are() -> None:
    with pytest.raises(
        KeyError, match=r"no ready-made machine 'x'; there are: .*evening-stop.*, staging-morning"
    ):
        rung("00").machine("x")
    with pytest.raises(KeyError, match="rung 00 has no world 'x'; it has: monday"):
        rung("00").world("x", None)
    with pytest.raises(KeyError, match="rung 01 has questions 1 to 1, not 2"):
        rung("01").question(2)


def test_a_rung_is_found_by_number_and_an_unknown_one_is_told() -> None:
    assert rung(1) is rung("01")
    with pytest.raises(KeyError, match="there is no rung '77'; there are: 00, 01, 02"):
        rung("77")
