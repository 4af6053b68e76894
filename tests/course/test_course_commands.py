"""`kit check`, `kit reset`, `kit progress` and `kit course`, as typed in a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kit.cli.app import app
from kit.course import copy_exercises, course_root, rungs
from kit.course.progress import Progress

ANSWER = """machine = Machine("m", Chain([Wait("Hold", timestamp="{% EXPRESSION %}")]))
machine"""
RIGHT = ANSWER.replace("EXPRESSION", "$fromMillis($toMillis($states.input.window) - 900000)")
WRONG = ANSWER.replace("EXPRESSION", "$states.input.window")


@pytest.fixture(autouse=True)
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SMALL_STEPS_HOME", str(tmp_path / "mine"))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path / "mine"


def kit(*words: str) -> Result:
    return CliRunner().invoke(app(words), list(words))


def write_answer(mine: Path, source: str) -> None:
    copy_exercises()
    path = mine / "01_one_wait.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["id"] == "answer":
            cell["source"] = source
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_an_exercise_as_it_comes_is_copied_checked_and_unattempted(mine: Path) -> None:
    ended = kit("check", "01")
    assert ended.exit_code == 1
    assert "Not attempted yet: question 01.1" in ended.output
    assert (mine / "01_one_wait.ipynb").exists()


def test_a_right_answer_passes_and_shows_in_the_progress(mine: Path) -> None:
    write_answer(mine, RIGHT)
    ended = kit("check", "1")
    assert ended.exit_code == 0, ended.output
    assert "Passed: question 01.1" in ended.output
    shown = kit("progress").output
    total = sum(len(step.questions) for step in rungs())
    assert f"1 of {total} passed" in shown
    assert "√ passed" in shown


def test_a_wrong_answer_is_told_with_its_advice(mine: Path) -> None:
    write_answer(mine, WRONG)
    ended = kit("check", "01")
    assert ended.exit_code == 1
    assert "It should be there fifteen minutes earlier." in ended.output
    assert Progress().record("01.1").outcome == "failed"


def test_code_that_raises_is_told_with_cell_and_line(mine: Path) -> None:
    write_answer(mine, "hours = 9\nmachine = Machine('m', Wait('Hold', second=hours))")
    ended = kit("check", "01")
    assert ended.exit_code == 1
    assert "Your code raised an error" in ended.output
    assert "line 2: machine = Machine('m', Wait('Hold', second=hours))" in ended.output
    assert "Did you mean 'seconds'?" in ended.output


def test_a_notebook_without_a_check_says_how_to_get_one(mine: Path) -> None:
    copy_exercises()
    path = mine / "01_one_wait.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"] = notebook["cells"][:2]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    ended = kit("check", "01")
    assert ended.exit_code == 1
    assert "kit reset 01" in ended.output


def test_a_reset_says_where_the_backup_is(mine: Path) -> None:
    write_answer(mine, RIGHT)
    ended = kit("reset", "01")
    assert ended.exit_code == 0
    (kept,) = mine.glob("*.backup-*.ipynb")
    assert str(kept) in ended.output
    fresh = (course_root() / "exercises" / "01_one_wait.ipynb").read_bytes()
    assert (mine / "01_one_wait.ipynb").read_bytes() == fresh


def test_an_unknown_rung_is_told_with_those_that_there_are() -> None:
    for command in ("check", "reset"):
        ended = kit(command, "77")
        assert ended.exit_code == 1
        assert "there is no rung '77'; there are: 00, 01, 02" in ended.output


def test_build_with_check_finds_the_notebooks_in_step() -> None:
    ended = kit("course", "build", "--check")
    assert ended.exit_code == 0, ended.output
    assert "In step" in ended.output


def test_copies_says_where_the_exercises_are(mine: Path) -> None:
    ended = kit("course", "copies")
    assert "Copied" in ended.output
    assert f"Your exercises are in {mine}" in ended.output
    assert "Copied" not in kit("course", "copies").output


@pytest.mark.full
def test_the_course_verifies_itself() -> None:
    ended = kit("course", "verify")
    assert ended.exit_code == 0, ended.output
    assert "All as they should be." in ended.output
