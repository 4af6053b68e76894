"""The JSONata engines behind one small interface.

`jlens` (Rust) does the work. `jsonata-python`, a port of the reference implementation, takes its
place where jlens has no build for the platform, and is the second opinion in the tests.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeAlias

from kit.asl.definition import Json
from kit.asl.errors import ExpressionSyntaxError
from kit.asl.jsonata_faults import ARRAY, DEPTH, SECONDS, STEPS, TEXT, EvaluationError

Functions: TypeAlias = Mapping[str, tuple[Callable[..., Json], str | None]]


class Compiled(Protocol):
    """An expression as an engine holds it."""

    def evaluate(self, document: Json, bindings: Mapping[str, Any] | None, now: int | None) -> Json:
        """The value; None for null and for undefined. `now` is milliseconds since 1970. Raises
        EvaluationError."""

    def reads(self) -> Mapping[str, Any] | None:
        """What it reads: `bindings` by name, `input` and `everyBinding` where it reads more. None
        where the engine can't tell."""


class Engine(Protocol):
    def compile(self, source: str, functions: Functions, depth: int = DEPTH) -> Compiled:
        """Compiles an expression that may nest so deep; raises ExpressionSyntaxError."""


class Jlens:
    """The engine `jlens`."""

    def compile(self, source: str, functions: Functions, depth: int = DEPTH) -> Compiled:
        import jlens

        try:
            expression = jlens.Expression(source)
        except jlens.JlensError as wrong:
            raise ExpressionSyntaxError(str(wrong), wrong.position) from None
        for name, (function, signature) in functions.items():
            expression.register_function(name, function, signature)
        return _JlensExpression(expression, jlens.JlensError, depth)


class _JlensExpression:
    __slots__ = ("_depth", "_error", "_evaluate", "_reads")

    def __init__(self, expression: Any, error: type[Exception], depth: int) -> None:
        self._evaluate, self._reads = expression.evaluate, expression.reads
        self._error, self._depth = error, depth

    def evaluate(self, document: Json, bindings: Mapping[str, Any] | None, now: int | None) -> Json:
        try:
            return self._evaluate(
                document,
                bindings,
                timeout=SECONDS,
                max_depth=self._depth,
                max_steps=STEPS,
                max_string_length=TEXT,
                max_array_length=ARRAY,
                now=now,
            )
        except self._error as wrong:
            raise EvaluationError.told_by(getattr(wrong, "code", None), str(wrong)) from None

    def reads(self) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] = self._reads()
        return found


class JsonataPython:
    """The engine `jsonata-python`. It can't tell null from undefined in bindings, and counts depth
    differently; its own limits stop what runs away."""

    def compile(self, source: str, functions: Functions, depth: int = DEPTH) -> Compiled:
        from jsonata.jexception import JException
        from jsonata.jsonata import Jsonata

        try:
            expression = Jsonata(source)
        except (JException, RuntimeError, IndexError) as wrong:
            raise ExpressionSyntaxError(str(wrong)) from None
        for name, (function, _) in functions.items():
            expression.register_lambda(name, function)
        return _JsonataPythonExpression(expression, depth)


class _JsonataPythonExpression:
    def __init__(self, expression: Any, depth: int) -> None:
        self._expression, self._depth = expression, depth

    def evaluate(self, document: Json, bindings: Mapping[str, Any] | None, now: int | None) -> Json:
        from jsonata.jexception import JException
        from jsonata.jsonata import Jsonata

        frame = self._expression.create_frame(self._expression.environment)
        frame.set_runtime_bounds(int(SECONDS * 1000), self._depth)
        for name, value in (bindings or {}).items():
            frame.bind(name, Jsonata.JLambda(value) if callable(value) else value)
        if now is not None:
            frame.bind("millis", Jsonata.JLambda(lambda: now))
        try:
            return _plain(self._expression.evaluate(document, frame))
        except JException as wrong:
            raise EvaluationError.told_by(getattr(wrong, "error", None), str(wrong)) from None

    def reads(self) -> Mapping[str, Any] | None:
        return None


def _plain(value: Json) -> Json:
    """Plain JSON: 2.0 as 2, the library's own lists and nulls as Python's."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, bool | int | float | str) else None


ENGINE: Engine = Jlens() if importlib.util.find_spec("jlens") else JsonataPython()
"""The engine in use."""
