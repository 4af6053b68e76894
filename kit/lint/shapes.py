"""What is known of the data on its way through a flow: the names at its top, and which state put them there.

A state's result replaces its input unless ResultPath (JSONPath) or Output (JSONata) says otherwise. Where
a result's names are known, from botocore's models or from the definition, so are those that are gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from kit.asl.definition import Catcher, Choice, Flow, Map, Parallel, Pass, State, Task
from kit.lint.needs import integration
from kit.lint.subject import Subject

_HTTP = frozenset({"Headers", "ResponseBody", "StatusCode", "StatusText"})
_FUNCTION = frozenset(
    {"ExecutedVersion", "FunctionError", "LogResult", "Payload", "SdkHttpMetadata", "SdkResponseMetadata",
     "StatusCode"}
)  # fmt: skip
_ERROR = frozenset({"Error", "Cause"})


@dataclass(frozen=True, slots=True)
class Known:
    """An object with these names and no others, or an array. `by` are the states, with a place in each,
    whose result replaced what was there."""

    names: frozenset[str]
    by: frozenset[tuple[str, str]]
    array: bool = False

    def with_name(self, name: str) -> Known:
        return Known(self.names | {name}, self.by)


Shape: TypeAlias = Known | None
"""None: nothing is known."""


def shapes(flow: Flow, subject: Subject) -> Mapping[str, Shape]:
    """The shape of each state's input. A state that isn't reached isn't here."""
    found: dict[str, Shape] = {flow.start_at: None}
    waiting = [flow.start_at]
    while waiting:
        state = flow.states.get(waiting.pop())
        if state is None:
            continue
        for target, shape in _onward(state, found[state.name], subject):
            before = found.get(target)
            joined = _join(before, shape) if target in found else shape
            if target not in found or joined != before:
                found[target] = joined
                waiting.append(target)
    return found


def _join(one: Shape, other: Shape) -> Shape:
    if one is None or other is None or one.array != other.array:
        return None
    return Known(one.names | other.names, one.by | other.by, one.array)


def _onward(state: State, given: Shape, subject: Subject) -> Iterator[tuple[str, Shape]]:
    if isinstance(state, Choice):
        passed = None if {"InputPath", "OutputPath", "Output"} & set(state.fields) else given
        for rule in state.rules:
            yield rule.next, None if "Output" in rule.fields else passed
        if state.default is not None:
            yield state.default, passed
        return
    if state.next is not None:
        yield state.next, _after(state, given, subject)
    for index, catcher in enumerate(getattr(state, "catchers", ())):
        yield catcher.next, _caught(state, catcher, f"/Catch[{index}]", given)


def _after(state: State, given: Shape, subject: Subject) -> Shape:
    fields = state.fields
    by = frozenset({(state.name, "")})
    if state.query_language == "JSONata":
        output = fields.get("Output")
        if "Output" in fields:
            return Known(frozenset(output), by) if isinstance(output, Mapping) else None
        return _result(state, subject, by) if isinstance(state, Task | Map | Parallel) else given
    if fields.get("OutputPath", "$") != "$":
        return None
    if isinstance(state, Task | Map | Parallel):
        result = _selected(fields, by) if "ResultSelector" in fields else _result(state, subject, by)
    elif isinstance(state, Pass) and "Result" in fields:
        value = fields["Result"]
        result = Known(frozenset(value), by) if isinstance(value, Mapping) else None
    elif isinstance(state, Pass) and "Parameters" in fields:
        result = _template(fields["Parameters"], by)
    else:
        return given if fields.get("InputPath", "$") == "$" else None
    return _placed(fields, result, given)


def _placed(fields: Mapping[str, Any], result: Shape, given: Shape) -> Shape:
    path = fields.get("ResultPath", "$")
    if path == "$":
        return result
    if fields.get("InputPath", "$") != "$" or given is None or given.array:
        return None
    if path is None:
        return given
    name = re.match(r"\$(?:\.([^.\[]+)|\['([^']+)'\])", path)
    return given.with_name(name[1] or name[2]) if name else None


def _template(value: Any, by: frozenset[tuple[str, str]]) -> Shape:
    if not isinstance(value, Mapping):
        return None
    return Known(frozenset(name.removesuffix(".$") for name in value), by)


def _selected(fields: Mapping[str, Any], by: frozenset[tuple[str, str]]) -> Shape:
    return _template(fields["ResultSelector"], by)


def _result(state: State, subject: Subject, by: frozenset[tuple[str, str]]) -> Shape:
    if isinstance(state, Map | Parallel):
        return None if "ResultWriter" in state.fields else Known(frozenset(), by, array=True)
    called = integration(state.resource) if isinstance(state, Task) else None
    if called is None or called.function is not None or called.pattern:
        return None
    if called.name in ("http:invoke", "apigateway:invoke"):
        return Known(_HTTP, by)
    if called.name == "lambda:invoke" and not called.sdk:
        return Known(_FUNCTION, by)
    call = subject.call(state)
    return Known(call.results, by) if call else None


def _caught(state: State, catcher: Catcher, inside: str, given: Shape) -> Shape:
    by = frozenset({(state.name, inside)})
    if state.query_language == "JSONata":
        output = catcher.fields.get("Output")
        if "Output" in catcher.fields:
            return Known(frozenset(output), by) if isinstance(output, Mapping) else None
        return Known(_ERROR, by)
    return _placed({"ResultPath": catcher.fields.get("ResultPath", "$")}, Known(_ERROR, by), given)
