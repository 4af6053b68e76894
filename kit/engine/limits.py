"""TimeoutSeconds and HeartbeatSeconds of a task, in their three forms: number, path, JSONata.

https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
"""

from __future__ import annotations

from collections.abc import Mapping

from kit.asl.definition import Json, QueryLanguage
from kit.asl.encoding import encode
from kit.asl.errors import StatesError
from kit.asl.jsonata import unexpected_type
from kit.asl.paths import compile_path
from kit.engine.failures import RUNTIME
from kit.engine.fields import Evaluate, compile_query, expressions, has_expression
from kit.engine.frame import Frame


def compile_limit(fields: Mapping[str, Json], name: str, language: QueryLanguage) -> Evaluate | None:
    """The seconds that `name` or `namePath` gives; None where the state has neither."""
    if name + "Path" in fields:
        return _by_path(name, fields[name + "Path"])
    if name not in fields:
        return None
    given = fields[name]
    if language == "JSONata" and has_expression(given):
        return _by_query(name, given)
    return lambda _data, _frame: given


def _by_path(name: str, path: str) -> Evaluate:
    read = compile_path(path)

    def seconds(data: Json, frame: Frame) -> Json:
        found = read(data, frame)
        shown = found if isinstance(found, str) else encode(found)
        try:
            number = int(shown)
        except ValueError:
            raise StatesError(
                RUNTIME, f"The {name}Path parameter cannot be parsed as a long value: {path} == {shown}"
            ) from None
        if number <= 0:
            raise StatesError(
                RUNTIME, f"The {name}Path parameter must reference a positive value: {path} == {shown}"
            )
        return number

    return seconds


def _by_query(name: str, expression: Json) -> Evaluate:
    query = compile_query(expression, name)
    source = next(expressions(expression))

    def seconds(data: Json, frame: Frame) -> Json:
        found = query(data, frame)
        if isinstance(found, bool) or not isinstance(found, int | float) or found != int(found) or found <= 0:
            raise unexpected_type(source, name, "integer", found)
        return int(found)

    return seconds
