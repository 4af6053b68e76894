"""One execution: how it stands, what it did, what came of it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from kit import view
from kit.asl.definition import StateMachine
from kit.history import Trace
from kit.sandbox.connection import Connection
from kit.sandbox.errors import RunTimeoutError
from kit.sandbox.history import HistoryReader

CLOSED = frozenset({"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"})


class Run:
    """An execution of a deployed machine, running or closed.

    What is asked of it is read from the account at that moment; once it has closed, nothing is asked
    twice. https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
    """

    def __init__(
        self, connection: Connection, arn: str, definition: StateMachine, title: str | None = None
    ) -> None:
        self.arn = arn
        self.definition = definition
        self.title = title or definition.comment or arn.split(":")[-2]
        self.connection = connection
        self._reader = HistoryReader(connection.client, arn)
        self._closed: Mapping[str, Any] | None = None
        self._complete = False

    @staticmethod
    def from_history(
        history: str | bytes | Mapping[str, Any],
        definition: StateMachine | Mapping[str, Any] | str | None = None,
        *,
        mask: bool = False,
    ) -> view.Recorded:
        """A run from what `aws stepfunctions get-execution-history` printed, without an account.

        `definition` is read off the run where it is None. `mask` puts *** in place of secrets first.
        Raises HistoryError, DefinitionError.
        """
        return view.Recorded(history, definition, mask=mask)

    @property
    def name(self) -> str:
        """The execution's name."""
        return self.arn.rsplit(":", 1)[-1]

    @property
    def status(self) -> str:
        """RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED or PENDING_REDRIVE."""
        return str(self._describe()["status"])

    @property
    def input(self) -> Any:
        """What it was started with, as JSON values."""
        return json.loads(self._describe().get("input") or "{}")

    @property
    def output(self) -> Any:
        """What it gave, as JSON values. None while it runs, and where it failed."""
        text = self._describe().get("output")
        return None if text is None else json.loads(text)

    @property
    def error(self) -> str | None:
        """The error's name, where it failed."""
        return self._describe().get("error")

    @property
    def cause(self) -> str | None:
        """The error's cause, where it failed."""
        return self._describe().get("cause")

    @property
    def history(self) -> Sequence[Mapping[str, Any]]:
        """The events so far, as GetExecutionHistory gives them."""
        self._read()
        return tuple(self._reader.events)

    @property
    def trace(self) -> Trace:
        """The events so far, folded: states, visits, statuses, durations."""
        self._read()
        return self._reader.trace

    def wait(self, timeout: float | None = None) -> Run:
        """Returns when the execution has closed. `timeout` is in real seconds, None for no end.

        Raises RunTimeoutError when the time is up; the execution goes on.
        """
        pace = self.connection.make_pace()
        until = None if timeout is None else time.monotonic() + timeout
        while self.status not in CLOSED:
            left = 3600.0 if until is None else until - time.monotonic()
            if left <= 0:
                raise RunTimeoutError(
                    f"{self.name} is still running after {timeout:g} s. It goes on: wait longer, "
                    "run.watch() it, or run.stop() it."
                )
            pace.wait(left)
        return self

    def stop(self, error: str | None = None, cause: str | None = None) -> Run:
        """Stops the execution. What its states have already done stays done."""
        given = {"error": error, "cause": cause}
        self.connection.client.stop_execution(
            executionArn=self.arn, **{name: value for name, value in given.items() if value is not None}
        )
        return self

    def redrive(self) -> Run:
        """Goes on from where the execution failed, under the same ARN, with the same definition and input.

        For repairs in the world; a repaired definition needs a new execution.
        https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
        """
        self.connection.client.redrive_execution(executionArn=self.arn)
        self._closed, self._complete = None, False
        return self

    def watch(self) -> None:
        """Shows the graph as the execution goes on.

        In a notebook it returns at once, and the picture moves while later cells run. Elsewhere (a script,
        papermill) it waits for the end and shows the picture once. `run.wait()` waits in either.
        """
        from kit.sandbox.watch import watch

        watch(self)

    def graph(self) -> view.Graph:
        """The machine's graph with what happened so far."""
        return view.graph(self.definition, self.trace, self.title)

    def timeline(self) -> view.Timeline:
        """What happened so far, on its time. In the local sandbox, injected faults are marked."""
        mine = [call for call in self.connection.calls if call.by == self.arn]
        return view.timeline(self.trace, self.title, mine)

    def compare(self, other: Run) -> view.Comparison:
        """In which states this run and a later one differ: path, time, retries, output."""
        return view.compare(self.trace, other.trace)

    def events(self) -> view.EventTable:
        """The events so far, as a table."""
        return view.event_table(self.history)

    def words(self) -> str:
        """What happened so far, in words."""
        return view.words(self.definition, self.trace, self.title)

    def __repr__(self) -> str:
        return f"<Run {self.name}: {self.status}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        return self.graph()._repr_mimebundle_(include=include, exclude=exclude)

    def _describe(self) -> Mapping[str, Any]:
        if self._closed is not None:
            return self._closed
        now: Mapping[str, Any] = self.connection.client.describe_execution(executionArn=self.arn)
        if now["status"] in CLOSED:
            self._closed = now
        return now

    def _read(self) -> None:
        if self._complete:
            return
        self._reader.read()
        # The last event of a closed execution says so.
        self._complete = self._reader.trace.status in CLOSED
