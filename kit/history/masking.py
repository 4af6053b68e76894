"""Taking secrets out of a history before it is shown or passed on.

What is masked is found by the names of fields and by the form of a text. It is a net, not a proof:
look at what comes out before you pass it on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kit.history.events import Event

MASK = "***"
NAMES = (
    "password",
    "passwd",
    "secret",
    "token",
    "authorization",
    "api_?-?key",
    "access_?-?key",
    "private_?-?key",
    "credential",
)
ACCESS_KEY = re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")
BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}")


def masked(events: Sequence[Event], names: Iterable[str] = ()) -> list[Event]:
    """The events with `***` in place of secrets: values of fields that are called like one (password,
    secret, token, authorization, key; and those that contain one of `names`), and keys and tokens of
    a known form in any text."""
    words = "|".join([*NAMES, *map(re.escape, names)])
    named = re.compile(words, re.IGNORECASE)
    said = re.compile(rf"(?i)((?:{words})[\"'\\]*\s*[=:]\s*[\"'\\]*)([^\s\"'\\,;&}}]+)")

    def text(value: str) -> str:
        if value[:1] in ("{", "["):
            try:
                return json.dumps(clean(json.loads(value)), ensure_ascii=False)
            except ValueError:
                pass  # It only looks like JSON: a text that begins with a bracket.
        value = BEARER.sub(rf"\1 {MASK}", ACCESS_KEY.sub(MASK, value))
        return said.sub(rf"\g<1>{MASK}", value)

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return text(value)
        if isinstance(value, Mapping):
            return {
                key: MASK if named.search(str(key)) and _is_secret(each) else clean(each)
                for key, each in value.items()
            }
        return [clean(each) for each in value] if isinstance(value, list) else value

    return [event._replace(details=clean(event.details)) for event in events]


def _is_secret(value: Any) -> bool:
    """An empty value, a yes or no tell nothing."""
    return value not in (None, "", [], {}) and not isinstance(value, bool)
