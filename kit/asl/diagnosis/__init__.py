"""What AWS would say of a definition, in its words.

Recorded answers are the authority; where none was recorded the words come from what others measured
with ValidateStateMachineDefinition, and the rest follows the documents.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from kit.asl.definition import Json, QueryLanguage
from kit.asl.diagnosis.findings import Diagnosis
from kit.asl.diagnosis.flows import language_of, machine, single_state
from kit.asl.errors import DefinitionError, Diagnostic
from kit.asl.reading import read_definition

__all__ = ["MAX_DEFINITION", "diagnose", "diagnose_json", "diagnose_state"]

MAX_DEFINITION = 1_048_576
"""A definition has at most 1 MiB, in characters of its text."""


def diagnose(
    source: str | bytes | Mapping[str, Json],
    *,
    kind: Literal["STANDARD", "EXPRESS"] = "STANDARD",
    substitutions: Mapping[str, str] | None = None,
    placeholders: bool = True,
    yaml_too: bool = True,
    severity: Literal["ERROR", "WARNING"] = "ERROR",
) -> list[Diagnostic]:
    """All findings about a definition, in the order of its text; none for a sound one.

    `placeholders` accepts a `${Name}` that is still to be filled in for any value; AWS itself takes
    it as the text it is. `yaml_too` reads YAML, which AWS's API doesn't. `severity` is the least
    that is reported, as in the API.
    """
    if isinstance(source, str | bytes) and len(source) > MAX_DEFINITION:
        message = f"The definition has {len(source)} characters; the most is {MAX_DEFINITION}"
        return [Diagnostic("ERROR", "SCHEMA_VALIDATION_FAILED", message, "/")]
    try:
        fields = read_definition(source, substitutions=substitutions, yaml_too=yaml_too)
    except DefinitionError as refused:
        return list(refused.diagnostics)
    return diagnose_json(fields, kind=kind, placeholders=placeholders, severity=severity)


def diagnose_json(
    fields: Json,
    *,
    kind: Literal["STANDARD", "EXPRESS"] = "STANDARD",
    placeholders: bool = True,
    severity: Literal["ERROR", "WARNING"] = "ERROR",
) -> list[Diagnostic]:
    """As `diagnose`, for a definition that `read_definition` has read."""
    language: QueryLanguage = language_of(fields, "JSONPath") if isinstance(fields, dict) else "JSONPath"
    diagnosis = Diagnosis(
        machine_language=language, language=language, placeholders=placeholders, express=kind == "EXPRESS"
    )
    machine(fields, diagnosis)
    return [one for one in diagnosis.findings if severity == "WARNING" or one.severity == "ERROR"]


def diagnose_state(
    fields: Mapping[str, Json], name: str = "StateName", *, placeholders: bool = False
) -> list[Diagnostic]:
    """The findings about a single state, as TestState makes them (`/States/StateName/…`)."""
    diagnosis = Diagnosis(placeholders=placeholders)
    single_state(name, dict(fields), diagnosis)
    return [one for one in diagnosis.findings if one.severity == "ERROR"]
