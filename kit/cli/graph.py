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
    into: Annotated[
        Path | None,
        typer.Option("--into", help="A Markdown file whose marked block is to hold the Mermaid diagram."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="With --into: write nothing, fail when the block is stale.")
    ] = False,
) -> None:
    """Draw a definition: SVG, PNG, Mermaid, words or DOT.

    Without -o, the words go to standard output:

    \b
      kit graph stop.asl.json
      kit graph stop.asl.json -o stop.svg
      kit graph stop.asl.json --into README.md

    The block stands between <!-- kit graph stop.asl.json --> and <!-- kit graph end -->. Where the file has
    none, it is added at the end. With --check a stale block fails: for a build that guards it.
    """
    if into is None and check:
        _fail("--check looks at the block in a file: say which with --into README.md.")
    if into is not None:
        if output is not None or format is not None:
            _fail("--into writes Mermaid into a Markdown file; leave out --output and --format.")
        _keep(into, file, _read(file, dict(_pair(each) for each in substitution or [])), check)
        return
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


def _keep(page: Path, file: Path, machine: Machine, check: bool) -> None:
    """Brings the block of a definition in a Markdown file up to date, or says that it isn't."""
    name = file.name.replace("--", "- -").replace(">", "")
    begin, end = f"<!-- kit graph {name} -->", "<!-- kit graph end -->"
    try:
        text = page.read_text(encoding="utf-8") if page.exists() else ""
    except OSError as error:
        _fail(f"{page} can't be read: {error.strerror}.")
    except UnicodeDecodeError:
        _fail(f"{page} is no text in UTF-8.")
    block = f"{begin}\n```mermaid\n{machine.mermaid().rstrip()}\n```\n{end}"
    if begin in text:
        before, _, rest = text.partition(begin)
        if end not in rest:
            _fail(f"{page} has {begin} but no {end} after it. Put it where the block ends.")
        new = f"{before}{block}{rest.partition(end)[2]}"
    else:
        new = f"{text.rstrip()}\n\n{block}\n".lstrip()
    if new == text:
        return
    if check:
        typer.echo(f"{page} is stale: run `kit graph {file} --into {page}`.", err=True)
        raise typer.Exit(1)
    _write(new.encode(), page)


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
