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
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from kit.asl import jsonata_engines
from kit.asl.definition import Json
from kit.asl.encoding import encode
from kit.asl.errors import JsonataError
from kit.asl.jsonata_engines import Engine, Run
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


class _Way(NamedTuple):
    """A way to give an expression `$states` and its variables: what is put in front of its text, and
    how it is run then."""

    prefix: str | None
    run: Callable[[Run, States, Mapping[str, Any], Moment | None], Json]


def _by_bindings(run: Run, states: States, variables: Mapping[str, Any], moment: Moment | None) -> Json:
    chance = by_chance(random.Random() if moment is None else moment.chance)
    now = None if moment is None else moment.milliseconds
    return run(None, {**chance, **variables, "states": states}, now)


def _by_input(run: Run, states: States, _variables: Mapping[str, Any], moment: Moment | None) -> Json:
    return run(states, None, None if moment is None else moment.milliseconds)


def _by_both(run: Run, states: States, variables: Mapping[str, Any], moment: Moment | None) -> Json:
    document = {"states": states, "variables": variables}
    return run(document, None, None if moment is None else moment.milliseconds)


_BINDINGS = _Way(None, _by_bindings)
_INPUT = _Way("$states := $; ", _by_input)
"""The fastest, where no variable is read."""


def _both(names: list[str]) -> _Way:
    return _Way("$states := states; " + "".join(f"${name} := variables.{name}; " for name in names), _by_both)


class JsonataExpression:
    """A compiled expression; `source` is its text.

    `needs_context` says whether it may read `$states.context`, `needs_variables` whether it may
    read variables; what isn't needed may be left out of the call. `reads` is what the engine knows
    of its reading: `bindings` by name, and `input` for names at the top level.
    """

    __slots__ = (
        "_engine",
        "_functions",
        "_kinds",
        "_shadowable",
        "_way",
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
        self.source, self._engine = source, engine
        # Each registered function costs time at each evaluation.
        self._functions = {name: function for name, function in PURE.items() if name in mentioned}
        reads = self.reads = engine.compile(source, self._functions).reads
        whole = reads is None or "input" in reads or "everyBinding" in reads
        read = set(reads["bindings"]) if reads else set()
        names = sorted(read - {"states", *PURE, *WITH_CHANCE})
        # A variable may have the name of a function, as in `$count + 1`.
        self._shadowable = frozenset(mentioned - set(names) - {"states", "$"})
        self.needs_variables = whole or bool(names) or bool(self._shadowable)
        self.needs_context = whole or _reads_context(reads["bindings"].get("states") if reads else True)
        self._way = _BINDINGS
        if not whole and mentioned.isdisjoint(WITH_CHANCE):
            self._way = _both(names) if names else _INPUT
        self._kinds: dict[str | None, Run] = {}
        self.evaluate = self.evaluator("")

    def _compile(self, source: str, way: _Way, deeper: int) -> Run:
        if way.prefix is None:
            return self._engine.compile(source, self._functions, DEPTH + deeper).run
        return self._engine.compile(f"({way.prefix}{source}\n)", self._functions, DEPTH + 1 + deeper).run

    def evaluator(self, location: str) -> Template:
        """`evaluate` as a function that tells failures of the field at `location`."""
        evaluate = self._evaluator(self._way, location)
        if self._shadowable and self._way is not _BINDINGS:
            evaluate = self._unless_shadowed(evaluate, location)
        return _lookup(self.source, evaluate) or evaluate

    def _evaluator(self, way: _Way, location: str) -> Template:
        run, call = self._compile(self.source, way, 0), way.run

        def missing(states: States, variables: Mapping[str, Any], moment: Moment | None) -> None:
            self._tell_missing(way, location, states, variables, moment)

        def thrown(error: EvaluationError) -> JsonataError:
            return JsonataError(self.source, location, f"threw an error during evaluation{error}", error.code)

        def of_input(states: States, variables: Mapping[str, Any], moment: Moment | None = None) -> Json:
            try:
                found = run(states, None, None if moment is None else moment.milliseconds)
                return found if found is not None else missing(states, variables, moment)
            except EvaluationError as error:
                raise thrown(error) from None

        def other(states: States, variables: Mapping[str, Any], moment: Moment | None = None) -> Json:
            try:
                found = call(run, states, variables, moment)
                return found if found is not None else missing(states, variables, moment)
            except EvaluationError as error:
                raise thrown(error) from None

        return of_input if way is _INPUT else other

    def _unless_shadowed(self, evaluate: Template, location: str) -> Template:
        shadowable, bound = self._shadowable, self._evaluator(_BINDINGS, location)

        def choose(states: States, variables: Mapping[str, Any], moment: Moment | None = None) -> Json:
            chosen = evaluate if shadowable.isdisjoint(variables) else bound
            return chosen(states, variables, moment)

        return choose

    def _tell_missing(
        self, way: _Way, location: str, states: States, variables: Mapping[str, Any], moment: Moment | None
    ) -> None:
        """Engines give None for null, for undefined and for a function: ask which it is."""
        if way.prefix not in self._kinds:
            question = f"($valueInQuestion := {self.source}\n; $type($valueInQuestion))"
            # The question itself nests a little deeper.
            self._kinds[way.prefix] = self._compile(question, way, 3)
        kind = way.run(self._kinds[way.prefix], states, variables, moment)
        if kind is None:
            raise JsonataError(self.source, location, "returned nothing (undefined).")
        if kind != "null":
            raise JsonataError(self.source, location, "returned an unsupported result type.")


_LOOKUP = re.compile(r"\$([^\W\d]\w*)((?:\.[A-Za-z_]\w*)*)")
_WORDS = frozenset({"and", "or", "in", "true", "false", "null", "function"})


def _lookup(source: str, evaluate: Template) -> Template | None:
    """An expression that is a mere path, `$states.input.a` or `$v.a`, without any engine.

    Where it meets anything but an object on its way, the engine decides. So values pass through as
    they are: integers beyond 2^53, which jlens would round, and the very same object.
    """
    found = _LOOKUP.fullmatch(source)
    if not found:
        return None
    root, names = found[1], found[2].split(".")[1:]
    if not _WORDS.isdisjoint(names) or (root == "states" and not names):
        return None

    def of_states(states: States, variables: Mapping[str, Any], moment: Moment | None = None) -> Json:
        value: Json = states
        try:
            for name in names:
                value = value[name]
        except (KeyError, TypeError):
            return evaluate(states, variables, moment)
        return value

    def of_variable(states: States, variables: Mapping[str, Any], moment: Moment | None = None) -> Json:
        try:
            value = variables[root]
            for name in names:
                value = value[name]
        except (KeyError, TypeError):
            return evaluate(states, variables, moment)
        return value

    return of_states if root == "states" else of_variable


def _reads_context(states: Any) -> bool:
    return states is True or (isinstance(states, Mapping) and "context" in states)


def compile_jsonata(text: str, engine: Engine | None = None) -> JsonataExpression:
    """Compiles an expression, the text between `{%` and `%}`, for the engine in use or another. Raises
    ExpressionSyntaxError."""
    return JsonataExpression(text, engine or jsonata_engines.ENGINE)


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
