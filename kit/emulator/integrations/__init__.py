"""What Task states can call: implements the engine's `Integrations` over the emulator's services."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from kit.emulator.integrations import resource as resources
from kit.emulator.integrations.calls import Services
from kit.emulator.integrations.executions import ExecutionIntegration
from kit.emulator.integrations.functions import FunctionIntegration
from kit.emulator.integrations.optimized import OPERATIONS, STYLES, OptimizedIntegration
from kit.emulator.integrations.resource import Resource
from kit.emulator.integrations.sdk import SdkIntegration
from kit.emulator.integrations.work import WorkIntegration
from kit.engine.ports import Failed, Json, Submitted, TaskAnswer, TaskCall
from kit.services import UnknownAction, action

__all__ = ["ServiceIntegrations", "recognises"]


class Integration(Protocol):
    def refusal(self, resource: Resource, given: Json) -> Failed | None: ...
    def call(self, resource: Resource, task: TaskCall) -> TaskAnswer: ...


class ServiceIntegrations:
    """Finds the integration for a resource and lets it answer. `answer(token, answer)` ends a task that was
    submitted; `execution_closed(arn)` wants to hear of every execution's end. `flows` and `wake` are the
    clock's, see FunctionIntegration."""

    def __init__(
        self,
        services: Services,
        answer: Callable[[str, TaskAnswer], object],
        flows: Callable[[], bool],
        wake: Callable[[], object],
    ) -> None:
        self._sdk = SdkIntegration(services)
        self._executions = ExecutionIntegration(services, answer)
        self.handed_out: Callable[[TaskCall], object] = lambda _call: None
        """Hears of each task that waits for its token."""
        self.may_assume: Callable[[str, str], bool] = lambda _role, _other: True
        """Whether a machine's role may take the role that a task's Credentials name."""
        self._work = WorkIntegration(services)
        passing_on = OptimizedIntegration(services)
        self._optimized: dict[str, Integration] = {
            "batch": self._work,
            "codebuild": self._work,
            "dynamodb": passing_on,
            "ecs": self._work,
            "events": passing_on,
            "glue": self._work,
            "lambda": FunctionIntegration(services, flows, wake),
            "sns": passing_on,
            "sqs": passing_on,
            "states": self._executions,
        }

    def add(self, service: str, integration: Integration) -> None:
        """One more optimized integration."""
        self._optimized[service] = integration

    def describe(self, resource: str) -> tuple[str, str]:
        found = resources.parse(resource)
        return (found.type, found.name) if found else ("", resource)

    def refusal(self, resource: str, arguments: Json) -> Failed | None:
        """The error of arguments that Step Functions doesn't even send, before the task is scheduled."""
        found = resources.parse(resource)
        integration = self._find(found) if found else None
        return integration.refusal(found, arguments) if found and integration else None

    def call(self, call: TaskCall) -> TaskAnswer:
        found = resources.parse(call.resource)
        integration = self._find(found) if found else None
        if found is None or integration is None:
            return _unknown(call.resource)
        other = call.credentials_role_arn
        if other is not None and not self.may_assume(call.role_arn, other):
            cause = f"The role {call.role_arn} is not authorized to assume the task state's role, {other}."
            return Failed("States.TaskFailed", cause)
        answer = integration.call(found, call)
        if found.pattern == "waitForTaskToken" and isinstance(answer, Submitted):
            self.handed_out(call)
        return answer

    def poll(self, call: TaskCall, handle: Json) -> TaskAnswer | None:
        found = resources.parse(call.resource)
        assert found is not None, f"{call.resource} is not to be polled"
        return self._work.poll(found, call, handle)

    def cancel(self, call: TaskCall, handle: Json) -> None:
        found = resources.parse(call.resource)
        if handle is None or found is None:
            return
        if found.service == "states":
            self._executions.cancel(call, handle)
        else:
            self._work.cancel(found, call, handle)

    def execution_closed(self, arn: str) -> None:
        self._executions.closed(arn)

    def _find(self, found: Resource) -> Integration | None:
        return self._sdk if found.sdk else self._optimized.get(found.service)


def recognises(resource: str) -> bool:
    """Whether a Task state may name this resource: an SDK integration that the models have, or an
    optimized one that the sandbox has with this pattern, or a Lambda function."""
    found = resources.parse(resource)
    if found is None:
        return False
    if found.function:
        return True
    if found.sdk:
        try:
            action(f"{found.service}:{found.action}")
        except UnknownAction:
            return False
        return found.pattern in ("", "waitForTaskToken")
    if found.service == "http":
        return found.action == "invoke" and not found.pattern
    if found.service == "apigateway":
        return found.action == "invoke" and found.pattern in ("", "waitForTaskToken")
    return (
        found.action in OPERATIONS.get(found.service, ()) and found.pattern in STYLES[found.service].patterns
    )


def _unknown(resource: str) -> Failed:
    return Failed(
        "States.Runtime",
        f"The resource provided {resource} is not recognized. The value is not a valid resource ARN, "
        "or the resource is not available in this region.",
        event="TaskStartFailed",
    )
