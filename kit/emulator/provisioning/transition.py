"""One resource on its way: which status it shows when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Transition:
    """The statuses with the time (seconds since 1970) at which each ends, and the one after them. `rest` is
    a time in between in which nothing goes on: the seven days of a stopped database."""

    kind: str
    region: str
    identifier: str
    begun: float
    statuses: tuple[tuple[str, float], ...]
    final: str | None
    resource: Any
    rest: tuple[float, float] | None = None

    @property
    def end(self) -> float:
        return self.statuses[-1][1] if self.statuses else self.begun

    def at(self, moment: float) -> tuple[str | None, float]:
        """The status at a time, and since when; None when it has ended and the resource is gone."""
        since = self.begun
        for status, until in self.statuses:
            if moment < until:
                return status, since
            since = until
        return self.final, since

    def shown_between(self, last: float, now: float) -> list[tuple[str | None, float]]:
        """The statuses that began after `last`, up to now, each with its beginning."""
        since, begun = self.begun, []
        for status, until in (*self.statuses, (self.final, float("inf"))):
            if last < since <= now:
                begun.append((status, since))
            since = until
        return begun

    def goes_on(self, moment: float) -> bool:
        """Whether it is on its way, and not at rest."""
        rests = self.rest is not None and self.rest[0] <= moment < self.rest[1]
        return moment < self.end and not rests

    def next_change(self, moment: float) -> float:
        return next((until for _, until in self.statuses if moment < until), self.end)
