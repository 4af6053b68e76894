"""JSONata in JSONata states, compiled.

An expression sees `$states` (input, context, result, errorOutput) and the workflow variables. An
undefined result is an error, and failures are told in AWS's words.
https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html

Speed: jlens converts bindings eagerly and reads its input lazily. So `$states` and variables are
made from the input by a prefix (`($states := $; …)`), except where an expression looks at the input
itself (`$`, a bare name), which in Step Functions is undefined.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from kit.asl.definition import Json
from kit.asl.encoding import encode
from kit.asl.errors import JsonataError
from kit.asl.jsonata_engines import ENGINE, Engine, Run
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
        "_engine",
        "_functions",
        "_kind",
        "_prepare",
        "_run",
        "evaluate",
        "needs_context",
        "needs_variables",
        "reads",
        "source",
    )

    evaluate: Template
    """The value, given `states`, `variables` and perhaps a Moment. Raises JsonataError, with an empty
    location, for an undefined result, for one that is no JSON, and for what the expression throws."""

    def __init__(self, source: str, engine: Engine) -> None:
        mentioned = check_version(source)
        chance = not mentioned.isdisjoint(WITH_CHANCE)
        self.source, self._engine = source, engine
        # Each registered function costs time at each evaluation.
        self._functions = {name: function for name, function in PURE.items() if name in mentioned}
        plain = engine.compile(source, self._functions)
        reads = self.reads = plain.reads
        whole = reads is None or "input" in reads or "everyBinding" in reads
        known = ("states", *PURE, *WITH_CHANCE)
        names = [name for name in reads["bindings"] if name not in known] if reads else []
        self.needs_variables = whole or bool(names)
        self.needs_context = whole or _reads_context(reads["bindings"].get("states") if reads else True)
        self._prepare = None if whole or chance else _prefix(names)
        self._run = plain.run if self._prepare is None else self._compile(source, 1)
        self._kind: Run | None = None
        self.evaluate = self.evaluator("")

    def _compile(self, source: str, deeper: int) -> Run:
        prefix = self._prepare
        whole = source if prefix is None else f"({prefix}{source}\n)"
        return self._engine.compile(whole, self._functions, DEPTH + deeper).run

    def evaluator(self, location: str) -> Template:
        """`evaluate` as a function that tells failures of the field at `location`."""
        run, missing = self._run, self._missing

        def thrown(error: EvaluationError) -> JsonataError:
            return JsonataError(self.source, location, f"threw an error during evaluation{error}", error.code)

        def direct(states: States, variables: Mapping[str, Any], moment: Moment | None = None) -> Json:
            try:
                found = run(states, None, None if moment is None else moment.milliseconds)
                return found if found is not None else missing(location, states, variables, moment)
            except EvaluationError as error:
                raise thrown(error) from None

        def other(states: States, variables: Mapping[str, Any], moment: Moment | None = None) -> Json:
            try:
                found = self._run_with(run, states, variables, moment)
                return found if found is not None else missing(location, states, variables, moment)
            except EvaluationError as error:
                raise thrown(error) from None

        return direct if self._prepare == _STATES_ONLY else other

    def _run_with(
        self, run: Run, states: States, variables: Mapping[str, Any], moment: Moment | None
    ) -> Json:
        now = None if moment is None else moment.milliseconds
        if self._prepare == _STATES_ONLY:
            return run(states, None, now)
        if self._prepare is not None:
            return run({"states": states, "variables": variables}, None, now)
        chance = by_chance(random.Random() if moment is None else moment.chance)
        return run(None, {**chance, **variables, "states": states}, now)

    def _missing(
        self, location: str, states: States, variables: Mapping[str, Any], moment: Moment | None
    ) -> None:
        """Engines give None for null, for undefined and for a function: ask which it is."""
        if self._kind is None:
            # The question itself nests a little deeper.
            self._kind = self._compile(f"$type((\n{self.source}\n))", 4)
        kind = self._run_with(self._kind, states, variables, moment)
        if kind is None:
            raise JsonataError(self.source, location, "returned nothing (undefined).")
        if kind != "null":
            raise JsonataError(self.source, location, "returned an unsupported result type.")


_STATES_ONLY = "$states := $; "
"""Makes `$states` of the input: what is fastest where no variable is read."""


def _prefix(names: list[str]) -> str:
    if not names:
        return _STATES_ONLY
    return "$states := states; " + "".join(f"${name} := variables.{name}; " for name in names)


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
    template = compile_jsonata(source).evaluator(field)
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
