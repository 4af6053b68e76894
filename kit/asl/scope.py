"""What an expression may read besides its input."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeAlias

from kit.asl.definition import Json


class Scope(Protocol):
    """The surroundings of a running state.

    `context` is the context object (`$$`, `$states.context`); reading it may build it.
    `variables` holds the workflow variables by name; it is replaced at an Assign, never changed.
    https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
    """

    @property
    def context(self) -> Json: ...

    @property
    def variables(self) -> Mapping[str, Any]: ...


Reader: TypeAlias = Callable[[Json, Scope], Json]
"""A compiled JSONPath expression: from an input and its surroundings to a value."""


class Surroundings:
    """A plain Scope, for use outside of a running execution."""

    __slots__ = ("context", "variables")

    def __init__(self, context: Json = None, variables: Mapping[str, Any] | None = None) -> None:
        self.context: Json = {} if context is None else context
        self.variables: Mapping[str, Any] = {} if variables is None else variables
