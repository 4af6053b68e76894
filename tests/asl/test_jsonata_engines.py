"""Two engines, one answer; and the list of where they differ."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.asl import JsonataError
from kit.asl.jsonata import Moment, compile_jsonata
from kit.asl.jsonata_engines import Engine, Jlens, JsonataPython

STATES: Any = {
    "input": {
        "orders": [
            {"id": "a", "total": 10, "tags": ["x", "y"], "at": "2026-04-06T08:00:00Z"},
            {"id": "b", "total": 25.5, "tags": ["y"], "at": "2026-04-07T08:00:00Z"},
            {"id": "c", "total": 3, "tags": [], "at": "2026-04-05T08:00:00Z"},
        ],
        "name": "staging",
        "n": 5,
        "flag": False,
    },
    "context": {"State": {"Name": "P"}},
}
VARIABLES: Any = {"limit": 5, "prefix": "db-", "seen": ["a"], "nothing": None}


def answer(engine: Engine, expression: str, states: Any = STATES) -> Any:
    try:
        moment = Moment(0, random.Random(1))
        return compile_jsonata(expression, engine).evaluate(states, VARIABLES, moment)
    except JsonataError as failed:
        return ("failed", failed.code, failed.what.partition("during")[0])


AGREED = [
    "$states.input.orders.id",
    "$states.input.orders[total > $limit].id",
    "$states.input.orders[id in $seen].total",
    "$states.input.orders[-1]",
    "$states.input.orders[0].tags",
    "$states.input.orders[2].tags",
    "$sum($states.input.orders.total)",
    "$count($states.input.orders)",
    "$average($states.input.orders.total)",
    "$max($states.input.orders.total) - $min($states.input.orders.total)",
    "$states.input.orders^(>total).id",
    "$states.input.orders^(at).id",
    "$states.input.orders{id: total}",
    "$states.input.orders.{'key': id, 'first': tags[0]}",
    "$states.input.orders.tags",
    "$distinct($states.input.orders.tags)",
    "$filter($states.input.orders, function($o) { $o.total < 20 })",
    "$reduce($states.input.orders.total, function($a, $b) { $a + $b })",
    "$map($states.input.orders, function($o, $i) { $i & ':' & $o.id })",
    "$each({'a': 1, 'b': 2}, function($v, $k) { $k & $v })",
    "$keys($states.input)",
    "$lookup($states.input, 'name')",
    "$merge([$states.input.orders[0], {'done': true}])",
    "$exists($states.input.absent)",
    "$type($states.input.orders)",
    "$boolean($states.input.flag)",
    "$not($states.input.flag) and true",
    "$states.input.n > 3 ? 'big' : 'small'",
    "$prefix & $states.input.name",
    "$uppercase($states.input.name)",
    "$substringAfter('db-staging', '-')",
    "$split('a,b,c', ',')",
    "$join(['a', 'b'], '-')",
    "$replace('2026-04-06', '-', '/')",
    "$match('db-12', /[0-9]+/).match",
    "$pad('7', -3, '0')",
    "$formatNumber(1234.5, '#,##0.00')",
    "$round(2.5)",
    "$round(3.14159, 2)",
    "$power(2, 10)",
    "$floor(-1.5)",
    "$string({'a': [1, null]})",
    "$number('12.5')",
    "$toMillis('2026-04-06T00:00:00Z')",
    "$fromMillis(1775433600000)",
    "$fromMillis(1775433600000, '[Y0001]-[M01]-[D01]')",
    "$base64encode('staging')",
    "$encodeUrlComponent('a b')",
    "$reverse([1, 2, 3])",
    "$zip([1, 2], ['a', 'b'])",
    "$append([1], 2)",
    "$sort([3, 1, 2])",
    "[1..3]",
    "($x := 2; $y := $x * 3; $y + 1)",
    "$states.input.orders ~> $count()",
    "$spread({'a': 1, 'b': 2})",
    "$sift({'a': 1, 'b': 20}, function($v) { $v > 5 })",
    "$single($states.input.orders, function($o) { $o.id = 'b' })",
    "$states.input.absent",
    "$states.input.name + 1",
    "$sum('a')",
    "$error('stop')",
    "$assert(false, 'must hold')",
    "$partition([1, 2, 3], 2)",
    "$range(1, 9, 9)",
    "$hash('input data', 'MD5')",
    "$parse('{\"a\": 1}').a",
    "$random(42)",
    "$uuid()",
    "1 + 2 * 3 - 4 / 2 % 3",
    "'a' < 'b' and 1 <= 1 or false",
    "$states.input.**.id",
    "$states.input.orders.tags[0]",
    "$states.input.orders[tags[0] = 'x'].id",
    "$states.input.orders@$o.$o.id",
    "$states.input.orders#$i.($i & id)",
]

DIFFERENT = {
    # A variable that is null is undefined for jsonata-python.
    "$exists($nothing)": (True, False),
    # It raises Python's own error, without JSONata's code.
    "$number('x')": (("failed", "D3030", "threw an error "), ("failed", None, "threw an error ")),
    # Its $now reads the machine's clock; ours is virtual.
    "$now() = '1970-01-01T00:00:00.000Z'": (True, False),
}


@pytest.mark.parametrize("expression", AGREED)
def test_both_engines_give_the_same_answer(expression: str) -> None:
    assert answer(Jlens(), expression) == answer(JsonataPython(), expression)


@pytest.mark.parametrize("expression", DIFFERENT)
def test_where_they_differ_is_known(expression: str) -> None:
    assert (answer(Jlens(), expression), answer(JsonataPython(), expression)) == DIFFERENT[expression]


NUMBERS = st.lists(st.integers(-100, 100), max_size=6)


@given(NUMBERS, st.integers(-3, 3))
def test_both_engines_agree_on_lists_of_numbers(numbers: list[int], limit: int) -> None:
    states = {"input": {"n": numbers}}
    for expression in ("$states.input.n[$ > %d]", "$sum($states.input.n) + %d", "$states.input.n[%d]"):
        text = expression % limit
        assert answer(Jlens(), text, states) == answer(JsonataPython(), text, states)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=10,
)


@given(JSON, st.lists(st.sampled_from("abc"), max_size=3))
def test_a_mere_path_gives_what_the_engine_gives(value: Any, names: list[str]) -> None:
    path = ".".join(["$states.input", *names])
    states = {"input": value}
    # In brackets it is no mere path, and goes to the engine.
    assert answer(Jlens(), path, states) == answer(Jlens(), f"({path})", states)
