"""Building the notebooks from their sources.

`notebooks/source/NN_name.lesson.py` and `NN_name.exercise.py` are jupytext's py:percent texts: what
people edit and review. A lesson becomes `notebooks/NN_name.ipynb`; an exercise becomes
`exercises/NN_name.ipynb` (with prompts) and `solutions/NN_name.ipynb` (with the solutions). The same
sources give the same bytes: cell ids come from a cell's own `id` or from its place, and there are no
outputs. Cells tagged `exercise` or `solution` are only in that kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from kit.course.regions import RegionError, as_exercise, as_solution

__all__ = ["Source", "SourceError", "build", "out_of_step", "render", "sources", "write"]

Kind = Literal["lesson", "exercise", "solution"]

_FOLDERS: Mapping[Kind, str] = {"lesson": "notebooks", "exercise": "exercises", "solution": "solutions"}
_NAME = re.compile(r"^(\d\d)_([a-z0-9_]+)\.(lesson|exercise)\.py$")
_BUILT = re.compile(r"^\d\d_[a-z0-9_]+\.ipynb$")
_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class SourceError(ValueError):
    """A source that can't be built: its file, its cell and what is wrong."""


@dataclass(frozen=True, slots=True)
class Source:
    """One source file: `number` such as "01", `name` such as "one_wait"."""

    path: Path
    number: str
    name: str
    kind: Literal["lesson", "exercise"]

    def targets(self, root: Path) -> Iterator[tuple[Kind, Path]]:
        """The notebooks that this source gives."""
        kinds: tuple[Kind, ...] = ("lesson",) if self.kind == "lesson" else ("exercise", "solution")
        for kind in kinds:
            yield kind, root / _FOLDERS[kind] / f"{self.number}_{self.name}.ipynb"


def sources(root: Path) -> list[Source]:
    """The sources under `root`, in the order of the ladder. Raises `SourceError` for a stray file."""
    found = []
    for path in sorted((root / "notebooks" / "source").glob("*.py")):
        match = _NAME.match(path.name)
        if match is None:
            raise SourceError(f"{path}: expected NN_name.lesson.py or NN_name.exercise.py")
        kind: Literal["lesson", "exercise"] = "lesson" if match[3] == "lesson" else "exercise"
        found.append(Source(path, match[1], match[2], kind))
    return found


def render(source: Source, kind: Kind) -> str:
    """The text of one notebook. Raises `SourceError`."""
    # jupytext and nbformat take half a second to import, and most of the course never builds.
    jupytext: Any = import_module("jupytext")
    nbformat: Any = import_module("nbformat")

    read = jupytext.reads(source.path.read_text(encoding="utf-8"), fmt="py:percent")
    cells: list[Any] = []
    taken: dict[str, int] = {}
    for index, cell in enumerate(read.cells, start=1):
        tags = cell.metadata.get("tags", [])
        only = {"exercise", "solution"} & set(tags)
        if only and kind not in only:
            continue
        cell_id = cell.metadata.pop("id", None) or f"{kind}-{index:02d}"
        if cell_id in taken:
            both = f"cells {taken[cell_id]} and {index}"
            raise SourceError(f"{source.path}: {both} have the same id {cell_id!r}")
        taken[cell_id] = index
        text = cell.source
        if cell.cell_type == "code" and kind != "lesson":
            try:
                text = as_solution(text) if kind == "solution" else as_exercise(text)
            except RegionError as error:
                raise SourceError(f"{source.path}: cell {index}: {error}") from error
        make = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
        cells.append(make(text, id=cell_id, metadata={"tags": list(tags)} if tags else {}))
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=_METADATA)
    notebook.nbformat_minor = 5
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def build(root: Path) -> dict[Path, str]:
    """Every notebook that the sources give: path and text. Writes nothing."""
    return {path: render(source, kind) for source in sources(root) for kind, path in source.targets(root)}


def out_of_step(root: Path) -> list[tuple[Path, str]]:
    """Notebooks that differ from their sources, with the reason: missing, different, no source."""
    wanted = build(root)
    reasons = []
    for path, text in wanted.items():
        if not path.exists():
            reasons.append((path, "missing"))
        elif path.read_text(encoding="utf-8") != text:
            reasons.append((path, "differs from its source"))
    for folder in _FOLDERS.values():
        for path in sorted((root / folder).glob("*.ipynb")):
            if path not in wanted and _BUILT.match(path.name):
                reasons.append((path, "has no source"))
    return reasons


def write(root: Path) -> list[tuple[Path, str]]:
    """Brings the notebooks in step with their sources and says which changed. A notebook that has the
    name of a built one but no source is deleted; other notebooks in these folders are left alone."""
    changed = out_of_step(root)
    wanted = build(root) if changed else {}
    for path, _ in changed:
        if path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path], encoding="utf-8", newline="\n")
        else:
            path.unlink()
    return changed
