"""Where CI=true nothing is skipped that isn't allowed by name."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from allowed_skips import ALLOWED_SKIPS, NEEDS_SHARED

SKIPPING = f"""
import pytest

def test_that_lacks_a_tool():
    pytest.skip("needs a tool")

def test_that_lacks_shared():
    pytest.skip({NEEDS_SHARED!r})

@pytest.mark.full
def test_that_is_long():
    pass
"""


@pytest.fixture
def played(tmp_path: Path, root: Path) -> Path:
    """A folder with our conftest.py and tests that are skipped, one of which may be."""
    (tmp_path / "tests").mkdir()
    shutil.copy(root / "tests" / "conftest.py", tmp_path / "tests")
    allowed = "tests/test_skipping.py::test_that_lacks_shared"
    (tmp_path / "tests" / "allowed_skips.py").write_text(
        f"NEEDS_SHARED = {NEEDS_SHARED!r}\nALLOWED_SKIPS = {{{allowed!r}}}\n", encoding="utf-8"
    )
    (tmp_path / "tests" / "test_skipping.py").write_text(SKIPPING, encoding="utf-8")
    shutil.copy(root / "pyproject.toml", tmp_path)
    return tmp_path


def closing_line(folder: Path, ci: str, *words: str) -> str:
    answer = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", *words],
        cwd=folder, env=os.environ | {"CI": ci}, capture_output=True, text=True,
    )  # fmt: skip
    return answer.stdout.splitlines()[-1]


def test_on_a_users_machine_what_lacks_something_is_skipped(played: Path) -> None:
    assert "2 skipped, 1 deselected" in closing_line(played, "")


def test_in_ci_a_missing_tool_fails_and_an_allowed_skip_is_one(played: Path) -> None:
    assert "1 failed, 1 skipped, 1 deselected" in closing_line(played, "true")


def test_the_long_tests_run_when_they_are_asked_for(played: Path) -> None:
    assert "1 passed, 2 skipped" in closing_line(played, "", "--full")


def test_every_test_that_reads_shared_is_allowed_to_be_skipped(request: pytest.FixtureRequest) -> None:
    reading = {
        item.nodeid.partition("[")[0]
        for item in request.session.items
        if isinstance(item, pytest.Function) and "shared" in item.fixturenames
    }
    assert reading <= ALLOWED_SKIPS


def test_an_allowed_skip_names_a_test_that_exists(root: Path) -> None:
    for nodeid in ALLOWED_SKIPS:
        path, _, name = nodeid.partition("::")
        assert f"def {name}(" in (root / path).read_text(encoding="utf-8"), nodeid
