"""Definitions that come in: compiled to programs, or refused in AWS's words."""

from __future__ import annotations

from typing import Any, Final

from kit.asl import DefinitionError, Diagnostic
from kit.asl import definition as asl
from kit.asl.building import build_machine
from kit.asl.diagnosis import diagnose
from kit.asl.reading import read_definition
from kit.emulator.api.errors import ApiError, validation_error
from kit.emulator.integrations import recognises
from kit.emulator.integrations.resource import parse
from kit.engine import Program, compile_program
from kit.engine.execution import MachineType
from kit.engine.quotas import MAX_DEFINITION_BYTES
from kit.services import models

MAX_DIAGNOSTICS: Final = 100


def compile_definition(text: str, kind: MachineType = "STANDARD") -> Program:
    """The program of a definition. Raises ApiError InvalidDefinition."""
    if len(text.encode()) > MAX_DEFINITION_BYTES:
        raise validation_error(
            "1 validation error detected: Value at 'definition' failed to satisfy constraint: "
            f"Member must have length less than or equal to {MAX_DEFINITION_BYTES}"
        )
    found = diagnose(text, kind=kind, placeholders=False, yaml_too=False)
    if not found:
        machine = build_machine(read_definition(text))
        found = unknown_resources(machine)
        if not found:
            return compile_program(machine)
    raise ApiError("InvalidDefinition", str(DefinitionError(found)))


def unknown_resources(machine: asl.StateMachine) -> list[Diagnostic]:
    """SDK integrations that a service we know doesn't have, or that would wait for an end (`.sync`).

    A service that we don't know, and an optimized integration that the sandbox lacks, may well be AWS's, so
    those pass. The words were measured by others."""
    found = []
    for state in machine.walk():
        resource = parse(state.resource) if isinstance(state, asl.Task) else None
        if resource is None or not resource.sdk or models.client_name(resource.service) is None:
            continue
        arn = state.fields["Resource"]
        if not recognises(arn):
            told = (
                f"The resource provided {arn} is not recognized. The value is not a valid resource ARN, or "
                "the resource is not available in this region."
            )
            place = str(state.place / "Resource")
            found.append(Diagnostic("ERROR", "SCHEMA_VALIDATION_FAILED", told, place))
    return found


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
    if not any(each.severity == "ERROR" for each in found):
        found += unknown_resources(build_machine(read_definition(params["definition"])))
    failed = any(each.severity == "ERROR" for each in found)
    most = params.get("maxResults") or MAX_DIAGNOSTICS
    shown = [
        {"severity": each.severity, "code": each.code, "message": each.message, "location": each.location}
        for each in found[:most]
    ]
    return {"result": "FAIL" if failed else "OK", "diagnostics": shown, "truncated": len(found) > most}
