"""JSONPath, compiled: `$.a` to a dict lookup, everything else to a chain of closures.

https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
"""

from __future__ import annotations

from typing import Final

from kit.asl.definition import Json
from kit.asl.errors import PathError
from kit.asl.path_steps import Find, NoResultError, compile_steps
from kit.asl.path_syntax import Path, Property, parse_path
from kit.asl.reference_paths import ReferencePath, compile_reference_path
from kit.asl.scope import Reader, Scope

__all__ = ["PathError", "ReferencePath", "compile_path", "compile_reference_path"]


def compile_path(text: str) -> Reader:
    """Compiles `$.a`, `$$.Execution.Id` or `$variable.x[0]`. Raises ExpressionSyntaxError if it is none.

    The reader raises PathError where a definite path finds nothing; an indefinite one gives a list.
    """
    path = parse_path(text)
    find = compile_steps(path)
    if path.root == "$":
        return _of_input(path, find)
    if path.root == "$$":
        return _of_context(path, find)
    return _of_variable(path, find)


def _plain_names(path: Path) -> list[str] | None:
    """The names of a path that is nothing but single names, else None."""
    names = [token.names[0] for token in path.tokens if isinstance(token, Property) and len(token.names) == 1]
    return names if len(names) == len(path.tokens) else None


def _of_input(path: Path, find: Find) -> Reader:
    def search(value: Json, _scope: Scope) -> Json:
        try:
            return find(value, value)
        except NoResultError as missing:
            raise PathError(path.text, str(missing), value) from None

    names = _plain_names(path)
    if names is None:
        return search
    if not names:
        return lambda value, _scope: value
    if len(names) == 1:
        return _one_name(names[0], search)
    if len(names) == 2:
        return _two_names(names[0], names[1], search)
    return _many_names(names, search)


def _one_name(name: str, search: Reader) -> Reader:
    def read(value: Json, scope: Scope) -> Json:
        try:
            return value[name]
        except (KeyError, TypeError):
            return search(value, scope)

    return read


def _two_names(first: str, second: str, search: Reader) -> Reader:
    def read(value: Json, scope: Scope) -> Json:
        try:
            return value[first][second]
        except (KeyError, TypeError):
            return search(value, scope)

    return read


def _many_names(names: list[str], search: Reader) -> Reader:
    def read(value: Json, scope: Scope) -> Json:
        found = _follow(value, names)
        return search(value, scope) if found is _ABSENT else found

    return read


def _of_context(path: Path, find: Find) -> Reader:
    names = _plain_names(path)

    def read(_value: Json, scope: Scope) -> Json:
        context = scope.context
        if names is not None and (found := _follow(context, names)) is not _ABSENT:
            return found
        try:
            return find(context, context)
        except NoResultError as missing:
            raise PathError(path.text, str(missing), context) from None

    return read


def _of_variable(path: Path, find: Find) -> Reader:
    name, names = path.root, _plain_names(path)

    def read(_value: Json, scope: Scope) -> Json:
        variables = scope.variables
        if name not in variables:
            raise PathError(path.text, f"No results for path: $['{name}']", variables)
        value = variables[name]
        if names is not None and (found := _follow(value, names)) is not _ABSENT:
            return found
        try:
            return find(value, value)
        except NoResultError as missing:
            raise PathError(path.text, str(missing), value) from None

    return read


_ABSENT: Final = object()


def _follow(value: Json, names: list[str]) -> Json:
    """What stands under the names, _ABSENT where the way ends."""
    try:
        for name in names:
            value = value[name]
    except (KeyError, TypeError):
        return _ABSENT
    return value
