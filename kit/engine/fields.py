"""The data fields of a state, compiled to closures, the same for both query languages.

- `Evaluate`: (state input, frame) -> value. InputPath and Parameters, or Arguments, or any one field.
- `Finish`: (state input, result, frame) -> state output. ResultSelector, ResultPath and OutputPath, or
  Output; and Assign, whose values it leaves in `frame.assigned`.

A field that isn't there costs nothing: it compiles to None, or to the identity.
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from kit.asl.definition import Json, QueryLanguage
from kit.asl.jsonata import Moment, compile_jsonata, compile_template
from kit.asl.jsonata_syntax import unwrap
from kit.asl.paths import compile_path, compile_reference_path
from kit.asl.payload import compile_payload
from kit.engine.frame import Frame

Evaluate: TypeAlias = Callable[[Json, Frame], Json]
Finish: TypeAlias = Callable[[Json, Json, Frame], Json]
Query: TypeAlias = Callable[..., Json]
"""(state input, frame, extra) -> value; `extra` is `$states.result` or `$states.errorOutput`."""

MOMENTARY: Final = re.compile(r"\$(now|millis|random|uuid|shuffle|fromMillis|toMillis)\b")
"""What depends on the time or on chance."""


def expressions(value: Json) -> Iterator[str]:
    """The JSONata expressions in a field's value, without their `{% %}`."""
    if isinstance(value, str):
        source = unwrap(value)
        if source is not None:
            yield source
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from expressions(item)
    elif isinstance(value, list):
        for item in value:
            yield from expressions(item)


def has_expression(value: Json) -> bool:
    return next(expressions(value), None) is not None


def compile_query(value: Json, field: str, extra: str | None = None, expected: str | None = None) -> Query:
    """A field of a JSONata state, called with (state input, frame) and, where there is one, the extra.

    `field` is its name in AWS's words; `extra` is what `$states` has besides input and context: `result`
    or `errorOutput`; `expected` the type that an expression must give."""
    sources = list(expressions(value))
    if not sources:
        return lambda _data, _frame, _extra=None: value
    run = compile_template(value, field, expected)
    needs_context = any(compile_jsonata(source).needs_context for source in sources)
    if needs_context or any(map(MOMENTARY.search, sources)):

        def in_full(data: Json, frame: Frame, more: Json = None) -> Json:
            states = {"input": data, "context": frame.context}
            if extra is not None:
                states[extra] = more
            now = frame.execution.engine.scheduler.now
            return run(states, frame.variables, Moment(round(now * 1000), frame.random))

        return in_full
    if extra is None:
        return lambda data, frame: run({"input": data}, frame.variables)
    return lambda data, frame, more: run({"input": data, extra: more}, frame.variables)


def compile_input_path(fields: Mapping[str, Json]) -> Evaluate | None:
    """InputPath; None where the input goes in as it is."""
    return _whole_or_path(fields, "InputPath")


def compile_output_path(fields: Mapping[str, Json]) -> Evaluate | None:
    return _whole_or_path(fields, "OutputPath")


def _whole_or_path(fields: Mapping[str, Json], name: str) -> Evaluate | None:
    path = fields.get(name, "$")
    if path == "$":
        return None
    if path is None:
        return lambda _data, _frame: {}
    return compile_path(path)


def compile_arguments(fields: Mapping[str, Json], language: QueryLanguage) -> Evaluate | None:
    """What a Task, a Parallel or a Pass works on: InputPath and Parameters, or Arguments."""
    if language == "JSONata":
        return compile_query(fields["Arguments"], "Arguments") if "Arguments" in fields else None
    return chain(compile_input_path(fields), compile_parameters(fields))


def compile_parameters(fields: Mapping[str, Json]) -> Evaluate | None:
    return compile_payload(fields["Parameters"]) if "Parameters" in fields else None


def chain(first: Evaluate | None, second: Evaluate | None) -> Evaluate | None:
    """One after the other; None where neither does anything."""
    if first is None or second is None:
        return first or second
    return lambda data, frame: second(first(data, frame), frame)


def compile_finish(fields: Mapping[str, Json], language: QueryLanguage) -> Finish:
    """What makes a state's output of its result."""
    return _jsonata_finish(fields) if language == "JSONata" else _jsonpath_finish(fields)


def _jsonata_finish(fields: Mapping[str, Json]) -> Finish:
    assign = compile_query(fields["Assign"], "Assign", "result") if fields.get("Assign") else None
    output = compile_query(fields["Output"], "Output", "result") if "Output" in fields else None

    def finish(data: Json, result: Json, frame: Frame) -> Json:
        if assign is not None:
            frame.assigned = assign(data, frame, result)
        return result if output is None else output(data, frame, result)

    return finish


def _jsonpath_finish(fields: Mapping[str, Json]) -> Finish:
    selector = compile_payload(fields["ResultSelector"]) if "ResultSelector" in fields else None
    assign = compile_payload(fields["Assign"]) if fields.get("Assign") else None
    combine = compile_result_path(fields)
    output = compile_output_path(fields)

    def finish(data: Json, result: Json, frame: Frame) -> Json:
        if selector is not None:
            result = selector(result, frame)
        if assign is not None:
            frame.assigned = assign(result, frame)
        if combine is not None:
            result = combine(data, result)
        return result if output is None else output(result, frame)

    return finish


def compile_result_path(fields: Mapping[str, Json]) -> Callable[[Json, Json], Json] | None:
    """ResultPath: (state input, result) -> both together; None where the result replaces the input."""
    path = fields.get("ResultPath", "$")
    if path == "$":
        return None
    if path is None:
        return lambda data, _result: data
    return compile_reference_path(path).write


def compile_assign(
    fields: Mapping[str, Json], language: QueryLanguage, field: str = "Assign"
) -> Evaluate | None:
    """The Assign of a state, or of a choice rule, that has no result."""
    declared: Any = fields.get("Assign")
    if not declared:
        return None
    return compile_query(declared, field) if language == "JSONata" else compile_payload(declared)
