"""Conditions of policy statements.

Evaluated: the operators for strings, ARNs, numbers, dates and booleans, with `IfExists`, `Null`,
`ForAllValues:` and `ForAnyValue:`; not those for addresses and binary values. What isn't evaluated counts as
met, which `unknown` tells of.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol


class Facts(Protocol):
    """What is known of a request."""

    def knows(self, key: str) -> bool:
        """Whether the sandbox can tell what this condition key's value is, or that it has none."""

    def values(self, key: str) -> tuple[str, ...]:
        """The key's values, none where the request doesn't have it."""


def _number(text: str) -> float:
    return float(text)


def _moment(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return dt.datetime.fromisoformat(text).timestamp()


def _like(value: str, wanted: str) -> bool:
    escaped = re.escape(wanted).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(escaped, value, re.DOTALL) is not None


_TESTS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "StringEquals": lambda value, wanted: value == wanted,
    "StringEqualsIgnoreCase": lambda value, wanted: value.lower() == wanted.lower(),
    "StringLike": _like,
    "ArnEquals": _like,
    "ArnLike": _like,
    "Bool": lambda value, wanted: value.lower() == wanted.lower(),
    "NumericEquals": lambda value, wanted: _number(value) == _number(wanted),
    "NumericLessThan": lambda value, wanted: _number(value) < _number(wanted),
    "NumericLessThanEquals": lambda value, wanted: _number(value) <= _number(wanted),
    "NumericGreaterThan": lambda value, wanted: _number(value) > _number(wanted),
    "NumericGreaterThanEquals": lambda value, wanted: _number(value) >= _number(wanted),
    "DateEquals": lambda value, wanted: _moment(value) == _moment(wanted),
    "DateLessThan": lambda value, wanted: _moment(value) < _moment(wanted),
    "DateLessThanEquals": lambda value, wanted: _moment(value) <= _moment(wanted),
    "DateGreaterThan": lambda value, wanted: _moment(value) > _moment(wanted),
    "DateGreaterThanEquals": lambda value, wanted: _moment(value) >= _moment(wanted),
}
_NEGATED: Final = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
}


def are_met(condition: Mapping[str, Mapping[str, Any]], facts: Facts, unknown: set[str]) -> bool:
    """Whether all are. Keys and operators that aren't evaluated are put into `unknown`, and count as met."""
    for operator, block in condition.items():
        for key, wanted in block.items():
            if not _is_met(operator, key, tuple(_text(each) for each in _listed(wanted)), facts, unknown):
                return False
    return True


def _listed(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_met(operator: str, key: str, wanted: tuple[str, ...], facts: Facts, unknown: set[str]) -> bool:
    quantifier, _, name = operator.rpartition(":")
    if_exists = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    negated = name in _NEGATED
    test = _TESTS.get(_NEGATED.get(name, name))
    if not facts.knows(key) or (test is None and name != "Null"):
        unknown.add(key)
        return True
    values = facts.values(key)
    if name == "Null":
        return (not values) == (wanted[0] == "true")
    assert test is not None
    if not values:
        return if_exists or negated or quantifier == "ForAllValues"
    wanted = tuple(_filled(each, facts) for each in wanted)
    try:
        matching = [any(test(value, each) for each in wanted) != negated for value in values]
    except ValueError:
        return False
    return all(matching) if quantifier == "ForAllValues" or (negated and not quantifier) else any(matching)


def _filled(text: str, facts: Facts) -> str:
    """Policy variables: `${aws:PrincipalTag/team}`."""

    def value(found: re.Match[str]) -> str:
        values = facts.values(found[1])
        return values[0] if len(values) == 1 else found[0]

    return re.sub(r"\$\{([\w:/.-]+)\}", value, text)
