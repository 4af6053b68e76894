"""The Step Functions API on this machine: all operations of its model, over one engine.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from kit.emulator.api.activities import ActivityOperations
from kit.emulator.api.callbacks import Callbacks
from kit.emulator.api.errors import ApiError, missing_member
from kit.emulator.api.executions import Executions
from kit.emulator.api.history import Histories
from kit.emulator.api.machines import Machines
from kit.emulator.api.map_runs import MapRuns
from kit.emulator.api.operations import Operations
from kit.emulator.api.pending import Pending, Postponed
from kit.emulator.api.redrive import Redrives
from kit.emulator.api.single_states import SingleStates
from kit.emulator.api.store import Store
from kit.emulator.api.tags import Tags
from kit.emulator.api.versions import Versions
from kit.emulator.driver import Driver
from kit.engine import Engine, Kind

__all__ = ["ApiError", "Pending", "Postponed", "StepFunctionsApi"]

GROUPS: Final[tuple[type[Operations], ...]] = (
    Machines,
    Executions,
    Histories,
    ActivityOperations,
    Callbacks,
    Tags,
    Versions,
    Redrives,
    MapRuns,
    SingleStates,
)

REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "CreateActivity": ("name",),
    "CreateStateMachine": ("name", "definition", "roleArn"),
    "CreateStateMachineAlias": ("name", "routingConfiguration"),
    "DeleteActivity": ("activityArn",),
    "DeleteStateMachine": ("stateMachineArn",),
    "DeleteStateMachineAlias": ("stateMachineAliasArn",),
    "DeleteStateMachineVersion": ("stateMachineVersionArn",),
    "DescribeActivity": ("activityArn",),
    "DescribeExecution": ("executionArn",),
    "DescribeMapRun": ("mapRunArn",),
    "DescribeStateMachine": ("stateMachineArn",),
    "DescribeStateMachineAlias": ("stateMachineAliasArn",),
    "DescribeStateMachineForExecution": ("executionArn",),
    "GetActivityTask": ("activityArn",),
    "GetExecutionHistory": ("executionArn",),
    "ListActivities": (),
    "ListExecutions": (),
    "ListMapRuns": ("executionArn",),
    "ListStateMachineAliases": ("stateMachineArn",),
    "ListStateMachineVersions": ("stateMachineArn",),
    "ListStateMachines": (),
    "ListTagsForResource": ("resourceArn",),
    "PublishStateMachineVersion": ("stateMachineArn",),
    "RedriveExecution": ("executionArn",),
    "SendTaskFailure": ("taskToken",),
    "SendTaskHeartbeat": ("taskToken",),
    "SendTaskSuccess": ("taskToken", "output"),
    "StartExecution": ("stateMachineArn",),
    "StartSyncExecution": ("stateMachineArn",),
    "StopExecution": ("executionArn",),
    "TagResource": ("resourceArn", "tags"),
    "TestState": ("definition",),
    "UntagResource": ("resourceArn", "tagKeys"),
    "UpdateMapRun": ("mapRunArn",),
    "UpdateStateMachine": ("stateMachineArn",),
    "UpdateStateMachineAlias": ("stateMachineAliasArn",),
    "ValidateStateMachineDefinition": ("definition",),
}
"""Every operation, with the members that a call must have."""

READS: Final = ("Describe", "List", "GetExecutionHistory", "Validate", "TestState")
"""How the names of operations begin that change nothing."""

Handler = Callable[[dict[str, Any]], "dict[str, Any] | Pending"]


class StepFunctionsApi:
    """Answers the operations of Step Functions.

    Parameters and answers have the shapes of the API's model, times as datetimes in UTC. May be called
    from any thread."""

    def __init__(self, engine: Engine, driver: Driver) -> None:
        self.engine, self.driver, self.store = engine, driver, Store()
        self._groups = [group(engine, driver, self.store) for group in GROUPS]
        self._handlers: dict[str, Handler] = {}

    def logging_of(self, state_machine_arn: str) -> dict[str, Any] | None:
        """A machine's loggingConfiguration; None where there is no such machine."""
        machine = self.store.machines.get(state_machine_arn)
        return None if machine is None else machine.logging

    def call(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Answers one call; waits where the operation does (GetActivityTask, StartSyncExecution).

        Raises ApiError; Postponed where an execution itself makes a call that must wait."""
        answer = self.begin(operation, params)
        if not isinstance(answer, Pending):
            return answer
        if self.driver.is_running_here:
            raise Postponed(answer)
        until = None if answer.seconds is None else self.engine.scheduler.now + answer.seconds
        self.driver.wait(answer.ready, until, kind=Kind.PERSON, real_seconds=answer.seconds)
        with self.driver.lock:
            return answer.answer()

    def begin(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any] | Pending:
        """Answers one call without waiting: an operation that would wait gives a Pending."""
        required = REQUIRED.get(operation)
        if required is None:
            raise ApiError("UnknownOperationException", f"Step Functions has no operation {operation}")
        given = {key: value for key, value in params.items() if value is not None}
        for name in required:
            if name not in given:
                raise missing_member(name)
        handler = self._handlers.get(operation) or self._find(operation)
        with self.driver.client_call(reads=operation.startswith(READS)):
            return handler(given)

    def _find(self, operation: str) -> Handler:
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()
        for group in self._groups:
            handler: Handler | None = getattr(group, name, None)
            if handler is not None:
                self._handlers[operation] = handler
                return handler
        raise ApiError(
            "NotImplemented", f"The local sandbox doesn't answer {operation} yet. A real account does.", 501
        )
