"""The typer app behind `kit`, made afresh for the words on the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from kit.cli import COMMANDS

Command = Callable[..., Any] | typer.Typer


def app(words: Sequence[str]) -> typer.Typer:
    """The app, in which only the command that `words` name is loaded; the others are a name and a line
    of help. No option before the command's name takes a value, so the name is the first plain word."""
    # Help in rich's frames would take 0.2 s longer to come.
    made = typer.Typer(
        no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
    )
    made.callback()(_options)
    asked_for = next((word for word in words if not word.startswith("-")), None)
    for name, (place, summary) in COMMANDS.items():
        command = _load(place) if name == asked_for else _not_loaded
        if isinstance(command, typer.Typer):
            made.add_typer(command, name=name)
        elif command is _not_loaded:
            made.command(name, help=summary)(command)
        else:
            made.command(name)(command)
    return made


def _load(place: str) -> Command:
    module, _, attribute = place.partition(":")
    command: Command = getattr(import_module(module), attribute)
    return command


def _not_loaded() -> None:
    raise AssertionError("a command that was not asked for was run")


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(_version())
        raise typer.Exit


def _options(
    _version: Annotated[
        bool,
        typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Small Steps: learn and prototype AWS Step Functions, one small state machine at a time.

    The sandbox is this machine, in virtual time, unless you choose a real account.
    """


def _version() -> str:
    """The version of the distribution, or, where the folder is used as it is, that of pyproject.toml."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("small-steps")
    except PackageNotFoundError:
        import tomllib

        with (Path(__file__).parents[2] / "pyproject.toml").open("rb") as file:
            return str(tomllib.load(file)["project"]["version"])
