"""Whether an execution may be redriven, and redriving it.

No recording of AWS exists: this follows its documents.
https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
"""

from __future__ import annotations

from typing import Any

from kit.emulator.api.errors import ApiError
from kit.emulator.api.operations import Operations
from kit.emulator.api.store import Store
from kit.emulator.driver import Driver
from kit.engine import Engine, Execution
from kit.engine.events import at
from kit.engine.quotas import MAX_EVENTS, MAX_REDRIVABLE_SECONDS, MAX_STANDARD_SECONDS


class Redrives(Operations):
    def __init__(self, engine: Engine, driver: Driver, store: Store) -> None:
        super().__init__(engine, driver, store)
        self._answers: dict[tuple[str, str], dict[str, Any]] = {}

    def redrive_execution(self, params: dict[str, Any]) -> dict[str, Any]:
        execution = self.execution(params["executionArn"])
        token = params.get("clientToken")
        if token is not None and (execution.arn, token) in self._answers:
            return self._answers[execution.arn, token]
        status, reason = redrive_status(execution, self.now)
        if status == "REDRIVABLE_BY_MAP_RUN":
            reason = "Execution is a child workflow execution and can only be redriven by its Map Run"
        if reason is not None:
            raise ApiError("ExecutionNotRedrivable", reason)
        self.engine.redrive(execution)
        self.driver.begin_afresh()
        answer = {"redriveDate": at(self.now)}
        if token is not None:
            self._answers[execution.arn, token] = answer
        return answer


def redrive_status(execution: Execution, now: float) -> tuple[str, str | None]:
    """(redriveStatus, redriveStatusReason) as DescribeExecution gives them."""
    if execution.status in ("RUNNING", "SUCCEEDED"):
        return "NOT_REDRIVABLE", f"Execution is {execution.status} and cannot be redriven"
    if execution.event_count >= MAX_EVENTS - 1:
        return "NOT_REDRIVABLE", "Execution history event limit exceeded and cannot be redriven"
    if execution.stopped is not None and now - execution.stopped > MAX_REDRIVABLE_SECONDS:
        return "NOT_REDRIVABLE", "Execution redrivable period exceeded and cannot be redriven"
    if now - execution.started > MAX_STANDARD_SECONDS:
        return "NOT_REDRIVABLE", "Execution maximum execution time exceeded and cannot be redriven"
    if execution.map_run is not None:
        return "REDRIVABLE_BY_MAP_RUN", None
    return "REDRIVABLE", None
