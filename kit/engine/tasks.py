"""The Task state: one attempt from the request to its answer.

Three kinds of task write three kinds of events: a service integration (`Task...`), a plain Lambda ARN
(`LambdaFunction...`) and an activity (`Activity...`).
https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from typing import Any, Literal

from kit.asl import definition as asl
from kit.asl.definition import Json
from kit.asl.encoding import encode
from kit.asl.errors import StatesError
from kit.asl.payload import compile_payload
from kit.engine.activities import ActivityTask
from kit.engine.events import NOT_TRUNCATED
from kit.engine.failures import HEARTBEAT_TIMEOUT, TIMEOUT, Abort, Failure
from kit.engine.fallible import FallibleStep
from kit.engine.fields import compile_arguments, compile_query
from kit.engine.frame import Frame
from kit.engine.interpreter import result_text
from kit.engine.limits import compile_limit
from kit.engine.ports import Done, Failed, Later, Submitted, TaskAnswer, TaskCall
from kit.engine.process import Flow
from kit.engine.scheduler import Kind, Timer
from kit.engine.tokens import Succeeded, Waiting

LAMBDA = re.compile(r"arn:[^:]+:lambda:[^:]*:\d*:function:.+")
ACTIVITY = re.compile(r"arn:[^:]+:states:[^:]*:\d*:activity:.+")
TaskKind = Literal["Task", "LambdaFunction", "Activity"]


class TaskStep(FallibleStep):
    __slots__ = ("arguments", "credentials", "heartbeat", "kind", "resource", "timeout", "uses_token")

    state: asl.Task

    def prepare(self) -> None:
        fields, language = self.state.fields, self.state.query_language
        self.resource = self.state.resource
        self.kind: TaskKind = (
            "LambdaFunction"
            if LAMBDA.fullmatch(self.resource)
            else "Activity"
            if ACTIVITY.fullmatch(self.resource)
            else "Task"
        )
        self.uses_token = self.resource.endswith((".waitForTaskToken", ".sync", ".sync:2"))
        self.arguments = compile_arguments(fields, language)
        self.timeout = compile_limit(fields, "TimeoutSeconds", language)
        self.heartbeat = compile_limit(fields, "HeartbeatSeconds", language)
        self.credentials = None
        if "Credentials" in fields:
            given = fields["Credentials"]
            self.credentials = (
                compile_query(given, "Credentials") if language == "JSONata" else compile_payload(given)
            )

    def attempt(self, frame: Frame, data: Json) -> Flow:
        return (yield from Attempt(self, frame, data).run())


class Attempt:
    """One attempt of a task: its events, its limits, and the wait for its answer.

    Timers, answers and workers only note what happened and wake the flow, which then looks."""

    def __init__(self, step: TaskStep, frame: Frame, data: Json) -> None:
        assert frame.process is not None
        execution = frame.execution
        engine = execution.engine
        self.step, self.frame, self.engine, self.process = step, frame, engine, frame.process
        self.token = engine.randomness.token(
            execution.arn, frame.entered, frame.retries, execution.redrive_count
        )
        frame.token = self.token if step.uses_token else None
        self.data = data
        self.arguments = data if step.arguments is None else step.arguments(data, frame)
        self.timeout = None if step.timeout is None else step.timeout(data, frame)
        self.heartbeat = None if step.heartbeat is None else step.heartbeat(data, frame)
        credentials = None if step.credentials is None else step.credentials(data, frame)
        self.role_arn: str | None = None if credentials is None else credentials["RoleArn"]
        self.labels = self._labels()
        if step.kind != "Activity":
            refused = engine.integrations.refusal(step.resource, self.arguments)
            if refused is not None:
                raise StatesError(refused.error, refused.cause or "")
        self.waiting: Waiting | None = None
        self.reached: str | None = None
        self.timeout_timer: Timer | None = None
        self.heartbeat_timer: Timer | None = None

    def run(self) -> Generator[None, None, Json]:
        """Returns the task's result. Raises Failure."""
        try:
            self._tell_scheduled()
            if self.step.kind == "Activity":
                answer = yield from self._by_worker()
            else:
                answer = yield from self._by_integration()
        finally:
            self._close()
        if isinstance(answer, Failed):
            raise self._failed(answer.error, answer.cause, answer.event.removeprefix("Task"))
        assert isinstance(answer, Done)
        return self._succeeded(answer.result)

    def _by_integration(self) -> Generator[None, None, TaskAnswer]:
        call = self._call()
        if self.step.uses_token:
            self._open()
        answer = self.engine.integrations.call(call)
        if self.frame.execution.status != "RUNNING":
            raise Abort(told=False)  # A client has stopped it during the call.
        # Where time flows by itself, it flowed during the call, which may have taken a minute.
        spent = self.engine.present() - self.engine.scheduler.now
        if isinstance(answer, Failed) and answer.event == "TaskStartFailed":
            yield from self._sleep(spent + answer.seconds)
            return answer
        self.frame.add(f"{self.step.kind}Started", self.labels or None)
        self._limit_time(Kind.DEADLINE)
        yield from self._sleep(spent + (0 if isinstance(answer, Later) else answer.seconds))
        while isinstance(answer, Submitted | Later):
            if isinstance(answer, Later):
                answer = yield from self._later(answer)
            else:
                answer = yield from self._submitted(call, answer)
        return answer

    def _later(self, later: Later) -> Generator[None, None, TaskAnswer]:
        ready: list[None] = []
        later.subscribe(lambda: self._note(ready.append, None))
        timer = None
        if later.seconds is not None:
            timer = self.engine.scheduler.after(later.seconds, lambda: self._note(ready.append, None))
        try:
            yield from self._until(lambda: bool(ready))
        finally:
            if timer is not None:
                timer.cancel()
        return later.answer()

    def _submitted(self, call: TaskCall, submitted: Submitted) -> Generator[None, None, TaskAnswer]:
        """Tells of the submission and waits for the outcome: by token, or by asking."""
        text = result_text(submitted.result, self._giver)
        self.frame.add("TaskSubmitted", {**self.labels, "output": text, "outputDetails": NOT_TRUNCATED})
        waiting = self.waiting or self._open()
        try:
            if submitted.poll_seconds is None:
                if submitted.by_person:
                    self._expect_somebody()
                yield from self._until(lambda: waiting.answer is not None)
                return self._answer_of(waiting)
            while True:
                yield from self._sleep(submitted.poll_seconds, waiting)
                if waiting.answer is not None:
                    return self._answer_of(waiting)
                outcome = self.engine.integrations.poll(call, submitted.handle)
                if outcome is not None:
                    if not isinstance(outcome, Later):
                        yield from self._sleep(outcome.seconds)
                    return outcome
        except (Failure, Abort, GeneratorExit):
            self.engine.integrations.cancel(call, submitted.handle)
            raise

    def _by_worker(self) -> Generator[None, None, TaskAnswer]:
        waiting = self._open()
        self._limit_time(Kind.PERSON)
        workers: list[str | None] = []
        task = ActivityTask(
            self.token, encode(self.arguments), lambda worker: self._note(workers.append, worker)
        )
        self.engine.activities.offer(self.step.resource, task)
        try:
            yield from self._until(lambda: bool(workers))
        finally:
            self.engine.activities.withdraw(self.step.resource, task)
        self.frame.add("ActivityStarted", {} if workers[0] is None else {"workerName": workers[0]})
        self._expect_somebody()
        yield from self._until(lambda: waiting.answer is not None)
        return self._answer_of(waiting)

    # What may happen meanwhile.

    def _until(self, happened: Callable[[], bool]) -> Flow:
        """Waits. Raises Failure where a limit is reached first."""
        while not happened():
            if self.reached is not None:
                raise self._timed_out(self.reached)
            yield

    def _sleep(self, seconds: float, waiting: Waiting | None = None) -> Flow:
        """Lets virtual time pass, or less where an answer comes."""
        if seconds <= 0:
            return
        due: list[None] = []
        timer = self.engine.scheduler.after(seconds, lambda: self._note(due.append, None))
        try:
            yield from self._until(lambda: bool(due) or (waiting is not None and waiting.answer is not None))
        finally:
            timer.cancel()

    def _note(self, what: Callable[[Any], object], value: Any) -> None:
        what(value)
        self.process.wake()

    def _reach(self, limit: str) -> None:
        self.reached = limit
        self.process.wake()

    def _open(self) -> Waiting:
        self.waiting = waiting = self.engine.tokens.open(self.token)
        waiting.on_answer = self.process.wake
        return waiting

    def _limit_time(self, kind: Kind) -> None:
        if self.timeout is not None:
            self.timeout_timer = self.engine.scheduler.after(self.timeout, lambda: self._reach(TIMEOUT), kind)

    def _expect_somebody(self) -> None:
        """From here on somebody outside must answer: the clock doesn't pass these limits by itself."""
        timer = self.timeout_timer
        if timer is not None and timer.kind is not Kind.PERSON and timer.pending:
            timer.cancel()
            self.timeout_timer = self.engine.scheduler.at(timer.at, lambda: self._reach(TIMEOUT), Kind.PERSON)
        if self.waiting is not None:
            self.waiting.on_heartbeat = self._expect_heartbeat
        self._expect_heartbeat()

    def _expect_heartbeat(self) -> None:
        if self.heartbeat_timer is not None:
            self.heartbeat_timer.cancel()
        if self.heartbeat is not None:
            self.heartbeat_timer = self.engine.scheduler.after(
                self.heartbeat, lambda: self._reach(HEARTBEAT_TIMEOUT), Kind.PERSON
            )

    def _close(self) -> None:
        """Takes back all that could still call."""
        for timer in (self.timeout_timer, self.heartbeat_timer):
            if timer is not None:
                timer.cancel()
        if self.waiting is not None:
            self.engine.tokens.close(self.token)

    # Events and answers.

    @property
    def _giver(self) -> str:
        """Who gave a result, in AWS's words about one that is too large."""
        return self.labels.get("resourceType") or self.step.resource

    def _labels(self) -> dict[str, str]:
        if self.step.kind != "Task":
            return {}
        resource_type, resource = self.engine.integrations.describe(self.step.resource)
        return {"resourceType": resource_type, "resource": resource}

    def _tell_scheduled(self) -> None:
        text = encode(self.arguments)
        details: dict[str, Any]
        if self.step.kind == "Task":
            details = {**self.labels, "region": self.engine.region, "parameters": text}
        else:
            details = {"resource": self.step.resource, "input": text, "inputDetails": NOT_TRUNCATED}
        if self.timeout is not None:
            details["timeoutInSeconds"] = self.timeout
        if self.heartbeat is not None and self.step.kind != "LambdaFunction":
            details["heartbeatInSeconds"] = self.heartbeat
        if self.role_arn is not None and self.step.kind != "Activity":
            details["taskCredentials"] = {"roleArn": self.role_arn}
        self.frame.add(f"{self.step.kind}Scheduled", details)

    def _call(self) -> TaskCall:
        execution = self.frame.execution
        return TaskCall(
            resource=self.step.resource,
            arguments=self.arguments,
            execution_arn=execution.arn,
            state_machine_arn=execution.revision.arn,
            state_name=self.step.name,
            role_arn=execution.revision.role_arn,
            token=self.token,
            at=self.engine.scheduler.now,
            attempt=self.frame.retries,
            credentials_role_arn=self.role_arn,
            query_language=self.step.state.query_language,
            input=self.data,
        )

    def _answer_of(self, waiting: Waiting) -> TaskAnswer:
        answer = waiting.answer
        if isinstance(answer, Succeeded):
            return Done(answer.result)
        assert answer is not None
        return Failed(answer.error or "", answer.cause)

    def _succeeded(self, result: Json) -> Json:
        try:
            text = result_text(result, self._giver)
        except Failure as failure:
            raise self._failed(failure.error or "", failure.cause, "Failed") from None
        details = {**self.labels, "output": text, "outputDetails": NOT_TRUNCATED}
        self.frame.add(f"{self.step.kind}Succeeded", details)
        return result

    def _failed(self, error: str, cause: str | None, how: str) -> Failure:
        details: dict[str, Any] = dict(self.labels)
        if error:
            details["error"] = error
        if cause is not None:
            details["cause"] = cause
        self.frame.add(f"{self.step.kind}{how}", details)
        return Failure(error, cause)

    def _timed_out(self, limit: str) -> Failure:
        """A missed heartbeat is told as States.Timeout too, as recorded executions have it."""
        self.frame.add(f"{self.step.kind}TimedOut", {**self.labels, "error": TIMEOUT})
        return Failure(TIMEOUT, also=limit)
