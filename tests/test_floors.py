"""Rooms import only from floors below them, and only libraries of their own. CONTRIBUTING.md draws it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

FLOORS = {
    "asl": 0,
    "history": 0,
    "engine": 1,
    "services": 1,
    "view": 2,
    "steps": 2,
    "lint": 2,
    "emulator": 2,
    "ship": 3,
    "machine": 4,
    "sandbox": 5,
    "testing": 6,
    "course": 7,
    "cli": 8,
}

LIBRARIES = {
    "jlens": {"asl"},
    "jsonata": {"asl"},
    "yaml": {"asl"},
    "orjson": {"asl", "engine", "emulator"},
    "boto3": {"services", "emulator", "sandbox"},
    "botocore": {"services", "emulator", "sandbox"},
    "moto": {"emulator"},
    "werkzeug": {"emulator"},
    "dateutil": {"emulator"},
    "stepfunctions": {"steps"},
    "graphviz": {"view"},
    "graphviz_pure": {"view"},
    "anywidget": {"view"},
    "ipywidgets": {"view"},
    "traitlets": {"view"},
    "IPython": {"view"},
    "resvg_py": {"view"},
    "rich": {"view", "cli"},
    "typer": {"cli"},
    "jupytext": {"course", "cli"},
    "nbformat": {"course", "cli"},
    "papermill": {"course", "cli"},
    "filelock": {"course"},
    "pytest": {"testing"},
}


def imports(tree: ast.AST, package: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Line and full name of all that is imported, wherever it stands: in functions, for types only, or
    by `import_module`. `from a import b` gives `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            start = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{start}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("import_module", "__import__") and isinstance(node.args[0].value, str):
                yield node.lineno, node.args[0].value


def violations(name: str, source: str) -> list[str]:
    """What the module of that name, such as `kit.view.dot`, may not import, one sentence each.

    A package's own `__init__` is named `kit.view.__init__`."""
    parts = tuple(name.split("."))
    room = parts[1]
    found = []
    for line, imported in imports(ast.parse(source), parts[:-1]):
        top, *rest = imported.split(".")
        if top in sys.stdlib_module_names:
            continue
        where = f"{name}:{line}"
        if top != "kit":
            if room not in LIBRARIES.get(top, ()):
                found.append(f"{where} imports {top}, which is not {room}'s to import")
        elif not rest or rest[0] not in FLOORS:
            found.append(f"{where} imports {imported}: name the room that it comes from")
        elif rest[0] != room and FLOORS[rest[0]] >= FLOORS[room]:
            found.append(f"{where} imports {rest[0]} (floor {FLOORS[rest[0]]}) into {room} ({FLOORS[room]})")
    return found


def modules(root: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted((root / "kit").rglob("*.py")):
        yield ".".join(path.relative_to(root).with_suffix("").parts), path


def test_every_room_stands_on_a_floor(root: Path) -> None:
    rooms = {path.stem for path in (root / "kit").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert rooms - {"__init__", "__pycache__"} <= FLOORS.keys()


def test_rooms_import_only_from_below_and_only_their_libraries(root: Path) -> None:
    found = []
    for name, path in modules(root):
        if name != "kit.__init__":
            found += violations(name, path.read_text(encoding="utf-8"))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("kit.asl.paths", "from kit.engine import Engine"),
        ("kit.engine.engine", "import kit.sandbox.run"),
        ("kit.view.graph", "from kit.steps import Chain"),
        ("kit.history.trace", "def late():\n    from kit import asl"),
        ("kit.lint.rules", "from kit import Machine"),
        ("kit.steps.states", "from ..sandbox import run"),
        ("kit.steps.__init__", "from ..view import graph"),
        ("kit.machine", "from .course import rung"),
        ("kit.view.live", "import importlib\nimportlib.import_module('kit.course')"),
        ("kit.asl.paths", "if TYPE_CHECKING:\n    from kit.view import Graph"),
        ("kit.course.question", "import boto3"),
        ("kit.engine.engine", "def late():\n    import moto.core"),
        ("kit.cli.serve", "import requests"),
    ],
)
def test_a_planted_violation_is_found(name: str, source: str) -> None:
    assert len(violations(name, source)) == 1


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("kit.engine.engine", "from kit.asl.paths import compile_path\nimport heapq"),
        ("kit.asl.paths", "from kit.asl import place\nfrom .errors import StatesError\nfrom . import errors"),
        ("kit.cli.run", "from kit.course import rungs\nimport papermill"),
        ("kit.emulator.backends", "def late():\n    import moto\n    from botocore.config import Config"),
    ],
)
def test_what_is_allowed_is_not_found(name: str, source: str) -> None:
    assert violations(name, source) == []
