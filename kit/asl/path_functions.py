"""The functions at the end of a JSONPath: `$.items.length()`, `$..price.sum()`.

https://github.com/json-path/JsonPath#functions
"""

from __future__ import annotations

import math
from collections.abc import Callable

from kit.asl.definition import Json
from kit.asl.errors import ExpressionSyntaxError
from kit.asl.path_syntax import Function


def compile_function(function: Function) -> Callable[[Json], Json]:
    """The function as one of a value. Raises ExpressionSyntaxError where its argument makes no sense."""
    name = function.name
    if name == "index":
        try:
            number = int(function.argument)
        except ValueError:
            raise ExpressionSyntaxError(f"index() takes a number, found '{function.argument}'") from None
        return lambda value: _item(value, number)
    if function.argument:
        raise ExpressionSyntaxError(f"{name}() takes no arguments, found '{function.argument}'")
    return _BY_NAME[name]


def _item(value: Json, number: int) -> Json:
    if isinstance(value, list) and -len(value) <= number < len(value):
        return value[number]
    return None


def _length(value: Json) -> Json:
    return len(value) if isinstance(value, dict | list) else None


def _numbers(value: Json) -> list[float]:
    items = value if isinstance(value, list) else [value]
    return [float(item) for item in items if isinstance(item, int | float) and not isinstance(item, bool)]


def _aggregate(reckon: Callable[[list[float]], float]) -> Callable[[Json], Json]:
    def apply(value: Json) -> Json:
        numbers = _numbers(value)
        return reckon(numbers) if numbers else None

    return apply


def _mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)


def _deviation(numbers: list[float]) -> float:
    mean = _mean(numbers)
    return math.sqrt(sum((number - mean) ** 2 for number in numbers) / len(numbers))


_BY_NAME: dict[str, Callable[[Json], Json]] = {
    "length": _length,
    "size": _length,
    "keys": lambda value: list(value) if isinstance(value, dict) else None,
    "first": lambda value: _item(value, 0),
    "last": lambda value: _item(value, -1),
    "min": _aggregate(min),
    "max": _aggregate(max),
    "sum": _aggregate(sum),
    "avg": _aggregate(_mean),
    "stddev": _aggregate(_deviation),
}
