"""pyproject.toml, the locks and environment.yml say the same, and name no place to fetch from."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CARD = ("jupyterlab", "ipywidgets", "boto3", "graphviz", "papermill", "stepfunctions-asl")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = ("linux", "darwin", "win32")


@pytest.fixture(scope="module")
def maker(root: Path) -> ModuleType:
    """The script that makes them."""
    spec = spec_from_file_location("lock", root / ".ci" / "lock.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pyproject(maker: ModuleType) -> dict[str, Any]:
    found: dict[str, Any] = maker.project()
    return found


def pins(lock: Path) -> dict[str, list[Requirement]]:
    """Name -> what the lock pins of it: several where it depends on the Python or the system."""
    found: dict[str, list[Requirement]] = {}
    for line in lock.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith((" ", "#")):
            requirement = Requirement(line.rstrip("\\").strip())
            found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


def holds(marker: Marker | None, python: str, system: str) -> bool:
    values = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": system}
    return marker is None or marker.evaluate(values)


def version_of(requirement: Requirement) -> str:
    (exact,) = requirement.specifier
    assert exact.operator == "==", f"{requirement} is not pinned"
    return exact.version


def lacking(requirements: list[str], locked: dict[str, list[Requirement]]) -> list[str]:
    """The requirements that a lock does not meet on some Python and system."""
    found = []
    for requirement in map(Requirement, requirements):
        for python in PYTHONS:
            for system in SYSTEMS:
                if not holds(requirement.marker, python, system):
                    continue
                chosen = [
                    pin
                    for pin in locked.get(canonicalize_name(requirement.name), [])
                    if holds(pin.marker, python, system)
                ]
                if len(chosen) != 1 or not requirement.specifier.contains(version_of(chosen[0])):
                    found.append(f"{requirement} on {system} with Python {python}")
    return found


def test_the_lock_meets_every_dependency_everywhere(root: Path, pyproject: dict[str, Any]) -> None:
    assert lacking(pyproject["project"]["dependencies"], pins(root / "requirements.lock")) == []


def test_the_tests_lock_meets_every_tool_of_the_tests(root: Path, pyproject: dict[str, Any]) -> None:
    assert lacking(pyproject["dependency-groups"]["dev"], pins(root / "requirements-test.lock")) == []


def test_a_lock_that_is_out_of_step_is_found() -> None:
    locked = {
        "rich": [Requirement("rich==14.0")],
        "moto": [Requirement("moto==5.2; sys_platform == 'linux'")],
    }
    assert lacking(["rich>=14"], locked) == []
    assert len(lacking(["rich>=15"], locked)) == len(PYTHONS) * len(SYSTEMS)
    assert len(lacking(["typer"], locked)) == len(PYTHONS) * len(SYSTEMS)
    assert len(lacking(["moto"], locked)) == len(PYTHONS) * (len(SYSTEMS) - 1)


def test_the_two_locks_agree(root: Path) -> None:
    run, test = pins(root / "requirements.lock"), pins(root / "requirements-test.lock")
    differing = [
        name
        for name in run.keys() & test.keys()
        if {*map(version_of, run[name])}.isdisjoint(map(version_of, test[name]))
    ]
    assert differing == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_names_no_address_and_every_package_has_a_hash(root: Path, name: str) -> None:
    text = (root / name).read_text(encoding="utf-8")
    assert not re.search(r"://|^-|index|find-links", text.replace("# via", ""), re.MULTILINE)
    blocks = re.findall(r"^\S+==.*\n(?:    --hash=sha256:[0-9a-f]{64}.*\n)*", text, re.MULTILINE)
    assert len(blocks) == sum(map(len, pins(root / name).values()))
    assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_environment_yml_is_what_pyproject_gives(
    root: Path, maker: ModuleType, pyproject: dict[str, Any]
) -> None:
    written = (root / "environment.yml").read_text(encoding="utf-8")
    assert written == maker.environment_yml(pyproject), "run: .venv/bin/python .ci/lock.py"


def test_environment_yml_names_the_packages_of_the_design_and_all_the_rest(
    root: Path, pyproject: dict[str, Any]
) -> None:
    dependencies = yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    by_pip = next(entry["pip"] for entry in dependencies if isinstance(entry, dict))
    words = [entry for entry in dependencies if isinstance(entry, str)] + [w for w in by_pip if w != "-e ."]
    named = {Requirement(entry).name for entry in words}
    assert set(CARD) <= named
    assert {Requirement(text).name for text in pyproject["project"]["dependencies"]} <= named


def test_a_changed_dependency_makes_environment_yml_stale(
    root: Path, maker: ModuleType, pyproject: dict[str, Any]
) -> None:
    project = pyproject["project"]
    changed = pyproject | {"project": project | {"dependencies": [*project["dependencies"], "new>=1"]}}
    assert maker.environment_yml(changed) != (root / "environment.yml").read_text(encoding="utf-8")


def test_what_is_installed_here_is_compatible() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "check"], capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stdout


def test_the_project_is_called_as_it_is_called(root: Path, pyproject: dict[str, Any]) -> None:
    project = pyproject["project"]
    assert (project["name"], project["license"]) == ("small-steps", "Apache-2.0")
    assert project["scripts"] == {"kit": "kit.cli:main"}
    assert "Apache License" in (root / "LICENSE").read_text(encoding="utf-8")
