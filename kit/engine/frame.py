"""Where a flow stands: the machine itself, one branch, one iteration.

A frame links events (each follows the one before it in its own flow) and is the Scope that
expressions read: variables, and the context object, which is built only when it is read.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from kit.asl.encoding import encode
from kit.asl.errors import StatesError
from kit.engine.events import iso
from kit.engine.failures import QUERY_EVALUATION, EvaluationFault, Failure
from kit.engine.process import Flow, Process, Signal
from kit.engine.quotas import MAX_VARIABLE_BYTES, MAX_VARIABLES_BYTES
from kit.engine.scheduler import Kind

if TYPE_CHECKING:
    from kit.engine.execution import Execution
    from kit.engine.map_runs import MapRun
    from kit.engine.steps import Step

NO_VARIABLES: Final[Mapping[str, Any]] = {}


class Frame:
    """One flow being run.

    - `previous`: id of the last event of this flow
    - `entered`: id of the Entered event of the state it is in
    - `variables`: workflow variables that it sees; replaced at an Assign, never changed
    - `sizes`: the bytes of the variables that it has assigned itself
    - `inner`: whether it is a branch or an iteration
    - `assigned`: what the state's Assign gave, until the state is left
    - `item`: the Map item it works on (`$$.Map.Item`), its own or the one around it
    - `token`: the task token of the attempt under way
    - `step`, `data`, `text`: the state where it waits or failed, and that state's input: where a redrive
      begins; `in_step` says whether the state has been entered
    - `children`: frames of the Parallel's branches or the Map's iterations under way, by index
    - `map_run`: the Map Run of the Distributed Map under way
    - `resuming`: a redrive takes up the children where they were
    - `result`: what a finished branch or iteration gave, in a list of one
    """

    __slots__ = (
        "_random",
        "assigned",
        "children",
        "data",
        "entered",
        "execution",
        "in_step",
        "inner",
        "item",
        "map_run",
        "previous",
        "process",
        "result",
        "resuming",
        "retries",
        "retry_counts",
        "sizes",
        "step",
        "text",
        "token",
        "variables",
    )  # fmt: skip

    def __init__(
        self,
        execution: Execution,
        previous: int = 0,
        variables: Mapping[str, Any] = NO_VARIABLES,
        item: Mapping[str, Any] | None = None,
        inner: bool = False,
    ) -> None:
        self.execution, self.previous, self.variables, self.item = execution, previous, variables, item
        self.inner = inner
        self.sizes: Mapping[str, int] = NO_VARIABLES
        self.entered = self.retries = 0
        self.assigned: dict[str, Any] | None = None
        self.token: str | None = None
        self.process: Process | None = None
        self.children: dict[int, Frame] | None = None
        self.resuming = False
        self.result: list[Any] | None = None
        self.retry_counts: list[int] | None = None
        self.step: Step | None = None
        self.data: Any = None
        self.in_step = False
        self.map_run: MapRun | None = None
        self.text = ""
        self._random: tuple[int, int, random.Random] | None = None

    @property
    def context(self) -> dict[str, Any]:
        """The context object of this moment."""
        execution = self.execution
        entered = execution.events[self.entered - 1]
        state: dict[str, Any] = {"Name": entered[3], "EnteredTime": iso(entered[2])}
        if self.retry_counts is not None:
            state["RetryCount"] = self.retries
        shown = {**execution.context, "State": state}
        if self.item is not None:
            shown["Map"] = {"Item": self.item}
        if self.token is not None:
            shown["Task"] = {"Token": self.token}
        return shown

    @property
    def random(self) -> random.Random:
        """Where `States.UUID()` and its like draw from: a stream of this state's attempt alone."""
        if self._random is None or self._random[:2] != (self.entered, self.retries):
            stream = self.execution.engine.randomness.stream(self.execution.arn, self.entered, self.retries)
            self._random = (self.entered, self.retries, stream)
        return self._random[2]

    def add(self, event_type: str, *rest: Any) -> int:
        """Appends an event that follows this flow's last one."""
        self.previous = self.execution.add(self.previous, event_type, *rest)
        return self.previous

    def stand(self, step: Step, data: Any, text: str, *, entered: bool) -> None:
        """Notes where the flow is, for the time that it waits."""
        self.step, self.data, self.text, self.in_step = step, data, text, entered

    def take_children(self) -> dict[int, Frame] | None:
        """In a redrive, once: the flows of the attempt that is taken up again."""
        if not self.resuming:
            return None
        self.resuming = False
        return self.children or {}

    def assign(self) -> None:
        """Makes what the state assigned visible, from the next state on."""
        if self.assigned:
            self.variables = {**self.variables, **self.assigned}
        self.assigned = None

    def oversized(self, assigned: Mapping[str, Any]) -> str | None:
        """What is wrong with the size of an Assign's variables; None where nothing is. The words are a guess.

        https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html"""
        sizes = {name: len(encode(value).encode()) for name, value in assigned.items()}
        for name, size in sizes.items():
            if size > MAX_VARIABLE_BYTES:
                return f"The size of the variable '{name}' exceeds the maximum number of bytes service limit."
        if sum(sizes.values()) > MAX_VARIABLE_BYTES:
            return "The size of the variables in Assign exceeds the maximum number of bytes service limit."
        self.sizes = {**self.sizes, **sizes}
        if sum(self.sizes.values()) > MAX_VARIABLES_BYTES:
            return "The size of all variables exceeds the maximum number of bytes service limit."
        return None

    def sleep_until(self, time: float, kind: Kind = Kind.EVENT) -> Flow:
        """Waits for a virtual time. What stops the flow takes the timer back."""
        assert self.process is not None
        signal = Signal(self.process)
        timer = self.execution.engine.scheduler.at(time, signal.fire, kind)
        try:
            yield from signal.wait()
        finally:
            timer.cancel()

    def fault(self, error: StatesError) -> Failure:
        """A field of the present state that failed, as the failure of the state.

        JSONata's failures also get their event, which follows the event before the state's entry."""
        entered = self.execution.events[self.entered - 1]
        name = entered[3]
        cause = (
            f"An error occurred while executing the state '{name}' "
            f"(entered at the event id #{self.entered}). {error.cause}"
        )
        if error.error == QUERY_EVALUATION:
            details = {"error": error.error, "cause": cause, "state": name}
            location = getattr(error, "location", None)
            if location is not None:
                details["location"] = location
            late = isinstance(error, EvaluationFault) and error.after_entered
            self.previous = self.execution.add(
                self.entered if late else entered[0], "EvaluationFailed", details
            )
        self.assigned = None
        return Failure(error.error, cause)
