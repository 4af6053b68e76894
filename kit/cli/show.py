"""`kit show`: an execution from the history that was kept of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from kit.asl import DefinitionError
from kit.history import HistoryError
from kit.view.recorded import Recorded


def show(
    history: Annotated[
        Path,
        typer.Argument(
            help="What `aws stepfunctions get-execution-history` printed. - reads standard input."
        ),
    ],
    definition: Annotated[
        Path | None,
        typer.Argument(help="The machine's definition, JSON or YAML. Else it is read off the run."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="An HTML file to write: all views, works offline.")
    ] = None,
    mask: Annotated[bool, typer.Option("--mask", help="Put *** in place of secrets first.")] = False,
    mask_name: Annotated[
        list[str] | None,
        typer.Option("--mask-name", help="Mask fields with this in their name, too; may be repeated."),
    ] = None,
) -> None:
    """Show an execution from its history: words, timeline and events, or an HTML page.

    \b
      aws stepfunctions get-execution-history --execution-arn ARN > history.json
      kit show history.json
      kit show history.json stop.asl.json --mask -o incident.html
    """
    recorded = _read(history, definition, mask, mask_name or [])
    if output is not None:
        try:
            output.write_text(recorded.html(), encoding="utf-8")
        except OSError as error:
            _fail(f"{output} can't be written: {error.strerror}.")
        typer.echo(
            f"Wrote {output}: graph, timeline, events and words of {len(recorded.trace.events)} events."
        )
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    for heading, body in (
        ("", recorded.words()),
        ("Timeline", repr(recorded.timeline()).partition("\n")[2]),
        ("Events", repr(recorded.events())),
    ):
        if heading:
            console.print(Text(f"\n{heading}", style="bold"))
        for number, line in enumerate(body.splitlines()):
            bold = not line.startswith(" ") and (not heading or number == 0)
            console.print(Text(line, style="bold" if bold else _style(line)))


def _style(line: str) -> str:
    """Colour beside the glyph and the word that say the same."""
    for glyph, style in (
        ("\N{MULTIPLICATION SIGN} ", "red"),
        ("! ", "yellow"),
        ("√ ", "green"),
        ("► ", "blue"),
    ):
        if glyph in line:
            return style
    return ""


def _read(history: Path, definition: Path | None, mask: bool, names: list[str]) -> Recorded:
    try:
        text = sys.stdin.read() if str(history) == "-" else history.read_text(encoding="utf-8")
        machine = definition.read_text(encoding="utf-8") if definition is not None else None
        title = (definition or history).name.split(".")[0]
        return Recorded(text, machine, title, mask=mask, mask_names=names)
    except OSError as error:
        _fail(f"{error.filename} can't be read: {error.strerror}.")
    except UnicodeDecodeError:
        _fail("A history and a definition are texts in UTF-8. One of these isn't.")
    except HistoryError as error:
        _fail(f"{history}: {error}")
    except DefinitionError as error:
        lines = [f"{definition or 'What the run shows'} is no definition that AWS would accept:"]
        lines += [f"  {diagnostic.location}: {diagnostic.message}" for diagnostic in error.diagnostics]
        if definition is None:
            lines.append("Give the machine's definition as the second argument.")
        _fail("\n".join(lines))


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)
