"""`parse`: the way from a text to a state machine."""

from __future__ import annotations

from collections.abc import Mapping

from kit.asl.building import build_machine
from kit.asl.definition import Json, StateMachine
from kit.asl.diagnosis import diagnose_json
from kit.asl.errors import DefinitionError
from kit.asl.reading import read_definition


def parse(
    source: str | bytes | Mapping[str, Json], *, substitutions: Mapping[str, str] | None = None
) -> StateMachine:
    """The state machine of a definition: JSON or YAML text, or a mapping.

    `${Name}` is filled in from `substitutions` and accepted where it stays. Raises DefinitionError
    with `.diagnostics` for a definition that AWS would refuse.
    """
    fields = read_definition(source, substitutions=substitutions)
    if errors := diagnose_json(fields):
        raise DefinitionError(errors)
    return build_machine(fields)
