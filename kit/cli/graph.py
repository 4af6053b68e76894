"""`kit graph`: the picture of a definition, or its words."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from kit.asl import DefinitionError
from kit.machine import Machine

FORMATS = ("svg", "png", "mmd", "txt", "dot")


def graph(
    file: Annotated[Path, typer.Argument(help="A definition: JSON or YAML. - reads standard input.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where to write: .svg, .png, .mmd (Mermaid), .txt or .dot."),
    ] = None,
    format: Annotated[
        str | None, typer.Option("--format", "-f", help=f"One of {', '.join(FORMATS)}, whatever the file.")
    ] = None,
    substitution: Annotated[
        list[str] | None,
        typer.Option("--substitution", "-s", help="Name=value for a ${Name} in the file; may be repeated."),
    ] = None,
) -> None:
    """Draw a definition: SVG, PNG, Mermaid, words or DOT.

    Without -o, the words go to standard output:

    \b
      kit graph stop.asl.json
      kit graph stop.asl.json -o stop.svg
      kit graph stop.asl.json -f mmd >> README.md
    """
    kind = _kind(format, output)
    machine = _read(file, dict(_pair(each) for each in substitution or []))
    picture = machine.graph()
    drawn: str | bytes
    if kind == "png":
        drawn = picture.png()
    elif kind == "svg":
        drawn = picture.svg()
    elif kind == "dot":
        drawn = picture.dot()
    else:
        drawn = machine.mermaid() if kind == "mmd" else repr(picture)
    _write(drawn if isinstance(drawn, bytes) else drawn.rstrip("\n").encode() + b"\n", output)


def _kind(format: str | None, output: Path | None) -> str:
    asked = format or ("txt" if output is None else output.suffix.lstrip(".").lower())
    if asked not in FORMATS:
        where = f"{output} ends in none of these" if format is None else f"{format!r} is none of these"
        _fail(f"{where}: {', '.join(FORMATS)}. Give one with -f.")
    return asked


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        _fail(f"A substitution is Name=value, but was {text!r}.")
    return name, value


def _read(file: Path, substitutions: dict[str, str]) -> Machine:
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        name = "".join(c if c.isalnum() or c in "-_" else "-" for c in file.name.split(".")[0])[:80]
        return Machine(name or "machine", text, substitutions=substitutions)
    except OSError as error:
        _fail(f"{file} can't be read: {error.strerror}.")
    except UnicodeDecodeError:
        _fail(f"{file} is no text in UTF-8.")
    except DefinitionError as error:
        lines = [f"{file} is no definition that AWS would accept:"]
        lines += [f"  {diagnostic.location}: {diagnostic.message}" for diagnostic in error.diagnostics]
        _fail("\n".join(lines))


def _write(content: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        _fail(f"{output} can't be written: {error.strerror}.")


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)
