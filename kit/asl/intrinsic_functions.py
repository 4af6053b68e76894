"""The intrinsic functions of JSONPath states: what each one makes of its arguments.

Each takes plain values and returns one, or raises RefusedError with the reason in words.
https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
import random
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from kit.asl.definition import Json
from kit.asl.encoding import decode, encode

MAX_TEXT = 10_000
"""Base64 and hash functions take up to 10,000 characters."""
MAX_RANGE = 1_000
"""ArrayRange makes up to 1,000 items."""

_FORMAT_PART = re.compile(r"\\(.)|(\{\})", re.DOTALL)
HASHES = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


class RefusedError(Exception):
    """Why a function can't answer."""


@dataclass(frozen=True, slots=True)
class Intrinsic:
    """A function with the numbers of arguments it takes; `most` None means any number.

    `chance` says that it needs a source of random numbers, given as its first argument.
    """

    apply: Callable[..., Json]
    least: int
    most: int | None
    chance: bool = False


def same(left: Json, right: Json) -> bool:
    """Whether two JSON values are equal; true is not 1."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def text_of(value: Json) -> str:
    """As States.Format writes a value: text as it is, everything else as JSON."""
    if isinstance(value, str):
        return value
    return str(value) if type(value) is int else encode(value)


def split_template(template: str) -> list[str]:
    """The constant parts of a States.Format template, between its `{}`."""
    parts, last = [""], 0
    for found in _FORMAT_PART.finditer(template):
        parts[-1] += template[last : found.start()]
        last = found.end()
        if found[2]:
            parts.append("")
        else:
            parts[-1] += found[1] if found[1] in "\\'{}" else found[0]
    parts[-1] += template[last:]
    return parts


def format_parts(parts: list[str], values: tuple[Json, ...]) -> str:
    """Fills the gaps between the parts with the values."""
    if len(values) != len(parts) - 1:
        raise RefusedError(f"The template has {len(parts) - 1} places for {len(values)} arguments")
    written = [parts[0]]
    for value, part in zip(values, parts[1:], strict=True):
        written += (text_of(value), part)
    return "".join(written)


def _format(template: Json, *values: Json) -> str:
    return format_parts(split_template(_text(template, "template")), values)


def _text(value: Json, what: str) -> str:
    if not isinstance(value, str):
        raise RefusedError(f"The {what} must be a string, found {encode(value)}")
    return value


def _array(value: Json, what: str = "first argument") -> list[Json]:
    if not isinstance(value, list):
        raise RefusedError(f"The {what} must be an array, found {encode(value)}")
    return value


def _number(value: Json, what: str) -> int:
    """A number, rounded as Java's Math.round does: halves up."""
    if type(value) is int:
        return value
    if type(value) is float:
        return math.floor(value + 0.5)
    raise RefusedError(f"The {what} must be a number, found {encode(value)}")


def _limited(value: Json, what: str) -> str:
    text = _text(value, what)
    if len(text) > MAX_TEXT:
        raise RefusedError(f"The {what} is longer than {MAX_TEXT} characters")
    return text


def _string_to_json(value: Json) -> Json:
    try:
        return decode(_text(value, "argument"))
    except ValueError:
        raise RefusedError(f"The argument is not valid JSON: {value}") from None


def _array_partition(items: Json, size: Json) -> Json:
    array, chunk = _array(items), _number(size, "chunk size")
    if chunk < 1:
        raise RefusedError(f"The chunk size must be a positive integer, found {chunk}")
    return [array[at : at + chunk] for at in range(0, len(array), chunk)]


def _array_range(first: Json, last: Json, step: Json) -> Json:
    start, stop, stride = _number(first, "first value"), _number(last, "last value"), _number(step, "step")
    if stride == 0:
        raise RefusedError("The step must not be 0")
    made = range(start, stop + (1 if stride > 0 else -1), stride)
    if len(made) > MAX_RANGE:
        raise RefusedError(f"The range has {len(made)} items; the most is {MAX_RANGE}")
    return list(made)


def _array_get_item(items: Json, index: Json) -> Json:
    array, at = _array(items), _number(index, "index")
    if not 0 <= at < len(array):
        raise RefusedError(f"The index {at} is out of bounds for an array of length {len(array)}")
    return array[at]


def _array_unique(items: Json) -> Json:
    kept: list[Json] = []
    for item in _array(items):
        if not any(same(item, other) for other in kept):
            kept.append(item)
    return kept


def _base64_decode(value: Json) -> str:
    try:
        return base64.b64decode(_limited(value, "argument"), validate=True).decode(errors="replace")
    except binascii.Error:
        raise RefusedError("The argument is not a valid Base64 string") from None


def _hash(data: Json, algorithm: Json) -> str:
    if algorithm not in HASHES:
        raise RefusedError(f"The algorithm must be one of {', '.join(HASHES)}, found {encode(algorithm)}")
    text = data if isinstance(data, str) else encode(data)
    return hashlib.new(HASHES[algorithm], _limited(text, "data").encode(), usedforsecurity=False).hexdigest()


def _json_merge(first: Json, second: Json, deep: Json) -> Json:
    if not isinstance(first, dict) or not isinstance(second, dict):
        raise RefusedError("The first two arguments must be JSON objects")
    if deep is not False:
        raise RefusedError("Deep merging is not supported: the third argument must be false")
    return {**first, **second}


def _math_random(chance: random.Random, start: Json, end: Json, seed: Json = None) -> Json:
    low, high = _number(start, "start"), _number(end, "end")
    if low >= high:
        raise RefusedError(f"The start {low} must be less than the end {high}")
    source = chance if seed is None else random.Random(_number(seed, "seed"))
    return source.randrange(low, high)


def math_add(first: Json, second: Json) -> int:
    """`States.MathAdd`: both are rounded first."""
    if type(first) is int and type(second) is int:
        return first + second
    return _number(first, "first argument") + _number(second, "second argument")


def _string_split(value: Json, delimiters: Json) -> Json:
    text, letters = _text(value, "string"), _text(delimiters, "delimiter")
    if not letters:
        return [text]
    return [part for part in re.split(f"[{re.escape(letters)}]", text) if part]


def make_uuid(chance: random.Random) -> str:
    """A version 4 UUID."""
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


INTRINSICS: dict[str, Intrinsic] = {
    "Array": Intrinsic(lambda *items: list(items), 0, None),
    "ArrayPartition": Intrinsic(_array_partition, 2, 2),
    "ArrayContains": Intrinsic(lambda items, item: any(same(item, one) for one in _array(items)), 2, 2),
    "ArrayRange": Intrinsic(_array_range, 3, 3),
    "ArrayGetItem": Intrinsic(_array_get_item, 2, 2),
    "ArrayLength": Intrinsic(lambda items: len(_array(items)), 1, 1),
    "ArrayUnique": Intrinsic(_array_unique, 1, 1),
    "Base64Encode": Intrinsic(
        lambda text: base64.b64encode(_limited(text, "argument").encode()).decode(), 1, 1
    ),
    "Base64Decode": Intrinsic(_base64_decode, 1, 1),
    "Format": Intrinsic(_format, 1, None),
    "Hash": Intrinsic(_hash, 2, 2),
    "JsonMerge": Intrinsic(_json_merge, 3, 3),
    "JsonToString": Intrinsic(encode, 1, 1),
    "MathAdd": Intrinsic(math_add, 2, 2),
    "MathRandom": Intrinsic(_math_random, 2, 3, chance=True),
    "StringSplit": Intrinsic(_string_split, 2, 2),
    "StringToJson": Intrinsic(_string_to_json, 1, 1),
    "UUID": Intrinsic(make_uuid, 0, 0, chance=True),
}
