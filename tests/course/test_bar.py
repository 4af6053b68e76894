from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.course import Progress, Record, rung
from kit.course.bar import bar
from kit.course.texts import numbers, texts

PASSED = Record(tries=1, outcome="passed", passed="2026-04-06T09:00:00+00:00")


def everything() -> dict[str, Record]:
    return {f"{number}.{key}": PASSED for number in numbers() for key in texts(number).questions}


def test_nothing_passed_is_an_empty_bar_with_words() -> None:
    shown = bar("01", {"01.1": replace(PASSED, passed=None)})
    assert "Passed: 0 of 1 here, 0 of" in shown["text/plain"]
    assert "#" not in shown["text/plain"]
    assert "width:0%" in shown["text/html"]


def test_all_passed_is_a_full_bar() -> None:
    shown = bar("01", everything() | {"99.1": PASSED})
    total = len(everything())
    assert f"Passed: 1 of 1 here, {total} of {total} in all." in shown["text/plain"]
    assert "." not in shown["text/plain"].splitlines()[1]
    assert "width:100%" in shown["text/html"]


def test_a_rung_shows_the_bar_of_the_progress_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMALL_STEPS_HOME", str(tmp_path))
    Progress().update("01.1", lambda _: PASSED)
    fresh = replace(rung("01"))
    assert "Passed: 1 of 1 here, 1 of" in fresh._repr_mimebundle_()["text/plain"]
    unkept = replace(rung("01"), record=False)
    assert "Passed: 0 of 1 here, 0 of" in unkept._repr_mimebundle_()["text/plain"]
