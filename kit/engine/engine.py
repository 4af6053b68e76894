"""The engine: runs executions in virtual time, in one thread, the same way every time.

It knows no AWS: what tasks call comes in through `Integrations`. Nothing here waits for real time; whoever
owns the engine lets its scheduler go.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from kit.asl.definition import Json
from kit.engine.activities import Activities
from kit.engine.archive import Archive
from kit.engine.events import NOT_TRUNCATED
from kit.engine.execution import Execution, Revision
from kit.engine.failures import DATA_LIMIT, RUNTIME, Abort, ExecutionEnd, Failure
from kit.engine.frame import Frame
from kit.engine.interpreter import run_flow
from kit.engine.map_runs import MapRun
from kit.engine.ports import Integrations, ObjectStore
from kit.engine.process import Flow, Process
from kit.engine.quotas import MAX_EXPRESS_SECONDS, MAX_STANDARD_SECONDS
from kit.engine.randomness import Randomness
from kit.engine.scheduler import Kind, Scheduler
from kit.engine.tokens import Tokens

log = logging.getLogger(__name__)


class Engine:
    """Runs executions.

    - `scheduler`: the clock and what is due
    - `tokens`, `activities`: what waits for somebody outside
    - `states_a_turn`: how many states a flow runs before others get their turn
    - `archive`: the histories of those that have ended
    - `executions`: the Standard ones, children of Map Runs included, by ARN
    - `map_runs`: by ARN
    - `present`: the time now, which may be later than the scheduler's while a task's call runs
    - `open`: how many executions run
    - `on_start`: called with each execution that begins to run, or does so again
    - `on_close`: called with each execution that has ended
    """

    def __init__(
        self,
        integrations: Integrations,
        *,
        now: float = 0.0,
        seed: int = 0,
        region: str = "us-east-1",
        account: str = "123456789012",
        objects: ObjectStore | None = None,
    ) -> None:
        self.integrations, self.objects = integrations, objects
        self.region, self.account = region, account
        self.scheduler = Scheduler(now)
        self.randomness = Randomness(seed)
        self.tokens = Tokens()
        self.activities = Activities()
        self.map_runs: dict[str, MapRun] = {}
        self.executions: dict[str, Execution] = {}
        self.archive = Archive()
        self.open = 0
        self.states_a_turn = 256
        self.present: Callable[[], float] = lambda: self.scheduler.now
        self.on_start: list[Callable[[Execution], object]] = []
        self.on_close: list[Callable[[Execution], object]] = []

    def arn(self, kind: str, *names: str) -> str:
        return ":".join(("arn:aws:states", self.region, self.account, kind, *names))

    def start(
        self,
        revision: Revision,
        text: str,
        data: Json,
        *,
        arn: str,
        name: str,
        prepare: Callable[[Execution], object] | None = None,
    ) -> Execution:
        """Starts an execution; it runs when the scheduler does. `text` is the input as it came, `data`
        its value. `prepare` is called before the first event."""
        execution = Execution(self, revision, arn, name, text, data)
        if prepare is not None:
            prepare(execution)
        details: dict[str, Any] = {"input": text, "inputDetails": NOT_TRUNCATED, "roleArn": revision.role_arn}
        for key, value in (
            ("stateMachineVersionArn", execution.version_arn),
            ("stateMachineAliasArn", execution.alias_arn),
        ):
            if value is not None:
                details[key] = value
        execution.add(0, "ExecutionStarted", details)
        if revision.type == "STANDARD":
            self.executions[arn] = execution
        execution.root = frame = Frame(execution)
        self._run(execution, frame, run_flow(frame, revision.program.first, data, text))
        return execution

    def stop(self, execution: Execution, error: str | None = None, cause: str | None = None) -> None:
        """Ends a running execution as ABORTED. Does nothing to one that has ended."""
        details = {key: value for key, value in (("error", error), ("cause", cause)) if value is not None}
        if execution.status == "RUNNING":
            execution.error, execution.cause = error, cause
        self._cut(execution, "ABORTED", "ExecutionAborted", details)

    def redrive(self, execution: Execution) -> None:
        """Takes up an execution that ended otherwise than well where it stands: same input, same
        definition, timeouts and retries from the beginning. Whether it may be redriven is not asked here.

        https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html"""
        frame = execution.root
        assert frame is not None
        whole = execution.error == DATA_LIMIT
        execution.reopen(self.scheduler.now)
        details = {"redriveCount": execution.redrive_count}
        frame.previous = execution.add(len(execution.events), "ExecutionRedriven", details)
        frame.resuming = not whole
        if frame.step is None:
            flow = run_flow(frame, execution.revision.program.first, execution.data, execution.text)
        else:
            flow = run_flow(frame, frame.step, frame.data, frame.text, resumed=frame.in_step)
        self._run(execution, frame, flow)

    def _run(self, execution: Execution, frame: Frame, flow: Flow) -> None:
        process = Process(execution.lane, flow, lambda ended: self._ended(execution, ended))
        frame.process = process
        self.open += 1
        program, express = execution.revision.program, execution.revision.type == "EXPRESS"
        longest = MAX_EXPRESS_SECONDS if express else MAX_STANDARD_SECONDS
        seconds = min(program.timeout_seconds or longest, longest)
        execution.timer = self.scheduler.after(seconds, lambda: self._time_out(execution), Kind.DEADLINE)
        process.wake()
        for listener in self.on_start:
            listener(execution)

    def _time_out(self, execution: Execution) -> None:
        self._cut(execution, "TIMED_OUT", "ExecutionTimedOut", {})

    def _cut(self, execution: Execution, status: Any, event_type: str, details: dict[str, Any]) -> None:
        frame = execution.root
        if execution.status != "RUNNING" or frame is None or frame.process is None:
            return
        process = frame.process
        self._close(execution, status, frame.previous, event_type, details)
        process.throw(Abort(told=False))

    def _ended(self, execution: Execution, process: Process) -> None:
        if execution.status != "RUNNING":
            return
        frame, error = execution.root, process.error
        assert frame is not None
        if error is None:
            output, text = process.result
            execution.output, execution.output_data = text, output
            details: dict[str, Any] = {"output": text, "outputDetails": NOT_TRUNCATED}
            self._close(execution, "SUCCEEDED", frame.previous, "ExecutionSucceeded", details)
        elif isinstance(error, Failure):
            self._fail(execution, frame.previous, error.error, error.cause)
        elif isinstance(error, ExecutionEnd):
            self._fail(execution, len(execution.events), error.error, error.cause)
        else:
            log.error("The engine broke in %s", execution.arn, exc_info=error)
            self._fail(execution, frame.previous, RUNTIME, f"Internal error of the local engine: {error!r}")

    def _fail(self, execution: Execution, previous: int, error: str | None, cause: str | None) -> None:
        execution.error, execution.cause = error, cause
        details = {key: value for key, value in (("error", error), ("cause", cause)) if value is not None}
        self._close(execution, "FAILED", previous, "ExecutionFailed", details)

    def _close(
        self, execution: Execution, status: Any, previous: int, event_type: str, details: dict[str, Any]
    ) -> None:
        self.open -= 1
        execution.close(status, previous, event_type, details)
        if execution.revision.type == "STANDARD":
            if status == "SUCCEEDED":
                execution.root = None  # Nobody redrives it.
            self.archive.keep(execution)
        for listener in self.on_close:
            listener(execution)
