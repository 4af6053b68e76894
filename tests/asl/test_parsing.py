"""From texts to typed machines."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kit.asl import DefinitionError, parse
from kit.asl.definition import Choice, Map, Parallel, Task
from kit.asl.reading import read_definition

STAGING: Any = {
    "Comment": "Make staging",
    "StartAt": "Both",
    "TimeoutSeconds": 3600,
    "States": {
        "Both": {
            "Type": "Parallel",
            "Branches": [
                {
                    "StartAt": "Clone",
                    "States": {"Clone": {"Type": "Task", "Resource": "${CloneArn}", "End": True}},
                },
                {"StartAt": "Search", "States": {"Search": {"Type": "Pass", "End": True}}},
            ],
            "Retry": [{"ErrorEquals": ["A"], "IntervalSeconds": 2, "BackoffRate": 1, "MaxDelaySeconds": 9}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Failed", "ResultPath": "$.e"}],
            "Next": "Ready?",
        },
        "Ready?": {
            "Type": "Choice",
            "QueryLanguage": "JSONata",
            "Choices": [{"Condition": "{% $states.input.ok %}", "Next": "Each", "Comment": "all is well"}],
            "Default": "Failed",
        },
        "Each": {
            "Type": "Map",
            "Iterator": {"StartAt": "One", "States": {"One": {"Type": "Wait", "Seconds": 1, "End": True}}},
            "End": True,
        },
        "Failed": {"Type": "Fail", "Error": "NotReady"},
    },
}


def test_a_machine_is_typed_and_placed() -> None:
    machine = parse(STAGING)
    both, ready, each = (machine.states[name] for name in ("Both", "Ready?", "Each"))
    assert isinstance(both, Parallel)
    assert isinstance(ready, Choice)
    assert isinstance(each, Map)
    assert [state.name for state in machine.walk()] == [
        "Both",
        "Clone",
        "Search",
        "Ready?",
        "Each",
        "One",
        "Failed",
    ]
    assert str(both.branches[1].states["Search"].place) == "/States/Both/Branches[1]/States/Search"
    assert list(both.successors()) == [("next", "Ready?"), ("catch", "Failed")]
    assert (
        both.retriers[0].interval_seconds,
        both.retriers[0].max_attempts,
        both.retriers[0].backoff_rate,
    ) == (2, 3, 1.0)
    assert str(both.catchers[0].place) == "/States/Both/Catch[0]"
    assert list(ready.successors()) == [("rule", "Each"), ("default", "Failed")]
    assert (ready.query_language, ready.rules[0].comment) == ("JSONata", "all is well")
    assert (each.end, each.distributed, str(each.processor.place)) == (True, False, "/States/Each/Iterator")
    assert (machine.timeout_seconds, machine.comment, machine.query_language) == (
        3600,
        "Make staging",
        "JSONPath",
    )


def test_json_yaml_bytes_and_mapping_give_the_same_machine() -> None:
    machine = parse(STAGING)
    text = json.dumps(STAGING)
    assert parse(text) == parse(text.encode()) == parse(yaml.safe_dump(STAGING, sort_keys=False)) == machine


def test_states_inherit_the_machine_s_language() -> None:
    flow = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
    states = {"M": {"Type": "Map", "ItemProcessor": flow, "End": True}}
    machine = parse({"QueryLanguage": "JSONata", "StartAt": "M", "States": states})
    assert {state.query_language for state in machine.walk()} == {"JSONata"}


def test_a_distributed_map_is_known() -> None:
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
    flow = {"ProcessorConfig": config, "StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
    machine = parse({"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": flow, "End": True}}})
    assert isinstance(machine.states["M"], Map)
    assert machine.states["M"].distributed


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=10),
        min_size=1,
        max_size=8,
        unique=True,
    )
)
def test_states_keep_their_order(names: list[str]) -> None:
    states: dict[str, Any] = {name: {"Type": "Pass", "Next": after} for name, after in pairwise(names)}
    states[names[-1]] = {"Type": "Pass", "End": True}
    text = json.dumps({"StartAt": names[0], "States": states}, ensure_ascii=False)
    assert list(parse(text).states) == names


def test_placeholders_are_filled_in_or_left() -> None:
    machine = parse(STAGING, substitutions={"CloneArn": "arn:aws:lambda:us-east-1:123456789012:function:f"})
    (clone,) = [state for state in machine.walk() if isinstance(state, Task)]
    assert clone.resource.startswith("arn:")
    (clone,) = [state for state in parse(STAGING).walk() if isinstance(state, Task)]
    assert clone.resource == "${CloneArn}"


def test_a_placeholder_outside_of_quotes_is_filled_in() -> None:
    text = '{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": ${Pause}, "End": true}}}'
    assert parse(text, substitutions={"Pause": "5"}).states["W"].fields["Seconds"] == 5
    with pytest.raises(DefinitionError):
        parse(text)


def test_a_text_in_a_filled_in_placeholder_stays_a_text() -> None:
    text = '{"StartAt": "P", "States": {"P": {"Type": "Pass", "Comment": "${C}", "End": true}}}'
    assert (
        parse(text, substitutions={"C": 'say "hi", {"a": ${C}}'}).states["P"].comment
        == 'say "hi", {"a": ${C}}'
    )


def test_yaml_dates_and_yes_and_no_stay_texts() -> None:
    text = """
StartAt: On
States:
  On: {Type: Wait, Timestamp: 2016-08-18T17:33:00Z, Next: No}
  No: {Type: Succeed}
"""
    machine = parse(text)
    assert list(machine.states) == ["On", "No"]
    assert machine.states["On"].fields["Timestamp"] == "2016-08-18T17:33:00Z"


def test_of_a_key_that_stands_twice_the_last_one_counts() -> None:
    assert read_definition('{"a": 1, "a": 2}') == {"a": 2}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n",
        "a: [1",
        "a: &x [*x, *x]\nb: !Ref c",
        "just words",
        "{",
        "- 1",
        "!!python/object:os.system {}",
    ],
)
def test_what_is_neither_json_nor_yaml_is_told_without_a_traceback(text: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse(text)
    assert caught.value.diagnostics


def test_aliases_cannot_blow_a_definition_up() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 8)}]" for n in range(1, 12)]
    with pytest.raises(DefinitionError, match="too large"):
        parse("\n".join(lines))


def test_a_value_that_json_lacks_is_refused() -> None:
    with pytest.raises(DefinitionError, match="has no place in JSON"):
        parse({"StartAt": {1, 2}})
