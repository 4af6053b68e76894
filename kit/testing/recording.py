"""Who wants to know of every run that a test makes: the coverage of a whole test session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from kit.asl.building import build_machine
from kit.asl.definition import StateMachine
from kit.history import Trace
from kit.testing.coverage import Coverage, Part

Listener: TypeAlias = Callable[[str, StateMachine, Trace], None]

_listeners: list[Listener] = []


def tell(name: str, definition: StateMachine, trace: Trace) -> None:
    """Tells of a run of the machine of that name."""
    for listener in tuple(_listeners):
        listener(name, definition, trace)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Lets the listener know of each run meanwhile."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def is_listened_to() -> bool:
    return bool(_listeners)


class Coverages:
    """The coverage of each machine that was run. A machine is told by its name and its parts, so that one
    counts as the same whatever its `${Name}` were filled with, and one that was changed doesn't."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, tuple[Part, ...]], Coverage] = {}

    def __call__(self, name: str, definition: StateMachine, trace: Trace) -> None:
        fresh = Coverage(definition, name)
        self._found.setdefault((name, fresh.parts), fresh).add(trace)

    def packed(self) -> list[dict[str, Any]]:
        """Plain values of it all, for another process."""
        return [
            {
                "name": coverage.title,
                "definition": dict(coverage.definition.fields),
                "runs": coverage.runs,
                "hits": [coverage.hits[part] for part in coverage.parts],
            }
            for coverage in self
        ]

    def unpack(self, packed: list[dict[str, Any]]) -> None:
        """Adds what another process counted."""
        for each in packed:
            fresh = Coverage(build_machine(each["definition"]), each["name"])
            coverage = self._found.setdefault((fresh.title, fresh.parts), fresh)
            coverage.runs += each["runs"]
            coverage.hits.update(dict(zip(coverage.parts, each["hits"], strict=True)))

    def __iter__(self) -> Iterator[Coverage]:
        return iter(self._found.values())

    def __len__(self) -> int:
        return len(self._found)

    @property
    def percent(self) -> float:
        """Over all machines, each part counted once; 100 where there are none."""
        total = sum(len(coverage.parts) for coverage in self)
        missing = sum(len(coverage.missing) for coverage in self)
        return 100.0 * (total - missing) / total if total else 100.0


def tell_of_all(sandbox: Any) -> None:
    """Tells of every run in a sandbox: what tests started by themselves."""
    if not is_listened_to():
        return
    states = sandbox.aws("stepfunctions")
    for page in states.get_paginator("list_state_machines").paginate():
        for machine in page["stateMachines"]:
            if machine["type"] != "STANDARD":
                continue
            arn = machine["stateMachineArn"]
            for executions in states.get_paginator("list_executions").paginate(stateMachineArn=arn):
                for execution in executions["executions"]:
                    run = sandbox.run(execution["executionArn"])
                    tell(run.title, run.definition, run.trace)
