"""Timestamps in ISO-8601 with offset."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.asl.timestamps import parse_timestamp


@given(st.datetimes(timezones=st.timezones()))
def test_a_timestamp_is_the_moment_it_names(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    offset = whole.utcoffset()
    if offset is None or offset.total_seconds() % 60:
        return
    parsed = parse_timestamp(whole.isoformat())
    assert parsed == int(whole.timestamp()) * 10**9


def test_decimals_count_to_the_nanosecond() -> None:
    assert parse_timestamp("1970-01-01T00:00:01.000000002Z") == 1_000_000_002
    assert parse_timestamp("1970-01-01T00:00:00.5Z") == 500_000_000
    assert parse_timestamp("1970-01-01T09:00:00+09:00") == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2016-13-05T21:29:29Z",
        "05-12-2016T21:29:29Z",
        "2016-12-05T25:29:29Z",
        "2016-12-05 21:29:29Z",
        "2016-12-05T21:29:29",
        "2016-12-05",
        "2016-02-30T00:00:00Z",
        "2016-12-05t21:29:29Z",
        " 2016-12-05T21:29:29Z",
    ],
)
def test_everything_else_is_none(text: str) -> None:
    assert parse_timestamp(text) is None
