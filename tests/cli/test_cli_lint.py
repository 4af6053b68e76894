"""`kit lint`: files in, findings out, and exit codes that a pipeline can read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from kit.cli import main

WRONG = {
    "StartAt": "It",
    "States": {
        "It": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:rds:stopDBCluster",
            "Parameters": {"DBClusterIdentifier": "dev"},
            "End": True,
        }
    },
}
RIGHT = json.loads(json.dumps(WRONG).replace("DBClusterIdentifier", "DbClusterIdentifier"))
CHOICE = {
    "StartAt": "It",
    "States": {
        "It": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": True, "Next": "End"}]},
        "End": {"Type": "Succeed"},
    },
}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(name: str, definition: Any = WRONG) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(definition, indent=2), encoding="utf-8")
    return path


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["lint", *words])
    return int(ended.value.code or 0)


def test_an_error_is_told_at_its_line_and_the_exit_code_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    written("stop.asl.json")
    assert run("stop.asl.json") == 1
    said = capsys.readouterr().out
    assert "stop.asl.json:8:9: error: /States/It/Parameters/DBClusterIdentifier" in said
    assert "mend: write DbClusterIdentifier" in said
    assert said.endswith("1 finding in 1 file: 1 error.\n")


def test_a_sound_file_exits_with_zero(capsys: pytest.CaptureFixture[str]) -> None:
    written("stop.asl.json", RIGHT)
    assert run("stop.asl.json") == 0
    assert capsys.readouterr().out == "Nothing found in 1 file.\n"


def test_text_that_is_no_definition_is_a_finding_at_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.json").write_text('{"StartAt": "A",\n "States": }', encoding="utf-8")
    assert run("a.json") == 1
    assert "aws-invalid-json-description" in capsys.readouterr().out


def test_folders_and_globs_give_their_definitions(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("m/a.asl.json", "m/deep/b.asl.json", "m/package.json"):
        written(name, RIGHT)
    Path("m/c.asl.yaml").write_text("StartAt: A\nStates:\n  A:\n    Type: Succeed\n", encoding="utf-8")
    assert run("m") == 0
    assert "in 3 files" in capsys.readouterr().out
    assert run("m/**/*.asl.json") == 0
    assert "in 2 files" in capsys.readouterr().out


def test_standard_input_is_read(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(WRONG)))
    assert run("-") == 1
    assert "<stdin>:1:" in capsys.readouterr().out


def test_json_has_all_of_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    written("stop.asl.json")
    assert run("stop.asl.json", "-f", "json") == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert set(finding) == {
        "file", "line", "column", "rule", "severity", "place", "found", "expected", "why", "mend",
    }  # fmt: skip
    assert (finding["file"], finding["line"], finding["rule"]) == ("stop.asl.json", 8, "unknown-parameter")


def test_sarif_has_rules_levels_and_places() -> None:
    written("stop.asl.json")
    assert run("stop.asl.json", "-f", "sarif", "-o", "lint.sarif") == 1
    document = json.loads(Path("lint.sarif").read_text(encoding="utf-8"))
    assert document["version"] == "2.1.0"
    (done,) = document["runs"]
    (result,) = done["results"]
    described = done["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert described["id"] == result["ruleId"] == "unknown-parameter"
    assert result["level"] == "error"
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "stop.asl.json"},
        "region": {"startLine": 8, "startColumn": 9},
    }
    assert len(result["partialFingerprints"]["place/v1"]) == 64


def test_the_least_severity_that_fails_can_be_chosen() -> None:
    written("choice.asl.json", CHOICE)
    assert run("choice.asl.json") == 1
    assert run("choice.asl.json", "--fail-on", "error") == 0
    assert run("choice.asl.json", "--fail-on", "never") == 0


def test_old_findings_are_left_aside_and_new_ones_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    written("a.asl.json")
    assert run("a.asl.json", "--baseline", "old.json", "--write-baseline") == 0
    assert run("a.asl.json", "--baseline", "old.json") == 0
    written("b.asl.json")
    assert run("a.asl.json", "b.asl.json", "--baseline", "old.json") == 1
    assert "a.asl.json" not in capsys.readouterr().out
    written("a.asl.json", RIGHT)
    assert run("a.asl.json", "--baseline", "old.json") == 0
    assert "1 of the baseline's findings were not found again" in capsys.readouterr().err


def test_kit_toml_is_followed(capsys: pytest.CaptureFixture[str]) -> None:
    written("m/a.asl.json", CHOICE)
    written("m/vendor/b.asl.json")
    Path("kit.toml").write_text(
        '[lint]\ndisable = ["choice-without-default"]\nexclude = ["m/vendor/*"]\n', encoding="utf-8"
    )
    assert run("m") == 0
    assert capsys.readouterr().out == "Nothing found in 1 file.\n"


def test_substitutions_are_filled_in(capsys: pytest.CaptureFixture[str]) -> None:
    written("a.asl.json", json.loads(json.dumps(RIGHT).replace("stopDBCluster", "${Action}")))
    assert run("a.asl.json") == 0
    assert run("a.asl.json", "-s", "Action=stopDbCluster") == 1
    assert "did you mean stopDBCluster" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Give files, folders or globs"),
        (("none.json",), "none.json: no such file"),
        (("empty",), "empty: no *.asl.json"),
        (("a.asl.json", "-f", "xml"), "text, json, sarif"),
        (("a.asl.json", "--fail-on", "bad"), "error, warning, advice, never"),
        (("a.asl.json", "-s", "Name"), "Name=value"),
        (("a.asl.json", "--write-baseline"), "Give --baseline FILE"),
        (("a.asl.json", "--baseline", "none.json"), "can't be read"),
        (("bytes.json",), "no text in UTF-8"),
    ],
)
def test_what_cannot_be_done_exits_with_two_and_a_sentence(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    written("a.asl.json", RIGHT)
    Path("empty").mkdir()
    Path("bytes.json").write_bytes(b"\xff\xfe{")
    assert run(*words) == 2
    assert said in capsys.readouterr().err


def test_the_rules_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--rules") == 0
    assert "lost-input (warning)" in capsys.readouterr().out


def test_neither_botocore_nor_pydantic_is_loaded() -> None:
    """They would take longer than all the rest; `kit lint` has half a second."""
    written("a.asl.json", RIGHT)
    code = (
        "import sys\nfrom kit.cli import main\n"
        "try:\n    main(['lint', 'a.asl.json'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'botocore', 'boto3', 'moto', 'pydantic', 'rich', 'IPython'} & set(sys.modules)))"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(root)},
    )
    assert done.stdout.splitlines() == ["Nothing found in 1 file.", "[]"]


def thirty_states() -> dict[str, Any]:
    """Fifteen calls with a Retry, each with a Choice behind it."""
    states: dict[str, Any] = {}
    for number in range(15):
        states[f"Stop {number}"] = {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:rds:stopDBCluster",
            "Arguments": {"DbClusterIdentifier": "{% $states.input.cluster & '-" + str(number) + "' %}"},
            "Retry": [{"ErrorEquals": ["Rds.InvalidDbClusterStateException"]}],
            "Output": "{% $merge([$states.input, {'stopped': $states.result.DbCluster.Status}]) %}",
            "Next": f"Stopped {number}?",
        }
        states[f"Stopped {number}?"] = {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $states.input.stopped = 'stopping' %}", "Next": "Done"}],
            "Default": f"Stop {number + 1}" if number < 14 else "Done",
        }
    states["Done"] = {"Type": "Succeed"}
    return {"StartAt": "Stop 0", "QueryLanguage": "JSONata", "States": states}


def test_thirty_states_take_less_than_half_a_second_cold_and_twenty_milliseconds_warm() -> None:
    """In processor time, which is the time on the clock where nothing else runs."""
    from kit.lint import lint

    path = written("a.asl.json", thirty_states())
    words = [sys.executable, "-m", "kit.cli", "lint", str(path.resolve())]
    cold = []
    for _ in range(3):
        before = os.times()
        subprocess.run(words, check=True, capture_output=True, cwd=Path(__file__).resolve().parents[2])
        after = os.times()
        cold.append(
            after.children_user + after.children_system - before.children_user - before.children_system
        )
    text = path.read_text(encoding="utf-8")
    lint(text)
    warm = []
    for _ in range(10):
        began = time.process_time()
        assert lint(text) == ()
        warm.append(time.process_time() - began)
    assert min(warm) < 0.02, warm
    assert min(cold) < 0.5, cold
