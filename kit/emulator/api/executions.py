"""Starting, describing, listing and stopping executions.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
"""

from __future__ import annotations

import math
from typing import Any, Final

from kit.asl.encoding import decode
from kit.emulator.api.errors import ApiError, validation_error
from kit.emulator.api.names import check_name, parse_arn
from kit.emulator.api.operations import Operations, Target, put
from kit.emulator.api.paging import page
from kit.emulator.api.pending import Pending
from kit.emulator.api.redrive import redrive_status
from kit.engine import Execution
from kit.engine.events import at
from kit.engine.quotas import MAX_PAYLOAD_BYTES

INCLUDED: Final = {"included": True}


class Executions(Operations):
    def start_execution(self, params: dict[str, Any]) -> dict[str, Any]:
        arn = params["stateMachineArn"]
        target = self.target(arn)
        text, data = parse_input(params.get("input"))
        name = params.get("name")
        if name is not None:
            check_name(name)
        if target.revision.type == "EXPRESS":
            execution = self._start_express(target, name, text, data, params)
        else:
            execution = self._start_standard(target, name, text, data, params)
        return {"executionArn": execution.arn, "startDate": at(execution.started)}

    def _start_standard(
        self, target: Target, name: str | None, text: str, data: Any, params: dict[str, Any]
    ) -> Execution:
        revision = target.revision
        chosen = name or self.engine.randomness.uuid("execution")
        arn = self.engine.arn("execution", revision.name, chosen)
        running = self.engine.executions.get(arn)
        if running is not None:
            if running.status == "RUNNING" and running.text == text:
                return running
            raise ApiError("ExecutionAlreadyExists", f"Execution Already Exists: '{arn}'")
        return self._start(target, arn, chosen, text, data, params)

    def _start_express(
        self, target: Target, name: str | None, text: str, data: Any, params: dict[str, Any]
    ) -> Execution:
        chosen = name or self.engine.randomness.uuid("execution")
        arn = self.engine.arn("express", target.revision.name, chosen, self.engine.randomness.uuid("express"))
        return self._start(target, arn, chosen, text, data, params)

    def _start(
        self, target: Target, arn: str, name: str, text: str, data: Any, params: dict[str, Any]
    ) -> Execution:
        machine = self.store.machines[target.revision.arn]
        machine.starts += 1

        def prepare(execution: Execution) -> None:
            execution.version_arn, execution.alias_arn = target.version_arn, target.alias_arn
            execution.trace_header = params.get("traceHeader")

        execution = self.engine.start(target.revision, text, data, arn=arn, name=name, prepare=prepare)
        if target.revision.type == "STANDARD":
            machine.executions.append(execution)
        self.driver.begin_afresh()
        return execution

    def start_sync_execution(self, params: dict[str, Any]) -> Pending:
        """Runs an Express machine to its end and answers with the outcome."""
        target = self.target(params["stateMachineArn"])
        if target.revision.type != "EXPRESS":
            raise ApiError(
                "StateMachineTypeNotSupported",
                "This operation is not supported by this type of state machine",
            )
        text, data = parse_input(params.get("input"))
        name = params.get("name")
        if name is not None:
            check_name(name)
        execution = self._start_express(target, name, text, data, params)
        return Pending(
            subscribe=lambda wake: execution.on_close.append(lambda _: wake()),
            ready=lambda: execution.status != "RUNNING",
            answer=lambda: _sync_answer(execution, params.get("includedData") != "METADATA_ONLY"),
        )

    def describe_execution(self, params: dict[str, Any]) -> dict[str, Any]:
        execution = self.execution(params["executionArn"])
        answer: dict[str, Any] = {
            "executionArn": execution.arn,
            "stateMachineArn": execution.revision.arn,
            "name": execution.name,
            "status": execution.status,
            "startDate": at(execution.started),
            "redriveCount": execution.redrive_count,
        }
        status, reason = redrive_status(execution, self.now)
        put(
            answer,
            stopDate=None if execution.stopped is None else at(execution.stopped),
            error=execution.error,
            cause=execution.cause,
            traceHeader=execution.trace_header,
            mapRunArn=None if execution.map_run is None else execution.map_run.arn,
            stateMachineVersionArn=execution.version_arn,
            stateMachineAliasArn=execution.alias_arn,
            redriveDate=None if execution.redrive_time is None else at(execution.redrive_time),
            redriveStatus=status,
            redriveStatusReason=reason,
        )
        if params.get("includedData") == "METADATA_ONLY":
            answer.pop("error", None)
            answer.pop("cause", None)
            return answer
        answer |= {"input": execution.text, "inputDetails": INCLUDED}
        if execution.output is not None:
            answer |= {"output": execution.output, "outputDetails": INCLUDED}
        return answer

    def list_executions(self, params: dict[str, Any]) -> dict[str, Any]:
        machine_arn, map_run_arn = params.get("stateMachineArn"), params.get("mapRunArn")
        if (machine_arn is None) == (map_run_arn is None):
            raise validation_error("You must specify either a stateMachineArn or a mapRunArn, but not both")
        if machine_arn is not None:
            target = self.target(machine_arn)
            if target.revision.type == "EXPRESS":
                raise ApiError(
                    "StateMachineTypeNotSupported",
                    "This operation is not supported by this type of state machine",
                )
            found = _of_target(self.store.machine(machine_arn).executions, machine_arn, target)
        else:
            run = self.engine.map_runs.get(map_run_arn or "")
            if run is None:
                raise ApiError(
                    "ResourceNotFound", f"Resource not found: '{map_run_arn}'", resourceName=map_run_arn
                )
            found = list(run.executions.values())
        if params.get("statusFilter"):
            found = [each for each in found if each.status == params["statusFilter"]]
        if params.get("redriveFilter"):
            redriven = params["redriveFilter"] == "REDRIVEN"
            found = [each for each in found if bool(each.redrive_count) == redriven]
        return page(found[::-1], params, "executions", _brief)

    def stop_execution(self, params: dict[str, Any]) -> dict[str, Any]:
        kind, _ = parse_arn(params["executionArn"], "execution", "express")
        if kind == "express":
            raise validation_error("StopExecution is not supported by Express state machines")
        execution = self.execution(params["executionArn"])
        self.engine.stop(execution, params.get("error"), params.get("cause"))
        return {"stopDate": at(execution.stopped if execution.stopped is not None else self.now)}


def _sync_answer(execution: Execution, include_data: bool) -> dict[str, Any]:
    """An Express execution's outcome. Billed in steps of 100 ms, as AWS rounds."""
    stopped = execution.stopped if execution.stopped is not None else execution.started
    milliseconds = max(1, math.ceil((stopped - execution.started) * 10)) * 100
    answer: dict[str, Any] = {
        "executionArn": execution.arn,
        "stateMachineArn": execution.revision.arn,
        "name": execution.name,
        "startDate": at(execution.started),
        "stopDate": at(stopped),
        "status": execution.status,
        "billingDetails": {"billedMemoryUsedInMB": 64, "billedDurationInMilliseconds": milliseconds},
    }
    put(answer, error=execution.error, cause=execution.cause, traceHeader=execution.trace_header)
    if include_data:
        answer |= {"input": execution.text, "inputDetails": INCLUDED}
        if execution.output is not None:
            answer |= {"output": execution.output, "outputDetails": INCLUDED}
    return answer


def parse_input(text: str | None) -> tuple[str, Any]:
    """An input's text and value. Raises ApiError InvalidExecutionInput."""
    if text is None:
        return "{}", {}
    if len(text.encode()) > MAX_PAYLOAD_BYTES:
        raise validation_error(
            "1 validation error detected: Value at 'input' failed to satisfy constraint: "
            f"Member must have length less than or equal to {MAX_PAYLOAD_BYTES}"
        )
    try:
        return text, decode(text)
    except ValueError as error:
        raise ApiError("InvalidExecutionInput", f"Invalid State Machine Execution Input: '{error}'") from None


def _of_target(executions: list[Execution], arn: str, target: Target) -> list[Execution]:
    if target.alias_arn is not None:
        return [each for each in executions if each.alias_arn == arn]
    if target.version_arn is not None:
        return [each for each in executions if each.version_arn == arn]
    return executions


def _brief(execution: Execution) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "executionArn": execution.arn,
        "stateMachineArn": execution.revision.arn,
        "name": execution.name,
        "status": execution.status,
        "startDate": at(execution.started),
        "redriveCount": execution.redrive_count,
    }
    return put(
        answer,
        stopDate=None if execution.stopped is None else at(execution.stopped),
        mapRunArn=None if execution.map_run is None else execution.map_run.arn,
        stateMachineVersionArn=execution.version_arn,
        stateMachineAliasArn=execution.alias_arn,
        redriveDate=None if execution.redrive_time is None else at(execution.redrive_time),
    )
