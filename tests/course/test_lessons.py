"""Every lesson from top to bottom in a fresh kernel, as papermill runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kit.course import Rung, execute, rungs


@pytest.mark.parametrize("step", rungs(), ids=lambda step: step.number)
def test_a_lesson_runs_and_leaves_pictures_and_no_warnings(step: Rung, tmp_path: Path) -> None:
    output = tmp_path / "done.ipynb"
    execution = execute(step.lesson, output, {"clock": "instant"})
    assert execution.error is None
    outputs = [
        given
        for cell in json.loads(output.read_text(encoding="utf-8"))["cells"]
        for given in cell.get("outputs", [])
    ]
    assert any("image/svg+xml" in given.get("data", {}) for given in outputs)
    assert [given["text"] for given in outputs if given.get("name") == "stderr"] == []


@pytest.mark.parametrize("step", rungs(), ids=lambda step: step.number)
def test_a_lesson_says_what_it_must(step: Rung) -> None:
    cells = json.loads(step.lesson.read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    assert f"About {step.minutes} minutes" in text
    assert "cannot prove" in text
    assert "transition" in text
    assert f"../my/{step.exercise.name}" in text
    assert "!" not in text.replace("![", "")
    parameters = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    assert len(parameters) == 1
    for name in ("target", "clock", "seed", "prefix"):
        assert f"{name} = " in "".join(parameters[0]["source"])
