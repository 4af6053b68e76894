"""Who lets virtual time go: one thread, in one of four modes, over the engine's scheduler.

- `instant`: time jumps to what is due next as soon as all at the present is done
- `paced`: the same, but each jump takes a moment of real time, so that a person can follow
- `60x` (any factor): a second of real time is that many seconds
- `real`: a second is a second

In the first two, time doesn't pass by itself a limit on a wait for somebody outside (a callback, an
activity). `instant` does so after five real seconds without a call from a client.
All that touches the emulator's state holds `driver.lock`.
"""

from __future__ import annotations

import contextlib
import logging
import math
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from kit.emulator.clock import Clock
from kit.engine import Engine, Kind, Scheduler

__all__ = ["Clock", "Driver", "jump_seconds"]

log = logging.getLogger(__name__)

SLICE_SECONDS: Final = 0.005
"""How long the thread holds the lock before it lets others in, where it knows of none that wait."""

YIELD_SECONDS: Final = 0.00005
"""A moment in which a thread that waits for the lock gets it."""

PATIENCE_SECONDS: Final = 5.0
TURNS: Final = 4
"""How many flows get their turn before the thread looks whether somebody has come."""

LONGEST_JUMP_SECONDS: Final = 0.4
SHORTEST_JUMP_SECONDS: Final = 0.12
TURN_SECONDS: Final = 0.05
"""In `paced`: real seconds of a jump of an hour and more, of a short one, and between two states."""

HASTE: Final = 40
"""In `paced`: after so many steps in a row it goes twice as fast, after twice as many three times."""

Result = TypeVar("Result")
FACTOR: Final = re.compile(r"(\d+(?:\.\d+)?)x")


class Driver:
    """Drives one engine. `close()` ends its thread."""

    def __init__(self, engine: Engine, mode: str = "paced", *, patience: float = PATIENCE_SECONDS) -> None:
        self.engine, self.patience = engine, patience
        self.lock = threading.RLock()
        self.clock = Clock(self)
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._listeners: list[Callable[[], object]] = []
        self._visitors: deque[Callable[[], object]] = deque()
        self._seen_turns = 0
        self._closed = self._paused = self._outside = False
        self._inside_again = threading.Condition(self.lock)
        self._runner: int | None = None
        self._last_call = time.monotonic()
        self._held_since: float | None = None
        self._steps = 0
        self._anchor = (time.monotonic(), engine.scheduler.now)
        self._due: tuple[float, float] | None = None
        self.set_mode(mode)
        engine.present = self.now

    # For those who call in.

    @contextlib.contextmanager
    def client_call(self, *, reads: bool = False) -> Iterator[None]:
        """Holds the lock while a client's call is answered; then lets the thread look what is new.

        A call that only `reads` the state of executions, and one that an execution makes itself, is no
        sign that somebody will answer a task: `instant` loses its patience all the same."""
        somebody = not reads and not self.is_running_here
        with self.lock:
            if not self.is_running_here:
                self._catch_up()
            try:
                yield
            finally:
                if somebody:
                    self._last_call = time.monotonic()
            scheduler = self.engine.scheduler
            idle = reads and not scheduler.ready and scheduler.turns == self._seen_turns
        if not idle:
            self.wake()

    def wake(self) -> None:
        """Tells the thread that there may be work. Starts it with the first."""
        if self._thread is None and not self._closed:
            with self.lock:
                if self._thread is None and not self._closed:
                    self._thread = threading.Thread(target=self._run, name="small-steps-driver", daemon=True)
                    self._thread.start()
        self._wake.set()

    def visit(self, visitor: Callable[[], object]) -> None:
        """Calls `visitor()` in the clock's thread between two slices of its work, under the lock: sooner than
        another thread would get the lock from it. The visitor mustn't wait."""
        self._visitors.append(visitor)
        self.wake()

    def begin_afresh(self) -> None:
        """A new execution has been started: `paced` takes its time again."""
        self._steps = 0

    @property
    def is_running_here(self) -> bool:
        """Whether this very thread is letting executions run now: then it must not wait for them."""
        return self._runner == threading.get_ident()

    def beside(self, work: Callable[[], Result]) -> Result:
        """Does work that takes real time (a function's run) without the lock, where an execution does it:
        clients are answered meanwhile, and virtual time stands still."""
        if not self.is_running_here or self._outside:
            return work()
        lock: Any = self.lock
        runner, self._outside = self._runner, True
        held = lock._release_save()  # As Condition.wait does: gives up all levels of an RLock.
        try:
            return work()
        finally:
            lock._acquire_restore(held)
            self._runner, self._outside = runner, False
            self._inside_again.notify_all()

    @contextlib.contextmanager
    def _running(self) -> Iterator[None]:
        before, self._runner = self._runner, threading.get_ident()
        try:
            yield
        finally:
            self._runner = before

    def subscribe(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Calls `listener()` after something has happened: outside the lock, once for several events.
        Gives what ends the subscription."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            with contextlib.suppress(ValueError):
                self._listeners.remove(listener)

        return unsubscribe

    def wait(
        self,
        happened: Callable[[], bool],
        until: float | None = None,
        *,
        kind: Kind = Kind.EVENT,
        real_seconds: float | None = None,
    ) -> bool:
        """Blocks until `happened()`, which is called under the lock; or until a virtual time, of the given
        kind; or until so much real time has passed. Gives whether it happened.

        Not where executions are running in this thread, which would wait for itself: there it answers at
        once."""
        end = None if real_seconds is None else time.monotonic() + real_seconds
        news = threading.Event()
        unsubscribe = self.subscribe(news.set)
        timer = None
        try:
            with self.lock:
                if until is not None:
                    timer = self.engine.scheduler.at(until, news.set, kind)
            self.wake()
            while True:
                with self.lock:
                    news.clear()
                    if happened():
                        return True
                    late = until is not None and self.engine.scheduler.now >= until
                    left = None if end is None else end - time.monotonic()
                    if late or (left is not None and left <= 0) or self._closed or self.is_running_here:
                        return False
                news.wait(left)
        finally:
            unsubscribe()
            if timer is not None:
                with self.lock:
                    timer.cancel()

    def close(self) -> None:
        """Ends the thread. What runs stays where it is."""
        with self.lock:
            self._closed = True
        self._wake.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout=10)
        self._tell()

    # Modes.

    def set_mode(self, mode: str) -> None:
        """Raises ValueError for a mode that is none."""
        factor = FACTOR.fullmatch(mode)
        if mode not in ("instant", "paced", "real") and (factor is None or float(factor[1]) == 0):
            raise ValueError(
                f"no clock mode {mode!r}: use 'instant', 'paced', 'real', or a factor such as '60x'"
            )
        with self.lock:
            if hasattr(self, "mode"):
                self._catch_up()
            self.mode = mode
            self._factor = float(factor[1]) if factor else 1.0 if mode == "real" else None
            self.engine.states_a_turn = 1 if mode == "paced" else 256
            self.engine.scheduler.rotates = mode == "paced"
            self._drop_anchor()
        if self._thread is not None:
            self.wake()

    def set_paused(self, paused: bool) -> None:
        with self.lock:
            self._catch_up()
            self._paused = paused
            self._drop_anchor()
        self.wake()

    def run_to(self, moment: float) -> None:
        """Runs all that is due up to a virtual time, in the caller's thread."""
        with self.lock:
            self._come_inside()
            self._catch_up()
            with self._running():
                self.engine.scheduler.run_until(moment)
            self._drop_anchor()
        self._tell()
        self.wake()

    def step(self) -> bool:
        """Runs what is ready, or else jumps to what is due next. False if there is nothing."""
        with self.lock:
            self._come_inside()
            scheduler = self.engine.scheduler
            turns = scheduler.turns
            with self._running():
                scheduler.run_ready()
                if scheduler.turns == turns:
                    due = scheduler.next_time(Kind.EVENT, Kind.DEADLINE, Kind.PERSON)
                    if due is not None:
                        scheduler.jump(due)
                        scheduler.run_ready()
            moved = scheduler.turns != turns
            self._drop_anchor()
        self._tell()
        return moved

    def now(self) -> float:
        """The present in virtual time, seconds since 1970."""
        scheduler = self.engine.scheduler
        if self._factor is None or self._paused:
            return scheduler.now
        real, virtual = self._anchor
        return max(scheduler.now, virtual + (time.monotonic() - real) * self._factor)

    # The thread.

    def _run(self) -> None:
        while True:
            self._wake.clear()
            with self.lock:
                if self._closed:
                    return
                self._receive()
                try:
                    with self._running():
                        pause = self._turn()
                except Exception:
                    log.exception("The clock stumbled")
                    pause = 0.1
            self._tell()
            if pause is None or pause > 0:
                self._wake.wait(pause)
            elif not self._visitors:
                time.sleep(YIELD_SECONDS)

    def _receive(self) -> None:
        while self._visitors:
            try:
                self._visitors.popleft()()
            except Exception:
                log.exception("A visitor of the clock's thread failed")

    def _turn(self) -> float | None:
        """Does what is due now. Gives the real seconds until the next turn; None: when woken."""
        if self._paused:
            return None
        scheduler = self.engine.scheduler
        if self._factor is not None:
            return self._flow(scheduler, self._factor)
        return self._jump_along(scheduler) if self.mode == "instant" else self._stroll(scheduler)

    def _flow(self, scheduler: Scheduler, factor: float) -> float | None:
        self._catch_up()
        due = scheduler.next_time()
        return None if due is None else max(0.0, (due - self.now()) / factor)

    def _catch_up(self) -> None:
        """In modes where time flows: brings the scheduler to the present."""
        if self._factor is not None and not self._paused and not self._outside:
            with self._running():
                self.engine.scheduler.run_until(self.now())

    def _come_inside(self) -> None:
        """Waits until no execution works beside the lock, unless it is this thread that does."""
        if self._runner != threading.get_ident():
            self._inside_again.wait_for(lambda: not self._outside)

    def _drop_anchor(self) -> None:
        self._anchor = (time.monotonic(), self.engine.scheduler.now)
        self._due = None

    def _jump_along(self, scheduler: Scheduler) -> float | None:
        end = time.monotonic() + SLICE_SECONDS
        while True:
            if scheduler.run_ready(at_most=TURNS):
                if self._visitors or time.monotonic() > end:
                    return 0.0
                continue
            due, patient = self._next_due(scheduler)
            if due is None:
                return None
            if patient and (left := self._patience_left()) > 0:
                return left
            self._held_since = None
            scheduler.jump(due)
            if self._visitors or time.monotonic() > end:
                return 0.0

    def _patience_left(self) -> float:
        if self._held_since is None:
            self._held_since = time.monotonic()
        return max(self._held_since, self._last_call) + self.patience - time.monotonic()

    def _stroll(self, scheduler: Scheduler) -> float | None:
        if scheduler.ready:
            scheduler.run_ready(at_most=1)
            self._steps += 1
            return TURN_SECONDS / self._haste
        due, patient = self._next_due(scheduler)
        if due is None or patient:
            return None
        if due > scheduler.now:
            if self._due is None or self._due[1] != due:
                length = jump_seconds(due - scheduler.now) / self._haste
                self._due = (time.monotonic() + length, due)
            left = self._due[0] - time.monotonic()
            if left > 0:
                return left
            self._due = None
            self._steps += 1
            scheduler.jump(due)
        scheduler.run_ready(at_most=0)
        return 0.0

    @property
    def _haste(self) -> float:
        return 1 + self._steps / HASTE

    def _next_due(self, scheduler: Scheduler) -> tuple[float | None, bool]:
        """Where time jumps to next, and whether only if nobody outside moves."""
        event, person = scheduler.next_time(Kind.EVENT), scheduler.next_time(Kind.PERSON)
        if event is not None and (person is None or event <= person):
            return event, False
        limits = [at for at in (person, scheduler.next_time(Kind.DEADLINE)) if at is not None]
        return (min(limits), True) if limits else (None, False)

    def _tell(self) -> None:
        turns = self.engine.scheduler.turns
        if turns == self._seen_turns and not self._closed:
            return
        self._seen_turns = turns
        for listener in list(self._listeners):
            try:
                listener()
            except Exception:
                log.exception("A listener failed")


def jump_seconds(gap: float) -> float:
    """Real seconds that `paced` gives a jump over `gap` virtual seconds: grows with the logarithm."""
    share = min(1.0, math.log1p(gap) / math.log1p(3600.0))
    return SHORTEST_JUMP_SECONDS + (LONGEST_JUMP_SECONDS - SHORTEST_JUMP_SECONDS) * share
