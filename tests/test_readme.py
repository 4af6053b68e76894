"""What the README and CONTRIBUTING say can be done can be done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kit.cli import COMMANDS

TEXTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")


def test_the_readmes_python_runs(root: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (root / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, object] = {}
    exec(code.replace("Sandbox.local()", "Sandbox.local(clock='instant')"), names)
    assert getattr(names["run"], "status") == "SUCCEEDED"  # noqa: B009 - the text made it


@pytest.mark.parametrize("name", TEXTS)
def test_commands_and_files_that_are_named_exist(root: Path, name: str) -> None:
    text = (root / name).read_text(encoding="utf-8")
    for command in re.findall(r"(?:\.venv/bin/|`)kit ([a-z]+)", text):
        assert command in COMMANDS
    for path in re.findall(r"`((?:kit|tests|docs|\.ci|changelog\.d)/[\w./]+)`|\]\(([\w./]+)\)", text):
        assert "NN" in "".join(path) or "NAME" in "".join(path) or (root / "".join(path)).exists(), path
