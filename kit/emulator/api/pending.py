"""Answers that come later: a call that waits until something has happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A call that isn't answered yet.

    `subscribe(wake)` calls `wake()` when it can be, at once where it can already; `ready()` says whether;
    `answer()` gives the answer, also before, where time is up. `cancel()` says that the caller has gone.
    They are called under the driver's lock. `seconds` is how long the caller waits at most, virtual and
    real."""

    subscribe: Callable[[Callable[[], object]], object]
    ready: Callable[[], bool]
    answer: Callable[[], dict[str, Any]]
    cancel: Callable[[], object] = lambda: None
    seconds: float | None = None


class Postponed(Exception):  # noqa: N818 - no error: the answer comes later
    """An execution's own call would have to wait, which must not hold up the thread that lets executions
    run. Whoever made the call waits in virtual time for `pending`."""

    def __init__(self, pending: Pending) -> None:
        super().__init__("the answer comes later")
        self.pending = pending
