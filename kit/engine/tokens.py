"""Task tokens: how the outside answers a task that waits for it.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from kit.asl.definition import Json


@dataclass(frozen=True, slots=True)
class Succeeded:
    result: Json


@dataclass(frozen=True, slots=True)
class TaskFailure:
    error: str | None
    cause: str | None


Answer = Succeeded | TaskFailure


class TokenError(Exception):
    """A token that can't be answered. `code` is AWS's: InvalidToken, TaskTimedOut, TaskDoesNotExist."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(slots=True)
class Waiting:
    """A task that waits for an answer. An answer may come before the task has begun to wait."""

    answer: Answer | None = None
    on_answer: Callable[[], object] | None = None
    on_heartbeat: Callable[[], object] | None = None


@dataclass(slots=True)
class Tokens:
    """The tokens of one sandbox: those that wait, and those that waited once."""

    _waiting: dict[str, Waiting] = field(default_factory=dict)
    _over: set[str] = field(default_factory=set)

    def open(self, token: str) -> Waiting:
        self._waiting[token] = waiting = Waiting()
        return waiting

    def waits(self, token: str) -> bool:
        """Whether a task waits for an answer with this token."""
        waiting = self._waiting.get(token)
        return waiting is not None and waiting.answer is None

    def close(self, token: str) -> None:
        """The task is over, answered or not."""
        if self._waiting.pop(token, None) is not None:
            self._over.add(token)

    def answer(self, token: str, answer: Answer) -> None:
        """Ends the task. Raises TokenError where no task waits with this token."""
        waiting = self._find(token)
        waiting.answer = answer
        if waiting.on_answer is not None:
            waiting.on_answer()

    def heartbeat(self, token: str) -> None:
        """Starts the task's HeartbeatSeconds again."""
        waiting = self._find(token)
        if waiting.on_heartbeat is not None:
            waiting.on_heartbeat()

    def _find(self, token: str) -> Waiting:
        waiting = self._waiting.get(token)
        if waiting is not None and waiting.answer is None:
            return waiting
        if waiting is not None or token in self._over:
            raise TokenError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
        raise TokenError("InvalidToken", "Invalid Token: 'Invalid token'")
