from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from kit.emulator import Emulator
from kit.emulator.schedules.calendars import CalendarError, read

BUSINESS_DAYS = """BEGIN:VCALENDAR
PRODID:-//AWS//Change Calendar 1.0//EN
VERSION:2.0
X-CALENDAR-TYPE:DEFAULT_OPEN
BEGIN:VEVENT
UID:weekend
DTSTART;TZID=Asia/Tokyo:20260404T000000
DTEND;TZID=Asia/Tokyo:20260406T000000
RRULE:FREQ=WEEKLY
EXDATE;TZID=Asia/Tokyo:20260418T000000
SUMMARY:Weekend, but for one
END:VEVENT
BEGIN:VEVENT
UID:showa-day
DTSTART;TZID=Asia/Tokyo;VALUE=DATE:20260429
DTEND;TZID=Asia/Tokyo;VALUE=DATE:20260430
SUMMARY:Showa
  Day
END:VEVENT
END:VCALENDAR
"""


def calendar(emulator: Emulator, text: str = BUSINESS_DAYS, name: str = "business-days") -> None:
    emulator.client("ssm").create_document(
        Name=name, Content=text, DocumentType="ChangeCalendar", DocumentFormat="TEXT"
    )


def state(emulator: Emulator, moment: str | None = None) -> tuple[str, str | None]:
    given = {} if moment is None else {"AtTime": moment}
    told = emulator.client("ssm").get_calendar_state(CalendarNames=["business-days"], **given)
    return told["State"], told.get("NextTransitionTime")


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2026-04-06T09:00:00+09:00", ("OPEN", "2026-04-10T15:00:00Z")),
        ("2026-04-11T09:00:00+09:00", ("CLOSED", "2026-04-12T15:00:00Z")),
        ("2026-04-18T09:00:00+09:00", ("OPEN", "2026-04-24T15:00:00Z")),
        ("2026-04-29T09:00:00+09:00", ("CLOSED", "2026-04-29T15:00:00Z")),
        ("2026-04-28T14:59:59Z", ("OPEN", "2026-04-28T15:00:00Z")),
    ],
)
def test_weekends_and_holidays_are_closed(
    emulator: Emulator, moment: str, told: tuple[str, str | None]
) -> None:
    calendar(emulator)
    assert state(emulator, moment) == told


def test_the_present_is_the_clocks(emulator: Emulator) -> None:
    calendar(emulator)
    assert state(emulator)[0] == "OPEN"
    emulator.clock.run_until(dt.datetime(2026, 4, 11, tzinfo=dt.UTC))
    assert state(emulator)[0] == "CLOSED"


def test_a_machine_can_ask(emulator: Emulator, run: Callable[..., Any]) -> None:
    calendar(emulator)
    ran = run(
        emulator,
        {
            "Resource": "arn:aws:states:::aws-sdk:ssm:getCalendarState",
            "Parameters": {"CalendarNames": ["business-days"]},
        },
    )
    assert ran.output["State"] == "OPEN"


def test_several_calendars_are_open_when_all_are(emulator: Emulator) -> None:
    calendar(emulator)
    calendar(emulator, "BEGIN:VCALENDAR\nX-CALENDAR-TYPE:DEFAULT_CLOSED\nEND:VCALENDAR\n", "freeze")
    told = emulator.client("ssm").get_calendar_state(CalendarNames=["business-days", "freeze"])
    assert told["State"] == "CLOSED"
    assert "NextTransitionTime" not in told


def test_what_is_no_calendar_is_refused(emulator: Emulator) -> None:
    ssm = emulator.client("ssm")
    with pytest.raises(ClientError, match="InvalidDocument"):
        ssm.get_calendar_state(CalendarNames=["business-days"])
    ssm.create_document(
        Name="run-it", Content='{"schemaVersion": "2.2", "mainSteps": []}', DocumentType="Command"
    )
    with pytest.raises(ClientError, match="InvalidDocumentType"):
        ssm.get_calendar_state(CalendarNames=["run-it"])
    calendar(emulator, "no calendar")
    with pytest.raises(ClientError, match="UnsupportedCalendarException"):
        ssm.get_calendar_state(CalendarNames=["business-days"])


@pytest.mark.parametrize(
    "event",
    [
        "DTEND:20260429",
        "DTSTART:20260429\nDTEND:20260428",
        "DTSTART:soon",
        "DTSTART:20260429\nRRULE:FREQ=SOMETIMES",
        "DTSTART;TZID=Mars/Olympus:20260429T000000\nDURATION:PT1H",
        "DTSTART:20260429T000000Z\nDURATION:long",
    ],
)
def test_an_event_that_makes_no_sense_is_refused(event: str) -> None:
    with pytest.raises(CalendarError):
        read(f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{event}\nEND:VEVENT\nEND:VCALENDAR\n")
