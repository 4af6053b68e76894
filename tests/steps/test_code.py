"""From a definition to Python and back."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from definition_strategies import definitions
from hypothesis import given, settings

from kit import Machine, steps
from kit.asl import diagnose

STOP: dict[str, Any] = {
    "Comment": "Stops the dev cluster",
    "QueryLanguage": "JSONata",
    "StartAt": "Stop it",
    "TimeoutSeconds": 3600,
    "States": {
        "Stop it": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:rds:stopDBCluster",
            "Arguments": {"DbClusterIdentifier": "{% $states.input.cluster %}"},
            "Catch": [{"ErrorEquals": ["Rds.InvalidDbClusterStateException"], "Next": "It was stopped"}],
            "Next": "Pause",
        },
        "Pause": {"Type": "Wait", "Seconds": 30, "Next": "Stopped?"},
        "Stopped?": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $states.input.Status = 'stopped' %}", "Next": "It was stopped"}],
            "Default": "Pause",
        },
        "It was stopped": {"Type": "Succeed"},
    },
}
CODE = """\
from kit import Machine
from kit.steps import AwsSdk, Catch, Chain, Choice, Succeed, Wait, jsonata

stop_it = AwsSdk(
    "Stop it",
    "rds:stopDBCluster",
    DbClusterIdentifier=jsonata("$states.input.cluster"),
)
pause = Wait("Pause", seconds=30)
stopped = Choice("Stopped?")
it_was_stopped = Succeed("It was stopped")

stop_it.add_catch(Catch(it_was_stopped, error_equals=["Rds.InvalidDbClusterStateException"]))
stopped.add_choice(jsonata("$states.input.Status = 'stopped'"), it_was_stopped)
stopped.default_choice(pause)

machine = Machine(
    "stop",
    Chain([stop_it, pause, stopped]),
    comment="Stops the dev cluster",
    timeout=3600,
)
"""


def made_by(code: str) -> Any:
    names: dict[str, Any] = {}
    exec(compile(code, "<code>", "exec"), names)
    return names["machine"]


def test_the_code_is_what_a_person_would_write() -> None:
    assert Machine("stop", STOP).to_code() == CODE


def test_the_code_stands_the_projects_own_checks(tmp_path: Path) -> None:
    file = tmp_path / "made.py"
    file.write_text(CODE, encoding="utf-8")
    answer = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "E,F,I,B,UP,A",
         "--line-length", "110", str(file)],
        capture_output=True, text=True,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stdout


@given(definitions())
@settings(max_examples=100)
def test_the_code_of_any_definition_makes_it_again(definition: dict[str, Any]) -> None:
    assert diagnose(definition) == []
    machine = Machine("any", definition)
    code = steps.to_code("any", definition)
    assert made_by(code) == machine
    assert machine.to_code() == code


def test_the_code_of_what_people_deploy_makes_it_again(shared: Path) -> None:
    samples = json.loads((shared / "definitions" / "aws-samples.json").read_text(encoding="utf-8"))
    assert len(samples) >= 50
    for sample in samples:
        machine = Machine("sample", sample["definition"])
        code = steps.to_code("sample", sample["definition"])
        assert made_by(code) == machine, sample["path"]
        assert made_by(code).asl == sample["definition"]
        assert max(map(len, code.splitlines())) < 250


def test_substitutions_stay_in_the_code() -> None:
    state = {"Type": "Task", "Resource": "${Stop}", "End": True}
    machine = Machine(
        "stop", {"StartAt": "A", "States": {"A": state}}, substitutions={"Stop": "arn:aws:states:::x"}
    )
    code = machine.to_code()
    assert 'resource="${Stop}"' in code
    assert 'substitutions={"Stop": "arn:aws:states:::x"}' in code
    assert made_by(code) == machine


@pytest.mark.parametrize(
    "state",
    [
        {
            "Type": "Parallel",
            "Branches": [{"Comment": "why", "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}],
        },
        {"Type": "Fail", "Cause": "{% as text %}"},
        {"Type": "Task", "Resource": "${X}", "Retry": []},
    ],
)
def test_what_the_states_have_no_words_for_is_made_of_its_json(state: dict[str, Any]) -> None:
    end = {} if state["Type"] == "Fail" else {"End": True}
    machine = Machine("odd", {"StartAt": "A", "States": {"A": {**state, **end}}})
    code = machine.to_code()
    assert '"StartAt": "A"' in code
    assert made_by(code) == machine


def test_names_of_states_make_names_of_variables() -> None:
    names = ["for", "input", "1st", "machine", "Stop it", "stop-it", "データ", "?"]
    states = {
        name: {"Type": "Pass", "Next": names[at + 1]} if at + 1 < len(names) else {"Type": "Succeed"}
        for at, name in enumerate(names)
    }
    machine = Machine("names", {"StartAt": "for", "States": states})
    code = machine.to_code()
    written = [node.targets[0].id for node in ast.parse(code).body
               if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)]  # fmt: skip
    assert written == [
        "for_",
        "input_",
        "state_1st",
        "machine_2",
        "stop_it",
        "stop_it_2",
        "データ",
        "state",
        "machine",
    ]
    assert made_by(code) == machine


def test_a_very_long_machine_is_made_of_its_json() -> None:
    states: dict[str, Any] = {f"s{at}": {"Type": "Pass", "Next": f"s{at + 1}"} for at in range(1500)}
    machine = Machine("long", {"StartAt": "s0", "States": {**states, "s1500": {"Type": "Succeed"}}})
    assert made_by(machine.to_code()) == machine
    with pytest.raises(steps.StepError, match="Split the machine"):
        made_by(steps.to_code("long", machine.asl))
