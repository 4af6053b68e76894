"""Choice rules, against a direct reading of their meaning."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.asl import ExpressionSyntaxError, StatesError
from kit.asl.choice import OPERATORS, compile_test
from kit.asl.scope import Surroundings

SCOPE = Surroundings({}, {"limit": 5})
STAMPS = [
    "2016-08-18T17:33:00Z",
    "2016-08-18T19:33:00+02:00",
    "2016-08-18T17:33:00.001Z",
    "2026-01-01T00:00:00Z",
]
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([0.5, 1.0, -2.5]),
    st.sampled_from(["", "a", "A", "ab", "é", "😀", "\ufb03", *STAMPS]),
    st.lists(st.integers(), max_size=1),
    st.dictionaries(st.just("k"), st.integers(), max_size=1),
)


def holds(rule: dict[str, Any], value: Any) -> bool:
    return compile_test(rule)(value, SCOPE)


def kind(value: Any) -> str | None:
    if isinstance(value, bool):
        return "Boolean"
    return {int: "Numeric", float: "Numeric", str: "String"}.get(type(value))


def in_order(left: Any, right: Any, order: str) -> bool:
    """The spec, read aloud: values of one kind, compared."""
    if isinstance(left, str):
        left, right = left.encode("utf-16-be"), right.encode("utf-16-be")
    orders: dict[str, bool] = {
        "Equals": left == right,
        "LessThan": left < right,
        "GreaterThan": left > right,
        "LessThanEquals": left <= right,
        "GreaterThanEquals": left >= right,
    }
    return orders[order]


ORDERS = ["Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals"]


@given(VALUES, VALUES, st.sampled_from(["Numeric", "String"]), st.sampled_from(ORDERS))
def test_a_comparison_is_true_where_both_are_of_its_kind_and_in_order(
    left: Any, right: Any, family: str, order: str
) -> None:
    expected = kind(left) == kind(right) == family and in_order(left, right, order)
    value = {"left": left, "right": right}
    assert holds({"Variable": "$.left", f"{family}{order}Path": "$.right"}, value) is expected
    if kind(right) == family:
        assert holds({"Variable": "$.left", f"{family}{order}": right}, value) is expected


@given(st.sampled_from(STAMPS), st.sampled_from(STAMPS), st.sampled_from(ORDERS))
def test_timestamps_are_compared_as_moments(left: str, right: str, order: str) -> None:
    expected = in_order(datetime.fromisoformat(left), datetime.fromisoformat(right), order)
    assert holds({"Variable": "$", f"Timestamp{order}": right}, left) is expected


@given(VALUES)
def test_every_type_test_has_an_opposite(value: Any) -> None:
    for operator in ("IsNull", "IsString", "IsNumeric", "IsBoolean", "IsTimestamp", "IsPresent"):
        yes = holds({"Variable": "$.v", operator: True}, {"v": value})
        assert yes is not holds({"Variable": "$.v", operator: False}, {"v": value})


@given(st.lists(st.booleans(), min_size=1, max_size=4))
def test_and_or_not_are_those_of_logic(bits: list[bool]) -> None:
    value = {f"b{at}": bit for at, bit in enumerate(bits)}
    rules = [{"Variable": f"$.{name}", "BooleanEquals": True} for name in value]
    assert holds({"And": rules}, value) is all(bits)
    assert holds({"Or": rules}, value) is any(bits)
    assert holds({"Not": {"Or": rules}}, value) is not any(bits)


def test_there_are_39_comparison_operators() -> None:
    assert len(OPERATORS) == len(set(OPERATORS)) == 39


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("log-*.txt", "log-1.txt", True),
        ("*", "", True),
        ("a*c", "abbc", True),
        ("a*c", "abd", False),
        (r"a\*c", "a*c", True),
        (r"a\*c", "abc", False),
        (r"a\\*", "a\\b", True),
        ("a.c", "abc", False),
        ("a*", "a\nb", True),
    ],
)
def test_string_matches_knows_stars(pattern: str, text: str, matches: bool) -> None:
    assert holds({"Variable": "$", "StringMatches": pattern}, text) is matches


def test_true_is_not_a_number() -> None:
    assert not holds({"Variable": "$", "NumericEquals": 1}, True)
    assert not holds({"Variable": "$", "IsNumeric": True}, True)


def test_an_absent_variable_is_an_error_but_for_is_present() -> None:
    with pytest.raises(StatesError) as caught:
        holds({"Variable": "$.no", "NumericEquals": 1}, {})
    assert caught.value.cause == (
        "Invalid path '$.no': The choice state's condition path references an invalid value."
    )
    assert caught.value.error == "States.Runtime"
    assert holds({"Variable": "$.no", "IsPresent": False}, {})
    assert holds({"Variable": "$.no.deeper", "IsPresent": False}, {})
    assert holds({"Variable": "$nothing", "IsPresent": False}, {})


def test_a_rule_may_ask_variables_and_compare_with_them() -> None:
    assert holds({"Variable": "$limit", "NumericGreaterThanPath": "$.n"}, {"n": 4})


def test_and_stops_at_the_first_that_fails() -> None:
    guard = [{"Variable": "$.no", "IsPresent": True}, {"Variable": "$.no", "NumericEquals": 1}]
    assert not holds({"And": guard}, {})


def test_a_rule_without_a_test_is_refused() -> None:
    with pytest.raises(ExpressionSyntaxError, match="A choice rule needs one of these fields"):
        compile_test({"Variable": "$.a", "Next": "B"})
