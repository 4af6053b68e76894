"""What one sandbox's Step Functions holds besides what its engine does: machines, activities, tags."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from kit.emulator.api.errors import ApiError
from kit.emulator.api.names import parse_arn
from kit.engine import Execution, Revision

INITIAL_REVISION: Final = "INITIAL"


@dataclass(slots=True, kw_only=True)
class Version:
    """A published version: a revision that stays."""

    number: int
    revision: Revision
    created: float
    description: str | None


@dataclass(slots=True, kw_only=True)
class Alias:
    """A name for one version, or for two that share the starts by weight."""

    name: str
    arn: str
    description: str | None
    routes: list[dict[str, Any]]
    created: float
    updated: float


@dataclass(slots=True, kw_only=True)
class Machine:
    """A state machine: its latest revision, its versions and aliases, its executions."""

    revision: Revision
    created: float
    updated: float
    logging: dict[str, Any]
    tracing: dict[str, Any]
    encryption: dict[str, Any] | None = None
    versions: dict[int, Version] = field(default_factory=dict)
    aliases: dict[str, Alias] = field(default_factory=dict)
    last_version: int = 0
    executions: list[Execution] = field(default_factory=list)
    starts: int = 0

    @property
    def arn(self) -> str:
        return self.revision.arn

    @property
    def name(self) -> str:
        return self.revision.name


@dataclass(slots=True, kw_only=True)
class Activity:
    arn: str
    name: str
    created: float
    encryption: dict[str, Any] | None = None


@dataclass(slots=True)
class Store:
    machines: dict[str, Machine] = field(default_factory=dict)
    activities: dict[str, Activity] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)

    def machine(self, arn: str) -> Machine:
        """The machine of an ARN, of a version's or an alias's too. Raises ApiError."""
        _, names = parse_arn(arn, "stateMachine")
        plain = arn.rsplit(":", 1)[0] if len(names) > 1 else arn
        found = self.machines.get(plain)
        if found is None:
            raise ApiError("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")
        return found
