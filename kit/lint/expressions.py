"""What lint sees in the JSONata of a machine: functions and variables that aren't there."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from kit.asl import ExpressionSyntaxError
from kit.asl.definition import State, StateMachine
from kit.asl.jsonata import JsonataExpression, compile_jsonata
from kit.asl.jsonata_functions import PURE, WITH_CHANCE
from kit.lint.said import Said

_NESTED = ("Branches", "ItemProcessor", "Iterator", "Comment")
_ADDED = frozenset({*PURE, *WITH_CHANCE}) - {"eval"}
_STANDARD = (
    "abs", "append", "assert", "average", "base64decode", "base64encode", "boolean", "ceil", "clone",
    "contains", "count", "decodeUrl", "decodeUrlComponent", "distinct", "each", "encodeUrl",
    "encodeUrlComponent", "error", "exists", "filter", "floor", "formatBase", "formatInteger",
    "formatNumber", "fromMillis", "join", "keys", "length", "lookup", "lowercase", "map", "match",
    "max", "merge", "millis", "min", "not", "now", "number", "pad", "parseInteger", "power", "random",
    "reduce", "replace", "reverse", "round", "shuffle", "sift", "single", "sort", "split", "spread",
    "sqrt", "string", "substring", "substringAfter", "substringBefore", "sum", "toMillis", "trim",
    "type", "uppercase", "zip",
)  # fmt: skip


def unknown_function(state: State, _machine: StateMachine) -> Iterator[Said]:
    """A call of a function that neither JSONata 2.0.6 nor Step Functions has."""
    for where, expression in _expressions(state):
        for name in sorted(_called(expression.source)):
            if name == "eval":
                yield Said(
                    "a call of $eval, which Step Functions doesn't have",
                    "JSONata without $eval",
                    "for JSON text use $parse",
                    where,
                )
            elif name in _free(expression) and name not in _ADDED:
                near = difflib.get_close_matches(name, [*_STANDARD, *_ADDED], n=1)
                yield Said(
                    f"a call of ${name}, which is no function of JSONata's or Step Functions'",
                    "a function of JSONata 2.0.6, or one that Step Functions adds ($partition, $parse, …)",
                    f"write ${near[0]}" if near else "https://docs.jsonata.org/overview lists them",
                    where,
                )


def unknown_variable(state: State, machine: StateMachine) -> Iterator[Said]:
    """A variable that no state assigns."""
    assigned = set(_assigned(machine))
    for where, expression in _expressions(state):
        for name in sorted(_free(expression) - _called(expression.source)):
            if name not in assigned and name not in _ADDED:
                near = difflib.get_close_matches(name, ["states", *assigned], n=1)
                yield Said(
                    f"the variable ${name}, which no state assigns",
                    "$states, or a variable from some state's Assign",
                    f"write ${near[0]}" if near else f'assign it before: "Assign": {{"{name}": …}}',
                    where,
                )


def _expressions(state: State) -> Iterator[tuple[str, JsonataExpression]]:
    if state.query_language != "JSONata":
        return
    for name, value in state.fields.items():
        if name in _NESTED:
            continue
        for where, text in texts(value, f"/{name}"):
            if text.startswith("{%") and text.endswith("%}"):
                try:
                    yield where, compile_jsonata(text[2:-2].strip())
                except ExpressionSyntaxError:
                    continue  # A diagnostic of AWS's tells of it.


def texts(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Each text inside of a JSON value, with the way to it."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from texts(inner, f"{where}/{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from texts(inner, f"{where}[{index}]")
    elif isinstance(value, str):
        yield where, value


def _free(expression: JsonataExpression) -> set[str]:
    """The names that an expression takes from outside, built-in functions and `$states` aside."""
    return set((expression.reads or {}).get("bindings", ())) - {"states"}


def _called(source: str) -> set[str]:
    without_texts = re.sub(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'', '""', source)
    return set(re.findall(r"\$(\w+)\s*\(", without_texts)) | set(re.findall(r"~>\s*\$(\w+)", without_texts))


def _assigned(machine: StateMachine) -> Iterator[str]:
    for state in machine.walk():
        places: list[Any] = [state.fields, *state.fields.get("Catch", ()), *state.fields.get("Choices", ())]
        for place in places:
            assign = place.get("Assign")
            if isinstance(assign, Mapping):
                yield from (name.removesuffix(".$") for name in assign)
