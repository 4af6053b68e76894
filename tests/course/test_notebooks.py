from __future__ import annotations

import json
from pathlib import Path

import pytest

from kit.course import course_root
from kit.course.notebooks import SourceError, build, out_of_step, render, sources, write

LESSON = """# %% [markdown]
# # A title

# %% tags=["parameters"] id="parameters"
clock = "instant"
"""
EXERCISE = """# %% id="answer"
# [solution 1]
machine = 1
# [prompt]
# machine = ...
# [end]

# %% [markdown] tags=["solution"]
# Why.

# %% [markdown] tags=["exercise"]
# Your turn.
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "notebooks" / "source"
    folder.mkdir(parents=True)
    (folder / "07_try.lesson.py").write_text(LESSON, encoding="utf-8")
    (folder / "07_try.exercise.py").write_text(EXERCISE, encoding="utf-8")
    return tmp_path


def cells(path: Path) -> list[tuple[str, str]]:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return [(cell["id"], "".join(cell["source"])) for cell in notebook["cells"]]


def test_the_course_is_in_step_with_its_sources() -> None:
    assert out_of_step(course_root()) == [], "run: kit course build"


def test_a_lesson_gives_one_notebook_and_an_exercise_gives_two(root: Path) -> None:
    assert {path.relative_to(root).as_posix() for path in build(root)} == {
        "notebooks/07_try.ipynb",
        "exercises/07_try.ipynb",
        "solutions/07_try.ipynb",
    }


def test_the_exercise_has_the_prompt_and_the_solution_has_the_solution(root: Path) -> None:
    write(root)
    assert cells(root / "exercises" / "07_try.ipynb") == [
        ("answer", "machine = ..."),
        ("exercise-03", "Your turn."),
    ]
    assert cells(root / "solutions" / "07_try.ipynb") == [("answer", "machine = 1"), ("solution-02", "Why.")]


def test_building_twice_gives_the_same_bytes(root: Path) -> None:
    assert build(root) == build(root)


def test_cells_have_ids_no_outputs_and_the_parameters_their_tag(root: Path) -> None:
    write(root)
    notebook = json.loads((root / "notebooks" / "07_try.ipynb").read_text(encoding="utf-8"))
    code = notebook["cells"][1]
    assert (code["id"], code["outputs"], code["execution_count"]) == ("parameters", [], None)
    assert code["metadata"] == {"tags": ["parameters"]}
    assert notebook["nbformat_minor"] == 5


def test_a_changed_source_and_a_lost_one_are_out_of_step(root: Path) -> None:
    write(root)
    source = root / "notebooks" / "source"
    (source / "07_try.lesson.py").write_text(LESSON.replace("title", "name"), encoding="utf-8")
    (source / "07_try.exercise.py").unlink()
    assert {path.parent.name: reason for path, reason in out_of_step(root)} == {
        "notebooks": "differs from its source",
        "exercises": "has no source",
        "solutions": "has no source",
    }
    write(root)
    assert out_of_step(root) == []


def test_a_notebook_of_the_readers_own_is_left_alone(root: Path) -> None:
    own = root / "notebooks" / "Untitled.ipynb"
    own.write_text("mine", encoding="utf-8")
    write(root)
    assert own.read_text(encoding="utf-8") == "mine"


def test_a_source_with_another_name_is_refused(root: Path) -> None:
    (root / "notebooks" / "source" / "notes.py").write_text("", encoding="utf-8")
    with pytest.raises(SourceError, match=r"expected NN_name\.lesson\.py"):
        sources(root)


def test_two_cells_with_one_id_are_refused(root: Path) -> None:
    path = root / "notebooks" / "source" / "07_try.lesson.py"
    path.write_text('# %% id="a"\n1\n\n# %% id="a"\n2\n', encoding="utf-8")
    with pytest.raises(SourceError, match="cells 1 and 2 have the same id 'a'"):
        render(sources(root)[1], "lesson")
