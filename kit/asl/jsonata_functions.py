"""The JSONata functions that Step Functions adds: $partition, $range, $hash, $random, $uuid, $parse.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-provided-by-sfn
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from kit.asl.definition import Json
from kit.asl.intrinsic_functions import INTRINSICS, RefusedError, make_uuid


def partition(items: Json = None, size: Json = None) -> Json:
    return None if items is None else INTRINSICS["ArrayPartition"].apply(items, size)


def range_of(first: Json = None, last: Json = None, step: Json = None) -> Json:
    """A JSONata sequence: one item is that item, and no item is nothing (recorded)."""
    made = INTRINSICS["ArrayRange"].apply(first, last, step)
    return made if len(made) > 1 else next(iter(made), None)


def hash_of(data: Json = None, algorithm: Json = None) -> Json:
    return None if data is None else INTRINSICS["Hash"].apply(data, algorithm)


def parse(text: Json = None) -> Json:
    return None if text is None else INTRINSICS["StringToJson"].apply(text)


PURE: Mapping[str, Callable[..., Json]] = {
    "partition": partition,
    "range": range_of,
    "hash": hash_of,
    "parse": parse,
}
"""Functions of nothing but their arguments."""

WITH_CHANCE = ("random", "uuid")


def by_chance(source: random.Random) -> dict[str, Callable[..., Json]]:
    """The functions that need a source of random numbers, bound to one."""

    def random_of(seed: Json = None) -> float:
        return source.random() if seed is None else seeded_random(seed)

    return {"random": random_of, "uuid": lambda: make_uuid(source)}


def seeded_random(seed: Json) -> float:
    """`$random(seed)`: the first number of java.util.Random with that seed (`$random(42)` is
    0.7275636800328681)."""
    if isinstance(seed, bool) or not isinstance(seed, int | float):
        raise RefusedError("The seed of $random must be a number")
    state = (int(seed) ^ 0x5DEECE66D) & (2**48 - 1)
    drawn = []
    for bits in (26, 27):
        state = (state * 0x5DEECE66D + 0xB) & (2**48 - 1)
        drawn.append(state >> (48 - bits))
    return ((drawn[0] << 27) + drawn[1]) / 2**53
