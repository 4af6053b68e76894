"""JSON text, as Step Functions writes it: compact, keys in their order, non-ASCII as it is.

Text that nests too deeply for the parser (about 1,000 levels) is refused in words.
"""

from __future__ import annotations

import json
import re

import orjson

from kit.asl.definition import Json

_LONG_INTEGER = re.compile(r"\d{19}")


def encode(value: Json) -> str:
    """The JSON text of a value."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def decode(text: str | bytes) -> Json:
    """The value of a JSON text. Raises ValueError that says what is wrong with it.

    Integers keep their digits; of a key that stands twice the last one counts.
    """
    if _LONG_INTEGER.search(text if isinstance(text, str) else text.decode(errors="replace")):
        return _decode_slowly(text)
    return orjson.loads(text)


def _decode_slowly(text: str | bytes) -> Json:
    """Keeps integers beyond 64 bits, which orjson makes floats of."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("JSON is nested too deeply") from None


def _refuse(constant: str) -> Json:
    raise ValueError(f"{constant} is not JSON")
