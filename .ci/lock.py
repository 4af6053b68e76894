"""Makes requirements.lock, requirements-test.lock (what the tests need besides) and environment.yml
from pyproject.toml.

Run `.venv/bin/python .ci/lock.py` after a change to the dependencies. What is pinned stays as it is where
pyproject.toml allows it; `--upgrade` takes the newest of all. tests/test_environment.py fails when one
of the three is out of step.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]

# From conda itself come those that bring what pip can't: dot, and a JupyterLab that Binder starts.
FROM_CONDA = {
    "boto3": ["boto3"],
    "graphviz": ["graphviz", "python-graphviz"],
    "ipywidgets": ["ipywidgets"],
    "jupyterlab": ["jupyterlab"],
    "papermill": ["papermill"],
}


def project() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)


def name_of(requirement: str) -> str:
    """`moto` of `moto[all]>=5.2`."""
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0]


def environment_yml(pyproject: dict[str, Any]) -> str:
    """The text of environment.yml."""
    requirements: list[str] = pyproject["project"]["dependencies"]
    lines = [
        "# Made from pyproject.toml by .ci/lock.py: edit that, then run it.",
        f"name: {pyproject['project']['name']}",
        "channels:",
        "  - conda-forge",
        "dependencies:",
        f"  - python{pyproject['project']['requires-python']}",
        "  - pip",
    ]
    for requirement in requirements:
        name = name_of(requirement)
        versions = requirement.removeprefix(name)
        for found in FROM_CONDA.get(name, []):
            # graphviz in conda is dot itself, which has version numbers of its own.
            lines.append(f"  - {found}" if name == "graphviz" else f"  - {found}{versions}")
    lines.append("  - pip:")
    lines += [f"      - {text}" for text in requirements if name_of(text) not in FROM_CONDA]
    lines.append("      - -e .")
    return "\n".join(lines) + "\n"


def lock(into: str, *options: str) -> None:
    command = [
        *(sys.executable, "-m", "uv", "pip", "compile", "--output-file", into),
        *("--universal", "--python-version", "3.11", "--generate-hashes", "--quiet"),
        *("--no-header", "--no-emit-index-url", "--no-emit-find-links", *options),
    ]
    subprocess.run(command, cwd=ROOT, check=True)


def main() -> None:
    upgrade = [word for word in sys.argv[1:] if word == "--upgrade"]
    lock("requirements.lock", "pyproject.toml", *upgrade)
    lock("requirements-test.lock", "--group", "dev", "--constraint", "requirements.lock", *upgrade)
    (ROOT / "environment.yml").write_text(environment_yml(project()), encoding="utf-8")


if __name__ == "__main__":
    main()
