"""Timestamps as Step Functions reads them: ISO-8601 with a `T`, seconds and an offset.

`2016-08-18T17:33:00Z`, with any number of decimals and `Z` or `+09:00`.
https://states-language.net/spec.html#timestamps
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:(Z)|([+-])(\d\d):(\d\d)(?::\d\d)?)"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse_timestamp(text: str) -> int | None:
    """Nanoseconds since 1970-01-01T00:00:00Z, or None where the text is no timestamp."""
    found = _TIMESTAMP.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute = (int(part) for part in found.groups()[:5])
    offset = timedelta(0)
    if not found[8]:
        offset = timedelta(hours=int(found[10]), minutes=int(found[11])) * (-1 if found[9] == "-" else 1)
    try:
        moment = datetime(year, month, day, hour, minute, int(found[6] or 0), tzinfo=timezone(offset))
        since = moment - _EPOCH
    except (ValueError, OverflowError):
        return None
    whole = since.days * 86_400 + since.seconds
    return whole * 1_000_000_000 + int((found[7] or "").ljust(9, "0"))
