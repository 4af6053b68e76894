"""Retry and Catch: whether a failure is tried again, when, and where it goes otherwise.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

from collections.abc import Sequence

from kit.asl.definition import Catcher, Fallible, Json, QueryLanguage, Retrier
from kit.asl.payload import compile_payload
from kit.engine.failures import ALL, TASK_FAILED, TIMEOUT, Failure
from kit.engine.fields import Finish, compile_query, compile_result_path
from kit.engine.frame import Frame
from kit.engine.quotas import MAX_STANDARD_SECONDS
from kit.engine.randomness import Randomness


def matches(names: Sequence[str], failure: Failure) -> bool:
    """Whether an ErrorEquals takes this failure."""
    if failure.final:
        return False
    return any(
        name in (failure.error, ALL)
        or (failure.also is not None and name == failure.also)
        or (name == TASK_FAILED and failure.error != TIMEOUT)
        for name in names
    )


def delay(retrier: Retrier, attempt: int, share: float = 1.0) -> float:
    """Seconds before retry number `attempt` (from 0). With full jitter, `share` of that, from 0 to 1.

    The delay grows by BackoffRate with each retry and stops at MaxDelaySeconds."""
    try:
        seconds = float(retrier.interval_seconds * retrier.backoff_rate**attempt)
    except OverflowError:
        seconds = float("inf")
    limit = retrier.max_delay_seconds
    if limit is not None:
        seconds = min(seconds, float(limit))
    # AWS caps what it can't express: nothing waits longer than an execution may live.
    return min(seconds, float(MAX_STANDARD_SECONDS)) * (share if retrier.jitter_strategy == "FULL" else 1.0)


class RetryPlan:
    """A state's retriers, scanned in order; each counts its own retries."""

    __slots__ = ("_retriers", "_state")

    def __init__(self, state: Fallible) -> None:
        self._retriers, self._state = state.retriers, str(state.place)

    def next_delay(self, failure: Failure, frame: Frame, randomness: Randomness) -> float | None:
        """Seconds until the next attempt, or None where there is none. Counts the retry."""
        index = self.index(failure)
        counts = frame.retry_counts
        if index is None or counts is None:
            return None
        retrier, done = self._retriers[index], counts[index]
        if done >= retrier.max_attempts:
            return None
        counts[index] = done + 1
        frame.retries += 1
        if retrier.jitter_strategy != "FULL":
            return delay(retrier, done)
        draw = randomness.stream(frame.execution.arn, self._state, frame.entered, frame.retries, "jitter")
        return delay(retrier, done, draw.random())

    def index(self, failure: Failure) -> int | None:
        """Which retrier takes it."""
        found = (i for i, retrier in enumerate(self._retriers) if matches(retrier.error_equals, failure))
        return next(found, None)

    def fresh_counts(self) -> list[int]:
        return [0] * len(self._retriers)


class CatchPlan:
    """A state's catchers, scanned in order after its retriers have given up."""

    __slots__ = ("_clauses",)

    def __init__(self, state: Fallible) -> None:
        self._clauses = [
            (catcher.error_equals, catcher.next, _compile_catcher(catcher, state.query_language))
            for catcher in state.catchers
        ]

    def index(self, failure: Failure) -> int | None:
        """Which catcher takes it."""
        return next((i for i, clause in enumerate(self._clauses) if matches(clause[0], failure)), None)

    def take(self, index: int, failure: Failure, data: Json, frame: Frame) -> tuple[Json, str]:
        """What the caught state gives out, and the name of the state that follows."""
        _, following, output = self._clauses[index]
        return output(data, failure.output(), frame), following


def _compile_catcher(catcher: Catcher, language: QueryLanguage) -> Finish:
    fields = catcher.fields
    if language == "JSONata":
        assign = compile_query(fields["Assign"], "Assign", "errorOutput") if fields.get("Assign") else None
        output = compile_query(fields["Output"], "Output", "errorOutput") if "Output" in fields else None

        def by_jsonata(data: Json, error: Json, frame: Frame) -> Json:
            if assign is not None:
                frame.assigned = assign(data, frame, error)
            return error if output is None else output(data, frame, error)

        return by_jsonata
    template = compile_payload(fields["Assign"]) if fields.get("Assign") else None
    combine = compile_result_path(fields)

    def by_jsonpath(data: Json, error: Json, frame: Frame) -> Json:
        if template is not None:
            frame.assigned = template(error, frame)
        return error if combine is None else combine(data, error)

    return by_jsonpath
