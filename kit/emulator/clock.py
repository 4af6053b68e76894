"""The hand on a sandbox's virtual time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kit.emulator.driver import Driver


class Clock:
    """The sandbox's clock: virtual time, and the hand on it."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def __repr__(self) -> str:
        return f"<Clock {self.now().isoformat(sep=' ', timespec='seconds')}, {self.mode}>"

    def now(self) -> datetime:
        """The present, in UTC."""
        return datetime.fromtimestamp(self._driver.now(), UTC)

    @property
    def mode(self) -> str:
        """`instant`, `paced`, `real`, or a factor such as `60x`. Can be set at any time."""
        return self._driver.mode

    @mode.setter
    def mode(self, mode: str) -> None:
        self._driver.set_mode(mode)

    def advance(self, **duration: float) -> datetime:
        """Lets time pass and runs all that is due in it: `clock.advance(hours=9)`. Gives the present.

        Takes what timedelta takes: days, hours, minutes, seconds, ...  Raises ValueError for less than
        nothing."""
        gap = timedelta(**duration)
        if gap < timedelta(0):
            raise ValueError(f"time goes forward only, not by {gap}")
        self._driver.run_to(self._driver.now() + gap.total_seconds())
        return self.now()

    def run_until(self, moment: datetime) -> datetime:
        """Lets time pass up to a moment (UTC, where it names no zone). Gives the present."""
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        if moment < self.now():
            raise ValueError(f"{moment.isoformat()} has passed: it is {self.now().isoformat()}")
        self._driver.run_to(moment.timestamp())
        return self.now()

    def pause(self) -> None:
        """Stops time and all executions, until `resume`, `step` or `advance`."""
        self._driver.set_paused(True)

    def resume(self) -> None:
        self._driver.set_paused(False)

    def step(self) -> datetime:
        """Does what is due next, no more. Gives the present."""
        self._driver.step()
        return self.now()

    def sleep(self, seconds: float) -> None:
        """Waits in virtual time."""
        if not self._driver.is_running_here:
            self._driver.wait(lambda: False, until=self._driver.now() + seconds)
