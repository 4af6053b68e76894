"""What the engine's tests run machines with: a scripted world, and a short way to run a definition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kit.asl import parse
from kit.asl.encoding import encode
from kit.engine import Done, Engine, Execution, Failed, Revision, TaskAnswer, TaskCall, compile_program
from kit.engine.events import details

Definition = dict[str, Any]
TASK = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:rds:stopDBCluster", "End": True}


class ScriptedWorld:
    """Answers calls one after the other from a script; when that is used up, with `{}`."""

    def __init__(self, *answers: TaskAnswer | Callable[[TaskCall], TaskAnswer]) -> None:
        self.answers, self.calls = list(answers), list[TaskCall]()
        self.cancelled: list[Any] = []
        self.polls: list[TaskAnswer | None] = []

    def describe(self, resource: str) -> tuple[str, str]:
        service, _, action = resource.removeprefix("arn:aws:states:::").rpartition(":")
        return service, action

    def refusal(self, resource: str, arguments: Any) -> Failed | None:  # noqa: ARG002
        return None

    def call(self, call: TaskCall) -> TaskAnswer:
        self.calls.append(call)
        answer = self.answers.pop(0) if self.answers else Done({})
        return answer(call) if callable(answer) else answer

    def poll(self, call: TaskCall, handle: Any) -> TaskAnswer | None:  # noqa: ARG002
        return self.polls.pop(0)

    def cancel(self, call: TaskCall, handle: Any) -> None:  # noqa: ARG002
        self.cancelled.append(handle)


def machine(definition: Definition, kind: Any = "STANDARD") -> Revision:
    return Revision(
        arn="arn:aws:states:us-east-1:123456789012:stateMachine:m",
        name="m",
        role_arn="arn:aws:iam::123456789012:role/r",
        type=kind,
        program=compile_program(parse(definition)),
    )


def started(engine: Engine, definition: Definition, value: Any = None, kind: Any = "STANDARD") -> Execution:
    """An execution that has begun and waits for the scheduler."""
    name = f"e{len(engine.executions)}"
    data = {} if value is None else value
    return engine.start(machine(definition, kind), encode(data), data, arn=f"arn:{name}", name=name)


def run(
    definition: Definition,
    value: Any = None,
    world: ScriptedWorld | None = None,
    *,
    seed: int = 0,
    until: float = 1e9,
) -> Execution:
    """An execution run to its end, or up to a virtual time."""
    engine = Engine(world or ScriptedWorld(), seed=seed)
    execution = started(engine, definition, value)
    engine.scheduler.run_until(until)
    return execution


def one(state: Definition) -> Definition:
    """A machine of one state, named S."""
    return {"StartAt": "S", "States": {"S": state}}


def types(execution: Execution) -> list[str]:
    return [event[1] for event in execution.events]


def links(execution: Execution) -> list[int]:
    return [event[0] for event in execution.events]


def times(execution: Execution, event_type: str) -> list[float]:
    return [event[2] for event in execution.events if event[1] == event_type]


def last_details(execution: Execution, event_type: str) -> Any:
    return next(details(event) for event in reversed(execution.events) if event[1] == event_type)
