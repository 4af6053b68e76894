"""Reference paths: paths that name one place, to be written to.

ResultPath and its like. Values are never changed in place: a write copies the objects and arrays
on its way and shares the rest.
https://states-language.net/spec.html#ref-paths
"""

from __future__ import annotations

from kit.asl.definition import Json
from kit.asl.encoding import encode
from kit.asl.errors import ExpressionSyntaxError, StatesError
from kit.asl.path_syntax import Index, Path, Property, parse_path


class ReferencePath:
    """A compiled reference path."""

    __slots__ = ("_name", "_steps", "text")

    def __init__(self, path: Path) -> None:
        self.text = path.text
        steps: list[str | int] = []
        for token in path.tokens:
            if isinstance(token, Property) and len(token.names) == 1:
                steps.append(token.names[0])
            elif isinstance(token, Index) and len(token.numbers) == 1 and token.numbers[0] >= 0:
                steps.append(token.numbers[0])
            else:
                raise ExpressionSyntaxError(
                    "A reference path can only identify a single node in a JSON structure"
                )
        if path.root != "$":
            raise ExpressionSyntaxError("A reference path begins with '$'")
        self._steps = tuple(steps)
        self._name = steps[0] if len(steps) == 1 and isinstance(steps[0], str) else None

    def read(self, value: Json) -> Json:
        """The value at this place. Raises StatesError `States.ReferencePathConflict` where there is none."""
        found = value
        for step in self._steps:
            fits = isinstance(found, dict if isinstance(step, str) else list)
            if not fits:
                raise _conflict(step, value)
            try:
                found = found[step]
            except (KeyError, IndexError):
                raise _conflict(step, value) from None
        return found

    def write(self, value: Json, new: Json) -> Json:
        """A value like `value`, with `new` at this place; objects on the way are made if absent.

        Raises StatesError `States.ReferencePathConflict` where the way is barred: by a text, a number,
        an array where a name is wanted, or an index past the end of an array.
        """
        name = self._name
        if name is not None and type(value) is dict:
            return {**value, name: new}
        return self._put(value, 0, new, value)

    def _put(self, value: Json, at: int, new: Json, whole: Json) -> Json:
        if at == len(self._steps):
            return new
        step, last = self._steps[at], at + 1 == len(self._steps)
        if isinstance(step, str) and isinstance(value, dict):
            below = None if last else value.get(step, {})
            return {**value, step: self._put(below, at + 1, new, whole)}
        if isinstance(step, int) and isinstance(value, list) and step < len(value):
            return [*value[:step], self._put(value[step], at + 1, new, whole), *value[step + 1 :]]
        raise _conflict(step, whole)


def _conflict(step: str | int, value: Json) -> StatesError:
    """The error that people report from the service; the guide calls it ResultPathMatchFailure."""
    cause = f'Unable to apply step "{step}" to input {encode(value)}'
    return StatesError("States.ReferencePathConflict", cause)


def compile_reference_path(text: str) -> ReferencePath:
    """Compiles a path that names one place in the input. Raises ExpressionSyntaxError otherwise."""
    return ReferencePath(parse_path(text))
