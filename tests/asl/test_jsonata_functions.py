"""The functions that Step Functions adds to JSONata, with their odd arguments."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest

from kit.asl import JsonataError
from kit.asl.jsonata import Moment, compile_jsonata

UNDEFINED = object()


def value_of(expression: str, seed: int = 1) -> Any:
    try:
        return compile_jsonata(expression).evaluate({}, {}, Moment(0, random.Random(seed)))
    except JsonataError as failed:
        if "returned nothing" in failed.cause:
            return UNDEFINED
        raise


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$partition([1,2,3,4,5], 2)", [[1, 2], [3, 4], [5]]),
        ("$partition([0], 1)", [[0]]),
        ("$partition([1,2,3])", [[1, 2, 3]]),
        ("$partition([1,2,3,4,5], 2.9)", [[1, 2], [3, 4], [5]]),
        ("$partition([], 2)", UNDEFINED),
        ("$partition([1,2,3], 0)", UNDEFINED),
        ("$partition([1,2,3,4], -0.5)", UNDEFINED),
        ("$range(0, 10, 2)", [0, 2, 4, 6, 8, 10]),
        ("$range(10, 0, -2)", [10, 8, 6, 4, 2, 0]),
        ("$range(3, 3, 1)", 3),
        ("$range(-1.7, 2, 1)", [-1, 0, 1, 2]),
        ("$range(5, 1, -1.5)", [5, 4, 3, 2, 1]),
        ("$range(5, 1, 1)", UNDEFINED),
        ("$range(1, 5, 0)", UNDEFINED),
        ("$range(1, 5)", UNDEFINED),
        ("$count($range(1, 360145, 1))", 360_145),
        ("$hash('Hello', 'MD5')", "8b1a9953c4611296a827abf8c47804d7"),
        ("$hash('ñ', 'MD5')", "94e9342ecbb1458b6043ecd3bfcbc192"),
        ("$hash('Hello')", UNDEFINED),
        ('$parse(\'{"b":1,"a":[2]}\')', {"b": 1, "a": [2]}),
        ("$parse('1e2')", 100),
        ("$parse()", UNDEFINED),
        ("$parse('{\"n\":9223372036854775808}').n", 9.223372036854776e18),
        ("$random(42)", 0.7275636800328681),
        ("$random(0)", 0.730967787376657),
        ("$random(7)", 0.7306990420600421),
        ("$random(0.9)", 0.730967787376657),
        ("$uuid() = $uuid()", False),
        ("$map(['1', '2'], $parse)", [1, 2]),
    ],
)
def test_a_function_gives_what_aws_gives(expression: str, value: Any) -> None:
    assert value_of(expression) == value


@pytest.mark.parametrize(
    ("expression", "tail"),
    [
        ("$partition([1,2,3], -1)", "D3137: Second argument must be zero or greater"),
        ("$partition([1], 1, 'x')", "T0410: "),
        ("$range(1)", "T0410: "),
        ("$range(1, 360146, 1)", "Expression evaluation memory limit exceeded"),
        ("$hash('Hello', 'md5')", "D3137: "),
        ("$hash('Hello', 5)", "T0410: "),
        ("$hash(42, 'MD5')", "T0410: "),
        ("$parse(null)", "T0410: "),
        ('$parse(\'{"a":1,"a":2}\')', "D3137: Invalid JSON"),
        ("$parse('1e400')", "D3137: Invalid JSON"),
        ("$parse('  ')", "D3137: Invalid JSON"),
        ("$parse('NaN')", "D3137: Invalid JSON"),
        ("$random(1, 2)", "T0410: "),
        ("$random('a')", "T0410: "),
        ("$uuid('seed')", "T0410: "),
    ],
)
def test_an_argument_that_makes_no_sense_is_an_error(expression: str, tail: str) -> None:
    with pytest.raises(JsonataError, match=r"threw an error during evaluation[.:] " + re.escape(tail)):
        value_of(expression)


def test_chance_comes_from_the_moment() -> None:
    assert value_of("$uuid() & $random()", 3) == value_of("$uuid() & $random()", 3)
    assert value_of("$uuid()", 3) != value_of("$uuid()", 4)
    assert re.fullmatch(
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", value_of("$uuid()")
    )
