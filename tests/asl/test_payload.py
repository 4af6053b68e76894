"""Payload templates of JSONPath states."""

from __future__ import annotations

from typing import Any

import pytest

from kit.asl import ExpressionSyntaxError, StatesError
from kit.asl.payload import compile_payload
from kit.asl.scope import Surroundings

SCOPE = Surroundings({"State": {"Name": "P"}}, {"v": 7})
INPUT: Any = {"i": 1, "items": [1, 2], "o": {"p": None}}


def made(template: Any, value: Any = INPUT) -> Any:
    return compile_payload(template)(value, SCOPE)


def test_keys_with_a_dollar_take_their_values_and_lose_it() -> None:
    template = {"z": 0, "a.$": "$.i", "b.$": "$$.State.Name", "c.$": "$v", "d.$": "States.Array($.i, 2)"}
    assert made(template) == {"z": 0, "a": 1, "b": "P", "c": 7, "d": [1, 2]}


def test_the_order_of_keys_stays() -> None:
    assert list(made({"b.$": "$.i", "a": 1, "c.$": "$.i"})) == ["b", "a", "c"]


def test_templates_nest_in_objects_and_arrays() -> None:
    assert made({"a": [{"b.$": "$.i"}, "$.i"], "c": {"d": {"e.$": "$.o.p"}}}) == {
        "a": [{"b": 1}, "$.i"],
        "c": {"d": {"e": None}},
    }


def test_a_template_without_a_dollar_is_one_and_the_same_value() -> None:
    template = {"a": [1, {"b": "$.i"}]}
    assert made(template) is template


def test_an_absent_path_names_field_and_input() -> None:
    with pytest.raises(StatesError) as caught:
        made({"a": {"value.$": "$.no"}})
    assert caught.value.error == "States.Runtime"
    assert caught.value.cause == (
        "The JSONPath '$.no' specified for the field 'value.$' could not be found in the input "
        '\'{"i":1,"items":[1,2],"o":{"p":null}}\''
    )


def test_an_index_past_the_end_is_null_in_a_template() -> None:
    assert made({"a.$": "$.items[5]"}) == {"a": None}
    with pytest.raises(StatesError):
        made({"a.$": "$.nothing[5]"})
    with pytest.raises(StatesError):
        made({"a.$": "$.items[5].x"})


@pytest.mark.parametrize("value", [1, None, "text", "$.a[", "States.Nope()", "States.Array("])
def test_a_dollar_key_with_anything_else_is_refused(value: Any) -> None:
    with pytest.raises(ExpressionSyntaxError):
        compile_payload({"a.$": value})
