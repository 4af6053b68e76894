"""State transitions of Standard executions, counted from their events.

AWS `counts a state transition each time a step of your workflow is executed`, retries included: each state
that is entered, each further attempt, and each redrive. https://aws.amazon.com/step-functions/pricing/
"""

from __future__ import annotations

from collections.abc import Iterable

from kit.engine import Execution

_ATTEMPTS = {
    "TaskScheduled": "task", "LambdaFunctionScheduled": "task", "ActivityScheduled": "task",
    "MapStateStarted": "map", "ParallelStateStarted": "parallel",
}  # fmt: skip
_ENTERED = {"TaskStateEntered": "task", "MapStateEntered": "map", "ParallelStateEntered": "parallel"}


def count(executions: Iterable[Execution], since: float, until: float) -> int:
    """The transitions between two moments, in seconds since 1970; `until` is not in."""
    return sum(_of(execution, since, until) for execution in executions)


def _of(execution: Execution, since: float, until: float) -> int:
    entered = retried = 0
    first: dict[str, int] = {}
    for _, event_type, at, *_ in execution.events:
        now = since <= at < until
        if event_type.endswith("StateEntered"):
            entered += now
            if event_type in _ENTERED:
                kind = _ENTERED[event_type]
                first[kind] = first.get(kind, 0) + 1
        elif event_type == "ExecutionRedriven":
            entered += now
        elif event_type in _ATTEMPTS:
            kind = _ATTEMPTS[event_type]
            if first.get(kind, 0):
                first[kind] -= 1  # The first attempt is the state's own transition.
            else:
                retried += now
    return entered + retried
