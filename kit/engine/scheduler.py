"""Virtual time: what is due when, and in which order.

One heap of (time, sequence) orders everything, so that a run is the same each time. Time moves only
when the scheduler is told how far it may go. What waits differs in whether time may jump to it:

- `EVENT`: the next step of open work (a Wait's end, a task's result). Time jumps here by itself.
- `DEADLINE`: a limit on work that something else will end first (TimeoutSeconds). It fires when
  time passes it, and is jumped to only when nothing else is left.
- `PERSON`: a limit on a wait for somebody outside (a callback, an activity). Time doesn't pass it by
  itself.
- `BACKGROUND`: what belongs to no open execution (schedules, expiries). It fires when time passes it.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable
from enum import IntEnum
from typing import Any


class Kind(IntEnum):
    EVENT = 0
    DEADLINE = 1
    PERSON = 2
    BACKGROUND = 3


class Timer:
    """One thing due at one time. `cancel()` may be called at any time, also after it has fired."""

    __slots__ = ("_scheduler", "action", "at", "kind", "sequence")

    def __init__(
        self, scheduler: Scheduler, at: float, sequence: int, kind: Kind, action: Callable[[], object]
    ) -> None:
        self._scheduler: Scheduler | None = scheduler
        self.at, self.sequence, self.kind = at, sequence, kind
        self.action: Callable[[], object] | None = action

    def __lt__(self, other: Timer) -> bool:
        return (self.at, self.sequence) < (other.at, other.sequence)

    @property
    def pending(self) -> bool:
        return self.action is not None

    def cancel(self) -> None:
        if self.action is not None and self._scheduler is not None:
            self._scheduler._forget(self)


class Lane:
    """What is ready in one execution, in order. Its flows take turns among themselves."""

    __slots__ = ("_queued", "_ready", "_scheduler")

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._ready: deque[tuple[Callable[[Any], object], Any]] = deque()
        self._queued = False

    def soon(self, action: Callable[[Any], object], value: Any = None) -> None:
        """Runs `action(value)` at the present time, after what is ready already in this lane."""
        self._ready.append((action, value))
        if not self._queued:
            self._queued = True
            self._scheduler.ready.append((self._run, None))

    def _run(self, _: Any) -> None:
        ready, rotates = self._ready, self._scheduler.rotates
        try:
            for _turn in range(1 if rotates else len(ready)):
                action, value = ready.popleft()
                action(value)
        finally:
            self._queued = bool(ready)
            if ready:
                put = self._scheduler.ready.append if rotates else self._scheduler.ready.appendleft
                put((self._run, None))


class Scheduler:
    """The clock and the queue. `now` is in seconds since 1970, in virtual time.

    `turns` counts what has been run: whoever finds it changed knows that something happened. `rotates` says
    whether lanes take turns after each step of one, as suits somebody who watches; else the first goes on
    until it must wait, so that few executions are half done at a time."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now
        self.ready: deque[tuple[Callable[[Any], object], Any]] = deque()
        self._heaps: tuple[list[Timer], ...] = ([], [], [], [])
        self._dead = [0, 0, 0, 0]
        self._sequence = 0
        self.turns = 0
        self.rotates = False

    def soon(self, action: Callable[[Any], object], value: Any = None) -> None:
        """Runs `action(value)` at the present time, after what is ready already."""
        self.ready.append((action, value))

    def at(self, time: float, action: Callable[[], object], kind: Kind = Kind.EVENT) -> Timer:
        """Runs `action()` when time reaches `time`; at once, in its turn, if that has passed."""
        self._sequence += 1
        timer = Timer(self, max(time, self.now), self._sequence, kind, action)
        heapq.heappush(self._heaps[kind], timer)
        return timer

    def after(self, seconds: float, action: Callable[[], object], kind: Kind = Kind.EVENT) -> Timer:
        return self.at(self.now + seconds, action, kind)

    def next_time(self, *kinds: Kind) -> float | None:
        """The earliest time at which something of these kinds (of any, if none is named) is due."""
        heads = [self._head(kind) for kind in kinds or Kind]
        return min((timer.at for timer in heads if timer is not None), default=None)

    def run_ready(self, at_most: int | None = None) -> bool:
        """Runs what needs no time to pass. True if something is left because `at_most` was reached."""
        ready, done = self.ready, 0
        while True:
            while ready:
                if at_most is not None and done >= at_most:
                    return True
                action, value = ready.popleft()
                action(value)
                done += 1
                self.turns += 1
            if not self._fire_due():
                return False

    def jump(self, to: float) -> None:
        """Moves time forward to `to`, no further than the first timer of any kind on the way."""
        due = self.next_time()
        target = to if due is None else min(to, due)
        self.now = max(self.now, target)

    def run_until(self, time: float) -> None:
        """Runs everything that is due up to `time`, each at its own time, and stops there."""
        self.run_ready()
        while (due := self.next_time()) is not None and due <= time:
            self.now = max(self.now, due)
            self.run_ready()
        self.now = max(self.now, time)

    def _fire_due(self) -> bool:
        heads = [timer for kind in Kind if (timer := self._head(kind)) is not None and timer.at <= self.now]
        if not heads:
            return False
        first = min(heads)
        heapq.heappop(self._heaps[first.kind])
        action, first.action = first.action, None
        if action is not None:
            action()
            self.turns += 1
        return True

    def _head(self, kind: Kind) -> Timer | None:
        heap = self._heaps[kind]
        while heap and heap[0].action is None:
            heapq.heappop(heap)
            self._dead[kind] -= 1
        return heap[0] if heap else None

    def _forget(self, timer: Timer) -> None:
        timer.action = None
        kind = timer.kind
        self._dead[kind] += 1
        # A year of cancelled timeouts must not pile up behind one long wait.
        if self._dead[kind] > 64 and self._dead[kind] * 2 > len(self._heaps[kind]):
            heap = self._heaps[kind]
            heap[:] = [other for other in heap if other.action is not None]
            heapq.heapify(heap)
            self._dead[kind] = 0
