"""Which query language a state speaks, seen from its JSON.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html: a JSONPath machine may
hold JSONata states, a JSONata machine may not hold JSONPath states.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

JSONPATH_FIELDS = frozenset(
    {
        "InputPath", "OutputPath", "Parameters", "ResultPath", "ResultSelector", "Result",
        "SecondsPath", "TimestampPath", "TimeoutSecondsPath", "HeartbeatSecondsPath",
        "ErrorPath", "CausePath", "ItemsPath", "MaxConcurrencyPath",
        "ToleratedFailureCountPath", "ToleratedFailurePercentagePath",
        "Variable", "And", "Or", "Not",
    }
)  # fmt: skip
JSONATA_FIELDS = frozenset({"Arguments", "Output", "Condition", "Items"})
_NESTED_FLOWS = frozenset({"Branches", "ItemProcessor", "Iterator"})
_NO_LANGUAGE = frozenset({"Comment", "Type", "Next", "End", "Default", "Retry", "Resource", "QueryLanguage"})
# A template of JSONPath may hold the text {% %} as plain text, and Result holds plain JSON.
_TEMPLATES_OF_JSONPATH = frozenset({"Parameters", "ResultSelector", "Result"})


class Inferred(str):
    """A QueryLanguage that nobody wrote: seen from the state's fields, and free to be written once, at the
    top of the machine."""

    __slots__ = ()


def is_jsonata(value: object) -> bool:
    """Whether a string is marked as JSONata: `{% … %}`."""
    return isinstance(value, str) and value.startswith("{%") and value.endswith("%}")


def signs(state: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The fields that show JSONPath, and those that show JSONata, in one state's JSON.

    Flows nested in the state aren't looked into: they have states of their own.
    """
    jsonpath: list[str] = []
    jsonata: list[str] = []
    for where, value in _fields(state):
        name = where.rsplit(".", 1)[-1]
        if name in JSONPATH_FIELDS:
            jsonpath.append(where)
        elif name in JSONATA_FIELDS:
            jsonata.append(where)
        if name in _NO_LANGUAGE or name in _TEMPLATES_OF_JSONPATH:
            continue
        for key, leaf in _leaves(value):
            if is_jsonata(leaf):
                jsonata.append(where)
            elif key.endswith(".$"):
                jsonpath.append(where)
    return list(dict.fromkeys(jsonpath)), list(dict.fromkeys(jsonata))


def language_of(state: dict[str, Any]) -> str | None:
    """`JSONPath`, `JSONata`, or None where the state reads the same in both."""
    if "QueryLanguage" in state:
        return str(state["QueryLanguage"])
    jsonpath, jsonata = signs(state)
    if jsonpath:
        return "JSONPath"
    return "JSONata" if jsonata else None


def _fields(state: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in state.items():
        if name in _NESTED_FLOWS:
            continue
        if name in ("Catch", "Choices") and isinstance(value, list):
            for index, entry in enumerate(value):
                for inner, inner_value in entry.items():
                    yield f"{name}[{index}].{inner}", inner_value
        else:
            yield name, value


def _leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, key)
    else:
        yield key, value
