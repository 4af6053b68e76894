"""Numbers in a state's fields: given as they are, by a path, or by a JSONata expression."""

from __future__ import annotations

from collections.abc import Mapping

from kit.asl.definition import Json
from kit.asl.encoding import encode
from kit.asl.errors import StatesError
from kit.asl.jsonata import unexpected_type
from kit.asl.paths import compile_path
from kit.engine.failures import RUNTIME
from kit.engine.fields import Evaluate, compile_query, expressions
from kit.engine.frame import Frame


def compile_number(fields: Mapping[str, Json], name: str, whole: bool = True) -> Evaluate | None:
    """The number in `name` or `namePath`; None where there is neither.

    A path may also lead to a text that is a number. Raises StatesError for anything else."""
    if name + "Path" in fields:
        return _by_path(name, fields[name + "Path"], whole)
    if name not in fields:
        return None
    given = fields[name]
    source = next(expressions(given), None)
    if source is None:
        return lambda _data, _frame: given
    return _by_query(name, given, source, whole)


def _by_query(name: str, given: Json, source: str, whole: bool) -> Evaluate:
    query = compile_query(given, name)
    expected = "integer" if whole else "number"

    def number(data: Json, frame: Frame) -> Json:
        found = query(data, frame)
        if isinstance(found, bool) or not isinstance(found, int | float) or (whole and found != int(found)):
            raise unexpected_type(source, name, expected, found)
        return found

    return number


def _by_path(name: str, path: str, whole: bool) -> Evaluate:
    read = compile_path(path)
    kind = "integer" if whole else "number"

    def number(data: Json, frame: Frame) -> Json:
        found = read(data, frame)
        try:
            if isinstance(found, bool) or (whole and isinstance(found, float)):
                raise ValueError
            return int(found) if whole else float(found)
        except (TypeError, ValueError):
            words = (
                f"The {name}Path field refers to value {encode(found)} which is not a valid {kind}: {path}"
            )
            raise StatesError(RUNTIME, words) from None

    return number
