"""Rules about expressions: functions and variables that aren't there, and one language in the other's place.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kit.asl.definition import Map, State
from kit.asl.jsonata_functions import PURE, WITH_CHANCE
from kit.lint.routes import reached
from kit.lint.rule import Rule, Said
from kit.lint.subject import NESTED, Expression, Subject, own_fields, texts, without_texts

_JSONPATH_TEMPLATES = ("Parameters", "ResultSelector", "ItemSelector")
_JSONATA_TEMPLATES = ("Arguments", "Output", "Assign", "ItemSelector")
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
_VARIABLE_PATH = re.compile(r"(?<![\w$'])\$([A-Za-z_]\w*)")


def _unknown_function(subject: Subject) -> Iterator[Said]:
    for state in subject.states:
        for expression in subject.expressions(state):
            for name in sorted(_called(expression)):
                if name == "eval":
                    yield Said(
                        state,
                        f"a call of $eval {_position(expression, name)}, which Step Functions doesn't have",
                        "JSONata without $eval",
                        "for JSON text use $parse",
                        expression.inside,
                    )
                elif name in expression.reads and name not in _ADDED and name != "states":
                    near = difflib.get_close_matches(name, [*_STANDARD, *_ADDED], n=1)
                    yield Said(
                        state,
                        f"a call of ${name} {_position(expression, name)}, which is no function of JSONata's "
                        "or Step Functions'",
                        "a function of JSONata 2.0.6, or one that Step Functions adds ($parse, $hash, …)",
                        f"write ${near[0]}" if near else "https://docs.jsonata.org/overview lists them",
                        expression.inside,
                    )


def _unknown_variable(subject: Subject) -> Iterator[Said]:
    for state in subject.states:
        known: set[str] | None = None
        for inside, name, position in _variables(state, subject):
            if known is None:
                known = set(_visible(state, subject))
            if name not in known:
                near = difflib.get_close_matches(name, ["states", *sorted(known)], n=1)
                dollar = "" if state.query_language == "JSONata" else ".$"
                yield Said(
                    state,
                    f"the variable ${name}{position}, which no state before it assigns",
                    "$states, or a variable that an earlier state of this flow, or of one around it, assigns"
                    if state.query_language == "JSONata"
                    else "a variable that an earlier state of this flow, or of one around it, assigns",
                    f"write ${near[0]}" if near else f'assign it before: "Assign": {{"{name}{dollar}": …}}',
                    inside,
                )


def _variables(state: State, subject: Subject) -> Iterator[tuple[str, str, str]]:
    """The variables that a state reads: where, the name, and the position in a JSONata expression."""
    for expression in subject.expressions(state):
        called = _called(expression)
        for name in sorted(expression.reads):
            if name != "states" and name not in called and name not in _ADDED:
                yield expression.inside, name, f" {_position(expression, name)}"
    if state.query_language == "JSONPath":
        seen = set()
        for inside, path in _paths(own_fields(state)):
            for name in _VARIABLE_PATH.findall(without_texts(path)):
                if (inside, name) not in seen:
                    seen.add((inside, name))
                    yield inside, name, ""


def _paths(value: Any, inside: str = "", *, template: bool = False) -> Iterator[tuple[str, str]]:
    """The JSONPaths and intrinsic calls of a state: keys in `.$`, and fields that are paths."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, str):
                if key.endswith(".$") or (not template and (key.endswith("Path") or key == "Variable")):
                    yield f"{inside}/{key}", inner
            elif key not in NESTED and key != "Result":
                of_template = template or key in (*_JSONPATH_TEMPLATES, "Assign", "Credentials")
                yield from _paths(inner, f"{inside}/{key}", template=of_template)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _paths(inner, f"{inside}[{index}]", template=template)


def _visible(state: State, subject: Subject) -> Iterator[str]:
    """The variables that may be assigned when the state begins: by states before it in its flow, and in
    the flows around it. The child executions of a distributed Map see none from outside."""
    at: State | None = state
    while at is not None:
        flow = subject.flow_of[at.name]
        for other in flow.states.values():
            if at.name in reached(flow, other.name):
                yield from _assigned(other)
        holder = subject.holder_of.get(at.name)
        at = None if isinstance(holder, Map) and holder.distributed else holder


def _assigned(state: State) -> Iterator[str]:
    places: list[Any] = [state.fields, *state.fields.get("Catch", ()), *state.fields.get("Choices", ())]
    for place in places:
        assign = place.get("Assign")
        if isinstance(assign, Mapping):
            yield from (name.removesuffix(".$") for name in assign)
        elif isinstance(assign, str):
            yield from re.findall(r"['\"](\w+)['\"]\s*:", assign)


def _called(expression: Expression) -> set[str]:
    return set(re.findall(r"\$(\w+)\s*\(", expression.bare)) | set(
        re.findall(r"~>\s*\$(\w+)", expression.bare)
    )


def _position(expression: Expression, name: str) -> str:
    found = re.search(rf"\${re.escape(name)}\b", expression.bare)
    return f"at character {found.start() + 1 if found else 1} of the expression"


def _jsonata_as_text(subject: Subject) -> Iterator[Said]:
    for state in subject.states:
        if state.query_language != "JSONPath":
            continue
        for field in _JSONPATH_TEMPLATES:
            for inside, leaf in texts(state.fields.get(field), f"/{field}"):
                if leaf.startswith("{%") and leaf.endswith("%}"):
                    yield Said(
                        state,
                        f"{leaf} in {field} of a JSONPath state: it stays the text it is",
                        'a JSONata state, where {% %} is evaluated, or a path with a key that ends in ".$"',
                        'add "QueryLanguage": "JSONata" to the state and rename Parameters to Arguments',
                        inside,
                    )
                    break


def _path_as_text(subject: Subject) -> Iterator[Said]:
    for state in subject.states:
        if state.query_language != "JSONata":
            continue
        for field in _JSONATA_TEMPLATES:
            found = next((key for key in _keys(state.fields.get(field)) if key.endswith(".$")), None)
            if found is not None:
                yield Said(
                    state,
                    f"the key {found!r} in {field} of a JSONata state: it stays the name it is",
                    "an expression in {% %}, and the key without .$",
                    f'write "{found[:-2]}": "{{% $states.input… %}}"',
                    f"/{field}",
                )


def _keys(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield key
            yield from _keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner)


RULES = (
    Rule(
        "jsonata-as-text", "warning",
        "AWS accepts it and sends the text, braces included.",
        _jsonata_as_text,
    ),
    Rule("path-as-text", "warning", "AWS accepts it and sends the key with its dollar sign.", _path_as_text),
    Rule(
        "unknown-function", "error",
        "AWS accepts the definition, and the state fails with States.QueryEvaluationError.",
        _unknown_function,
    ),
    Rule(
        "unknown-variable", "warning",
        "A variable that was never assigned is undefined; where it is the result, the state fails.",
        _unknown_variable,
    ),
)  # fmt: skip
