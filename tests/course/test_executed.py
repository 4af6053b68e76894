from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest

from kit.course import checks_in, execute
from kit.course.executed import MIME


def notebook(path: Path, *sources: str, outputs: list[Any] | None = None) -> Path:
    made = nbformat.v4.new_notebook(  # type: ignore[no-untyped-call]
        cells=[nbformat.v4.new_code_cell(source, outputs=outputs or []) for source in sources]  # type: ignore[no-untyped-call]
    )
    path.write_text(nbformat.writes(made), encoding="utf-8")  # type: ignore[no-untyped-call]
    return path


def test_the_checks_of_a_notebook_are_read_in_order(tmp_path: Path) -> None:
    data = {MIME: {"question": "01.1", "outcome": "passed", "seconds": 0.5}, "text/plain": ["√ Pas", "sed"]}
    output = nbformat.v4.new_output("display_data", data)  # type: ignore[no-untyped-call]
    path = notebook(tmp_path / "done.ipynb", "q.check(machine)", outputs=[output])
    (found,) = checks_in(path)
    assert (found.question, found.outcome, found.passed, found.words) == ("01.1", "passed", True, "√ Passed")


def test_a_notebook_that_was_not_executed_has_no_checks(tmp_path: Path) -> None:
    assert checks_in(notebook(tmp_path / "new.ipynb", "q.check(machine)")) == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_error_is_told_with_its_cell_and_line(tmp_path: Path) -> None:
    path = notebook(tmp_path / "broken.ipynb", "a = 1", "b = 2\nc = a / 0\nd = 3", "e = 4")
    execution = execute(path, tmp_path / "out" / "broken.ipynb")
    assert execution.error == (2, "line 2: c = a / 0", "ZeroDivisionError: division by zero")
    assert "ZeroDivisionError" in (tmp_path / "out" / "broken.ipynb").read_text(encoding="utf-8")
