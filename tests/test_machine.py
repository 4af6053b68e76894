"""A machine as a value."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kit import Machine
from kit.asl import DefinitionError
from kit.steps import Chain, Pass, StepError, Wait

ASL = {"Comment": "why", "StartAt": "Nap", "States": {"Nap": {"Type": "Wait", "Seconds": 5, "End": True}}}


def test_states_json_yaml_and_mappings_make_the_same_machine() -> None:
    yaml = "Comment: why\nStartAt: Nap\nStates:\n  Nap: {Type: Wait, Seconds: 5, End: true}\n"
    written = Machine("nap", Wait("Nap", seconds=5), comment="why")
    assert written == Machine("nap", ASL) == Machine("nap", written.to_json()) == Machine("nap", yaml)
    assert len({written, Machine("nap", ASL)}) == 1
    assert written != Machine("nap", Wait("Nap", seconds=6), comment="why")
    assert written != Machine("other", ASL)


def test_a_machine_takes_a_timeout_as_a_timedelta() -> None:
    assert Machine("nap", Pass("A"), timeout=timedelta(hours=1)).definition.timeout_seconds == 3600
    with pytest.raises(StepError, match="whole seconds"):
        Machine("nap", Pass("A"), timeout=timedelta(seconds=0.5))


def test_a_machine_keeps_the_order_of_its_text() -> None:
    assert list(Machine("nap", ASL).asl["States"]["Nap"]) == ["Type", "Seconds", "End"]


def test_a_machine_does_not_change() -> None:
    machine = Machine("nap", ASL)
    machine.asl["States"].clear()
    assert machine.asl == ASL
    with pytest.raises(AttributeError):
        machine.name = "other"  # type: ignore[misc]


def test_substitutions_are_filled_in_and_the_open_ones_are_known() -> None:
    state = '{"Type": "Task", "Resource": "${Stop}", "Comment": "${Why}", "End": true}'
    text = f'{{"StartAt": "A", "States": {{"A": {state}}}}}'
    machine = Machine("stop", text, substitutions={"Stop": "arn:aws:states:::lambda:invoke"})
    assert machine.asl["States"]["A"]["Resource"] == "arn:aws:states:::lambda:invoke"
    assert machine.open_substitutions == ("Why",)


def test_a_machine_from_a_file_is_named_after_it(tmp_path: Path) -> None:
    file = tmp_path / "stop-dev-db.asl.json"
    file.write_text(Machine("x", ASL).to_json(), encoding="utf-8")
    assert Machine.from_asl(file) == Machine.from_asl(str(file)) == Machine("stop-dev-db", ASL)
    assert Machine.from_asl(file, name="other").name == "other"


def test_a_missing_file_is_said_to_be_missing() -> None:
    with pytest.raises(FileNotFoundError):
        Machine.from_asl("nowhere.asl.json")


def test_a_definition_that_is_no_file_needs_a_name() -> None:
    with pytest.raises(ValueError, match="needs a name"):
        Machine.from_asl(ASL)


@pytest.mark.parametrize("name", ["", "two words", "a/b", "x" * 81, "a$"])
def test_a_name_that_aws_does_not_take_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="A machine's name has"):
        Machine(name, ASL)


def test_what_is_no_definition_is_refused() -> None:
    with pytest.raises(TypeError, match="this is a list"):
        Machine("nap", [Wait("Nap", seconds=5)])
    with pytest.raises(ValueError, match="comment of a definition that is JSON"):
        Machine("nap", ASL, comment="again")


def test_states_that_cannot_make_a_machine_are_refused() -> None:
    with pytest.raises(StepError, match="empty"):
        Machine("nap", Chain([]))


def test_a_machine_shows_its_picture() -> None:
    bundle = Machine("nap", ASL)._repr_mimebundle_()
    assert bundle["image/svg+xml"].lstrip().startswith("<")
    assert bundle["image/png"][:4] == b"\x89PNG"
    assert repr(Machine("nap", ASL)) == "<Machine nap: 1 state>"


def test_show_sets_json_beside_the_picture() -> None:
    shown = Machine("nap", Pass("A & B")).show()
    page = shown._repr_html_()
    assert "A &amp; B" in page
    assert "<svg" in page
    assert '"StartAt": "A & B"' in repr(shown)


def test_a_machine_says_its_mermaid_and_its_findings() -> None:
    machine = Machine("nap", ASL)
    assert machine.mermaid().startswith("stateDiagram-v2")
    assert machine.lint() == ()


def test_what_aws_refuses_is_refused_with_the_line_where_it_was_written() -> None:
    with pytest.raises(DefinitionError) as caught:
        Machine("nap", Wait("Nap", seconds=-5))
    assert any("State 'Nap' is written at" in note for note in caught.value.__notes__)


SAM = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Stop:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: machines/stop.asl.yaml
      DefinitionSubstitutions: {Pause: 30, Topic: !Ref Topic}
"""
STOP_YAML = """\
StartAt: Nap
States:
  Nap:
    Type: Wait
    Seconds: ${Pause}
    Comment: ${Topic}
    End: true
"""


def test_a_machine_of_a_sam_template_is_read_with_its_file_and_substitutions(tmp_path: Path) -> None:
    (tmp_path / "machines").mkdir()
    (tmp_path / "machines" / "stop.asl.yaml").write_text(STOP_YAML, encoding="utf-8")
    template = tmp_path / "template.yaml"
    template.write_text(SAM, encoding="utf-8")
    machine = Machine.from_asl(template)
    assert machine.name == "Stop"
    assert machine.asl["States"]["Nap"]["Seconds"] == 30
    assert machine.open_substitutions == ("Topic",)
    mine = Machine.from_asl(template, name="mine", substitutions={"Topic": "arn", "Pause": "5"})
    assert (mine.name, mine.asl["States"]["Nap"]["Seconds"]) == ("mine", 5)
    assert mine.open_substitutions == ()


def test_of_several_machines_one_is_to_be_chosen() -> None:
    resource = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"Definition": ASL}}
    template = {"Resources": {"Stop": resource, "Start": resource}}
    with pytest.raises(ValueError, match=r"2 state machines\. Choose one: .* of Stop, Start"):
        Machine.from_asl(template)
    with pytest.raises(ValueError, match="no 'Strat'"):
        Machine.from_asl(template, resource="Strat")
    assert Machine.from_asl(template, resource="Start") == Machine("Start", ASL)
    with pytest.raises(ValueError, match="no template"):
        Machine.from_asl(ASL, name="nap", resource="Start")


def test_what_was_pasted_from_the_console_or_the_cli_is_a_machine() -> None:
    text = Machine("nap", ASL).to_json()
    assert Machine.from_asl(text, name="nap") == Machine("nap", ASL)
    described = {
        "stateMachineArn": "arn:aws:states:us-east-1:1:stateMachine:nap",
        "name": "nap",
        "definition": text,
    }
    assert Machine.from_asl(described) == Machine("nap", ASL)
