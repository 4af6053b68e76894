"""The JSONata engines behind one small interface.

`jlens` (Rust) does the work. `jsonata-python`, a port of the reference implementation, takes its
place where jlens has no build for the platform, and is the second opinion in the tests.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol, TypeAlias

from kit.asl.definition import Json
from kit.asl.errors import ExpressionSyntaxError
from kit.asl.jsonata_faults import ARRAY, DEPTH, SECONDS, STEPS, TEXT, EvaluationError

Functions: TypeAlias = Mapping[str, tuple[Callable[..., Json], str | None]]


Run: TypeAlias = Callable[[Json, dict[str, Any] | None, int | None], Json]
"""Evaluates against a document and bindings, at a time in milliseconds since 1970, if that is
given. None stands for null and for undefined. Raises EvaluationError."""


class Compiled(NamedTuple):
    """An expression as an engine holds it.

    `reads` is what it reads: `bindings` by name, `input` and `everyBinding` where it reads more; None
    where the engine can't tell.
    """

    run: Run
    reads: Mapping[str, Any] | None


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
        evaluate, error = expression.evaluate, jlens.JlensError

        def run(document: Json, bindings: dict[str, Any] | None, now: int | None) -> Json:
            try:
                return evaluate(
                    document,
                    bindings,
                    timeout=SECONDS,
                    max_depth=depth,
                    max_steps=STEPS,
                    max_string_length=TEXT,
                    max_array_length=ARRAY,
                    now=now,
                )
            except error as wrong:
                raise EvaluationError.told_by(wrong.code, str(wrong)) from None

        return Compiled(run, expression.reads())


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

        def run(document: Json, bindings: dict[str, Any] | None, now: int | None) -> Json:
            frame = expression.create_frame(expression.environment)
            frame.set_runtime_bounds(int(SECONDS * 1000), depth)
            for name, value in (bindings or {}).items():
                frame.bind(name, Jsonata.JLambda(value) if callable(value) else value)
            if now is not None:
                frame.bind("millis", Jsonata.JLambda(lambda: now))
            try:
                return _plain(expression.evaluate(document, frame))
            except JException as wrong:
                raise EvaluationError.told_by(wrong.error, str(wrong)) from None
            except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as wrong:
                raise EvaluationError(None, str(wrong)) from None

        return Compiled(run, None)


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
