"""The Amazon States Language, pure: definitions, expressions, and what is wrong with them.

Definitions
    diagnose(source, kind=..., ...) -> list[Diagnostic]          kit.asl.diagnosis
    diagnose_state(fields, name="StateName"): for TestState      kit.asl.diagnosis
    parse(source, substitutions=None) -> StateMachine           kit.asl.parsing
    read_definition(source, ...) -> plain JSON                   kit.asl.reading
    build_state(name, fields, language) -> State                 kit.asl.building (for TestState)
    StateMachine, Flow, State and its types, Place, ...          kit.asl.definition
    Diagnostic, DefinitionError                                  kit.asl.errors

Expressions of JSONPath states: readers, called with (input, scope)
    compile_path("$.a"), compile_reference_path("$.a")           kit.asl.paths
    compile_payload(template), compile_expression(text)          kit.asl.payload
    compile_intrinsic("States.UUID()")                           kit.asl.intrinsics
    compile_test(rule fields) -> test(input, scope) -> bool      kit.asl.choice
    Scope: .context, .variables, perhaps .random                 kit.asl.scope (Surroundings: a plain one)

Expressions of JSONata states: called with (states, variables, moment=None)
    compile_template(value, field, expected=None)                kit.asl.jsonata
    compile_jsonata(text) -> JsonataExpression                   kit.asl.jsonata
    Moment(milliseconds, chance): for $now, $random, $uuid       kit.asl.jsonata

Text and time
    encode(value) -> str, decode(text) -> value                  kit.asl.encoding
    parse_timestamp(text) -> nanoseconds since 1970, or None     kit.asl.timestamps

Failures: StatesError(error, cause) and its family; ExpressionSyntaxError at compile time (kit.asl.errors).
"""

from kit.asl.definition import Place, StateMachine
from kit.asl.diagnosis import diagnose
from kit.asl.errors import (
    DefinitionError,
    Diagnostic,
    ExpressionSyntaxError,
    JsonataError,
    PathError,
    StatesError,
)
from kit.asl.parsing import parse

__all__ = [
    "DefinitionError",
    "Diagnostic",
    "ExpressionSyntaxError",
    "JsonataError",
    "PathError",
    "Place",
    "StateMachine",
    "StatesError",
    "diagnose",
    "parse",
]
