"""Reference paths: paths that name one place, to be written to.

ResultPath and its like. Values are never changed in place: a write copies the objects and arrays
on its way and shares the rest.
https://states-language.net/spec.html#ref-paths
"""

from __future__ import annotations

from kit.asl.definition import Json
from kit.asl.encoding import encode
from kit.asl.errors import ExpressionSyntaxError, PathError, StatesError
from kit.asl.path_steps import NoResultError, compile_steps
from kit.asl.path_syntax import Index, Path, Property, parse_path


class ReferencePath:
    """A compiled reference path."""

    __slots__ = ("_find", "_name", "_path", "_steps", "text")

    def __init__(self, path: Path) -> None:
        self.text = path.text
        self._path = path
        self._find = compile_steps(path)
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
        """The value at this place; PathError where there is none."""
        try:
            return self._find(value, value)
        except NoResultError as missing:
            raise PathError(self.text, str(missing), value) from None

    def write(self, value: Json, new: Json) -> Json:
        """A value like `value`, with `new` at this place; objects on the way are made if absent.

        Raises StatesError `States.ResultPathMatchFailure` where the way is barred: by a text, a
        number, or an index past the end of an array.
        """
        name = self._name
        if name is not None and type(value) is dict:
            return {**value, name: new}
        if not self._steps:
            return new
        return self._put(value, 0, new)

    def _put(self, value: Json, at: int, new: Json) -> Json:
        if at == len(self._steps):
            return new
        step = self._steps[at]
        if isinstance(step, str) and isinstance(value, dict):
            return {
                **value,
                step: self._put(value.get(step, {}) if at + 1 < len(self._steps) else None, at + 1, new),
            }
        if isinstance(step, int) and isinstance(value, list) and step < len(value):
            return [*value[:step], self._put(value[step], at + 1, new), *value[step + 1 :]]
        raise StatesError(
            "States.ResultPathMatchFailure", f'Unable to apply step "{step}" to input {encode(value)}'
        )


def compile_reference_path(text: str) -> ReferencePath:
    """Compiles a path that names one place in the input. Raises ExpressionSyntaxError otherwise."""
    return ReferencePath(parse_path(text))
