"""The JSONata functions that Step Functions adds: $partition, $range, $hash, $random, $uuid, $parse.

And `$eval`, which it takes away: a call of it fails at run time, as one of any unknown function.
https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-provided-by-sfn

None is JSONata's undefined here. What happens with odd arguments was measured by others against the
service (August 2026): numbers are cut towards zero, and several arguments give undefined, not an error.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
from collections.abc import Callable, Mapping

from kit.asl.definition import Json
from kit.asl.intrinsic_functions import HASHES, make_uuid
from kit.asl.jsonata_faults import MEMORY, EvaluationError

MAX_RANGE = 360_145
"""`$range` makes so many items and no more."""
_LONGEST = 2**63
_INVALID = EvaluationError("D3137", "Invalid JSON")


def _mismatch(function: str, argument: int) -> EvaluationError:
    message = f'Argument {argument} of function "{function}" does not match function signature'
    return EvaluationError("T0410", message)


def _whole(function: str, argument: int, value: Json) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _mismatch(function, argument)
    return math.trunc(value)


def partition(items: Json = None, size: Json = None) -> Json:
    if items is None or items == []:
        return None
    array = items if isinstance(items, list) else [items]
    if size is None:
        return [array]
    chunk = _whole("partition", 2, size)
    if chunk < 0:
        raise EvaluationError("D3137", "Second argument must be zero or greater")
    return [array[at : at + chunk] for at in range(0, len(array), chunk)] if chunk else None


def range_of(first: Json = None, last: Json = None, step: Json = None) -> Json:
    """A JSONata sequence: one item is that item, no item is undefined (recorded)."""
    if step is None:
        return None
    start, stop, stride = _whole("range", 1, first), _whole("range", 2, last), _whole("range", 3, step)
    if stride == 0:
        return None
    made = range(start, stop + (1 if stride > 0 else -1), stride)
    if len(made) > MAX_RANGE:
        raise EvaluationError(None, MEMORY)
    return list(made) if len(made) > 1 else next(iter(made), None)


def hash_of(data: Json = None, algorithm: Json = None) -> Json:
    if data is None or algorithm is None:
        return None
    if not isinstance(data, str) or not isinstance(algorithm, str):
        raise _mismatch("hash", 1 if isinstance(algorithm, str) else 2)
    if algorithm not in HASHES:
        raise EvaluationError("D3137", f"Algorithm must be one of {', '.join(HASHES)}")
    return hashlib.new(HASHES[algorithm], data.encode(), usedforsecurity=False).hexdigest()


def parse(text: Json = None) -> Json:
    """JSON with unique keys. Integers beyond 64 bits become floats, and 1.0 becomes 1."""
    if text is None:
        return None
    if not isinstance(text, str):
        raise _mismatch("parse", 1)
    try:
        return json.loads(
            text, object_pairs_hook=_unique, parse_int=_integer, parse_float=_real, parse_constant=_constant
        )
    except (ValueError, RecursionError):
        raise _INVALID from None


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a key stands twice")
    return made


def _integer(digits: str) -> int | float:
    value = int(digits)
    return value if -_LONGEST <= value < _LONGEST else float(value)


def _real(digits: str) -> int | float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError("the number is too large")
    return int(value) if value.is_integer() and abs(value) < _LONGEST else value


def _constant(name: str) -> Json:
    raise ValueError(f"{name} is not JSON")


def no_eval(*_arguments: Json) -> Json:
    raise EvaluationError("T1006", "Attempted to invoke a non-function")


PURE: Mapping[str, tuple[Callable[..., Json], str | None]] = {
    "partition": (partition, "<a?n?:a>"),
    "range": (range_of, "<nnn?:a>"),
    "hash": (hash_of, "<s?s?:s>"),
    "parse": (parse, "<s?:x>"),
    "eval": (no_eval, None),
}
"""Functions of nothing but their arguments, each with its JSONata signature."""

WITH_CHANCE = ("random", "uuid")


def by_chance(source: random.Random) -> dict[str, Callable[..., Json]]:
    """The functions that need a source of random numbers, bound to one."""

    def random_of(*arguments: Json) -> float:
        if len(arguments) > 1:
            raise _mismatch("random", 2)
        return seeded_random(arguments[0]) if arguments and arguments[0] is not None else source.random()

    def uuid_of(*arguments: Json) -> str:
        if arguments:
            raise _mismatch("uuid", 1)
        return make_uuid(source)

    return {"random": random_of, "uuid": uuid_of}


def seeded_random(seed: Json) -> float:
    """`$random(seed)`: the first number of java.util.Random with that seed (`$random(42)` is
    0.7275636800328681)."""
    state = (_whole("random", 1, seed) ^ 0x5DEECE66D) & (2**48 - 1)
    drawn = []
    for bits in (26, 27):
        state = (state * 0x5DEECE66D + 0xB) & (2**48 - 1)
        drawn.append(state >> (48 - bits))
    return ((drawn[0] << 27) + drawn[1]) / 2**53
