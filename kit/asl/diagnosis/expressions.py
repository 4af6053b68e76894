"""Checks of paths, payload templates, intrinsic functions and JSONata.

The words are AWS's: `Reference to 'x' at the top level is not supported.`, `Value is not a Reference
Path: …`; a JSONata expression that doesn't parse is told in JSONata's own words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kit.asl.definition import Json, Place
from kit.asl.diagnosis.findings import Diagnosis
from kit.asl.errors import ExpressionSyntaxError
from kit.asl.jsonata import compile_jsonata
from kit.asl.jsonata_syntax import check_version, unwrap
from kit.asl.path_syntax import Index, Property, parse_path
from kit.asl.paths import compile_path
from kit.asl.payload import compile_expression

_STATES_FIELDS = ("input", "context", "result", "errorOutput")
_VARIABLE_NAME = re.compile(r"[^\W\d]\w*")
_MAX_VARIABLE_NAME = 80


def path(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    """Any JSONPath."""
    if diagnosis.is_open(value):
        return
    if not isinstance(value, str):
        diagnosis.error(place, "Expected value of type [STRING]")
    elif not value.startswith("$") or not _compiles_as_path(value):
        diagnosis.error(place, "Value must be a valid JSONPath.")


def path_or_null(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    if value is not None:
        path(value, place, diagnosis)


def path_or_intrinsic(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    """What ErrorPath and CausePath take."""
    if isinstance(value, str) and value.startswith("States."):
        if not diagnosis.is_open(value) and not _compiles_as_expression(value):
            diagnosis.error(place, "Value must be a valid JSONPath or a valid intrinsic function call.")
    else:
        path(value, place, diagnosis)


def reference_path(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    """A path to one place. It may begin at the input, the context object or a variable."""
    if diagnosis.is_open(value):
        return
    if not isinstance(value, str):
        diagnosis.error(place, "Expected value of type [STRING]")
        return
    if not value.startswith("$"):
        diagnosis.error(place, "Value is not a Reference Path: Reference path didn't start with '$'")
        return
    try:
        tokens = parse_path(value).tokens
    except ExpressionSyntaxError as wrong:
        diagnosis.error(place, f"Value is not a Reference Path: {wrong}")
        return
    single = [
        (isinstance(token, Property) and len(token.names) == 1)
        or (isinstance(token, Index) and len(token.numbers) == 1)
        for token in tokens
    ]
    if not all(single):
        diagnosis.error(place, "Value is not a Reference Path")


def result_path(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    """Where a result goes: a place in the input, or nowhere."""
    if value is None:
        return
    if isinstance(value, str) and (value.startswith("$$") or re.match(r"\$[^\W\d]", value)):
        diagnosis.error(place, "Value is not a Reference Path: it must be a place in the input")
    else:
        reference_path(value, place, diagnosis)


def _compiles_as_path(text: str) -> bool:
    try:
        compile_path(text)
    except ExpressionSyntaxError:
        return False
    return True


def _compiles_as_expression(text: str) -> bool:
    try:
        compile_expression(text)
    except ExpressionSyntaxError:
        return False
    return True


def template(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    """A payload template of the query language in force."""
    if diagnosis.language == "JSONata":
        jsonata_template(value, place, diagnosis)
    else:
        payload_template(value, place, diagnosis)


def payload_template(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key.endswith(".$"):
                _dollar_field(key, item, place / key, diagnosis)
            else:
                _undollared(key, item, place / key, diagnosis)
                payload_template(item, place / key, diagnosis)
    elif isinstance(value, list):
        for at, item in enumerate(value):
            payload_template(item, place / at, diagnosis)


def _dollar_field(key: str, value: Json, place: Place, diagnosis: Diagnosis) -> None:
    if diagnosis.is_open(value):
        return
    if not isinstance(value, str) or not _compiles_as_expression(value):
        diagnosis.error(
            place,
            f"The value for the field '{key}' must be a valid JSONPath or a valid intrinsic function call",
        )


def _undollared(key: str, value: Json, place: Place, diagnosis: Diagnosis) -> None:
    if isinstance(value, str) and looks_like_expression(value):
        diagnosis.warning(
            place,
            f"The value of '{key}' looks like a path; the key must end with '.$' to take it",
            "NO_DOLLAR",
        )


def looks_like_expression(value: str) -> bool:
    return value.startswith(("$.", "$$.", "$[", "States.")) and _compiles_as_expression(value)


def jsonata_template(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    if isinstance(value, str):
        if not diagnosis.is_open(value):
            check_jsonata(value, place, diagnosis)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            jsonata_template(item, place / key, diagnosis)
    elif isinstance(value, list):
        for at, item in enumerate(value):
            jsonata_template(item, place / at, diagnosis)


def check_jsonata(value: str, place: Place, diagnosis: Diagnosis) -> None:
    """A text that may be a JSONata expression in `{% %}`."""
    try:
        source = unwrap(value)
    except ExpressionSyntaxError as wrong:
        diagnosis.error(place, str(wrong))
        return
    if source is None:
        return
    try:
        names = check_version(source)
        reads = compile_jsonata(source).reads
    except ExpressionSyntaxError as wrong:
        diagnosis.error(place, str(wrong), "INVALID_JSONATA_EXPRESSION")
        return
    for message in _unsupported(names, reads or {}, diagnosis):
        diagnosis.error(place, message, "UNSUPPORTED_JSONATA_EXPRESSION")


def _unsupported(names: set[str], reads: Mapping[str, Any], diagnosis: Diagnosis) -> list[str]:
    found = ["Reference to '$$' is not supported."] if "$" in names else []
    read = reads.get("input")
    if isinstance(read, Mapping):
        found += [f"Reference to '{name}' at the top level is not supported." for name in read]
    states = reads.get("bindings", {}).get("states")
    if isinstance(states, Mapping):
        for name in states:
            if name not in _STATES_FIELDS or (name == "errorOutput" and not diagnosis.catcher):
                found.append(f"Field '$states.{name}' does not exist.")
    return found


def assign(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    """An Assign: variable names, and a template.

    https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
    """
    if not isinstance(value, Mapping):
        if diagnosis.language == "JSONata" and isinstance(value, str) and value.startswith("{%"):
            check_jsonata(value, place, diagnosis)
        elif not diagnosis.is_open(value):
            diagnosis.error(place, "Expected value of type [OBJECT]")
        return
    for key in value:
        name = key.removesuffix(".$") if diagnosis.language == "JSONPath" else key
        _variable_name(name, place / key, diagnosis)
    template(value, place, diagnosis)


def _variable_name(name: str, place: Place, diagnosis: Diagnosis) -> None:
    if name == "states":
        diagnosis.error(place, "Cannot assign to reserved variable '$states'.", "RESERVED_VARIABLE_NAME")
    elif not _VARIABLE_NAME.fullmatch(name):
        message = f"Invalid variable name '{name}': the variable name contains invalid characters."
        diagnosis.error(place, message, "INVALID_VARIABLE_NAME")
    elif len(name) > _MAX_VARIABLE_NAME:
        message = (
            f"Invalid variable name '{name}': the variable name exceeds {_MAX_VARIABLE_NAME} characters."
        )
        diagnosis.error(place, message, "INVALID_VARIABLE_NAME")
