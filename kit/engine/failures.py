"""How a failure travels: from the state where it happens to the Retry and Catch that may take it.

Failure         a state failed; Retry and Catch may take it, unless it is `final`
ExecutionEnd    the whole execution is over, whatever its states say (too many events)
Abort           thrown into running work to stop it
"""

from __future__ import annotations

from typing import Any, Final

from kit.asl.errors import StatesError

ALL: Final = "States.ALL"
RUNTIME: Final = "States.Runtime"
TIMEOUT: Final = "States.Timeout"
HEARTBEAT_TIMEOUT: Final = "States.HeartbeatTimeout"
TASK_FAILED: Final = "States.TaskFailed"
DATA_LIMIT: Final = "States.DataLimitExceeded"
NO_CHOICE: Final = "States.NoChoiceMatched"
QUERY_EVALUATION: Final = "States.QueryEvaluationError"


class Failure(Exception):  # noqa: N818 - what failed is a state, not this program
    """A state failed with an error name and, perhaps, a cause.

    `also` is a second name that ErrorEquals may use: a missed heartbeat is told as States.Timeout
    and also matches States.HeartbeatTimeout. `inner` is true where a branch or an iteration failed,
    rather than the state's own fields. `index` is where in Retry and Catch it was taken, for TestState.
    """

    def __init__(
        self, error: str | None, cause: str | None = None, *, also: str | None = None, inner: bool = False
    ) -> None:
        super().__init__(error, cause)
        self.error, self.cause, self.also, self.inner = error, cause, also, inner

    @property
    def final(self) -> bool:
        """Whether no Retry and no Catch may take it.

        https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html"""
        return self.error == RUNTIME

    def output(self) -> dict[str, Any]:
        """What a Catch sees: Error, and Cause if there is one."""
        seen: dict[str, Any] = {"Error": self.error or ""}
        if self.cause is not None:
            seen["Cause"] = self.cause
        return seen

    def from_inside(self) -> Failure:
        """The same failure, as the Parallel or Map around it sees it."""
        return Failure(self.error, self.cause, also=self.also, inner=True)


class ExecutionEnd(Exception):  # noqa: N818 - an end, not an error
    """The execution fails now; nothing in it can take this."""

    def __init__(self, error: str, cause: str) -> None:
        super().__init__(error, cause)
        self.error, self.cause = error, cause


class Abort(Exception):  # noqa: N818 - an order, not an error
    """Stops a running flow. `told` says whether its open states get their `...StateAborted` events:
    yes where a sibling branch failed, no where the execution itself is stopped or timed out."""

    def __init__(self, told: bool) -> None:
        super().__init__()
        self.told = told


class EvaluationFault(StatesError):  # noqa: N818 - what failed is a field
    """A JSONata field gave a value that its state can't use.

    `location` is the field's name where AWS gives one. `after_entered` tells the event
    EvaluationFailed to follow the state's Entered event, as AWS does for a Wait's Timestamp."""

    def __init__(self, cause: str, location: str | None = None, *, after_entered: bool = False) -> None:
        super().__init__(QUERY_EVALUATION, cause)
        self.location, self.after_entered = location, after_entered
