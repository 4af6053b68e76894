"""What each package offers is its `__all__`, and public_surface.txt beside this file is the list of it.

A name is added to or taken from the list on purpose: `python tests/test_public_surface.py` writes it anew.
"""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LISTED = Path(__file__).with_name("public_surface.txt")
PACKAGES = sorted(".".join(path.relative_to(ROOT).parts[:-1]) for path in (ROOT / "kit").rglob("__init__.py"))


def offered(package: str) -> list[str]:
    """`__all__` as it is written: a plain list of texts, which tools can read too."""
    tree = ast.parse((ROOT / Path(*package.split("."), "__init__.py")).read_text(encoding="utf-8"))
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            assert isinstance(node, ast.Assign | ast.AnnAssign)
            assert node.value is not None
            names: list[str] = ast.literal_eval(node.value)
            return names
    raise AssertionError(f"{package} has no __all__")


def surface() -> str:
    return "".join(
        f"{package}\n{''.join(f'    {name}{chr(10)}' for name in sorted(offered(package)))}"
        for package in PACKAGES
        if offered(package)
    )


@pytest.mark.parametrize("package", PACKAGES)
def test_a_packages_names_are_there_once_each(package: str) -> None:
    names = offered(package)
    assert len(names) == len(set(names))
    module = import_module(package)
    assert [name for name in names if not hasattr(module, name)] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_says_what_it_is(package: str) -> None:
    if offered(package):
        assert import_module(package).__doc__, f"{package} has no docstring"


def test_the_surface_is_as_it_is_listed() -> None:
    assert surface() == LISTED.read_text(encoding="utf-8"), (
        "the public surface changed: on purpose? Then run python tests/test_public_surface.py"
    )


if __name__ == "__main__":
    LISTED.write_text(surface(), encoding="utf-8")
