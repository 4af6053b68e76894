"""Filters in a JSONPath: `[?(@.price < 10 && @.category == 'fiction')]`.

Operators and comparisons as in Jayway, https://github.com/json-path/JsonPath#filter-operators
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TypeAlias

from kit.asl.definition import Json
from kit.asl.errors import ExpressionSyntaxError

Accepts: TypeAlias = Callable[[Json, Json], bool]
"""Whether a filter takes an item, given the document."""

Operand: TypeAlias = Callable[[Json, Json], tuple[bool, Json]]
"""Whether something is there, and its value, given item and document."""

_QUOTED = r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\""""
_DOTTED = r"\.\.?[^\s\[\]().&|!=<>~,*]+(?:\(\s*\))?|\.\.?\*"
_BRACKETED = rf"\[(?:[^\[\]'\"]|{_QUOTED}|\[[^\]]*\])*\]"
_LEXEME = re.compile(
    rf"""\s*(?:
      (?P<string>{_QUOTED})
    | (?P<regex>/(?:\\.|[^/\\])*/[imsx]*)
    | (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | (?P<path>[@$](?:{_DOTTED}|{_BRACKETED})*)
    | (?P<operator>&&|\|\||===?|!==?|<>|<=|>=|=~|[<>!(),\[\]])
    | (?P<word>[A-Za-z]+)
    )""",
    re.VERBOSE,
)

_COMPARISONS = ("==", "===", "!=", "!==", "<>", "<", "<=", ">", ">=", "=~")
_WORDS = ("in", "nin", "contains", "size", "empty", "subsetof", "anyof", "noneof")


def compile_filter(text: str, path: Callable[[str], Operand]) -> Accepts:
    """The filter as a test; `path` compiles the paths inside it. Raises ExpressionSyntaxError."""
    return _Parser(text, path).whole()


class _Parser:
    def __init__(self, text: str, path: Callable[[str], Operand]) -> None:
        self.text, self.path, self.at = text, path, 0
        self.lexemes: list[tuple[str, str]] = []
        place = 0
        while text[place:].strip():
            if not (found := _LEXEME.match(text, place)) or found.end() == place:
                raise ExpressionSyntaxError(f"Could not parse the filter '{text}' at position {place}", place)
            self.lexemes.append((str(found.lastgroup), found[str(found.lastgroup)]))
            place = found.end()

    def whole(self) -> Accepts:
        accepts = self.either()
        if self.at < len(self.lexemes):
            raise self.fault()
        return accepts

    def fault(self) -> ExpressionSyntaxError:
        found = self.lexemes[self.at][1] if self.at < len(self.lexemes) else "its end"
        return ExpressionSyntaxError(f"Could not parse the filter '{self.text}': did not expect {found}")

    def take(self, *wanted: str) -> str | None:
        if self.at < len(self.lexemes):
            kind, text = self.lexemes[self.at]
            if kind in ("operator", "word") and text.lower() in wanted:
                self.at += 1
                return text.lower()
        return None

    def either(self) -> Accepts:
        tests = [self.both()]
        while self.take("||"):
            tests.append(self.both())
        return tests[0] if len(tests) == 1 else lambda item, document: any(t(item, document) for t in tests)

    def both(self) -> Accepts:
        tests = [self.single()]
        while self.take("&&"):
            tests.append(self.single())
        return tests[0] if len(tests) == 1 else lambda item, document: all(t(item, document) for t in tests)

    def single(self) -> Accepts:
        if self.take("!"):
            inner = self.single()
            return lambda item, document: not inner(item, document)
        if self.take("("):
            inner = self.either()
            if not self.take(")"):
                raise self.fault()
            return inner
        kind = self.lexemes[self.at][0] if self.at < len(self.lexemes) else ""
        left = self.operand()
        operator = self.take(*_COMPARISONS, *_WORDS)
        if operator is None:
            if kind != "path":
                raise self.fault()
            return lambda item, document: left(item, document)[0]
        if operator == "=~":
            return self.matching(left)
        right, holds = self.operand(), _OPERATORS[operator]

        def test(item: Json, document: Json) -> bool:
            return holds(left(item, document), right(item, document))

        return test

    def matching(self, left: Operand) -> Accepts:
        kind, text = self.lexemes[self.at] if self.at < len(self.lexemes) else ("", "")
        if kind != "regex":
            raise self.fault()
        self.at += 1
        body, _, letters = text[1:].rpartition("/")
        flags = re.NOFLAG
        for letter in letters:
            flags |= {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}[letter]
        try:
            pattern = re.compile(body, flags)
        except re.error as wrong:
            raise ExpressionSyntaxError(f"Not a regular expression: {text}: {wrong}") from None

        def test(item: Json, document: Json) -> bool:
            _, value = left(item, document)
            return isinstance(value, str) and pattern.fullmatch(value) is not None

        return test

    def operand(self) -> Operand:
        if self.take("["):
            return _constant(self.array())
        if self.at >= len(self.lexemes):
            raise self.fault()
        kind, text = self.lexemes[self.at]
        if kind == "path":
            self.at += 1
            return self.path(text)
        return _constant(self.literal())

    def array(self) -> list[Json]:
        items: list[Json] = []
        while not self.take("]"):
            items.append(self.literal())
            self.take(",")
        return items

    def literal(self) -> Json:
        if self.at >= len(self.lexemes):
            raise self.fault()
        kind, text = self.lexemes[self.at]
        self.at += 1
        if kind == "string":
            return re.sub(r"\\(.)", r"\1", text[1:-1])
        if kind == "number":
            return json.loads(text)
        if kind == "word":
            # A bare word is the text it is: deployed machines have such filters.
            return {"true": True, "false": False, "null": None}.get(text, text)
        self.at -= 1
        raise self.fault()


def _constant(value: Json) -> Operand:
    found = (True, value)
    return lambda _item, _document: found


def _number(value: Json) -> float | int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return None
    return None


def _equal(left: Json, right: Json) -> bool:
    """A number equals the text of that number; otherwise kinds must agree."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int | float):
        return left == _number(right)
    if isinstance(left, str) and isinstance(right, int | float):
        return left == str(right)
    return type(left) is type(right) and bool(left == right)


def _ordered(compare: Callable[[Json, Json], bool]) -> Callable[[tuple[bool, Json], tuple[bool, Json]], bool]:
    def holds(left: tuple[bool, Json], right: tuple[bool, Json]) -> bool:
        one, two = left[1], right[1]
        if isinstance(one, str) and isinstance(two, str):
            return compare(one, two)
        numbers = not isinstance(one, bool) and not isinstance(two, bool)
        if numbers and isinstance(one, int | float) and isinstance(two, int | float):
            return compare(one, two)
        return False

    return holds


def _same(left: tuple[bool, Json], right: tuple[bool, Json]) -> bool:
    return left[0] == right[0] and _equal(left[1], right[1])


def _member(left: tuple[bool, Json], right: tuple[bool, Json]) -> bool:
    return left[0] and isinstance(right[1], list) and any(_equal(left[1], item) for item in right[1])


def _contains(left: tuple[bool, Json], right: tuple[bool, Json]) -> bool:
    if isinstance(left[1], str):
        return isinstance(right[1], str) and right[1] in left[1]
    return _member(right, left)


def _size(left: tuple[bool, Json], right: tuple[bool, Json]) -> bool:
    return isinstance(left[1], str | list) and len(left[1]) == right[1]


def _empty(left: tuple[bool, Json], right: tuple[bool, Json]) -> bool:
    return isinstance(left[1], str | list | dict) and (len(left[1]) == 0) is right[1]


def _count_of(left: tuple[bool, Json], right: tuple[bool, Json]) -> tuple[int, int]:
    """How many of the left list are in the right one, and how many there are; (-1, 0) for no lists."""
    if not isinstance(left[1], list) or not isinstance(right[1], list):
        return -1, 0
    return sum(_member((True, item), right) for item in left[1]), len(left[1])


_OPERATORS: dict[str, Callable[[tuple[bool, Json], tuple[bool, Json]], bool]] = {
    "==": _same,
    "===": lambda left, right: type(left[1]) is type(right[1]) and _same(left, right),
    "!=": lambda left, right: not _same(left, right),
    "<>": lambda left, right: not _same(left, right),
    "!==": lambda left, right: type(left[1]) is not type(right[1]) or not _same(left, right),
    "<": _ordered(lambda left, right: left < right),
    "<=": _ordered(lambda left, right: left <= right),
    ">": _ordered(lambda left, right: left > right),
    ">=": _ordered(lambda left, right: left >= right),
    "in": _member,
    "nin": lambda left, right: left[0] and isinstance(right[1], list) and not _member(left, right),
    "contains": _contains,
    "size": _size,
    "empty": _empty,
    "subsetof": lambda left, right: _count_of(left, right)[0] == _count_of(left, right)[1],
    "anyof": lambda left, right: _count_of(left, right)[0] > 0,
    "noneof": lambda left, right: _count_of(left, right)[0] == 0,
}
