"""SSM Change Calendar: a document of type ChangeCalendar, in iCalendar, says when changes may be made.

GetCalendarState tells OPEN or CLOSED: how a machine asks whether today is a business day. Read of iCalendar:
VEVENT with DTSTART and DTEND or DURATION, as dates, times in UTC or with TZID, RRULE, EXDATE; and
X-CALENDAR-TYPE (DEFAULT_OPEN, DEFAULT_CLOSED). Definitions of time zones in the text are not read; the
names are.
https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-change-calendar.html
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dateutil.rrule import rruleset, rrulestr

from kit.emulator.backends import Backends
from kit.emulator.gateway import ServiceCall
from kit.emulator.refusals import Refusal
from kit.emulator.schedules.expressions import ExpressionError, zone_of

AHEAD: Final = dt.timedelta(days=366)
"""How far GetCalendarState looks for the next change."""

_Fields = dict[str, list[tuple[dict[str, str], str]]]
_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


class CalendarError(ValueError):
    """The text is no calendar that GetCalendarState can read."""


@dataclass(frozen=True, slots=True)
class _Period:
    """An event and its repetitions: from each start for so long. Local times of a zone."""

    starts: rruleset
    length: dt.timedelta
    zone: dt.tzinfo

    def around(self, moment: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """Those that have begun and are not over at the moment, and what begins up to a year later."""
        local = moment.astimezone(self.zone).replace(tzinfo=None)
        for start in self.starts.between(local - self.length, local + AHEAD, inc=True):
            yield (
                start.replace(tzinfo=self.zone).astimezone(dt.UTC),
                (start + self.length).replace(tzinfo=self.zone).astimezone(dt.UTC),
            )


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a ChangeCalendar document says."""

    is_open: bool
    periods: tuple[_Period, ...]

    def opens_at(self, moment: dt.datetime) -> bool:
        """Whether it is open; an event turns the default round."""
        inside = any(start <= moment < end for each in self.periods for start, end in each.around(moment))
        return self.is_open != inside

    def next_change(self, moment: dt.datetime) -> dt.datetime | None:
        now = self.opens_at(moment)
        bounds = sorted(
            {
                bound
                for each in self.periods
                for period in each.around(moment)
                for bound in period
                if bound > moment
            }
        )
        return next((bound for bound in bounds if self.opens_at(bound) != now), None)


def read(text: str) -> Calendar:
    """Raises CalendarError."""
    lines = re.sub(r"\r?\n[ \t]", "", text).splitlines()
    if not lines or lines[0].strip() != "BEGIN:VCALENDAR":
        raise CalendarError("it doesn't begin with BEGIN:VCALENDAR")
    is_open, periods = True, list[_Period]()
    fields: _Fields | None = None
    for line in lines:
        head, _, value = line.strip().partition(":")
        name, *settings = head.split(";")
        if name == "BEGIN" and value == "VEVENT":
            fields = {}
        elif name == "END" and value == "VEVENT" and fields is not None:
            periods.append(_period(fields))
            fields = None
        elif fields is not None:
            fields.setdefault(name, []).append(
                (dict(each.split("=", 1) for each in settings if "=" in each), value)
            )
        elif name == "X-CALENDAR-TYPE":
            if value not in ("DEFAULT_OPEN", "DEFAULT_CLOSED"):
                raise CalendarError(f"X-CALENDAR-TYPE is {value!r}")
            is_open = value == "DEFAULT_OPEN"
    return Calendar(is_open, tuple(periods))


def _period(fields: _Fields) -> _Period:
    if "DTSTART" not in fields:
        raise CalendarError("an event has no DTSTART")
    start, zone, whole_day = _time(*fields["DTSTART"][0])
    if "DTEND" in fields:
        end, end_zone, _ = _time(*fields["DTEND"][0])
        length = (
            end.replace(tzinfo=end_zone) - start.replace(tzinfo=zone) if end_zone is not zone else end - start
        )
    elif "DURATION" in fields:
        length = _length(fields["DURATION"][0][1])
    else:
        length = dt.timedelta(days=1 if whole_day else 0)
    if length <= dt.timedelta(0):
        raise CalendarError("an event ends before it begins")
    starts = rruleset()
    try:
        for _, rule in fields.get("RRULE", ()):
            starts.rrule(rrulestr(_without_zone(rule), dtstart=start))
    except (ValueError, KeyError) as error:
        raise CalendarError(f"an RRULE can't be read: {error}") from None
    if "RRULE" not in fields:
        starts.rdate(start)
    for settings, values in fields.get("EXDATE", ()):
        for value in values.split(","):
            starts.exdate(_time(settings, value)[0])
    return _Period(starts, length, zone)


def _without_zone(rule: str) -> str:
    """Starts are local here, so an UNTIL in UTC is taken as local: off by hours at the very end, at most."""
    return re.sub(r"(UNTIL=\d{8}T\d{6})Z", r"\1", rule)


def _time(settings: Mapping[str, str], value: str) -> tuple[dt.datetime, dt.tzinfo, bool]:
    try:
        zone = zone_of(settings["TZID"].strip('"')) if "TZID" in settings else dt.UTC
        whole_day = len(value) == 8
        form = "%Y%m%d" if whole_day else "%Y%m%dT%H%M%S"
        return dt.datetime.strptime(value.removesuffix("Z"), form), zone, whole_day
    except (ValueError, ExpressionError) as error:
        raise CalendarError(f"{value!r} is no time: {error}") from None


def _length(text: str) -> dt.timedelta:
    found = _DURATION.fullmatch(text)
    if found is None:
        raise CalendarError(f"{text!r} is no duration")
    weeks, days, hours, minutes, seconds = (int(each or 0) for each in found.groups())
    return dt.timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


class Calendars:
    """Answers GetCalendarState for the ChangeCalendar documents that moto keeps."""

    def __init__(self, backends: Backends, now: Callable[[], dt.datetime]) -> None:
        self._backends, self._now = backends, now

    def state(self, call: ServiceCall) -> Mapping[str, Any]:
        """https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCalendarState.html"""
        calendars = [self._calendar(str(name), call.region) for name in call.params["CalendarNames"]]
        moment = self._moment(call.params.get("AtTime"))
        answer = {
            "State": "OPEN" if all(each.opens_at(moment) for each in calendars) else "CLOSED",
            "AtTime": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        changes = [change for each in calendars if (change := each.next_change(moment)) is not None]
        if changes and len(calendars) == 1:
            answer["NextTransitionTime"] = changes[0].strftime("%Y-%m-%dT%H:%M:%SZ")
        return answer

    def _calendar(self, name: str, region: str) -> Calendar:
        short = name.rsplit("/", 1)[-1]
        with self._backends.inside():
            documents = self._backends.backend("ssm", region)._documents.get(short)
            document = None if documents is None else documents.get_default_version()
        if document is None:
            raise Refusal("InvalidDocument", f"Document with name {short} does not exist.")
        if document.document_type != "ChangeCalendar":
            raise Refusal("InvalidDocumentType", f"Document {short} is not a change calendar.")
        try:
            return read(document.content)
        except CalendarError as error:
            raise Refusal(
                "UnsupportedCalendarException", f"Calendar {short} can't be read: {error}."
            ) from None

    def _moment(self, text: Any) -> dt.datetime:
        if not text:
            return self._now()
        try:
            moment = dt.datetime.fromisoformat(str(text))
        except ValueError:
            raise Refusal("ValidationException", f"AtTime {text} is not an ISO 8601 time.") from None
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
