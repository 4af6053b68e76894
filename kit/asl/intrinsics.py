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
    math_add,
    split_template,
    text_of,
)
from kit.asl.intrinsic_syntax import Argument, Call, Literal, PathArgument, parse_intrinsic
from kit.asl.paths import compile_path
from kit.asl.scope import Reader, Scope, Surroundings


def compile_intrinsic(text: str) -> Reader:
    """Compiles `States.MathAdd($.i, 1)`. Raises ExpressionSyntaxError for what isn't a call AWS knows.

    The reader raises IntrinsicError where the function can't answer, and StatesError
    `States.Runtime` where an argument's path finds nothing; both quote the whole expression, as AWS
    does. Random numbers come from `scope.random` (a random.Random), where the scope has one.
    """
    return _Compiler(text).call(parse_intrinsic(text))


class _Compiler:
    """Compiles the calls of one expression, whose text is `whole`."""

    def __init__(self, whole: str) -> None:
        self.whole = whole

    def call(self, call: Call) -> Reader:
        function = INTRINSICS.get(call.name)
        if function is None:
            near = difflib.get_close_matches(call.name, INTRINSICS, n=1)
            hint = f"; did you mean 'States.{near[0]}'?" if near else ""
            raise ExpressionSyntaxError(f"There is no intrinsic function 'States.{call.name}'{hint}")
        _check_count(call, function)
        readers = [self.argument(argument) for argument in call.arguments]
        if function.chance:
            return self.by_chance(function, readers)
        if call.name == "Format" and isinstance(call.arguments[0], Literal):
            return _format(call.arguments[0], readers[1:])
        if all(_is_constant(argument) for argument in call.arguments):
            return self.folded(function, readers)
        if call.name == "MathAdd":
            return self.math_add(call, readers)
        return self.general(function.apply, readers)

    def argument(self, argument: Argument) -> Reader:
        if isinstance(argument, Call):
            return self.call(argument)
        if isinstance(argument, PathArgument):
            return self.path(argument.text)
        value = argument.value
        return lambda _value, _scope: value

    def path(self, text: str) -> Reader:
        read, whole = compile_path(text), self.whole
        # A path into the context object is told as one into the input (measured).
        told = text[1:] if text.startswith("$$") else text

        def argument(value: Json, scope: Scope) -> Json:
            try:
                return read(value, scope)
            except PathError as missing:
                what = (
                    missing.reason
                    if missing.reason.startswith("Filter: ")
                    else f"The JsonPath argument for the field '{told}' could not be found in the input "
                    f"'{encode(value)}'"
                )
                raise StatesError(
                    "States.Runtime", f"The function '{whole}' had the following error: {what}"
                ) from None

        return argument

    def general(self, apply: Callable[..., Json], readers: list[Reader]) -> Reader:
        whole = self.whole
        if len(readers) == 1:
            only = readers[0]

            def one(value: Json, scope: Scope) -> Json:
                try:
                    return apply(only(value, scope))
                except RefusedError as refused:
                    raise IntrinsicError(whole, str(refused)) from None

            return one

        def many(value: Json, scope: Scope) -> Json:
            try:
                return apply(*[read(value, scope) for read in readers])
            except RefusedError as refused:
                raise IntrinsicError(whole, str(refused)) from None

        return many

    def folded(self, function: Intrinsic, readers: list[Reader]) -> Reader:
        """A call of constants is made once. If it fails, it fails at each use, as on AWS."""
        compute = self.general(function.apply, readers)
        try:
            value = compute(None, Surroundings())
        except IntrinsicError:
            return compute
        return lambda _value, _scope: value

    def math_add(self, call: Call, readers: list[Reader]) -> Reader:
        first, _ = readers
        addend = call.arguments[1]
        add = self.general(math_add, readers)
        if not isinstance(addend, Literal) or type(addend.value) is not int:
            return add
        constant = addend.value

        def add_constant(value: Json, scope: Scope) -> Json:
            number = first(value, scope)
            return number + constant if type(number) is int else add(value, scope)

        return add_constant

    def by_chance(self, function: Intrinsic, readers: list[Reader]) -> Reader:
        whole = self.whole

        def read(value: Json, scope: Scope) -> Json:
            chance = getattr(scope, "random", None) or random.SystemRandom()
            try:
                return function.apply(chance, *[one(value, scope) for one in readers])
            except RefusedError as refused:
                raise IntrinsicError(whole, str(refused)) from None

        return read


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


def _format(template: Literal, readers: list[Reader]) -> Reader:
    if not isinstance(template.value, str):
        raise ExpressionSyntaxError(f"The template of 'States.Format' must be a string, found {template.raw}")
    parts = split_template(template.raw)
    if len(readers) != len(parts) - 1:
        raise ExpressionSyntaxError(
            f"'States.Format' has {len(parts) - 1} placeholders '{{}}' and {len(readers)} values"
        )

    gaps = list(zip(readers, parts[1:], strict=True))

    def read(value: Json, scope: Scope) -> Json:
        written = [parts[0]]
        for one, part in gaps:
            written += (text_of(one(value, scope)), part)
        return "".join(written)

    return read
