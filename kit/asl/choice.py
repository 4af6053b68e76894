"""Choice rules of JSONPath states, compiled to tests.

A comparison of unlike types is false, not an error; a Variable that finds nothing is an error,
save for IsPresent. https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from kit.asl.definition import Json
from kit.asl.errors import ExpressionSyntaxError, PathError, StatesError
from kit.asl.paths import compile_path
from kit.asl.scope import Reader, Scope
from kit.asl.timestamps import parse_timestamp

Test: TypeAlias = Callable[[Json, Scope], bool]
Compare: TypeAlias = Callable[[Json, Json], bool]

ORDERS: dict[str, Callable[[Json, Json], bool]] = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "GreaterThan": operator.gt,
    "LessThanEquals": operator.le,
    "GreaterThanEquals": operator.ge,
}
"""The endings of the comparison operators."""

COMBINATIONS = ("And", "Or", "Not")


def operator_of(fields: Mapping[str, Json]) -> str | None:
    """The name of the rule's test (`NumericLessThan`, `And`), None if it has none."""
    return next((name for name in fields if name in OPERATORS or name in COMBINATIONS), None)


def compile_test(rule_fields: Mapping[str, Json]) -> Test:
    """Compiles a rule, with its And, Or and Not. Raises ExpressionSyntaxError where there is no test."""
    name = operator_of(rule_fields)
    if name is None:
        raise ExpressionSyntaxError(
            f"A choice rule needs one of these fields: {', '.join([*COMBINATIONS, *OPERATORS])}"
        )
    operand = rule_fields[name]
    if name == "Not":
        inner = compile_test(operand)
        return lambda value, scope: not inner(value, scope)
    if name in COMBINATIONS:
        return _combined(name, [compile_test(one) for one in operand])
    variable = str(rule_fields.get("Variable"))
    if name == "IsPresent":
        return _is_present(variable, operand)
    read = _variable(variable)
    if name in _TYPES:
        return _is_type(read, _TYPES[name], operand)
    if name.endswith("Path"):
        return _against_path(read, _variable(operand), COMPARISONS[name.removesuffix("Path")])
    return _against_constant(read, operand, name)


def _combined(name: str, tests: list[Test]) -> Test:
    if len(tests) == 2:
        one, two = tests
        if name == "And":
            return lambda value, scope: one(value, scope) and two(value, scope)
        return lambda value, scope: one(value, scope) or two(value, scope)
    if name == "And":
        return lambda value, scope: all(test(value, scope) for test in tests)
    return lambda value, scope: any(test(value, scope) for test in tests)


def _variable(path: str) -> Reader:
    read = compile_path(path)

    def variable(value: Json, scope: Scope) -> Json:
        try:
            return read(value, scope)
        except PathError:
            cause = f"Invalid path '{path}': The choice state's condition path references an invalid value."
            raise StatesError("States.Runtime", cause) from None

    return variable


def _is_present(path: str, wanted: bool) -> Test:
    read = compile_path(path)

    def test(value: Json, scope: Scope) -> bool:
        try:
            read(value, scope)
        except PathError:
            return not wanted
        return wanted

    return test


def _is_type(read: Reader, is_one: Callable[[Json], bool], wanted: bool) -> Test:
    return lambda value, scope: is_one(read(value, scope)) is wanted


def _against_path(read: Reader, other: Reader, compare: Compare) -> Test:
    return lambda value, scope: compare(read(value, scope), other(value, scope))


def _against_constant(read: Reader, constant: Json, name: str) -> Test:
    if name == "StringMatches":
        matches = _pattern(constant).fullmatch
        return lambda value, scope: (
            isinstance(found := read(value, scope), str) and matches(found) is not None
        )
    if name.startswith("Numeric"):
        return _against_number(read, constant, ORDERS[name.removeprefix("Numeric")])
    compare = COMPARISONS[name]
    return lambda value, scope: compare(read(value, scope), constant)


def _against_number(read: Reader, constant: Json, compare: Compare) -> Test:
    def test(value: Json, scope: Scope) -> bool:
        found = read(value, scope)
        kind = type(found)
        return (kind is int or kind is float) and compare(found, constant)

    return test


def _pattern(text: str) -> re.Pattern[str]:
    r"""`*` stands for any number of characters, `\*` for a star and `\\` for a backslash."""
    parts = re.findall(r"\\[*\\]|.", text, re.DOTALL)
    return re.compile("".join(".*" if part == "*" else re.escape(part[-1]) for part in parts), re.DOTALL)


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_timestamp(value: Json) -> bool:
    return isinstance(value, str) and parse_timestamp(value) is not None


def _numeric(compare: Compare) -> Compare:
    return lambda left, right: _is_number(left) and _is_number(right) and compare(left, right)


def _boolean(compare: Compare) -> Compare:
    return lambda left, right: isinstance(left, bool) and isinstance(right, bool) and compare(left, right)


def _string(compare: Compare) -> Compare:
    """Texts are ordered by their UTF-16 units, as Java does; below U+D800 that is Python's order."""

    def test(left: Json, right: Json) -> bool:
        if not isinstance(left, str) or not isinstance(right, str):
            return False
        if left.isascii() or right.isascii():
            return compare(left, right)
        return compare(left.encode("utf-16-be", "surrogatepass"), right.encode("utf-16-be", "surrogatepass"))

    return test


def _timestamp(compare: Compare) -> Compare:
    def test(left: Json, right: Json) -> bool:
        if not isinstance(left, str) or not isinstance(right, str):
            return False
        one, two = parse_timestamp(left), parse_timestamp(right)
        return one is not None and two is not None and compare(one, two)

    return test


_TYPES: dict[str, Callable[[Json], bool]] = {
    "IsNull": lambda value: value is None,
    "IsNumeric": _is_number,
    "IsString": lambda value: isinstance(value, str),
    "IsBoolean": lambda value: isinstance(value, bool),
    "IsTimestamp": _is_timestamp,
}

COMPARISONS: dict[str, Compare] = {
    "BooleanEquals": _boolean(operator.eq),
    **{f"Numeric{name}": _numeric(compare) for name, compare in ORDERS.items()},
    **{f"String{name}": _string(compare) for name, compare in ORDERS.items()},
    **{f"Timestamp{name}": _timestamp(compare) for name, compare in ORDERS.items()},
}

OPERATORS: tuple[str, ...] = (
    *COMPARISONS,
    *(f"{name}Path" for name in COMPARISONS),
    "StringMatches",
    "IsPresent",
    *_TYPES,
)
"""All comparison operators of a JSONPath choice rule."""
