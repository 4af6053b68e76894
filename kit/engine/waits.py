"""The Wait state, in its forms: Seconds, SecondsPath, Timestamp, TimestampPath, and their JSONata.

https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html
"""

from __future__ import annotations

from collections.abc import Callable

from kit.asl.definition import Json
from kit.asl.encoding import encode
from kit.asl.errors import PathError, StatesError
from kit.asl.jsonata import unexpected_type
from kit.asl.paths import compile_path
from kit.asl.timestamps import parse_timestamp
from kit.engine.failures import RUNTIME, EvaluationFault
from kit.engine.fields import (
    compile_assign,
    compile_input_path,
    compile_output_path,
    compile_query,
    expressions,
    has_expression,
)
from kit.engine.frame import Frame
from kit.engine.steps import Run, Step, Steps, Visit

MAX_WAIT_SECONDS = 99_999_999


def moment_of(text: Json) -> float | None:
    """Seconds since 1970 of a timestamp; None where it is none."""
    nanoseconds = parse_timestamp(text) if isinstance(text, str) else None
    return None if nanoseconds is None else nanoseconds / 1e9


class WaitStep(Step):
    """`due` gives the virtual time at which the wait ends."""

    __slots__ = ("after", "assign", "before", "due")

    immediate = False

    def compile(self, steps: Steps) -> Run:  # noqa: ARG002
        fields, language = self.state.fields, self.state.query_language
        if language == "JSONata":
            self.before = None
            output = compile_query(fields["Output"], "Output") if "Output" in fields else None
            self.after = output
        else:
            self.before, self.after = compile_input_path(fields), compile_output_path(fields)
        self.assign = compile_assign(fields, language)
        self.due = self._due()
        return self.stay

    def visit(self, frame: Frame, data: Json) -> Visit:
        try:
            value = data if self.before is None else self.before(data, frame)
            due = self.due(value, frame)
            if due > frame.execution.engine.scheduler.now:
                yield from frame.sleep_until(due)
            if self.assign is not None:
                frame.assigned = self.assign(value, frame)
            return (value if self.after is None else self.after(value, frame)), self.next
        except StatesError as error:
            raise frame.fault(error) from None

    def _due(self) -> Callable[[Json, Frame], float]:
        fields = self.state.fields
        for name in ("SecondsPath", "TimestampPath"):
            if name in fields:
                return self._by_path(name, fields[name])
        name = "Seconds" if "Seconds" in fields else "Timestamp"
        if self.state.query_language == "JSONata" and has_expression(fields[name]):
            return self._by_query(name, fields[name])
        if name == "Seconds":
            seconds = float(fields["Seconds"])
            return lambda _data, frame: now(frame) + seconds
        moment = moment_of(fields["Timestamp"])
        if moment is None:
            raise ValueError(f"not a timestamp: {fields['Timestamp']}")
        return lambda _data, _frame: moment

    def _by_path(self, name: str, path: str) -> Callable[[Json, Frame], float]:
        read = compile_path(path)

        def due(data: Json, frame: Frame) -> float:
            try:
                found = read(data, frame)
            except PathError:
                raise StatesError(
                    RUNTIME, f"The {name} parameter does not reference an input value: {path}"
                ) from None
            if name == "SecondsPath":
                return now(frame) + seconds_of(found, path)
            moment = moment_of(found)
            if moment is None:
                shown = found if isinstance(found, str) else encode(found)
                raise StatesError(
                    RUNTIME,
                    "The TimestampPath parameter does not reference a valid ISO-8601 extended offset "
                    f"date-time format string: {path} == {shown}",
                )
            return moment

        return due

    def _by_query(self, name: str, expression: Json) -> Callable[[Json, Frame], float]:
        query = compile_query(expression, name)
        source = next(expressions(expression))

        def due(data: Json, frame: Frame) -> float:
            found = query(data, frame)
            if name == "Seconds":
                if isinstance(found, bool) or not isinstance(found, int | float) or found != int(found):
                    raise unexpected_type(source, name, "integer", found)
                if not 0 <= found <= MAX_WAIT_SECONDS:
                    raise EvaluationFault(
                        f"The Seconds field must be between 0 and {MAX_WAIT_SECONDS} "
                        f"but was: {encode(found)}",
                        name,
                    )
                return now(frame) + float(found)
            moment = moment_of(found)
            if moment is None:
                if not isinstance(found, str):
                    raise unexpected_type(source, name, "string", found)
                raise EvaluationFault(
                    "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time "
                    "format string: " + found,
                    name,
                    after_entered=True,
                )
            return moment

        return due


def now(frame: Frame) -> float:
    return frame.execution.engine.scheduler.now


def seconds_of(found: Json, path: str) -> float:
    """The value of a SecondsPath. Raises StatesError in AWS's words where it is no whole number from 0 on."""
    shown = found if isinstance(found, str) else encode(found)
    try:
        seconds = int(shown)
    except ValueError:
        raise StatesError(
            RUNTIME, f"The SecondsPath parameter cannot be parsed as a long value: {path} == {shown}"
        ) from None
    if seconds < 0:
        raise StatesError(
            RUNTIME, f"The SecondsPath parameter references a negative value: {path} == {shown}"
        )
    return float(seconds)
