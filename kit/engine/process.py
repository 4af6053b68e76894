"""Running flows: generators that the scheduler carries on, one for each branch and iteration.

A flow gives up the thread only where it must wait. It waits for a `Signal`, which anything may fire:
a timer, a task's answer, an iteration that ended.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, TypeAlias

from kit.engine.scheduler import Lane

Flow: TypeAlias = Generator[None, None, Any]


class Process:
    """One generator being run, in its execution's lane. `done(process)` is called once, when it has ended.

    After the end, `result` holds what it returned, or `error` what it raised.
    """

    __slots__ = ("_done", "_generator", "_lane", "_queued", "_running", "ended", "error", "result")

    def __init__(self, lane: Lane, generator: Flow, done: Callable[[Process], None]) -> None:
        self._lane, self._generator = lane, generator
        self._done: Callable[[Process], None] | None = done
        self._running = self._queued = self.ended = False
        self.result: Any = None
        self.error: Exception | None = None

    def start(self) -> None:
        """Runs to the first wait or to the end, before this returns."""
        self._step(self._generator.__next__)

    def wake(self) -> None:
        """Carries on in its turn, at the present time. Waking twice is waking once."""
        if not self._queued and not self.ended:
            self._queued = True
            self._lane.soon(self._resume)

    def throw(self, error: Exception) -> None:
        """Raises `error` where the flow waits; later, if it is this flow that asks for it."""
        if self.ended:
            return
        if self._running:
            self._lane.soon(self.throw, error)
        else:
            self._step(lambda: self._generator.throw(error))

    def _resume(self, _: Any) -> None:
        self._queued = False
        if not self.ended:
            self._step(self._generator.__next__)

    def _step(self, advance: Callable[[], None]) -> None:
        self._running = True
        try:
            advance()
        except StopIteration as stop:
            self.ended, self.result = True, stop.value
        except Exception as error:  # noqa: BLE001 - whoever waits for this process gets it
            self.ended, self.error = True, error
        finally:
            self._running = False
        if self.ended and self._done is not None:
            # Let go, so that what has ended is freed at once rather than by the garbage collector.
            done, self._done = self._done, None
            done(self)


class Signal:
    """Something one process waits for. Only the first `fire` counts."""

    __slots__ = ("_process", "fired", "value")

    def __init__(self, process: Process) -> None:
        self._process, self.fired = process, False
        self.value: Any = None

    def fire(self, value: Any = None) -> None:
        if not self.fired:
            self.fired, self.value = True, value
            self._process.wake()

    def wait(self) -> Flow:
        """Use as `value = yield from signal.wait()`."""
        while not self.fired:
            yield
        return self.value
