"""Intrinsic functions: values, laws, words."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.asl import ExpressionSyntaxError, StatesError
from kit.asl.intrinsics import compile_intrinsic
from kit.asl.scope import Surroundings

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


class SeededScope(Surroundings):
    __slots__ = ("random",)

    def __init__(self, seed: int) -> None:
        super().__init__({"Name": "P"}, {"v": [1, 2]})
        self.random = random.Random(seed)


def call(text: str, value: Any = None) -> Any:
    return compile_intrinsic(text)(value, SeededScope(1))


@pytest.mark.parametrize(
    ("text", "value", "result"),
    [
        ("States.Format('{} is {}', $.a, 2)", {"a": "x"}, "x is 2"),
        ("States.Format('{}', $.a)", {"a": {"b": [1, None]}}, '{"b":[1,null]}'),
        ("States.Format('{}', $.a)", {"a": 1.0}, "1.0"),
        (r"States.Format('It\'s \{{}\} \\', $.a)", {"a": True}, "It's {true} \\"),
        ("States.Format($.t, 1)", {"t": "n={}"}, "n=1"),
        ("States.Format('plain')", None, "plain"),
        ("States.StringToJson($.s)", {"s": '{"a":[1,2.5]}'}, {"a": [1, 2.5]}),
        ("States.JsonToString($.a)", {"a": {"b": "ü"}}, '{"b":"ü"}'),
        ("States.Array()", None, []),
        ("States.Array('a', 1, 2.5, true, null, $$.Name, $v[1])", None, ["a", 1, 2.5, True, None, "P", 2]),
        ("States.ArrayContains($, true)", [1], False),
        ("States.ArrayUnique($)", [1, 1.0, True, "1", [1], [1]], [1, True, "1", [1]]),
        ("States.ArrayRange(1, 9, 2)", None, [1, 3, 5, 7, 9]),
        ("States.ArrayRange(9, 1, -4)", None, [9, 5, 1]),
        ("States.ArrayGetItem($, States.MathAdd(States.ArrayLength($), -1))", [1, 2, 3], 3),
        ("States.MathAdd($.a, $.b)", {"a": -1.5, "b": 2.5}, 2),
        ("States.StringSplit('1,2;3', ',;')", None, ["1", "2", "3"]),
        ("States.JsonMerge($.a, $.b, false)", {"a": {"x": 1, "y": 1}, "b": {"y": 2}}, {"x": 1, "y": 2}),
        ("States.Hash('input data', 'SHA-1')", None, "aaff4a450a104cd177d28d18d74485e8cae074b7"),
        ("  States.ArrayLength( $.a[?(@.b == ',)')] )", {"a": [{"b": ",)"}]}, 1),
    ],
)
def test_a_function_gives_what_the_guide_says(text: str, value: Any, result: Any) -> None:
    found = call(text, value)
    assert found == result
    assert type(found) is type(result)


@given(st.text(max_size=50))
def test_base64_goes_there_and_back(text: str) -> None:
    assert call("States.Base64Decode(States.Base64Encode($))", text) == text


@given(st.lists(JSON, max_size=20), st.integers(1, 6))
def test_the_chunks_of_a_partition_make_the_array_again(items: list[Any], size: int) -> None:
    chunks = call("States.ArrayPartition($.items, $.size)", {"items": items, "size": size})
    assert [item for chunk in chunks for item in chunk] == items
    assert all(len(chunk) == size for chunk in chunks[:-1])
    assert all(chunks)


@given(JSON)
def test_json_goes_to_text_and_back(value: Any) -> None:
    assert call("States.StringToJson(States.JsonToString($))", value) == value


@given(st.lists(JSON, max_size=8))
def test_unique_items_are_those_of_the_array_each_once(items: list[Any]) -> None:
    kept = call("States.ArrayUnique($)", items)
    assert all(call("States.ArrayContains($.kept, $.item)", {"kept": kept, "item": item}) for item in items)
    assert call("States.ArrayUnique($)", kept) == kept


@given(st.integers(-1000, 1000), st.integers(-1000, 1000))
def test_addition_of_whole_numbers_is_addition(left: int, right: int) -> None:
    assert call("States.MathAdd($.l, $.r)", {"l": left, "r": right}) == left + right


def test_random_numbers_come_from_the_scope_and_lie_between() -> None:
    assert call("States.MathRandom(1, 9999)") == call("States.MathRandom(1, 9999)")
    assert all(1 <= call("States.MathRandom(1, 3, $)", seed) < 3 for seed in range(20))
    uuid = call("States.UUID()")
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", uuid)
    assert call("States.UUID()") == uuid


def test_constants_are_computed_once() -> None:
    read = compile_intrinsic("States.StringSplit('a,b', ',')")
    assert read(None, Surroundings()) is read(None, Surroundings())


@pytest.mark.parametrize(
    ("text", "value", "field"),
    [
        ("States.Format('{}', $.nope)", {"other": 1}, "$.nope"),
        ("States.Format('{}',$.nope)", {"other": 1}, "$.nope"),
        ("States.Format('{}', States.Format('{}', $.nope))", {"other": 1}, "$.nope"),
        ("States.ArrayLength($.items[5])", {"items": [1]}, "$.items[5]"),
        ("States.Format('{}', $$.Nope.Deep)", {"other": 1}, "$.Nope.Deep"),
    ],
)
def test_an_absent_argument_is_told_with_the_whole_expression(text: str, value: Any, field: str) -> None:
    with pytest.raises(StatesError) as caught:
        call(text, value)
    written = str(value).replace("'", '"').replace(" ", "")
    assert caught.value.error == "States.Runtime"
    assert caught.value.cause == (
        f"The function '{text}' had the following error: The JsonPath argument for the field '{field}' "
        f"could not be found in the input '{written}'"
    )


def test_an_index_into_a_number_is_told_in_the_library_s_words() -> None:
    with pytest.raises(
        StatesError, match=r"Filter: \[0\] can only be applied to arrays. Current context is: 1"
    ):
        call("States.Format('{}', $.other[0])", {"other": 1})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("States.ArrayGetItem($, 3)", [1]),
        ("States.ArrayGetItem($, -1)", [1]),
        ("States.ArrayPartition($, 0)", [1]),
        ("States.ArrayLength($)", "text"),
        ("States.ArrayRange(1, 5000, 1)", None),
        ("States.ArrayRange(1, 5, 0)", None),
        ("States.Base64Decode('%%')", None),
        ("States.Base64Encode($)", "x" * 10_001),
        ("States.Hash('a', 'MD4')", None),
        ("States.JsonMerge($, $, true)", {}),
        ("States.JsonMerge($, 1, false)", {}),
        ("States.MathAdd($, 1)", "1"),
        ("States.MathAdd($, 1)", True),
        ("States.MathRandom(5, 5)", None),
        ("States.StringToJson('{')", None),
        ("States.Format($, 1)", "no place"),
        ("States.StringSplit($, ',')", 1),
    ],
)
def test_what_a_function_cannot_do_is_an_intrinsic_failure(text: str, value: Any) -> None:
    with pytest.raises(StatesError) as caught:
        call(text, value)
    assert caught.value.error == "States.IntrinsicFailure"
    assert caught.value.cause.startswith(f"The function '{text}' had the following error: ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("States.Formt('a')", "did you mean 'States.Format'"),
        ("States.Array(1", "found the end"),
        ("States.Array(1 2)", "Expected ',' or '\\)'"),
        ("States.Array(,)", "An argument is"),
        ("States.Array('a)", "An argument is"),
        ("States.Array(1) + 1", "Unexpected text"),
        ("States.UUID(1)", "takes 0 arguments, found 1"),
        ("States.MathRandom(1)", "takes 2 to 3 arguments"),
        ("States.Format()", "takes at least 1"),
        ("States.Format('{}')", "1 placeholders '{}' and 0 values"),
        ("States.Format(1)", "must be a string"),
        ("States.Array($.a[)", "found the end"),
        ("States.Array(" * 11 + ")" * 11, "up to 10 deep"),
        ("Math.Add(1,2)", "begins with 'States.'"),
    ],
)
def test_what_is_no_call_is_refused(text: str, message: str) -> None:
    with pytest.raises(ExpressionSyntaxError, match=message):
        compile_intrinsic(text)
