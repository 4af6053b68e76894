"""Intrinsic functions, compiled: a closure of closures, constants folded.

https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

import difflib
import random
from collections.abc import Callable

from kit.asl.definition import Json
from kit.asl.encoding import encode
from kit.asl.errors import ExpressionSyntaxError, IntrinsicError, PathError, StatesError
from kit.asl.intrinsic_functions import (
    INTRINSICS,
    Intrinsic,
    RefusedError,
    format_parts,
    math_add,
    split_template,
)
from kit.asl.intrinsic_syntax import Argument, Call, Literal, PathArgument, parse_intrinsic
from kit.asl.paths import compile_path
from kit.asl.scope import Reader, Scope, Surroundings


def compile_intrinsic(text: str) -> Reader:
    """Compiles `States.MathAdd($.i, 1)`. Raises ExpressionSyntaxError for what isn't a call AWS knows.

    The reader raises IntrinsicError where the function can't answer, and StatesError
    `States.Runtime` where an argument's path finds nothing. Random numbers come from `scope.random`
    (a random.Random), where the scope has one.
    """
    return _compile_call(parse_intrinsic(text))


def _compile_call(call: Call) -> Reader:
    function = INTRINSICS.get(call.name)
    if function is None:
        near = difflib.get_close_matches(call.name, INTRINSICS, n=1)
        hint = f"; did you mean 'States.{near[0]}'?" if near else ""
        raise ExpressionSyntaxError(f"There is no intrinsic function 'States.{call.name}'{hint}")
    _check_count(call, function)
    if function.chance:
        return _by_chance(call, function)
    readers = [_compile_argument(argument, call) for argument in call.arguments]
    if all(_is_constant(argument) for argument in call.arguments):
        return _folded(call, function, readers)
    if call.name == "Format" and isinstance(call.arguments[0], Literal):
        return _format(call.arguments[0], readers[1:])
    if call.name == "MathAdd":
        return _math_add(call, readers)
    return _general(call, function.apply, readers)


def _check_count(call: Call, function: Intrinsic) -> None:
    given = len(call.arguments)
    if given < function.least or (function.most is not None and given > function.most):
        wanted = (
            str(function.least) if function.most == function.least else f"{function.least} to {function.most}"
        )
        if function.most is None:
            wanted = f"at least {function.least}"
        raise ExpressionSyntaxError(f"'States.{call.name}' takes {wanted} arguments, found {given}")


def _is_constant(argument: Argument) -> bool:
    if isinstance(argument, Call):
        return not INTRINSICS[argument.name].chance and all(map(_is_constant, argument.arguments))
    return isinstance(argument, Literal)


def _compile_argument(argument: Argument, call: Call) -> Reader:
    if isinstance(argument, Call):
        return _compile_call(argument)
    if isinstance(argument, PathArgument):
        return _path_argument(argument.text, call)
    value = argument.value
    return lambda _value, _scope: value


def _path_argument(text: str, call: Call) -> Reader:
    read = compile_path(text)

    def argument(value: Json, scope: Scope) -> Json:
        try:
            return read(value, scope)
        except PathError as missing:
            raise StatesError(
                "States.Runtime",
                f"The function '{call.text}' had the following error: The JsonPath argument for the field "
                f"'{text}' could not be found in the input '{encode(missing.document)}'",
            ) from None

    return argument


def _general(call: Call, apply: Callable[..., Json], readers: list[Reader]) -> Reader:
    if len(readers) == 1:
        only = readers[0]

        def one(value: Json, scope: Scope) -> Json:
            try:
                return apply(only(value, scope))
            except RefusedError as refused:
                raise IntrinsicError(call.text, str(refused)) from None

        return one

    def many(value: Json, scope: Scope) -> Json:
        try:
            return apply(*[read(value, scope) for read in readers])
        except RefusedError as refused:
            raise IntrinsicError(call.text, str(refused)) from None

    return many


def _folded(call: Call, function: Intrinsic, readers: list[Reader]) -> Reader:
    """A call of constants is made once. If it fails, it fails at each use, as on AWS."""
    compute = _general(call, function.apply, readers)
    try:
        value = compute(None, Surroundings())
    except IntrinsicError:
        return compute
    return lambda _value, _scope: value


def _format(template: Literal, readers: list[Reader]) -> Reader:
    if not isinstance(template.value, str):
        raise ExpressionSyntaxError(f"The template of 'States.Format' must be a string, found {template.raw}")
    parts = split_template(template.raw)
    if len(readers) != len(parts) - 1:
        raise ExpressionSyntaxError(
            f"'States.Format' has {len(parts) - 1} placeholders '{{}}' and {len(readers)} values"
        )

    def read(value: Json, scope: Scope) -> Json:
        return format_parts(parts, tuple([one(value, scope) for one in readers]))

    return read


def _math_add(call: Call, readers: list[Reader]) -> Reader:
    first, second = readers
    addend = call.arguments[1]
    constant = addend.value if isinstance(addend, Literal) and type(addend.value) is int else None

    def add(value: Json, scope: Scope) -> Json:
        try:
            return math_add(first(value, scope), second(value, scope))
        except RefusedError as refused:
            raise IntrinsicError(call.text, str(refused)) from None

    if constant is None:
        return add

    def add_constant(value: Json, scope: Scope) -> Json:
        number = first(value, scope)
        return number + constant if type(number) is int else add(value, scope)

    return add_constant


def _by_chance(call: Call, function: Intrinsic) -> Reader:
    readers = [_compile_argument(argument, call) for argument in call.arguments]

    def read(value: Json, scope: Scope) -> Json:
        chance = getattr(scope, "random", None) or random.SystemRandom()
        try:
            return function.apply(chance, *[one(value, scope) for one in readers])
        except RefusedError as refused:
            raise IntrinsicError(call.text, str(refused)) from None

    return read
