"""mypy and ruff over everything, and words that have no place in the project."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

# Written apart, so that this file does not hold them itself. Places of one machine, and registries'
# hosts: a lock and a text that name them don't work elsewhere.
FORBIDDEN = re.compile(
    "|".join(
        [
            r"(?<![\w.])/wo" + r"rk/(?!\w*flow)",
            r"(?<![\w.])/ro" + r"ot/",
            r"\.lib" + r"rary/",
            r"/opt/(?:wheels|py" + r"pi)",
            r"py" + r"pi\.org",
            r"python" + r"hosted",
            r"registry\.np" + r"mjs",
            r"deb\.deb" + r"ian",
        ]
    )
)


def run(*words: str, root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *words], cwd=root, capture_output=True, text=True)


def test_types_are_strict(root: Path) -> None:
    answer = run("mypy", "--no-error-summary", root=root)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.full
def test_types_hold_on_windows_too(root: Path) -> None:
    answer = run("mypy", "--no-error-summary", "--platform", "win32", "kit", "start", root=root)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_ruff_finds_nothing(root: Path) -> None:
    answer = run("ruff", "check", "--output-format", "concise", "--no-fix", root=root)
    assert answer.returncode == 0, answer.stdout


def files(root: Path) -> list[Path]:
    """What git would put into a commit; without git, what is not built."""
    try:
        listing = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=root, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        built = {".git", ".venv", ".start", "out", "my", "__pycache__"}
        return [path for path in root.rglob("*") if path.is_file() and not built & set(path.parts)]
    return [path for name in listing.split("\0") if name and (path := root / name).is_file()]


def test_no_file_names_a_place_of_one_machine_or_a_registrys_host(root: Path) -> None:
    found = []
    for path in files(root):
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1):
            if match := FORBIDDEN.search(line):
                found.append(f"{path.relative_to(root)}:{number}: {match[0]}")
    assert found == []


@pytest.mark.parametrize(
    "text", ["see /wo" + "rk/main", "from ~/.lib" + "rary/x", "https://py" + "pi.org/simple"]
)
def test_a_planted_place_is_found(text: str) -> None:
    assert FORBIDDEN.search(text)


@pytest.mark.parametrize("text", [".github/workflows/tests.yml", "a frame" + "work/main"])
def test_innocent_words_are_not(text: str) -> None:
    assert not FORBIDDEN.search(text)
