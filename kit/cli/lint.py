"""`kit lint`: what AWS or experience has to say against definitions."""

from __future__ import annotations

import glob
import sys
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from kit.lint import RULES, baseline, configuration, reports
from kit.lint import lint as findings_of
from kit.lint.configuration import FAIL_ON, Configuration, ConfigurationError
from kit.lint.lines import Lines
from kit.lint.reports import Located

FORMATS = ("text", "json", "sarif")
_IN_FOLDERS = ("*.asl.json", "*.asl.yaml", "*.asl.yml")


def lint(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Files, folders (their *.asl.json, .yaml, .yml), globs; - is standard input."),
    ] = None,
    format: Annotated[str, typer.Option("--format", "-f", help=f"One of {', '.join(FORMATS)}.")] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file for the report, instead of the screen.")
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option("--fail-on", help=f"The least severity that fails: {', '.join(FAIL_ON)}. [warning]"),
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", help="A kit.toml; else the nearest one upwards from here.")
    ] = None,
    known: Annotated[
        Path | None, typer.Option("--baseline", help="A file of old findings that are left aside.")
    ] = None,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Write what is found into the baseline, and exit 0.")
    ] = False,
    substitution: Annotated[
        list[str] | None,
        typer.Option("--substitution", "-s", help="Name=value for a ${Name} in the files; may be repeated."),
    ] = None,
    rules: Annotated[bool, typer.Option("--rules", help="List the rules and exit.")] = False,
) -> None:
    """Say what is wrong with definitions, why, and how to mend it.

    \b
      kit lint stop.asl.json
      kit lint machines/ "services/**/*.asl.yaml"
      kit lint machines/ -f sarif -o lint.sarif
      kit lint machines/ --baseline lint-baseline.json --write-baseline

    Severities: error (AWS refuses it, or it must fail), warning (it will bite), advice (there is a
    better way). Exit code 0: nothing as grave as --fail-on; 1: something is; 2: it could not be done.

    A word in a state's Comment keeps a rule quiet there: "lint: allow poll-without-bound". kit.toml has
    the same options for a repository, under [lint]: disable, severity, fail_on, baseline, exclude,
    substitutions.
    """
    if rules:
        _list_rules()
        return
    if format not in FORMATS:
        _fail(f"{format!r} is none of the formats {', '.join(FORMATS)}.")
    try:
        wanted = _configuration(config, fail_on, known, substitution)
        files = list(dict.fromkeys(_files(paths or [], wanted)))
        found = [each for file in files for each in _in_file(file, wanted)]
        if write_baseline:
            _write_baseline(wanted, found)
            return
        found = list(_without_known(found, wanted))
    except ConfigurationError as error:
        _fail(str(error))
    _show(_report(format, found, len(files)), output)
    if wanted.fails(each.finding for each in found):
        raise typer.Exit(1)


def _configuration(
    config: Path | None, fail_on: str | None, known: Path | None, substitution: list[str] | None
) -> Configuration:
    path = config or configuration.find(Path.cwd())
    wanted = configuration.read(path) if path else Configuration(folder=Path.cwd())
    if fail_on is not None and fail_on not in FAIL_ON:
        raise ConfigurationError(f"--fail-on is one of {', '.join(FAIL_ON)}, but was {fail_on!r}.")
    return replace(
        wanted,
        fail_on=fail_on or wanted.fail_on,
        baseline=known or wanted.baseline,
        substitutions={**wanted.substitutions, **dict(map(_pair, substitution or []))},
    )


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ConfigurationError(f"A substitution is Name=value, but was {text!r}.")
    return name, value


def _files(paths: list[str], wanted: Configuration) -> Iterator[str]:
    """The files that paths mean, in order. A file that is named is taken as it is."""
    if not paths:
        raise ConfigurationError("Which definitions? Give files, folders or globs: kit lint machines/")
    for path in paths:
        if path == "-" or Path(path).is_file():
            yield path
            continue
        if Path(path).is_dir():
            several = sorted(str(each) for name in _IN_FOLDERS for each in Path(path).rglob(name))
            nothing = f"no {', '.join(_IN_FOLDERS)} in it"
        else:
            several = sorted(each for each in glob.glob(path, recursive=True) if Path(each).is_file())  # noqa: PTH207
            nothing = "no such file"
        if not several:
            raise ConfigurationError(f"{path}: {nothing}.")
        yield from (each for each in several if not _excluded(each, wanted))


def _excluded(file: str, wanted: Configuration) -> bool:
    name = _name(file, wanted.folder)
    return any(fnmatch(name, pattern) for pattern in wanted.exclude)


def _name(file: str, folder: Path) -> str:
    """The file's path from a folder, with slashes, where it is below it."""
    whole, root = Path(file).resolve(), folder.resolve()
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else Path(file).as_posix()


def _in_file(file: str, wanted: Configuration) -> Iterator[Located]:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{file} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{file} is no text in UTF-8.") from None
    name = "<stdin>" if file == "-" else Path(file).as_posix()
    lines = Lines(text)
    for finding in wanted.apply(findings_of(text, substitutions=wanted.substitutions)):
        yield Located(name, *lines.of(finding.place), finding)


def _baseline_name(each: Located, path: Path) -> str:
    return each.file if each.file == "<stdin>" else _name(each.file, path.parent)


def _write_baseline(wanted: Configuration, found: list[Located]) -> None:
    path = wanted.baseline
    if path is None:
        raise ConfigurationError("Where to? Give --baseline FILE, or baseline in kit.toml.")
    try:
        baseline.write(path, ((_baseline_name(each, path), each.finding) for each in found))
    except OSError as error:
        raise ConfigurationError(f"{path} can't be written: {error.strerror}.") from None
    typer.echo(f"Wrote {len(found)} findings into {path}.", err=True)


def _without_known(found: list[Located], wanted: Configuration) -> Iterator[Located]:
    path = wanted.baseline
    if path is None:
        yield from found
        return
    old = baseline.read(path)
    seen = {baseline.key(_baseline_name(each, path), each.finding) for each in found}
    if stale := len(old - seen):
        typer.echo(f"{stale} of the baseline's findings were not found again; write it anew.", err=True)
    for each in found:
        if baseline.key(_baseline_name(each, path), each.finding) not in old:
            yield each


def _report(format: str, found: list[Located], files: int) -> str:
    if format == "sarif":
        return reports.as_sarif(found)
    return reports.as_json(found, files) if format == "json" else reports.as_text(found, files)


def _show(report: str, output: Path | None) -> None:
    if output is None:
        typer.echo(report)
        return
    try:
        output.write_text(f"{report}\n", encoding="utf-8")
    except OSError as error:
        _fail(f"{output} can't be written: {error.strerror}.")


def _list_rules() -> None:
    for rule in RULES:
        typer.echo(f"{rule.id} ({rule.severity})\n  {rule.why}")


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)
