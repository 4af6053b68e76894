"""AWS SDK integrations: `arn:aws:states:::aws-sdk:<service>:<action>`, for every service and action that
botocore's models have and moto answers.

https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

from kit.emulator.api.pending import Pending, Postponed
from kit.emulator.integrations import arguments
from kit.emulator.integrations.calls import ServiceError, Services, sdk_cause
from kit.emulator.integrations.resource import Resource
from kit.engine.ports import Done, Failed, Json, Later, Submitted, TaskAnswer, TaskCall
from kit.services import Action, UnknownAction, UnknownParameter, action


class SdkIntegration:
    """Calls any action with the names and casing of Step Functions."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def refusal(self, resource: Resource, given: Json) -> Failed | None:
        try:
            return arguments.refusal(_action(resource), given)
        except UnknownAction as unknown:
            return Failed("States.Runtime", str(unknown))

    def call(self, resource: Resource, task: TaskCall) -> TaskAnswer:
        try:
            called_action = _action(resource)
            params = called_action.to_api(task.arguments or {})
        except (UnknownAction, UnknownParameter) as unknown:
            return Failed("States.Runtime", str(unknown), event="TaskStartFailed")
        try:
            called = self._services.call(task, called_action, params)
        except ServiceError as error:
            return Failed(called_action.error_name(error.code), sdk_cause(called_action, error))
        except Postponed as postponed:
            return _later(called_action, postponed.pending)
        result = called_action.from_api(called.result)
        if resource.pattern == "waitForTaskToken":
            return Submitted(result)
        return Done(result, seconds=_waited(called_action, params, result))


def _later(called: Action, pending: Pending) -> Later:
    """An operation of Step Functions' own that waits: GetActivityTask, StartSyncExecution."""
    return Later(
        subscribe=pending.subscribe,
        answer=lambda: Done(called.from_api(pending.answer())),
        seconds=pending.seconds,
    )


def _action(resource: Resource) -> Action:
    return action(f"{resource.service}:{resource.action}")


def _waited(called: Action, params: Json, result: Json) -> float:
    """A long poll that found nothing took its whole time."""
    if (called.client_name, called.operation) == ("sqs", "ReceiveMessage") and not result.get("Messages"):
        return float(params.get("WaitTimeSeconds") or 0)
    return 0.0
