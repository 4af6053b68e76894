"""What rules look at: a machine, with what several of them would otherwise find out again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kit.asl import ExpressionSyntaxError
from kit.asl.definition import Fallible, Flow, State, StateMachine, Task
from kit.asl.jsonata import JsonataExpression, compile_jsonata
from kit.lint.needs import Integration, integration
from kit.lint.optimized_needs import CLIENTS
from kit.services import casing, catalog

NESTED = ("Branches", "ItemProcessor", "Iterator", "Comment")
_WITHOUT_TEXTS = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|/\*.*?\*/', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Expression:
    """A JSONata expression at its place in a state: `/Output/name`."""

    inside: str
    compiled: JsonataExpression

    @property
    def source(self) -> str:
        return self.compiled.source

    @property
    def bare(self) -> str:
        """The source with its texts and comments blanked out, of the same length."""
        return _WITHOUT_TEXTS.sub(lambda found: " " * len(found[0]), self.source)

    @property
    def reads(self) -> Mapping[str, Any]:
        """The names that it takes from outside, each with what it reads of them, where that is known."""
        found: Mapping[str, Any] = (self.compiled.reads or {}).get("bindings", {})
        return found

    @property
    def inputs(self) -> frozenset[str]:
        """The fields of `$states.input` that it reads by name."""
        states = self.reads.get("states")
        read = states.get("input") if isinstance(states, Mapping) else None
        return frozenset(read) if isinstance(read, Mapping) else frozenset()


@dataclass(frozen=True, slots=True)
class Call:
    """A Task's call of an AWS API, where botocore knows the service and the operation."""

    integration: Integration
    service: catalog.Service
    operation: str

    @property
    def spell(self) -> Any:
        return casing.member if self.integration.sdk else casing.raised

    @property
    def parameters(self) -> Mapping[str, catalog.Member]:
        return self.service.members(self.service.input_shape(self.operation), self.spell)

    @property
    def results(self) -> frozenset[str]:
        """The names at the top of its result."""
        found = frozenset(self.service.members(self.service.output_shape(self.operation), self.spell))
        return found if self.integration.sdk else found | {"SdkHttpMetadata", "SdkResponseMetadata"}

    @property
    def pages(self) -> Mapping[str, Any] | None:
        """botocore's paginator of the operation."""
        return self.service.paginators.get(self.operation)


class Subject:
    """A machine under lint. States are found by their names, which are unique in the whole machine."""

    def __init__(self, machine: StateMachine) -> None:
        self.machine = machine
        self.states = tuple(machine.walk())
        self._expressions: dict[str, tuple[Expression, ...]] = {}
        self._calls: dict[str, Call | None] = {}

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        return (self.machine, *(flow for state in self.states for flow in state.flows()))

    @cached_property
    def flow_of(self) -> Mapping[str, Flow]:
        """The flow that each state stands in."""
        return {name: flow for flow in self.flows for name in flow.states}

    @cached_property
    def holder_of(self) -> Mapping[str, State]:
        """The Map or Parallel around each nested state."""
        return {name: state for state in self.states for flow in state.flows() for name in flow.states}

    def of_type(self, kind: type[State]) -> Iterator[Any]:
        return (state for state in self.states if isinstance(state, kind))

    def expressions(self, state: State) -> tuple[Expression, ...]:
        """The JSONata of a state, nested flows aside. What can't be read isn't here: AWS tells of it."""
        if state.name not in self._expressions:
            self._expressions[state.name] = tuple(_compiled(state))
        return self._expressions[state.name]

    def call(self, state: State) -> Call | None:
        if state.name not in self._calls:
            self._calls[state.name] = _call(state)
        return self._calls[state.name]


def _compiled(state: State) -> Iterator[Expression]:
    if state.query_language != "JSONata":
        return
    for name, value in state.fields.items():
        if name not in NESTED:
            for inside, text in texts(value, f"/{name}"):
                if text.startswith("{%") and text.endswith("%}"):
                    try:
                        yield Expression(inside, compile_jsonata(text[2:-2].strip()))
                    except ExpressionSyntaxError:
                        continue


def _call(state: State) -> Call | None:
    called = integration(state.resource) if isinstance(state, Task) else None
    if called is None or called.function is not None:
        return None
    if called.sdk:
        service = catalog.find(called.service)
        operation = service.operations.get(called.action) if service else None
    else:
        service = catalog.service(CLIENTS[called.service]) if called.service in CLIENTS else None
        operation = service.operations.get(called.action) if service else None
    return Call(called, service, operation) if service and operation else None


def texts(value: Any, inside: str = "") -> Iterator[tuple[str, str]]:
    """Each text inside of a JSON value, with the way to it: `/a[0]/b`."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from texts(inner, f"{inside}/{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from texts(inner, f"{inside}[{index}]")
    elif isinstance(value, str):
        yield inside, value


def without_texts(path: str) -> str:
    """A JSONPath or an intrinsic call with its texts taken out, those aside that are names: `$['a']`."""
    return re.sub(r"(?<=[(,=\s])'(?:\\.|[^'\\])*'", "''", path)


def arguments_field(state: State) -> str | None:
    """`Parameters` or `Arguments`, whichever the state has."""
    return next((name for name in ("Parameters", "Arguments") if name in state.fields), None)


def arguments_given(state: State) -> Mapping[str, Any]:
    """The arguments of a Task as they are written out; none where one expression gives them all."""
    given = state.fields.get(arguments_field(state) or "")
    return given if isinstance(given, Mapping) else {}


def own_fields(state: State) -> dict[str, Any]:
    """A state's fields without the flows nested in it."""
    return {name: value for name, value in state.fields.items() if name not in NESTED}


def error_names(state: Fallible) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Of each retrier and catcher: where it stands, and its error names."""
    for index, retrier in enumerate(state.retriers):
        yield f"/Retry[{index}]/ErrorEquals", retrier.error_equals
    for index, catcher in enumerate(state.catchers):
        yield f"/Catch[{index}]/ErrorEquals", catcher.error_equals
