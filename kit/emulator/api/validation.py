"""Definitions that come in: compiled to programs, or refused in AWS's words."""

from __future__ import annotations

from typing import Any, Final

from kit.asl import DefinitionError, Diagnostic
from kit.asl.building import build_machine
from kit.asl.diagnosis import diagnose
from kit.asl.reading import read_definition
from kit.emulator.api.errors import ApiError, validation_error
from kit.engine import Program, compile_program
from kit.engine.execution import MachineType
from kit.engine.quotas import MAX_DEFINITION_BYTES

MAX_DIAGNOSTICS: Final = 100


def compile_definition(text: str, kind: MachineType = "STANDARD") -> Program:
    """The program of a definition. Raises ApiError InvalidDefinition."""
    if len(text.encode()) > MAX_DEFINITION_BYTES:
        raise validation_error(
            "1 validation error detected: Value at 'definition' failed to satisfy constraint: "
            f"Member must have length less than or equal to {MAX_DEFINITION_BYTES}"
        )
    found = diagnose(text, kind=kind, placeholders=False, yaml_too=False)
    if found:
        raise ApiError("InvalidDefinition", str(DefinitionError(found)))
    return compile_program(build_machine(read_definition(text)))


def validate_definition(params: dict[str, Any]) -> dict[str, Any]:
    """ValidateStateMachineDefinition.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html"""
    found: list[Diagnostic] = diagnose(
        params["definition"],
        kind=params.get("type") or "STANDARD",
        placeholders=False,
        yaml_too=False,
        severity=params.get("severity") or "ERROR",
    )
    failed = any(each.severity == "ERROR" for each in found)
    most = params.get("maxResults") or MAX_DIAGNOSTICS
    shown = [
        {"severity": each.severity, "code": each.code, "message": each.message, "location": each.location}
        for each in found[:most]
    ]
    return {"result": "FAIL" if failed else "OK", "diagnostics": shown, "truncated": len(found) > most}
