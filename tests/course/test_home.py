from __future__ import annotations

from pathlib import Path

import pytest

from kit.course import copy_exercises, course_root, home, reset_exercise


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SMALL_STEPS_HOME", str(tmp_path / "mine"))
    return tmp_path / "mine"


def test_the_home_is_what_the_environment_says(mine: Path) -> None:
    assert home() == mine


def test_the_home_is_my_beside_the_course_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SMALL_STEPS_HOME")
    assert home() == course_root() / "my"


@pytest.mark.usefixtures("mine")
def test_every_exercise_is_copied_once_and_never_overwritten() -> None:
    copied = copy_exercises()
    assert [path.name for path in copied] == sorted(
        path.name for path in (course_root() / "exercises").glob("*.ipynb")
    )
    copied[0].write_text("what I wrote", encoding="utf-8")
    assert copy_exercises() == []
    assert copied[0].read_text(encoding="utf-8") == "what I wrote"


@pytest.mark.usefixtures("mine")
def test_a_reset_keeps_what_was_written() -> None:
    first, *_ = copy_exercises()
    first.write_text("what I wrote", encoding="utf-8")
    exercise = course_root() / "exercises" / first.name
    target, kept = reset_exercise(exercise)
    assert target == first
    assert target.read_bytes() == exercise.read_bytes()
    assert kept is not None
    assert kept.read_text(encoding="utf-8") == "what I wrote"


@pytest.mark.usefixtures("mine")
def test_two_resets_in_one_second_keep_both() -> None:
    first, *_ = copy_exercises()
    kept = {reset_exercise(course_root() / "exercises" / first.name)[1] for _ in range(3)}
    assert len(kept) == 3
