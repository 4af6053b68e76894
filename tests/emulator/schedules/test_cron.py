from __future__ import annotations

import datetime as dt
import itertools

import pytest

from kit.emulator.schedules.cron import Cron, CronError
from kit.emulator.schedules.expressions import ExpressionError, timetable

NEW_YEAR = dt.datetime(2026, 1, 1, tzinfo=dt.UTC).timestamp()


def due(text: str, zone: str = "UTC", since: float = NEW_YEAR, count: int = 3) -> list[str]:
    """The next times it is due, in UTC."""
    table, now = timetable(text, zone), since
    found: list[str] = []
    while len(found) < count and (moment := table.next_after(now)) is not None:
        found.append(dt.datetime.fromtimestamp(moment, dt.UTC).strftime("%Y-%m-%dT%H:%M"))
        now = moment
    return found


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("cron(0 8 ? * MON-FRI *)", ["2026-01-01T08:00", "2026-01-02T08:00", "2026-01-05T08:00"]),
        ("cron(0/20 9 1 * ? *)", ["2026-01-01T09:00", "2026-01-01T09:20", "2026-01-01T09:40"]),
        ("cron(0 0 L * ? *)", ["2026-01-31T00:00", "2026-02-28T00:00", "2026-03-31T00:00"]),
        ("cron(0 0 LW * ? *)", ["2026-01-30T00:00", "2026-02-27T00:00", "2026-03-31T00:00"]),
        ("cron(0 0 1W * ? *)", ["2026-02-02T00:00", "2026-03-02T00:00", "2026-04-01T00:00"]),
        ("cron(0 0 15W 8,11 ? *)", ["2026-08-14T00:00", "2026-11-16T00:00", "2027-08-16T00:00"]),
        ("cron(0 0 ? * 6L *)", ["2026-01-30T00:00", "2026-02-27T00:00", "2026-03-27T00:00"]),
        ("cron(0 0 ? * MON#1 *)", ["2026-01-05T00:00", "2026-02-02T00:00", "2026-03-02T00:00"]),
        ("cron(0 0 ? * FRI-MON *)", ["2026-01-02T00:00", "2026-01-03T00:00", "2026-01-04T00:00"]),
        ("cron(0 0 *-2 FEB ? *)", ["2026-02-01T00:00", "2026-02-02T00:00", "2027-02-01T00:00"]),
        ("cron(30 23 29 FEB ? *)", ["2028-02-29T23:30", "2032-02-29T23:30", "2036-02-29T23:30"]),
        ("cron(0 12 1 1 ? 2027-2028)", ["2027-01-01T12:00", "2028-01-01T12:00"]),
        ("cron(0 0 30 2 ? *)", []),
        ("at(2026-05-01T07:30:00)", ["2026-05-01T07:30"]),
        ("at(2025-05-01T07:30:00)", []),
    ],
)
def test_an_expression_is_due(text: str, first: list[str]) -> None:
    assert due(text) == first


def test_eight_in_tokyo_is_the_day_before_in_utc() -> None:
    assert due("cron(0 8 ? * MON *)", "Asia/Tokyo", count=1) == ["2026-01-04T23:00"]
    assert due("cron(0 23 ? * SUN *)", count=1) == ["2026-01-04T23:00"]


def test_an_hour_that_the_clocks_leap_over_is_left_out() -> None:
    since = dt.datetime(2026, 3, 28, 12, tzinfo=dt.UTC).timestamp()
    assert due("cron(30 2 * * ? *)", "Europe/Berlin", since, 2) == ["2026-03-30T00:30", "2026-03-31T00:30"]


def test_an_hour_that_comes_twice_is_due_once() -> None:
    since = dt.datetime(2026, 10, 24, 12, tzinfo=dt.UTC).timestamp()
    assert due("cron(30 2 * * ? *)", "Europe/Berlin", since, 2) == ["2026-10-25T00:30", "2026-10-26T01:30"]


def test_nine_stays_nine_through_daylight_saving() -> None:
    since = dt.datetime(2026, 3, 27, 12, tzinfo=dt.UTC).timestamp()
    assert due("cron(0 9 * * ? *)", "Europe/Berlin", since) == [
        "2026-03-28T08:00",
        "2026-03-29T07:00",
        "2026-03-30T07:00",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "* * * * *",
        "0 8 * * * *",
        "0 8 ? * ? *",
        "60 8 ? * MON *",
        "0 24 ? * MON *",
        "0 8 32 * ? *",
        "0 8 0 * ? *",
        "0 8 1 13 ? *",
        "0 8 ? * 8 *",
        "0 8 ? * MON#6 *",
        "0 8 ? * MONDAY *",
        "0/0 8 ? * MON *",
        "0 8 ? * MON 1969",
        "0 8 L-3 * ? *",
        "a b c d e f",
        "0 8 ? * MON * *",
        "-1 8 ? * MON *",
        "1,,2 8 ? * MON *",
    ],
)
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(CronError):
        Cron(text)
    with pytest.raises(ExpressionError):
        timetable(f"cron({text})")


@pytest.mark.parametrize(
    "text", ["", "every morning", "rate(0 minutes)", "rate(5)", "rate(5 weeks)", "at(now)"]
)
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        timetable(text)


@pytest.mark.parametrize("text", ["rate(1 minutes)", "rate(5 minute)", "at(2026-05-01T07:30:00)"])
def test_rules_are_stricter_than_schedules(text: str) -> None:
    timetable(text)
    with pytest.raises(ExpressionError):
        timetable(text, strict=True)


def test_a_rate_counts_from_its_begin() -> None:
    table = timetable("rate(5 minutes)", begin=1000.0)
    moments = itertools.accumulate(range(3), lambda now, _: table.next_after(now) or 0.0, initial=0.0)
    assert list(moments) == [0.0, 1000.0, 1300.0, 1600.0]


def test_a_time_zone_that_is_none_is_refused() -> None:
    with pytest.raises(ExpressionError, match="Mars"):
        timetable("cron(0 8 ? * MON *)", "Mars/Olympus")
