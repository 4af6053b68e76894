"""When a schedule is due: `cron(...)`, `rate(...)`, `at(...)`, in a time zone.

In daylight saving, a local time that doesn't exist is left out; one that comes twice is due the first time.
https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from __future__ import annotations

import datetime as dt
import math
import re
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kit.emulator.schedules.cron import Cron, CronError

_RATE = re.compile(r"rate\(\s*([0-9]+)\s+(minute|hour|day)(s?)\s*\)")
_AT = re.compile(r"at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)")
_CRON = re.compile(r"cron\((.*)\)")
_SECONDS: Final = {"minute": 60, "hour": 3600, "day": 86_400}


class ExpressionError(ValueError):
    """The expression is none."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """`next_after(moment)` is when it is due next, in seconds since 1970; None: never again. `once` is
    true of an `at(...)`."""

    next_after: Callable[[float], float | None]
    once: bool = False


def timetable(text: str, zone: str = "UTC", *, begin: float = 0.0, strict: bool = False) -> Timetable:
    """What an expression says. Raises ExpressionError.

    A rate counts from `begin`, which is itself due. `strict` are EventBridge's rules: no at(...), and
    `1 minute` but `5 minutes`."""
    tz = zone_of(zone)
    if rated := _RATE.fullmatch(text):
        count, unit, plural = int(rated[1]), rated[2], bool(rated[3])
        if count < 1 or (strict and plural != (count > 1)):
            raise ExpressionError(text)
        return Timetable(_every(begin, count * _SECONDS[unit]))
    if (fixed := _AT.fullmatch(text)) and not strict:
        try:
            local = dt.datetime.fromisoformat(fixed[1])
        except ValueError:
            raise ExpressionError(text) from None
        moment = moment_of(local, tz)
        return Timetable(lambda now: moment if moment is not None and moment > now else None, once=True)
    if timed := _CRON.fullmatch(text):
        try:
            return Timetable(_occurrences(Cron(timed[1]), tz))
        except CronError as error:
            raise ExpressionError(f"{text}: {error}") from None
    raise ExpressionError(text)


def zone_of(name: str) -> dt.tzinfo:
    """Raises ExpressionError."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ExpressionError(f"{name!r} is no time zone") from None


def moment_of(local: dt.datetime, zone: dt.tzinfo) -> float | None:
    """A local time in seconds since 1970; None where the clocks leap over it."""
    aware = local.replace(tzinfo=zone)
    back = aware.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None)
    return aware.timestamp() if back == local else None


def _every(begin: float, seconds: int) -> Callable[[float], float]:
    def next_after(now: float) -> float:
        return begin if now < begin else begin + (math.floor((now - begin) / seconds) + 1) * seconds

    return next_after


def _occurrences(cron: Cron, zone: dt.tzinfo) -> Callable[[float], float | None]:
    def next_after(now: float) -> float | None:
        local = dt.datetime.fromtimestamp(now, zone)
        for date in cron.dates(local.date()):
            for time in cron.times:
                moment = moment_of(dt.datetime.combine(date, time), zone)
                if moment is not None and moment > now:
                    return moment
        return None

    return next_after
