"""JSONata in JSONata states, compiled.

An expression sees `$states` (input, context, result, errorOutput) and the workflow variables. An
undefined result is an error, and failures are told in AWS's words.
https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html

Speed: jlens converts bindings eagerly and reads its input lazily. So `$states` and variables are
made from the input by a prefix (`($states := states; …)`), except where an expression looks at the
input itself (`$`, `$$`, a bare name), which in Step Functions is undefined.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from kit.asl.definition import Json
from kit.asl.encoding import encode
from kit.asl.errors import JsonataError
from kit.asl.jsonata_engines import ENGINE, Compiled, Engine
from kit.asl.jsonata_faults import DEPTH, EvaluationError
from kit.asl.jsonata_functions import PURE, WITH_CHANCE, by_chance
from kit.asl.jsonata_syntax import check_version, unwrap

__all__ = ["JsonataError", "JsonataExpression", "Moment", "compile_jsonata", "compile_template"]

States: TypeAlias = Mapping[str, Json]
"""The value of `$states`."""


class Moment(NamedTuple):
    """What an expression can't know by itself: the time, for `$now` and `$millis` (milliseconds
    since 1970), and chance, for `$random` and `$uuid`."""

    milliseconds: int
    chance: random.Random


Template: TypeAlias = Callable[..., Json]
"""Called with `states`, `variables` and perhaps a Moment."""


class JsonataExpression:
    """A compiled expression; `source` is its text.

    `needs_context` says whether it may read `$states.context`, `needs_variables` whether it may
    read variables; what isn't needed may be left out of the call. `reads` is what the engine knows
    of its reading: `bindings` by name, and `input` for names at the top level.
    """

    __slots__ = (
        "_bound",
        "_engine",
        "_expression",
        "_kind",
        "_names",
        "needs_context",
        "needs_variables",
        "reads",
        "source",
    )

    def __init__(self, source: str, engine: Engine) -> None:
        chance = not check_version(source).isdisjoint(WITH_CHANCE)
        self.source, self._engine = source, engine
        plain = engine.compile(source, PURE)
        reads = self.reads = plain.reads()
        names = None if reads is None else [name for name in reads["bindings"] if name not in PURE]
        self._names = [name for name in names or () if name != "states" and name not in WITH_CHANCE]
        whole = reads is None or "input" in reads or "everyBinding" in reads
        self._bound = whole or chance
        self.needs_variables = whole or bool(self._names)
        self.needs_context = whole or _reads_context(reads["bindings"].get("states") if reads else True)
        self._kind: Compiled | None = None
        self._expression = plain if self._bound else engine.compile(self._prefixed(source), PURE, DEPTH + 1)

    def _prefixed(self, source: str) -> str:
        variables = "".join(f"${name} := variables.{name}; " for name in self._names)
        return f"($states := states; {variables}{source}\n)"

    def evaluate(self, states: States, variables: Mapping[str, Any], moment: Moment | None = None) -> Json:
        """The value. Raises JsonataError, with an empty location, for an undefined result, for one
        that is no JSON, and for what the expression throws."""
        now = None if moment is None else moment.milliseconds
        try:
            if self._bound:
                found = self._evaluate_bound(self._expression, states, variables, moment)
            else:
                found = self._expression.evaluate({"states": states, "variables": variables}, None, now)
            return found if found is not None else self._null(states, variables, moment)
        except EvaluationError as fault:
            what = f"threw an error during evaluation{fault}"
            raise JsonataError(self.source, "", what, fault.code) from None

    def _evaluate_bound(
        self, expression: Compiled, states: States, variables: Mapping[str, Any], moment: Moment | None
    ) -> Json:
        chance = by_chance(random.Random() if moment is None else moment.chance)
        bindings = {**chance, **variables, "states": states}
        return expression.evaluate(None, bindings, None if moment is None else moment.milliseconds)

    def _null(self, states: States, variables: Mapping[str, Any], moment: Moment | None) -> None:
        """Engines give None for null, for undefined and for a function: ask which it is."""
        source = f"$type((\n{self.source}\n))"
        if self._kind is None:
            # The question itself nests a little deeper.
            whole = source if self._bound else self._prefixed(source)
            self._kind = self._engine.compile(whole, PURE, DEPTH + 4)
        if self._bound:
            kind = self._evaluate_bound(self._kind, states, variables, moment)
        else:
            now = None if moment is None else moment.milliseconds
            kind = self._kind.evaluate({"states": states, "variables": variables}, None, now)
        if kind is None:
            raise JsonataError(self.source, "", "returned nothing (undefined).")
        if kind != "null":
            raise JsonataError(self.source, "", "returned an unsupported result type.")


def _reads_context(states: Any) -> bool:
    return states is True or (isinstance(states, Mapping) and "context" in states)


def compile_jsonata(text: str, engine: Engine = ENGINE) -> JsonataExpression:
    """Compiles an expression, the text between `{%` and `%}`. Raises ExpressionSyntaxError."""
    return JsonataExpression(text, engine)


def compile_template(value: Json, field: str, expected: str | None = None) -> Template:
    """Compiles JSON with `{% %}` texts in it: Output, Arguments, Assign, Items and the rest.

    The template is called with `states` and `variables`. A failure is told of its inner place,
    `Output/result` in the field Output. `expected` is the type that the field must have (`array`,
    `number`, `string`, `boolean`, `object`) where its whole value is an expression. A value without
    any expression gives itself, always the same object. Raises ExpressionSyntaxError for a bad expression.
    """
    compiled = _compile(value, field, expected)
    return compiled or (lambda _states, _variables, _moment=None: value)


def _compile(value: Json, field: str, expected: str | None = None) -> Template | None:
    if isinstance(value, str):
        source = unwrap(value)
        return None if source is None else _expression(source, field, expected)
    if isinstance(value, Mapping):
        return _object({key: (_compile(item, f"{field}/{key}"), item) for key, item in value.items()})
    if isinstance(value, list):
        return _array([(_compile(item, f"{field}[{at}]"), item) for at, item in enumerate(value)])
    return None


def _expression(source: str, field: str, expected: str | None) -> Template:
    evaluate = compile_jsonata(source).evaluate

    def template(states: States, variables: Mapping[str, Any], moment: Moment | None = None) -> Json:
        try:
            return evaluate(states, variables, moment)
        except JsonataError as failed:
            raise failed.at(field) from None

    if expected is None:
        return template

    def checked(states: States, variables: Mapping[str, Any], moment: Moment | None = None) -> Json:
        value = template(states, variables, moment)
        if type_name(value) != expected:
            raise unexpected_type(source, field, expected, value)
        return value

    return checked


def type_name(value: Json) -> str:
    """JSONata's name for the type of a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    names = {str: "string", int: "number", float: "number", list: "array", dict: "object"}
    return names[type(value)]


def unexpected_type(source: str, field: str, expected: str, value: Json) -> JsonataError:
    """The failure of a field that must have another type."""
    what = (
        f"returned an unexpected result type. Expected '{expected}', but was '{type_name(value)}' "
        f"for value: {encode(value)}"
    )
    return JsonataError(source, field, what)


def _object(parts: dict[str, tuple[Template | None, Json]]) -> Template | None:
    if all(template is None for template, _ in parts.values()):
        return None
    templates = [(key, template or _constant(value)) for key, (template, value) in parts.items()]

    def compiled(states: States, variables: Mapping[str, Any], moment: Moment | None = None) -> Json:
        return {key: template(states, variables, moment) for key, template in templates}

    return compiled


def _array(parts: list[tuple[Template | None, Json]]) -> Template | None:
    if all(template is None for template, _ in parts):
        return None
    templates = [template or _constant(value) for template, value in parts]

    def compiled(states: States, variables: Mapping[str, Any], moment: Moment | None = None) -> Json:
        return [template(states, variables, moment) for template in templates]

    return compiled


def _constant(value: Json) -> Template:
    return lambda _states, _variables, _moment=None: value
