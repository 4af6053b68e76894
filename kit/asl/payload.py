"""Payload templates, compiled: Parameters, ResultSelector, ItemSelector, and Assign of JSONPath states.

A key that ends in `.$` takes its value from a path or an intrinsic function; the rest is constant.
https://docs.aws.amazon.com/step-functions/latest/dg/input-output-inputpath-params.html
"""

from __future__ import annotations

from collections.abc import Mapping

from kit.asl.definition import Json
from kit.asl.encoding import encode
from kit.asl.errors import ExpressionSyntaxError, PathError, StatesError
from kit.asl.intrinsics import compile_intrinsic
from kit.asl.path_syntax import Index, parse_path
from kit.asl.paths import compile_path
from kit.asl.scope import Reader, Scope


def compile_payload(template: Json) -> Reader:
    """Compiles a template; one without any `.$` gives its own value, always the same object.

    Raises ExpressionSyntaxError for a `.$` whose value is no path and no intrinsic function.
    """
    return _compile(template) or _constant(template)


def compile_expression(text: str) -> Reader:
    """Compiles what may stand as the value of a `.$` key: a path or an intrinsic function."""
    if text.startswith("States."):
        return compile_intrinsic(text)
    return compile_path(text)


def _constant(value: Json) -> Reader:
    return lambda _value, _scope: value


def _compile(template: Json) -> Reader | None:
    """The reader of a template, None for one that is constant."""
    if isinstance(template, Mapping):
        return _compile_object(template)
    if isinstance(template, list):
        return _compile_array(template)
    return None


def _compile_object(template: Mapping[str, Json]) -> Reader | None:
    parts: list[tuple[str, Reader | None, Json]] = []
    for key, value in template.items():
        if key.endswith(".$"):
            parts.append((key[:-2], _field(key, value), None))
        else:
            parts.append((key, _compile(value), value))
    if all(read is None for _, read, _ in parts):
        return None
    readers = [(key, read or _constant(value)) for key, read, value in parts]
    if len(readers) == 1:
        only, read_only = readers[0]
        return lambda value, scope: {only: read_only(value, scope)}
    return lambda value, scope: {key: read(value, scope) for key, read in readers}


def _compile_array(template: list[Json]) -> Reader | None:
    parts = [(_compile(item), item) for item in template]
    if all(read is None for read, _ in parts):
        return None
    readers = [read or _constant(item) for read, item in parts]
    return lambda value, scope: [read(value, scope) for read in readers]


def _field(key: str, text: Json) -> Reader:
    if not isinstance(text, str):
        raise ExpressionSyntaxError(f"The value for the field '{key}' must be a valid JSONPath")
    read = compile_expression(text)
    if text.startswith("States."):
        return read

    container = _container(text)

    def field(value: Json, scope: Scope) -> Json:
        try:
            return read(value, scope)
        except PathError as missing:
            if container is not None and _is_array(container, value, scope):
                return None
            raise StatesError(
                "States.Runtime",
                f"The JSONPath '{text}' specified for the field '{key}' could not be found in the input "
                f"'{encode(missing.document)}'",
            ) from None

    return field


def _container(text: str) -> Reader | None:
    """For a path that ends with an index, the reader of the array; else None.

    A template takes null for an index past the end (measured; an intrinsic's argument doesn't).
    """
    tokens = parse_path(text).tokens
    if tokens and isinstance(tokens[-1], Index) and len(tokens[-1].numbers) == 1:
        return compile_path(text[: text.rindex("[")].rstrip("."))
    return None


def _is_array(container: Reader, value: Json, scope: Scope) -> bool:
    try:
        return isinstance(container(value, scope), list)
    except PathError:
        return False
