"""Tasks that wait for somebody: those with `.waitForTaskToken`, listed and answered.

    sandbox.approvals.wait().approve({"by": "Aki"})
    sandbox.approvals[0].reject("Declined", "not on a Friday")

An answer goes the way that AWS knows, SendTaskSuccess and SendTaskFailure, so whoever holds the token can
give it as well. Activities are not here: a worker polls for them.
https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, overload

import orjson

from kit.emulator.driver import Driver
from kit.engine import Engine
from kit.engine.ports import Json, TaskCall


@dataclass(frozen=True, slots=True)
class Approval:
    """A task that waits. `input` is its state's input, `arguments` what it sent with its token, `since`
    the virtual time since which it waits; `attempt` counts from 0."""

    state: str
    execution: str
    input: Json
    arguments: Json = field(repr=False)
    since: dt.datetime
    token: str = field(repr=False)
    attempt: int = 0
    _client: Any = field(repr=False, compare=False, default=None)

    def approve(self, output: Json = None) -> None:
        """Ends the task well; `output`, as JSON, is its result. Raises botocore's ClientError TaskTimedOut
        where it doesn't wait any more."""
        self._client.send_task_success(taskToken=self.token, output=orjson.dumps(output).decode())

    def reject(self, error: str = "Rejected", cause: str = "") -> None:
        """Ends the task with an error, which a Catch can take by its name. Raises as `approve` does."""
        self._client.send_task_failure(taskToken=self.token, error=error, cause=cause)

    def heartbeat(self) -> None:
        """Tells that somebody is at it: HeartbeatSeconds begins again. Raises as `approve` does."""
        self._client.send_task_heartbeat(taskToken=self.token)


class Approvals(Sequence[Approval]):
    """Those that wait now, the oldest first."""

    def __init__(self, engine: Engine, driver: Driver, client: Callable[[str], Any]) -> None:
        self._engine, self._driver, self._client = engine, driver, client
        self._calls: dict[str, TaskCall] = {}

    def add(self, call: TaskCall) -> None:
        """A task has handed out its token."""
        self._calls[call.token] = call

    def wait(self, timeout: float = 10.0) -> Approval:
        """The oldest, as soon as there is one. Raises TimeoutError after so many real seconds."""
        if not self._driver.wait(lambda: bool(self._waiting()), real_seconds=timeout):
            raise TimeoutError(f"No task has asked for an answer within {timeout:g} seconds.")
        return self[0]

    def _waiting(self) -> list[TaskCall]:
        with self._driver.lock:
            self._calls = {
                token: call for token, call in self._calls.items() if self._engine.tokens.waits(token)
            }
            return list(self._calls.values())

    @overload
    def __getitem__(self, index: int) -> Approval: ...
    @overload
    def __getitem__(self, index: slice) -> list[Approval]: ...
    def __getitem__(self, index: int | slice) -> Approval | list[Approval]:
        found = [self._approval(call) for call in self._waiting()]
        if isinstance(index, int) and not found:
            raise IndexError("No task waits for an answer now; sandbox.approvals.wait() waits for one.")
        return found[index]

    def __len__(self) -> int:
        return len(self._waiting())

    def __iter__(self) -> Iterator[Approval]:
        return iter(self[:])

    def __repr__(self) -> str:
        lines = [
            f"{each.state} of {each.execution.rsplit(':', 1)[-1]}, since {each.since:%Y-%m-%d %H:%M:%S}: "
            f"{orjson.dumps(each.input).decode()[:200]}"
            for each in self
        ]
        return "\n".join(lines) or "Nothing waits for an answer."

    def _approval(self, call: TaskCall) -> Approval:
        return Approval(
            state=call.state_name,
            execution=call.execution_arn,
            input=call.input,
            arguments=call.arguments,
            since=dt.datetime.fromtimestamp(call.at, dt.UTC),
            token=call.token,
            attempt=call.attempt,
            _client=self._client("stepfunctions"),
        )
