"""What the groups of operations have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.emulator.api.errors import ApiError
from kit.emulator.api.names import parse_arn
from kit.emulator.api.store import Store
from kit.emulator.driver import Driver
from kit.engine import Engine, Execution, Revision

if TYPE_CHECKING:
    from kit.emulator.api.store import Machine

MAX_TAGS = 50


@dataclass(frozen=True, slots=True)
class Target:
    """What the ARN of a machine, a version or an alias leads to, for one start."""

    revision: Revision
    created: float
    description: str | None = None
    version_arn: str | None = None
    alias_arn: str | None = None


class Operations:
    """A group of operations: methods named as boto3 names them, over the same store and engine."""

    def __init__(self, engine: Engine, driver: Driver, store: Store) -> None:
        self.engine, self.driver, self.store = engine, driver, store

    @property
    def now(self) -> float:
        return self.engine.scheduler.now

    def add_tags(self, arn: str, tags: list[dict[str, str]]) -> None:
        """Raises ApiError TooManyTags."""
        kept = {**self.store.tags.get(arn, {}), **{tag["key"]: tag.get("value", "") for tag in tags}}
        if len(kept) > MAX_TAGS:
            raise ApiError("TooManyTags", f"Too many tags for resource: '{arn}'", resourceName=arn)
        self.store.tags[arn] = kept

    def execution(self, arn: str) -> Execution:
        """Raises ApiError ExecutionDoesNotExist; Express executions can't be asked for, as on AWS."""
        parse_arn(arn, "execution")
        found = self.engine.executions.get(arn)
        if found is None:
            raise ApiError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'")
        return found

    def target(self, arn: str) -> Target:
        """Raises ApiError StateMachineDoesNotExist."""
        machine = self.store.machine(arn)
        _, names = parse_arn(arn, "stateMachine")
        if len(names) == 1:
            return Target(machine.revision, machine.created)
        qualifier = names[1]
        if qualifier.isdigit() and int(qualifier) in machine.versions:
            version = machine.versions[int(qualifier)]
            return Target(version.revision, version.created, version.description, version_arn=arn)
        if qualifier in machine.aliases:
            return self._by_alias(machine, arn, qualifier)
        raise ApiError("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")

    def _by_alias(self, machine: Machine, arn: str, name: str) -> Target:
        alias = machine.aliases[name]
        share = self.engine.randomness.stream(arn, machine.starts, "route").random() * 100
        chosen = alias.routes[0]["stateMachineVersionArn"]
        for route in alias.routes:
            if share < route["weight"]:
                chosen = route["stateMachineVersionArn"]
                break
            share -= route["weight"]
        version = machine.versions[int(chosen.rsplit(":", 1)[1])]
        return Target(version.revision, version.created, alias.description, chosen, arn)


def put(answer: dict[str, Any], **members: Any) -> dict[str, Any]:
    """The answer with those members that have a value."""
    answer.update({key: value for key, value in members.items() if value is not None})
    return answer
