"""Applying a JSONPath: tokens into closures, by Jayway's rules.

A definite path gives its one value or raises NoResultError with Jayway's sentence. An indefinite one
(wildcard, slice, filter, scan, union) gives the list of all it finds, which may be empty, also where
nothing leads there. The sentences are those of Jayway's PathToken classes, https://github.com/json-path/JsonPath.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from kit.asl.definition import Json
from kit.asl.encoding import encode
from kit.asl.path_filters import compile_filter
from kit.asl.path_functions import compile_function
from kit.asl.path_syntax import (
    Filter,
    Function,
    Index,
    Path,
    Property,
    Scan,
    Slice,
    Token,
    Wildcard,
    is_definite,
    parse_filter_path,
)

Find: TypeAlias = Callable[[Json, Json], Json]
"""From a value and the document (for `$` in filters) to what the path finds."""

Step: TypeAlias = Callable[[Json, Json, list[Json]], None]
"""Applies a token and those after it to a value; appends what is found."""

_JSON_TYPES = {bool: "Boolean", str: "Text", type(None): "Null", int: "Int", float: "Double", list: "Array"}


class NoResultError(Exception):
    """A definite path without a value; the text is Jayway's reason."""


def compile_steps(path: Path) -> Find:
    """The path as a function of a value and the document that filters call `$`."""
    tokens, definite = path.tokens, path.definite
    reason = f"No results for path: {path.canonical}"
    inverted = len(tokens) > 2 and isinstance(tokens[0], Scan) and not isinstance(tokens[-2], Scan)
    if inverted and isinstance(tokens[-1], Function):
        collect, apply = _chain(tokens[:-1], 0, False, "$"), compile_function(tokens[-1])

        def find_and_apply(value: Json, document: Json) -> Json:
            found: list[Json] = []
            collect(value, document, found)
            return apply(found)

        return find_and_apply
    # Only a definite path fails: recorded, `$.items[*].x` of {} is [].
    step = _chain(tokens, 0, definite, "$")

    def find(value: Json, document: Json) -> Json:
        found: list[Json] = []
        step(value, document, found)
        if not definite:
            return found
        if not found:
            raise NoResultError(reason)
        return found[-1]

    return find


def _chain(tokens: tuple[Token, ...], at: int, definite: bool, where: str) -> Step:
    """The step for the token at `at`; `definite` says whether it must find something."""
    if at == len(tokens):
        return lambda value, _document, found: found.append(value)
    token, leaf = tokens[at], at == len(tokens) - 1
    after = _chain(tokens, at + 1, definite and is_definite(token, leaf), where + str(token))
    if isinstance(token, Property):
        if len(token.names) == 1:
            return _property(token.names[0], after, leaf, definite, where)
        if leaf:
            return _merged(token, definite, where)
        singles = [_property(name, after, leaf, False, where) for name in token.names]
        return _each_of(singles)
    if isinstance(token, Index):
        return _index(token, after, definite, where)
    if isinstance(token, Slice):
        return _slice(token, after, definite, where)
    if isinstance(token, Wildcard):
        return _wildcard(after)
    if isinstance(token, Filter):
        return _filter(token, after)
    if isinstance(token, Function):
        apply = compile_function(token)
        return lambda value, _document, found: found.append(apply(value))
    return _scan(tokens[at + 1], after)


def _property(name: str, after: Step, leaf: bool, definite: bool, where: str) -> Step:
    def step(value: Json, document: Json, found: list[Json]) -> None:
        if not isinstance(value, dict):
            if definite:
                raise NoResultError(_not_an_object(f"['{name}']", value, where))
        elif name in value:
            after(value[name], document, found)
        elif definite and not leaf:
            raise NoResultError(f"Missing property in path {where}['{name}']")

    return step


def _not_an_object(fragment: str, value: Json, where: str) -> str:
    node = _JSON_TYPES.get(type(value), "Object")
    return (
        f"Expected to find an object with property {fragment} in path {where} but found "
        f"'com.fasterxml.jackson.databind.node.{node}Node'. This is not a json object according to the "
        "JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'."
    )


def _merged(token: Property, definite: bool, where: str) -> Step:
    def step(value: Json, _document: Json, found: list[Json]) -> None:
        if isinstance(value, dict):
            found.append({name: value[name] for name in token.names if name in value})
        elif definite:
            raise NoResultError(_not_an_object(str(token), value, where))

    return step


def _each_of(steps: list[Step]) -> Step:
    def step(value: Json, document: Json, found: list[Json]) -> None:
        for one in steps:
            one(value, document, found)

    return step


def _is_array(value: Json, fragment: str, definite: bool, where: str) -> bool:
    if isinstance(value, list):
        return True
    if not definite:
        return False
    if value is None:
        raise NoResultError(f"The path {where} is null")
    raise NoResultError(
        f"Filter: {fragment} can only be applied to arrays. Current context is: {encode(value)}"
    )


def _index(token: Index, after: Step, definite: bool, where: str) -> Step:
    def step(value: Json, document: Json, found: list[Json]) -> None:
        if _is_array(value, str(token), definite, where):
            for number in token.numbers:
                if -len(value) <= number < len(value):
                    after(value[number], document, found)

    return step


def _slice(token: Slice, after: Step, definite: bool, where: str) -> Step:
    start, stop = token.start, token.stop

    def places(length: int) -> range:
        if stop is None:
            assert start is not None
            return range(max(0, start + length if start < 0 else start), length)
        if start is None:
            return range(min(length, stop + length if stop < 0 else stop))
        return range(start, min(length, stop))

    def step(value: Json, document: Json, found: list[Json]) -> None:
        if _is_array(value, str(token), definite, where):
            for place in places(len(value)):
                if -len(value) <= place < len(value):
                    after(value[place], document, found)

    return step


def _wildcard(after: Step) -> Step:
    def step(value: Json, document: Json, found: list[Json]) -> None:
        for child in _children(value):
            after(child, document, found)

    return step


def _children(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _filter(token: Filter, after: Step) -> Step:
    accepts = compile_filter(token.text, _operand)

    def step(value: Json, document: Json, found: list[Json]) -> None:
        if isinstance(value, dict):
            if accepts(value, document):
                after(value, document, found)
        elif isinstance(value, list):
            for item in value:
                if accepts(item, document):
                    after(item, document, found)

    return step


def _operand(text: str) -> Callable[[Json, Json], tuple[bool, Json]]:
    """A path inside a filter: whether it is there, and its value."""
    path = parse_filter_path(text)
    find, of_item = compile_steps(path), path.root == "@"

    def value_of(item: Json, document: Json) -> tuple[bool, Json]:
        try:
            return True, find(item if of_item else document, document)
        except NoResultError:
            return False, None

    return value_of


def _scan(token: Token, apply: Step) -> Step:
    """`..`: the step after it, on every value below for which its token has a meaning."""
    fits = _fits(token)

    def step(value: Json, document: Json, found: list[Json]) -> None:
        for below in _walk(value):
            if fits(below):
                apply(below, document, found)

    return step


def _fits(token: Token) -> Callable[[Json], bool]:
    if isinstance(token, Property):
        names = token.names
        return lambda value: isinstance(value, dict) and all(name in value for name in names)
    if isinstance(token, Index | Slice):
        return lambda value: isinstance(value, list)
    if isinstance(token, Filter):
        return lambda value: isinstance(value, dict)
    return lambda _value: True


def _walk(value: Json) -> Iterator[Json]:
    """The value and all below it, outer ones first."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        yield one
        if isinstance(one, dict | list):
            waiting.extend(reversed(_children(one)))
