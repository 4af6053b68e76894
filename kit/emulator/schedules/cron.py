"""cron as EventBridge has it: six fields, one of day-of-month and day-of-week a `?`.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

_MONTHS: Final = {
    "JAN": 1, "FEB": 2, "MAR": 3, "APR": 4, "MAY": 5, "JUN": 6, "JUL": 7, "AUG": 8, "SEP": 9, "OCT": 10,
    "NOV": 11, "DEC": 12,
}  # fmt: skip
_DAYS: Final = {"SUN": 1, "MON": 2, "TUE": 3, "WED": 4, "THU": 5, "FRI": 6, "SAT": 7}
FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2199


class CronError(ValueError):
    """The expression is none that EventBridge takes."""


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    least: int
    most: int
    names: dict[str, int]

    def values(self, text: str) -> frozenset[int]:
        """`*`, `5`, `MON-FRI`, `0/15`, `1,3,10-20/5`. Raises CronError."""
        found: set[int] = set()
        for part in text.split(","):
            ranged, slash, step = part.partition("/")
            if slash and not (step.isascii() and step.isdigit() and int(step) > 0):
                raise self._wrong(text)
            every = int(step) if slash else 1
            first, dash, last = ranged.partition("-")
            if ranged == "*":
                found.update(range(self.least, self.most + 1, every))
                continue
            begin = self.least if first == "*" and dash else self._value(first, text)
            if last == "*":
                end = self.most
            else:
                end = self._value(last, text) if dash else self.most if slash else begin
            if end < begin:
                # From Friday to Monday: over the end of the week.
                around = [*range(begin, self.most + 1), *range(self.least, end + 1)]
                found.update(around[::every])
            else:
                found.update(range(begin, end + 1, every))
        return frozenset(found)

    def _value(self, text: str, whole: str) -> int:
        if text.upper() in self.names:
            return self.names[text.upper()]
        if not re.fullmatch(r"[0-9]{1,4}", text) or not self.least <= int(text) <= self.most:
            raise self._wrong(whole)
        return int(text)

    def _wrong(self, text: str) -> CronError:
        return CronError(f"{text!r} is no {self.name}")


MINUTE: Final = _Field("minute", 0, 59, {})
HOUR: Final = _Field("hour", 0, 23, {})
DAY_OF_MONTH: Final = _Field("day of month", 1, 31, {})
MONTH: Final = _Field("month", 1, 12, _MONTHS)
DAY_OF_WEEK: Final = _Field("day of week", 1, 7, _DAYS)
YEAR: Final = _Field("year", FIRST_YEAR, LAST_YEAR, {})


class Cron:
    """`Cron("0 8 ? * MON-FRI *")`: the local times that the six fields name. Raises CronError."""

    def __init__(self, text: str) -> None:
        fields = text.split()
        if len(fields) != 6:
            raise CronError(f"it has {len(fields)} fields, not 6")
        minute, hour, day, month, weekday, year = fields
        if (day == "?") == (weekday == "?"):
            raise CronError("one of day of month and day of week must be ?, and the other not")
        minutes, hours = sorted(MINUTE.values(minute)), sorted(HOUR.values(hour))
        self.times: Final = [dt.time(h, m) for h in hours for m in minutes]
        self._months, self._years = MONTH.values(month), YEAR.values(year)
        self._fits = _day_of_week(weekday) if day == "?" else _day_of_month(day)

    def dates(self, since: dt.date) -> Iterator[dt.date]:
        """The dates on which it is due, from `since` on."""
        year, month = max(since.year, FIRST_YEAR), since.month if since.year >= FIRST_YEAR else 1
        while year <= LAST_YEAR:
            if year in self._years and month in self._months:
                for day in range(1, calendar.monthrange(year, month)[1] + 1):
                    date = dt.date(year, month, day)
                    if date >= since and self._fits(date):
                        yield date
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)


_Fits = Callable[[dt.date], bool]


def _day_of_month(text: str) -> _Fits:
    upper = text.upper()
    if upper == "L":
        return lambda date: date.day == _last(date)
    if upper == "LW":
        return lambda date: date.day == _nearest_weekday(date, _last(date))
    near = re.fullmatch(r"([0-9]{1,2})W", upper)
    if near:
        (wanted,) = DAY_OF_MONTH.values(near[1])
        return lambda date: wanted <= _last(date) and date.day == _nearest_weekday(date, wanted)
    days = DAY_OF_MONTH.values(text)
    return lambda date: date.day in days


def _day_of_week(text: str) -> _Fits:
    upper = text.upper()
    if upper == "L":
        return lambda date: _weekday(date) == 7
    last = re.fullmatch(r"(\w+)L", upper)
    if last:
        (wanted,) = DAY_OF_WEEK.values(last[1])
        return lambda date: _weekday(date) == wanted and date.day > _last(date) - 7
    nth = re.fullmatch(r"(\w+)#([1-5])", upper)
    if nth:
        (wanted,) = DAY_OF_WEEK.values(nth[1])
        count = int(nth[2])
        return lambda date: _weekday(date) == wanted and (date.day - 1) // 7 + 1 == count
    if "/" in text:
        raise CronError(f"{text!r} is no day of week: it takes no /")
    days = DAY_OF_WEEK.values(text)
    return lambda date: _weekday(date) in days


def _last(date: dt.date) -> int:
    return calendar.monthrange(date.year, date.month)[1]


def _weekday(date: dt.date) -> int:
    """1 is Sunday."""
    return date.isoweekday() % 7 + 1


def _nearest_weekday(date: dt.date, day: int) -> int:
    """The weekday nearest to a day of the date's month, in the same month."""
    weekday, last = _weekday(date.replace(day=day)), _last(date)
    if weekday == 7:
        return day - 1 if day > 1 else day + 2
    if weekday == 1:
        return day + 1 if day < last else day - 2
    return day
