"""The syntax of intrinsic function calls: `States.Format('{} is {}', $.name, $.status)`.

https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from kit.asl.definition import Json
from kit.asl.errors import ExpressionSyntaxError

MAX_NESTING = 10
"""AWS: "You can nest up to 10 intrinsic functions within a field"."""


@dataclass(frozen=True, slots=True)
class Call:
    """`name` without `States.`; `text` is the call as written."""

    name: str
    arguments: tuple[Argument, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant. For a string `raw` keeps its backslashes, which States.Format reads."""

    value: Json
    raw: str


@dataclass(frozen=True, slots=True)
class PathArgument:
    text: str


Argument: TypeAlias = Call | Literal | PathArgument

_NAME = re.compile(r"States\.([A-Za-z0-9]+)\s*\(")
_STRING = re.compile(r"'((?:[^'\\]|\\.)*)'", re.DOTALL)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])")
_WORD = re.compile(r"(?:true|false|null)\b")
_ESCAPE = re.compile(r"\\([\\'{}])")
_WORDS: dict[str, Json] = {"true": True, "false": False, "null": None}


def parse_intrinsic(text: str) -> Call:
    """Parses a whole call. Raises ExpressionSyntaxError with the place of the trouble."""
    call, at = _call(text, _blanks(text, 0), 1)
    if text[at:].strip():
        raise ExpressionSyntaxError(f"Unexpected text after the function call: '{text[at:]}'", at)
    return call


def _blanks(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _call(text: str, at: int, depth: int) -> tuple[Call, int]:
    named = _NAME.match(text, at)
    if not named:
        raise ExpressionSyntaxError("A function call begins with 'States.' and a name, and '('", at)
    if depth > MAX_NESTING:
        raise ExpressionSyntaxError(f"Intrinsic functions can be nested up to {MAX_NESTING} deep", at)
    arguments: list[Argument] = []
    place = _blanks(text, named.end())
    if text.startswith(")", place):
        return Call(named[1], (), text[at : place + 1]), place + 1
    while True:
        argument, place = _argument(text, place, depth)
        arguments.append(argument)
        place = _blanks(text, place)
        if text.startswith(")", place):
            return Call(named[1], tuple(arguments), text[at : place + 1]), place + 1
        if not text.startswith(",", place):
            found = f"'{text[place]}'" if place < len(text) else "the end"
            raise ExpressionSyntaxError(
                f"Expected ',' or ')' in the call of States.{named[1]}, found {found}", place
            )
        place = _blanks(text, place + 1)


def _argument(text: str, at: int, depth: int) -> tuple[Argument, int]:
    if text.startswith("$", at):
        end = _path_end(text, at)
        return PathArgument(text[at:end].rstrip()), end
    if text.startswith("States.", at):
        return _call(text, at, depth + 1)
    if found := _STRING.match(text, at):
        return Literal(_ESCAPE.sub(r"\1", found[1]), found[1]), found.end()
    if found := _NUMBER.match(text, at):
        digits = found[0]
        number: Json = int(digits) if digits.lstrip("-").isdigit() else float(digits)
        return Literal(number, digits), found.end()
    if found := _WORD.match(text, at):
        return Literal(_WORDS[found[0]], found[0]), found.end()
    raise ExpressionSyntaxError(
        "An argument is a string in single quotes, a number, a path, or a function call", at
    )


def _path_end(text: str, at: int) -> int:
    """Where a path ends: at a comma or bracket that is not its own."""
    depth, quote = 0, ""
    while at < len(text):
        letter = text[at]
        if quote:
            if letter == "\\":
                at += 1
            elif letter == quote:
                quote = ""
        elif letter in "'\"" and depth:
            quote = letter
        elif letter in "[(":
            depth += 1
        elif letter in ")]" and depth:
            depth -= 1
        elif letter in ",)" and not depth:
            return at
        at += 1
    return at
