"""Reference paths, and the laws of reading and writing."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.asl import ExpressionSyntaxError, StatesError
from kit.asl.reference_paths import compile_reference_path

NAMES = st.sampled_from(["a", "b", "c", "detail-type"])
LEAVES = st.none() | st.booleans() | st.integers(-5, 5) | st.text("xyz", max_size=3)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)
OBJECTS = st.dictionaries(NAMES, JSON, max_size=4)
STEPS = st.lists(NAMES | st.integers(0, 2), min_size=1, max_size=4)


def text_of(steps: list[str | int]) -> str:
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f"['{step}']" for step in steps)


@given(OBJECTS, STEPS, JSON)
def test_what_was_written_is_read(value: Any, steps: list[str | int], new: Any) -> None:
    path = compile_reference_path(text_of(steps))
    try:
        written = path.write(value, new)
    except StatesError:
        return
    assert path.read(written) == new


@given(OBJECTS, STEPS, JSON)
def test_a_write_leaves_the_original_and_all_other_places_as_they_were(
    value: Any, steps: list[str | int], new: Any
) -> None:
    before = copy.deepcopy(value)
    try:
        written = compile_reference_path(text_of(steps)).write(value, new)
    except StatesError:
        assert value == before
        return
    assert value == before
    assert {key: item for key, item in written.items() if key != steps[0]} == {
        key: item for key, item in before.items() if key != steps[0]
    }


@given(OBJECTS, STEPS)
def test_writing_what_is_there_changes_nothing(value: Any, steps: list[str | int]) -> None:
    path = compile_reference_path(text_of(steps))
    try:
        found = path.read(value)
    except StatesError:
        return
    assert path.write(value, found) == value


def test_the_whole_is_replaced() -> None:
    assert compile_reference_path("$").write({"a": 1}, 2) == 2


def test_objects_on_the_way_are_made() -> None:
    assert compile_reference_path("$.a.b.c").write({"x": 1}, 2) == {"x": 1, "a": {"b": {"c": 2}}}


def test_other_items_of_an_array_stay() -> None:
    assert compile_reference_path("$.a[1].b").write({"a": [0, {"c": 1}, 2]}, 9) == {
        "a": [0, {"c": 1, "b": 9}, 2]
    }


@pytest.mark.parametrize(
    ("value", "path"), [({"a": 1}, "$.a.b"), ({"a": []}, "$.a[0]"), ([1], "$.a"), (None, "$.a")]
)
def test_a_write_through_something_else_fails(value: Any, path: str) -> None:
    with pytest.raises(StatesError) as caught:
        compile_reference_path(path).write(value, 0)
    assert caught.value.error == "States.ReferencePathConflict"
    assert caught.value.cause.startswith('Unable to apply step "')


def test_a_conflict_names_the_step_and_the_whole_input() -> None:
    with pytest.raises(StatesError) as caught:
        compile_reference_path("$.discovery.objects").read({"discovery": {"statusCode": 500}})
    assert caught.value.cause == 'Unable to apply step "objects" to input {"discovery":{"statusCode":500}}'


@pytest.mark.parametrize(
    "text", ["$.a[*]", "$..a", "$.a[1:2]", "$.a[?(@.b)]", "$['a','b']", "$$.a", "$v.a", "$.a[-1]"]
)
def test_a_path_to_several_places_or_elsewhere_is_refused(text: str) -> None:
    with pytest.raises(ExpressionSyntaxError):
        compile_reference_path(text)
