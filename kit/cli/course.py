"""`kit check`, `kit reset`, `kit progress` and `kit course`: the course from a terminal."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kit.course import Rung

__all__ = ["app", "check", "progress", "reset"]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Build the course's notebooks from their sources, and prove its questions.",
)

RungNumber = Annotated[str, typer.Argument(metavar="RUNG", help="The rung's number, such as 01.")]


def check(number: RungNumber) -> None:
    """Run your notebook of a rung and say how its checks ended.

    Your copy in my/ (or $SMALL_STEPS_HOME) is executed from top to bottom in a fresh kernel and is left
    as it is. Exits with 0 where every check passed, and with 1 where one did not.
    """
    from rich.console import Console

    from kit.course import copy_exercises, execute, home

    rung = _rung(number)
    notebook = home() / rung.exercise.name
    if not notebook.exists():
        copy_exercises()
    console = Console()
    with tempfile.TemporaryDirectory() as folder, console.status(f"Running {notebook} ..."):
        execution = execute(notebook, Path(folder) / notebook.name, {"clock": "instant"})
    for found in execution.checks:
        console.print(found.words, markup=False, highlight=False, soft_wrap=True)
    if execution.error:
        cell, line, words = execution.error
        where = f"cell {cell}, {line}" if line else f"cell {cell}"
        console.print(
            f"! Your code raised an error\n  {where}\n  {words}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    elif not execution.checks:
        console.print(f"{notebook} has no check in it. `kit reset {rung.number}` puts a fresh copy there.")
    if execution.error or not execution.checks or not all(found.passed for found in execution.checks):
        raise typer.Exit(1)


def reset(number: RungNumber) -> None:
    """Put a fresh copy of a rung's exercise into my/, and keep what you wrote as a backup.

    Your progress stays as it is.
    """
    from kit.course import reset_exercise

    target, kept = reset_exercise(_rung(number).exercise)
    if kept:
        typer.echo(f"Kept what you wrote as {kept}")
    typer.echo(f"Fresh copy: {target}")


def progress() -> None:
    """Show what you have passed, question by question."""
    from rich.console import Console
    from rich.table import Table

    from kit.course import Progress, rungs

    kept = Progress()
    records = kept.records()
    table = Table(title="Your progress", caption=str(kept.path))
    for column in ("Rung", "Question", "Status", "Tries", "Hints"):
        table.add_column(column, justify="right" if column in ("Tries", "Hints") else "left")
    passed = total = 0
    for rung in rungs():
        for key, texts in rung.texts.questions.items():
            record = records.get(f"{rung.number}.{key}")
            done = record is not None and record.passed is not None
            total, passed = total + 1, passed + done
            status = (
                "√ passed"
                if done
                else "\N{MULTIPLICATION SIGN} not yet"
                if record and record.tries
                else "○ not attempted"
            )
            numbers = (str(record.tries), str(record.hints)) if record else ("", "")
            table.add_row(f"{rung.number} {rung.title}", texts.title, status, *numbers)
    console = Console()
    for notice in kept.notices:
        console.print(notice, markup=False)
    console.print(table)
    console.print(f"{passed} of {total} passed.", highlight=False)


@app.command()
def build(
    only_check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit with 1 where a notebook is out of step.")
    ] = False,
) -> None:
    """Build notebooks/, exercises/ and solutions/ from notebooks/source/."""
    from kit.course import course_root
    from kit.course.notebooks import SourceError, out_of_step, write

    root = course_root()
    try:
        changed = out_of_step(root) if only_check else write(root)
    except SourceError as error:
        raise _fail(str(error)) from None
    for path, reason in changed:
        typer.echo(f"{path.relative_to(root)}: {reason}")
    if only_check and changed:
        raise _fail("Out of step. Run: kit course build")
    typer.echo("In step with the sources." if not changed else f"{len(changed)} brought in step.")


@app.command()
def copies() -> None:
    """Copy exercises that are not in my/ (or $SMALL_STEPS_HOME) yet. Never overwrites."""
    from kit.course import copy_exercises, home

    for path in copy_exercises():
        typer.echo(f"Copied {path}")
    typer.echo(f"Your exercises are in {home()}")


@app.command()
def verify(
    with_mutants: Annotated[
        bool,
        typer.Option("--mutants", help="Also break right answers on purpose, and say what was found."),
    ] = False,
) -> None:
    """Prove every question: each typical answer gets its outcome and its advice, in time.

    Also: hints and advice are there, and the notebooks are in step with their sources.
    """
    from kit.course.verify import verify as verify_course

    findings = 0
    for finding in verify_course():
        typer.echo(finding.line)
        findings += not finding.right
    if with_mutants:
        from kit.course.scores import scores

        for score in scores():
            typer.echo(score.line)
            findings += not score.right
    if findings:
        raise _fail(f"{findings} not as they should be.")
    typer.echo("All as they should be.")


def _rung(number: str) -> Rung:
    from kit.course import UnknownRungError, rung

    try:
        return rung(number.zfill(2))
    except UnknownRungError as error:
        raise _fail(str(error)) from None


def _fail(words: str) -> typer.Exit:
    typer.echo(words, err=True)
    return typer.Exit(1)
