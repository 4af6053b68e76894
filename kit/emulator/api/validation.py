"""Definitions that come in: compiled to programs, or refused in AWS's words."""

from __future__ import annotations

from typing import Any

from kit.asl import DefinitionError, Diagnostic, ExpressionSyntaxError, parse
from kit.emulator.api.errors import ApiError, validation_error
from kit.engine import Program, compile_program
from kit.engine.quotas import MAX_DEFINITION_BYTES

MAX_DIAGNOSTICS = 100


def compile_definition(text: str, machine_type: str = "STANDARD") -> Program:
    """The program of a definition. Raises ApiError InvalidDefinition."""
    if len(text.encode()) > MAX_DEFINITION_BYTES:
        raise validation_error(
            "1 validation error detected: Value at 'definition' failed to satisfy constraint: "
            f"Member must have length less than or equal to {MAX_DEFINITION_BYTES}"
        )
    try:
        return compile_program(parse(text))
    except DefinitionError as error:
        raise ApiError("InvalidDefinition", str(error)) from None
    except ExpressionSyntaxError as error:
        raise ApiError(
            "InvalidDefinition", f"Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: {error}'"
        ) from None


def diagnose_definition(text: str, machine_type: str = "STANDARD") -> list[Diagnostic]:
    """What is wrong with a definition."""
    try:
        compile_program(parse(text))
    except DefinitionError as error:
        return list(error.diagnostics)
    except ExpressionSyntaxError as error:
        return [Diagnostic("ERROR", "SCHEMA_VALIDATION_FAILED", str(error), "/")]
    return []


def validate_definition(params: dict[str, Any]) -> dict[str, Any]:
    """ValidateStateMachineDefinition.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html"""
    found = diagnose_definition(params["definition"], params.get("type") or "STANDARD")
    failed = any(each.severity == "ERROR" for each in found)
    if (params.get("severity") or "ERROR") == "ERROR":
        found = [each for each in found if each.severity == "ERROR"]
    most = params.get("maxResults") or MAX_DIAGNOSTICS
    shown = [
        {"severity": each.severity, "code": each.code, "message": each.message, "location": each.location}
        for each in found[:most]
    ]
    return {"result": "FAIL" if failed else "OK", "diagnostics": shown, "truncated": len(found) > most}
