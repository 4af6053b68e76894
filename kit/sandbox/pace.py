"""How one waits for an execution to go on: told by the account where it can tell, else by asking."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import Protocol


class Pace(Protocol):
    """Waits until it is worth to look again."""

    def wait(self, seconds: float) -> None:
        """Returns at news, and after `seconds` of real time at the latest."""


class Polling:
    """Looks again after a while, at uneven times.

    AWS lets an account read 20 histories a second, all its users together: so each run is read once in
    three seconds at most. A `kit serve` has no such limit: `Polling(0.1, 0.2)`.
    """

    def __init__(
        self,
        shortest: float = 3.0,
        longest: float = 3.6,
        *,
        sleep: Callable[[float], None] = time.sleep,
        spread: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._shortest, self._longest = shortest, longest
        self._sleep, self._spread = sleep, spread

    def wait(self, seconds: float) -> None:
        self._sleep(min(self._spread(self._shortest, self._longest), max(seconds, 0.0)))


class Notified:
    """Woken by somebody's call of `notify`. News that comes while nobody waits is kept for the next wait."""

    def __init__(self) -> None:
        self._news = threading.Event()

    def notify(self, *_what: object) -> None:
        self._news.set()

    def wait(self, seconds: float) -> None:
        self._news.wait(max(seconds, 0.0))
        self._news.clear()
