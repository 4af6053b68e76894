"""The `kit` command itself: quick, lazy, and one line of help a command."""

from __future__ import annotations

import inspect
import subprocess
import sys
import time
from importlib import import_module
from typing import Any

import pytest

from kit.cli import COMMANDS, main


def kit(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "kit.cli", *words], capture_output=True, text=True)


def test_help_names_every_command_with_its_line() -> None:
    answer = kit("--help")
    assert answer.returncode == 0
    for name in COMMANDS:
        assert f"\n  {name} " in answer.stdout


def test_help_comes_without_loading_any_command() -> None:
    script = (
        "import sys\nfrom kit.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'boto3', 'moto', 'IPython', 'papermill', 'rich', 'kit.course', 'kit.emulator'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    began = time.monotonic()
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    took = time.monotonic() - began
    assert answer.stdout.splitlines()[-1] == "[]"
    assert took < 2, "0.15 s on a quiet machine"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_commands_help_begins_with_its_line_in_the_table(name: str) -> None:
    place, summary = COMMANDS[name]
    module, _, attribute = place.partition(":")
    command: Any = getattr(import_module(module), attribute)
    words = inspect.getdoc(command) if inspect.isfunction(command) else command.info.help
    assert words
    assert words.splitlines()[0] == summary


def test_an_unknown_command_is_told_with_the_nearest_one() -> None:
    answer = kit("doktor")
    assert answer.returncode == 2
    assert "Did you mean 'doctor'" in answer.stderr


def test_the_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str], root: Any) -> None:
    import tomllib

    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out.strip() == version
