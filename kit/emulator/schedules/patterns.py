"""EventBridge's event patterns: which events a rule takes.

Exact values, prefix, suffix, equals-ignore-case, wildcard, anything-but, numeric, cidr, exists, `$or`.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

Json = Any

_MISSING: Final = object()
_COMPARE: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_OPERATORS: Final = frozenset(
    {"prefix", "suffix", "equals-ignore-case", "wildcard", "anything-but", "numeric", "cidr", "exists"}
)


class PatternError(ValueError):
    """The pattern is none that EventBridge takes."""


def check(pattern: Json) -> None:
    """Raises PatternError: each field is an object or a list of values and operators that exist."""
    if not isinstance(pattern, Mapping) or not pattern:
        raise PatternError("it is not an object with fields")
    for name, wanted in pattern.items():
        if name == "$or" and isinstance(wanted, list):
            for each in wanted:
                check(each)
        elif isinstance(wanted, Mapping):
            check(wanted)
        elif not isinstance(wanted, list):
            raise PatternError(f'"{name}" must be an object or an array')
        elif not wanted:
            raise PatternError("Empty arrays are not allowed")
        else:
            for each in wanted:
                if isinstance(each, Mapping) and (len(each) != 1 or not _OPERATORS & each.keys()):
                    raise PatternError(f"Unrecognized match type {next(iter(each), '')}")


def matches(pattern: Mapping[str, Json], event: Json) -> bool:
    """Whether all fields of the pattern are met. A field of the event that is a list is met by one item."""
    for name, wanted in pattern.items():
        if name == "$or" and isinstance(wanted, list):
            if not any(matches(each, event) for each in wanted):
                return False
            continue
        found = event.get(name, _MISSING) if isinstance(event, Mapping) else _MISSING
        if isinstance(wanted, Mapping):
            inside = found if isinstance(found, list) else [{} if found is _MISSING else found]
            if not any(matches(wanted, each) for each in inside):
                return False
        elif not _is_met(wanted, found):
            return False
    return True


def _is_met(wanted: list[Json], found: Json) -> bool:
    values = found if isinstance(found, list) else [found]
    for each in wanted:
        if isinstance(each, Mapping) and "exists" in each:
            if (found is not _MISSING and not isinstance(found, Mapping)) == bool(each["exists"]):
                return True
        elif any(value is not _MISSING and _fits(each, value) for value in values):
            return True
    return False


def _fits(wanted: Json, value: Json) -> bool:
    if not isinstance(wanted, Mapping):
        return (type(wanted) is type(value) and wanted == value) or _same_number(wanted, value)
    ((name, argument),) = wanted.items()
    if name == "anything-but":
        return not _any_of(argument, value)
    if name == "numeric":
        return _is_number(value) and _within(argument, float(value))
    if not isinstance(value, str):
        return False
    if name in ("prefix", "suffix"):
        ignoring = isinstance(argument, Mapping)
        text = str(argument["equals-ignore-case"]).lower() if ignoring else str(argument)
        held = value.lower() if ignoring else value
        return held.startswith(text) if name == "prefix" else held.endswith(text)
    if name == "equals-ignore-case":
        return value.lower() == str(argument).lower()
    if name == "wildcard":
        return _like(str(argument), value)
    if name == "cidr":
        return _in_network(str(argument), value)
    return False


def _any_of(argument: Json, value: Json) -> bool:
    """Of anything-but: a value, several, or an operator with one or several."""
    if isinstance(argument, Mapping):
        ((name, inner),) = argument.items()
        return any(_fits({name: each}, value) for each in (inner if isinstance(inner, list) else [inner]))
    return any(_fits(each, value) for each in (argument if isinstance(argument, list) else [argument]))


def _within(comparisons: list[Json], value: float) -> bool:
    pairs = zip(comparisons[::2], comparisons[1::2], strict=False)
    return all(sign in _COMPARE and _COMPARE[sign](value, float(limit)) for sign, limit in pairs)


def _same_number(wanted: Json, value: Json) -> bool:
    return _is_number(wanted) and _is_number(value) and float(wanted) == float(value)


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _like(pattern: str, value: str) -> bool:
    parts = re.split(r"(?<!\\)\*", pattern)
    return (
        re.fullmatch(".*".join(re.escape(part.replace("\\*", "*")) for part in parts), value, re.S)
        is not None
    )


def _in_network(network: str, value: str) -> bool:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
