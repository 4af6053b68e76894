"""Definitions of state machines as typed objects, each with its place in the text it came from.

The shape follows the Amazon States Language, https://states-language.net/spec.html, with the
fields of today's Step Functions (https://docs.aws.amazon.com/step-functions/latest/dg/).
Whatever reads a definition (engine, lint, graph, export) walks these objects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Json: TypeAlias = Any
QueryLanguage: TypeAlias = Literal["JSONPath", "JSONata"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a definition: the keys and indices that lead to it."""

    steps: tuple[str | int, ...] = ()

    def __truediv__(self, step: str | int) -> Place:
        return Place((*self.steps, step))

    def __str__(self) -> str:
        """As AWS writes it: `/States/Wait for it/Retry[0]`, and `/` for the whole."""
        text = "".join(f"[{step}]" if isinstance(step, int) else f"/{step}" for step in self.steps)
        return text or "/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrier:
    """One entry of a state's Retry."""

    place: Place
    error_equals: tuple[str, ...]
    interval_seconds: int = 1
    max_attempts: int = 3
    backoff_rate: float = 2.0
    max_delay_seconds: int | None = None
    jitter_strategy: Literal["NONE", "FULL"] = "NONE"
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Catcher:
    """One entry of a state's Catch. `fields` is its JSON: ResultPath, Output, Assign."""

    place: Place
    error_equals: tuple[str, ...]
    next: str
    fields: Mapping[str, Json]
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceRule:
    """One entry of a Choice's Choices. `fields` is its JSON: the test, Output, Assign."""

    place: Place
    next: str
    fields: Mapping[str, Json]
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What every state has. `fields` is the state's JSON as written, read-only.

    `next` is None where the state ends its flow (End, Succeed, Fail) and for a Choice.
    `query_language` is the one in force, inherited from the machine where not given.
    """

    name: str
    place: Place
    query_language: QueryLanguage
    fields: Mapping[str, Json]
    next: str | None = None
    end: bool = False
    comment: str | None = None

    @property
    def type(self) -> str:
        return type(self).__name__

    def successors(self) -> Iterator[tuple[str, str]]:
        """Pairs of kind (`next`, `rule`, `default`, `catch`) and state name that may follow."""
        if self.next is not None:
            yield "next", self.next

    def flows(self) -> tuple[Flow, ...]:
        """The flows nested in this state: a Parallel's branches, a Map's item processor."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass(State):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(State):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Succeed(State):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fail(State):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(State):
    rules: tuple[ChoiceRule, ...]
    default: str | None = None

    def successors(self) -> Iterator[tuple[str, str]]:
        for rule in self.rules:
            yield "rule", rule.next
        if self.default is not None:
            yield "default", self.default


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallible(State):
    """A state that can retry and catch: Task, Parallel, Map."""

    retriers: tuple[Retrier, ...] = ()
    catchers: tuple[Catcher, ...] = ()

    def successors(self) -> Iterator[tuple[str, str]]:
        if self.next is not None:
            yield "next", self.next
        for catcher in self.catchers:
            yield "catch", catcher.next


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Fallible):
    resource: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parallel(Fallible):
    branches: tuple[Flow, ...]

    def flows(self) -> tuple[Flow, ...]:
        return self.branches


@dataclass(frozen=True, slots=True, kw_only=True)
class Map(Fallible):
    """`processor` is ItemProcessor, or the older Iterator."""

    processor: Flow
    distributed: bool = False

    def flows(self) -> tuple[Flow, ...]:
        return (self.processor,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """States with a start: a whole machine, a branch, an item processor."""

    place: Place
    start_at: str
    states: Mapping[str, State]
    query_language: QueryLanguage
    fields: Mapping[str, Json]
    comment: str | None = None

    def walk(self) -> Iterator[State]:
        """Every state, outer ones before those nested in them, in the order of the text."""
        for state in self.states.values():
            yield state
            for flow in state.flows():
                yield from flow.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class StateMachine(Flow):
    """A whole definition."""

    timeout_seconds: int | None = None
