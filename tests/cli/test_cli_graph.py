"""`kit graph`."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from kit.cli.graph import graph

NAP = '{"StartAt": "Nap", "States": {"Nap": {"Type": "Wait", "Seconds": 5, "End": true}}}'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "nap.asl.json"
    path.write_text(NAP, encoding="utf-8")
    return path


def run(*words: str | Path, stdin: str | None = None) -> Result:
    app = typer.Typer()
    app.command()(graph)
    return CliRunner().invoke(app, [str(word) for word in words], input=stdin)


@pytest.mark.parametrize(
    ("suffix", "beginning"),
    [
        ("svg", b"<"),
        ("png", b"\x89PNG"),
        ("mmd", b"stateDiagram-v2"),
        ("txt", b"nap: 1 state"),
        ("dot", b"digraph"),
    ],
)
def test_each_ending_gets_its_format(file: Path, suffix: str, beginning: bytes) -> None:
    output = file.with_suffix(f".{suffix}")
    assert run(file, "-o", output).exit_code == 0
    assert output.read_bytes().startswith(beginning)


def test_words_go_to_standard_output(file: Path) -> None:
    assert "Nap (Wait: 5 s), first: then the end" in run(file).output


def test_a_definition_can_come_from_standard_input() -> None:
    assert run("-", "-f", "mmd", stdin=NAP).output.startswith("stateDiagram-v2")


def test_placeholders_outside_of_quotes_can_be_filled_in() -> None:
    text = NAP.replace("5", "${Pause}")
    assert "Wait: 7 s" in run("-", "-s", "Pause=7", stdin=text).output


@pytest.mark.parametrize(
    ("words", "stdin", "message"),
    [
        (("nowhere.json",), None, "nowhere.json can't be read: No such file"),
        (("-",), NAP.replace("5", "-5"), "/States/Nap/Seconds: Minimum value is 0"),
        (("-", "-f", "pdf"), NAP, "'pdf' is none of these: svg, png, mmd, txt, dot"),
        (("-", "-o", "nap.pdf"), NAP, "nap.pdf ends in none of these"),
        (("-", "-s", "Pause"), NAP, "A substitution is Name=value, but was 'Pause'"),
        (("-", "-o", "nowhere/nap.svg"), NAP, "nap.svg can't be written: No such file"),
    ],
)
def test_what_goes_wrong_is_said_in_a_sentence(
    words: tuple[str, ...], stdin: str | None, message: str
) -> None:
    result = run(*words, stdin=stdin)
    assert (result.exit_code, message in result.output) == (2, True), result.output


def test_a_marked_block_is_added_kept_up_to_date_and_checked(file: Path) -> None:
    page = file.with_name("README.md")
    page.write_text("# Nap\n\nWords.\n", encoding="utf-8")
    stale = run(file, "--into", page, "--check")
    assert stale.exit_code == 1
    assert "is stale" in stale.output
    assert run(file, "--into", page).exit_code == 0
    first = page.read_text(encoding="utf-8")
    assert first.startswith("# Nap\n\nWords.\n\n<!-- kit graph nap.asl.json -->\n```mermaid\nstateDiagram-v2")
    assert run(file, "--into", page, "--check").exit_code == 0
    page.write_text(f"{first}\nMore words.\n", encoding="utf-8")
    file.write_text(NAP.replace("Nap", "Doze"), encoding="utf-8")
    assert run(file, "--into", page, "--check").exit_code == 1
    assert run(file, "--into", page).exit_code == 0
    second = page.read_text(encoding="utf-8")
    assert second.endswith("<!-- kit graph end -->\n\nMore words.\n")
    assert second.count("<!-- kit graph nap") == 1
    assert "Doze" in second


def test_a_block_without_its_end_is_left_alone(file: Path) -> None:
    page = file.with_name("README.md")
    page.write_text("<!-- kit graph nap.asl.json -->\nmine\n", encoding="utf-8")
    broken = run(file, "--into", page)
    assert broken.exit_code == 2
    assert "no <!-- kit graph end --> after it" in broken.output
    assert "mine" in page.read_text(encoding="utf-8")
