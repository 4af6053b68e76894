"""`parse`: the way from a text to a state machine."""

from __future__ import annotations

from collections.abc import Mapping

from kit.asl.building import build_machine
from kit.asl.definition import Json, StateMachine
from kit.asl.reading import read_definition


def parse(
    source: str | bytes | Mapping[str, Json], *, substitutions: Mapping[str, str] | None = None
) -> StateMachine:
    """The state machine of a definition: JSON or YAML text, or a mapping.

    `${Name}` is filled in from `substitutions` and accepted where it stays. Raises DefinitionError
    with `.diagnostics` for a definition that AWS would refuse.
    """
    return build_machine(read_definition(source, substitutions=substitutions))
