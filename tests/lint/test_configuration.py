"""What a kit.toml and a baseline ask of lint."""

from __future__ import annotations

from pathlib import Path

import pytest
from lint_mistakes import SDK, machine

from kit.lint import baseline, lint
from kit.lint.configuration import Configuration, ConfigurationError, find, read

WRONG = machine({"Type": "Task", "Resource": f"{SDK}rds:describeDBClusters"})


def written(folder: Path, text: str) -> Configuration:
    (folder / "kit.toml").write_text(text, encoding="utf-8")
    return read(folder / "kit.toml")


def test_the_nearest_file_upwards_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "kit.toml").write_text("", encoding="utf-8")
    assert find(tmp_path / "a" / "b") == tmp_path / "a" / "kit.toml"


def test_rules_are_left_out_and_made_graver(tmp_path: Path) -> None:
    off = written(tmp_path, '[lint]\ndisable = ["input-as-arguments"]')
    assert off.apply(lint(WRONG)) == ()
    graver = written(tmp_path, '[lint.severity]\ninput-as-arguments = "error"')
    assert [each.severity for each in graver.apply(lint(WRONG))] == ["error"]


@pytest.mark.parametrize(
    ("fail_on", "fails"), [("error", False), ("warning", True), ("advice", True), ("never", False)]
)
def test_the_least_severity_that_fails_is_chosen(tmp_path: Path, fail_on: str, fails: bool) -> None:
    assert written(tmp_path, f'[lint]\nfail_on = "{fail_on}"').fails(lint(WRONG)) is fails


def test_paths_begin_at_the_files_folder(tmp_path: Path) -> None:
    assert written(tmp_path, '[lint]\nbaseline = "old.json"').baseline == tmp_path / "old.json"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[lint]\ndisabel = []", "did you mean disable"),
        ('[lint]\ndisable = ["lost-inputs"]', "did you mean lost-input"),
        ('[lint]\ndisable = ["aws-schema-validation-failed"]', "AWS's own word"),
        ('[lint]\ndisable = "lost-input"', "a list of texts"),
        ('[lint]\nfail_on = "bad"', "error, warning, advice, never"),
        ('[lint.severity]\nlost-input = "fatal"', "error, warning, advice"),
        ("[lint]\nbaseline = 1", "the path of a file"),
        ("lint = 1", "a table"),
        ("[lint", "no TOML"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_in_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=r"kit\.toml") as refused:
        written(tmp_path, text)
    assert said in str(refused.value)


def test_a_baseline_knows_findings_again(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    (finding,) = lint(WRONG)
    baseline.write(path, [("a.asl.json", finding)])
    assert baseline.read(path) == {("a.asl.json", "input-as-arguments", "/States/It")}


def test_a_baseline_that_isnt_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="no baseline"):
        baseline.read(tmp_path / "old.json")
    with pytest.raises(ConfigurationError, match="--write-baseline makes it"):
        baseline.read(tmp_path / "none.json")
