"""A state machine that starts another: `states:startExecution`, with `.sync`, `.sync:2` and a token.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import orjson

from kit.emulator.integrations import arguments
from kit.emulator.integrations.calls import ServiceError, Services
from kit.emulator.integrations.optimized import STYLES, enveloped, operation
from kit.emulator.integrations.resource import Resource
from kit.engine.ports import Done, Failed, Json, Submitted, TaskAnswer, TaskCall
from kit.services import action_of, optimized_action
from kit.services.casing import raised
from kit.services.values import compact

STYLE = STYLES["states"]
START = operation(Resource("states", "startExecution"))


class ExecutionIntegration:
    """`answer(token, answer)` ends a task that waits for its child."""

    def __init__(self, services: Services, answer: Callable[[str, TaskAnswer], object]) -> None:
        self._services, self._answer = services, answer
        self._parents: dict[str, list[tuple[TaskCall, bool]]] = {}

    def refusal(self, resource: Resource, given: Json) -> Failed | None:  # noqa: ARG002
        return arguments.refusal(START, given)

    def call(self, resource: Resource, task: TaskCall) -> TaskAnswer:
        params = START.to_api(task.arguments or {})
        try:
            called = self._services.call(task, START, params)
        except ServiceError as error:
            waits = resource.pattern in ("sync", "sync:2")
            return STYLE.failed(error, event="TaskSubmitFailed" if waits else "TaskFailed")
        result = enveloped(
            {name: _shown(value) for name, value in START.from_api(_with_millis(called.result)).items()},
            called,
        )
        if not resource.pattern:
            return Done(result)
        if resource.pattern == "waitForTaskToken":
            return Submitted(result)
        child = called.result["executionArn"]
        self._parents.setdefault(child, []).append((task, resource.pattern == "sync:2"))
        return Submitted(result, handle=child, by_person=False)

    def closed(self, arn: str) -> None:
        """An execution has ended: answers the states that wait for it."""
        for task, as_json in self._parents.pop(arn, ()):
            described = self._describe(task, arn)
            if described["status"] == "SUCCEEDED":
                self._answer(task.token, Done(_description(described, as_json=as_json)))
            else:
                cause = compact(
                    _description(
                        {k: v for k, v in described.items() if k not in _NOT_IN_A_CAUSE}, as_json=False
                    )
                )
                self._answer(task.token, Failed("States.TaskFailed", cause))

    def cancel(self, task: TaskCall, handle: Json) -> None:
        """Stops the child, as AWS does when its parent's state is stopped."""
        waiting = [each for each in self._parents.get(handle, []) if each[0].token != task.token]
        self._parents[handle] = waiting
        stop = action_of("stepfunctions", "StopExecution")
        try:
            self._services.call(task, stop, {"executionArn": handle})
        except ServiceError as error:
            if error.code != "ExecutionDoesNotExist":
                raise

    def _describe(self, task: TaskCall, arn: str) -> Any:
        describe = optimized_action("stepfunctions", "DescribeExecution")
        return self._services.quietly(task, describe, {"executionArn": arn}).result


# AWS leaves the rest of DescribeExecution's answer out.
_SHOWN = (
    "cause", "error", "executionArn", "input", "inputDetails", "name", "output", "outputDetails",
    "redriveCount", "redriveStatus", "redriveStatusReason", "startDate", "stateMachineArn",
    "status", "stopDate",
)  # fmt: skip


# Recorded: a failed child's description has nothing of redrive.
_NOT_IN_A_CAUSE = frozenset({"redriveCount", "redriveStatus", "redriveStatusReason"})


def _description(described: Any, *, as_json: bool) -> dict[str, Json]:
    """The child as its parent's state shows it; `.sync:2` gives input and output as JSON."""
    shown: dict[str, Json] = {}
    for name in _SHOWN:
        value = described.get(name)
        if value is None:
            continue
        if name in ("inputDetails", "outputDetails"):
            value = {"Included": value.get("included", True)}
        elif name in ("input", "output") and as_json:
            value = orjson.loads(value)
        shown[raised(name)] = _shown(value)
    return shown


def _with_millis(result: Any) -> dict[str, Any]:
    return {name: _shown(value) for name, value in result.items()}


def _shown(value: Any) -> Any:
    """A time as milliseconds since 1970, as the SDK for Java 1 writes it (a guess: masked in recordings)."""
    return int(value.timestamp() * 1000) if isinstance(value, dt.datetime) else value
