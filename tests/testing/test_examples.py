"""The examples, as somebody who comes to them finds them."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest


def staging(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("staging", root / "examples" / "staging" / "staging.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["morning", "evening"])
def test_a_file_is_what_its_states_make_and_lint_has_nothing_against_it(root: Path, name: str) -> None:
    machine = getattr(staging(root), name)()
    file = root / "examples" / "staging" / f"{name}.asl.json"
    assert json.loads(file.read_text(encoding="utf-8")) == machine.asl
    assert [str(finding) for finding in machine.lint()] == []


@pytest.mark.full
def test_the_tests_of_staging_pass_and_cover_it(root: Path, tmp_path: Path) -> None:
    answer = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--machine-coverage-fail-under",
            "60",
        ],
        cwd=root / "examples" / "staging",
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONPYCACHEPREFIX": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stdout
