"""JSON text, as Step Functions writes it: compact, keys in their order, non-ASCII as it is.

Numbers appear as plain decimals. What nests deeper than MAX_DEPTH is refused in words.
"""

from __future__ import annotations

import json
import re

import orjson

from kit.asl.definition import Json
from kit.asl.errors import StatesError

MAX_DEPTH = 250
"""How deep data may nest here. AWS states no number."""

_LONG_INTEGER = re.compile(r"\d{19}")


def encode(value: Json) -> str:
    """The JSON text of a value. Raises StatesError `States.Runtime` for one that nests too deeply."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return _encode_slowly(value)


def _encode_slowly(value: Json) -> str:
    """Writes integers beyond 64 bits too."""
    try:
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    except RecursionError:
        raise StatesError("States.Runtime", "The JSON nests too deeply") from None


def decode(text: str | bytes) -> Json:
    """The value of a JSON text. Raises ValueError that says what is wrong with it.

    Integers keep their digits; of a key that stands twice the last one counts.
    """
    written = text if isinstance(text, str) else text.decode(errors="replace")
    slowly = _LONG_INTEGER.search(written) is not None
    try:
        found = _decode_slowly(written) if slowly else orjson.loads(text)
    except RecursionError:
        raise ValueError(f"JSON nests deeper than {MAX_DEPTH} levels") from None
    if written.count("[") + written.count("{") > MAX_DEPTH and _is_too_deep(found):
        raise ValueError(f"JSON nests deeper than {MAX_DEPTH} levels")
    return found


def _decode_slowly(text: str) -> Json:
    """Keeps integers beyond 64 bits, which orjson makes floats of."""
    return json.loads(text, parse_constant=_refuse)


def _refuse(constant: str) -> Json:
    raise ValueError(f"{constant} is not JSON")


def _is_too_deep(value: Json) -> bool:
    """Goes down level by level, without recursion."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [item for one in level for item in _items(one) if isinstance(item, dict | list)]
        if not level:
            return False
    return True


def _items(value: Json) -> Json:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
