"""Broken definitions, made by chance: each gets a diagnosis, none a traceback; what has none compiles."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kit.asl import diagnose, parse
from kit.asl.choice import compile_test
from kit.asl.definition import Choice, Fallible, State
from kit.asl.jsonata import compile_template
from kit.asl.paths import compile_path, compile_reference_path
from kit.asl.payload import compile_expression, compile_payload

FLOW: Any = {"StartAt": "A", "States": {"A": {"Type": "Wait", "SecondsPath": "$.s", "End": True}}}
SOUND: list[Any] = [
    {
        "StartAt": "T",
        "TimeoutSeconds": 60,
        "States": {
            "T": {
                "Type": "Task",
                "Resource": "arn:aws:states:::aws-sdk:rds:stopDBCluster",
                "InputPath": "$.a",
                "Parameters": {"DbClusterIdentifier.$": "$.id", "n": [{"x.$": "States.MathAdd($.n, 1)"}]},
                "ResultSelector": {"s.$": "$.Status"},
                "ResultPath": "$.r",
                "OutputPath": "$.r",
                "TimeoutSecondsPath": "$.t",
                "Retry": [{"ErrorEquals": ["A"], "MaxAttempts": 1}, {"ErrorEquals": ["States.ALL"]}],
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "F", "ResultPath": None}],
                "Assign": {"v.$": "$.x"},
                "Next": "C",
            },
            "C": {
                "Type": "Choice",
                "Choices": [
                    {
                        "And": [
                            {"Variable": "$.a", "NumericLessThan": 1},
                            {"Not": {"Variable": "$v", "IsNull": True}},
                        ],
                        "Next": "M",
                    },
                    {"Variable": "$$.State.Name", "StringEqualsPath": "$.b", "Next": "F"},
                ],
                "Default": "F",
            },
            "M": {
                "Type": "Map",
                "ItemsPath": "$.items",
                "ItemProcessor": FLOW,
                "ItemSelector": {"i.$": "$$.Map.Item.Index"},
                "MaxConcurrencyPath": "$.m",
                "End": True,
            },
            "F": {"Type": "Fail", "ErrorPath": "$.e", "CausePath": "States.Format('{}', $.c)"},
        },
    },
    {
        "QueryLanguage": "JSONata",
        "StartAt": "P",
        "States": {
            "P": {
                "Type": "Parallel",
                "Branches": [
                    {
                        "StartAt": "B",
                        "States": {"B": {"Type": "Pass", "Output": "{% $states.input %}", "End": True}},
                    }
                ],
                "Arguments": {"a": "{% $states.input.a %}"},
                "Output": {"r": ["{% $states.result[0] %}", 1]},
                "Assign": {"v": "{% $states.result %}"},
                "Catch": [{"ErrorEquals": ["X"], "Next": "W", "Output": "{% $states.errorOutput %}"}],
                "Next": "C",
            },
            "C": {
                "Type": "Choice",
                "Choices": [{"Condition": "{% $v[0] > 1 %}", "Next": "W", "Output": 1}],
                "Default": "W",
            },
            "W": {"Type": "Wait", "Timestamp": "{% $now() %}", "Next": "D"},
            "D": {
                "Type": "Map",
                "Items": ["{% 1 %}", 2],
                "Label": "d",
                "ItemBatcher": {"MaxItemsPerBatch": 2, "BatchInput": {"x": "{% $v %}"}},
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "S",
                    "States": {"S": {"Type": "Succeed", "Output": "{% $states.input %}"}},
                },
                "ToleratedFailurePercentage": "{% 5 %}",
                "End": True,
            },
        },
    },
]
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 200),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        [
            "",
            "$",
            "$.a[",
            "$..x",
            "$$.a",
            "$v",
            "States.UUID()",
            "States.X(",
            "{% 1 %}",
            "{% 1",
            "{% $$ %}",
            "Z",
            "A",
            "JSONata",
            "${P}",
            "Pass",
            "Map",
            "Choice",
            "Fail",
        ]
    ),
    st.just([]),
    st.just({}),
    st.lists(st.integers(), max_size=2),
    st.just(FLOW),
)
KEYS = st.sampled_from(
    [
        "Type",
        "Next",
        "End",
        "Output",
        "Assign",
        "Choices",
        "Branches",
        "ItemProcessor",
        "Catch",
        "Retry",
        "Parameters",
        "QueryLanguage",
        "a.$",
        "Condition",
        "Variable",
        "Extra",
    ]
)


@st.composite
def broken(draw: st.DrawFn) -> Any:
    """A sound definition with one to four places changed."""
    definition = copy.deepcopy(draw(st.sampled_from(SOUND)))
    for _ in range(draw(st.integers(1, 4))):
        here = definition
        for _ in range(draw(st.integers(0, 7))):
            places = list(here) if isinstance(here, dict) else list(range(len(here)))
            below = [place for place in places if isinstance(here[place], dict | list) and here[place]]
            if not below:
                break
            here = here[draw(st.sampled_from(below))]
        if isinstance(here, list):
            at = draw(st.integers(0, max(0, len(here) - 1)))
            here[at : at + 1] = [copy.deepcopy(draw(VALUES))]
        elif here and draw(st.booleans()):
            del here[draw(st.sampled_from(sorted(here)))]
        else:
            key = draw(KEYS | st.sampled_from(sorted(here))) if here else draw(KEYS)
            here[key] = copy.deepcopy(draw(VALUES))
    return definition


READERS: dict[str, Callable[[Any], object]] = {
    **dict.fromkeys(
        ("InputPath", "OutputPath", "SecondsPath", "TimeoutSecondsPath", "ItemsPath", "MaxConcurrencyPath"),
        compile_path,
    ),
    **dict.fromkeys(("Parameters", "ResultSelector", "ItemSelector", "Assign"), compile_payload),
    **dict.fromkeys(("ErrorPath", "CausePath"), compile_expression),
    "ResultPath": compile_reference_path,
}
TEMPLATES = (
    "Arguments",
    "Output",
    "Assign",
    "Items",
    "ItemSelector",
    "Seconds",
    "Timestamp",
    "Error",
    "Cause",
)


def compile_state(state: State) -> None:
    """Compiles what an engine would."""
    fields = [state.fields]
    if isinstance(state, Fallible):
        fields += [catcher.fields for catcher in state.catchers]
    if isinstance(state, Choice):
        fields += [rule.fields for rule in state.rules]
        if state.query_language == "JSONPath":
            for rule in state.rules:
                compile_test(rule.fields)
    for one in fields:
        for name, value in one.items():
            if state.query_language == "JSONata" and name in (*TEMPLATES, "Condition"):
                compile_template(value, name)
            elif state.query_language == "JSONPath" and name in READERS and value is not None:
                READERS[name](value)


def test_the_sound_ones_are_sound() -> None:
    for definition in SOUND:
        assert diagnose(definition, placeholders=False) == []
        for state in parse(definition).walk():
            compile_state(state)


@given(broken())
def test_a_broken_definition_gets_a_diagnosis_and_a_sound_one_compiles(definition: Any) -> None:
    found = diagnose(json.dumps(definition), placeholders=False)
    assert all(one.message and one.code and str(one) for one in found)
    if not found:
        for state in parse(definition).walk():
            compile_state(state)


@given(broken())
def test_with_placeholders_it_is_the_same_without_a_traceback(definition: Any) -> None:
    strict = diagnose(definition, placeholders=False)
    assert len(diagnose(definition)) <= len(strict)
    if not diagnose(definition):
        parse(definition)


@given(
    st.recursive(VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3))
)
def test_any_json_gets_a_diagnosis(value: Any) -> None:
    assert diagnose(json.dumps(value)) or isinstance(value, dict)
