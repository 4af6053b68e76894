"""The inline Map state: one flow for each item, in the same history.

https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
"""

from __future__ import annotations

from typing import Any

from kit.asl import definition as asl
from kit.asl.definition import Json
from kit.asl.encoding import encode
from kit.asl.errors import StatesError
from kit.asl.paths import compile_path
from kit.asl.payload import compile_payload
from kit.engine.failures import RUNTIME, EvaluationFault, Failure
from kit.engine.fallible import FallibleStep
from kit.engine.fields import Evaluate, compile_input_path, compile_query
from kit.engine.frame import Frame
from kit.engine.numbers import compile_number
from kit.engine.process import Flow
from kit.engine.quotas import MAX_INLINE_CONCURRENCY
from kit.engine.steps import Step
from kit.engine.team import Team


class MapStep(FallibleStep):
    """`first` is the first step of the item processor, set when the whole program is compiled."""

    __slots__ = ("before", "concurrency", "first", "items", "selector")

    state: asl.Map

    def prepare(self) -> None:
        fields, jsonata = self.state.fields, self.state.query_language == "JSONata"
        self.before = None if jsonata else compile_input_path(fields)
        self.items = self._by_query() if jsonata else self._by_path()
        self.concurrency = compile_number(self.state.fields, "MaxConcurrency")
        self.selector = compile_selector(self.state)
        self.first: Step | None = None

    def attempt(self, frame: Frame, data: Json) -> Flow:
        value = data if self.before is None else self.before(data, frame)
        items = self.items(value, frame)
        limit = self._limit(value, frame)
        team = Iterations(frame, self.name)
        started = (
            frame.previous if team.kept is not None else frame.add("MapStateStarted", {"length": len(items)})
        )
        team.last = team.end = started
        following, count = 0, len(items)
        assert self.first is not None
        try:
            while not team.over:
                while following < count and len(team.running) < limit and not team.over:
                    item = {"Index": following, "Value": items[following]}
                    chosen = self.select(value, item, frame)
                    previous = started if following < limit else team.last
                    team.start(following, self.first, chosen, encode(chosen), previous, item)
                    following += 1
                if not team.running:
                    break
                yield
        except BaseException as error:
            team.stop(getattr(error, "told", False))
            raise
        if team.crash is not None:
            team.stop(told=False)
            raise team.crash
        if team.failure is not None:
            frame.previous = team.last
            team.stop(told=True)
            raise team.failure.from_inside()
        frame.previous = team.end
        frame.execution.add(team.end, "MapStateSucceeded", None)
        frame.children = None
        return team.results(count)

    def select(self, value: Json, item: dict[str, Any], frame: Frame) -> Json:
        """What the iteration for this item starts with: ItemSelector, or the item itself."""
        if self.selector is None:
            return item["Value"]
        outer, frame.item = frame.item, item
        try:
            return self.selector(value, frame)
        finally:
            frame.item = outer

    def tell(self, frame: Frame, failure: Failure) -> None:
        if failure.inner or not failure.final:
            frame.add("MapStateFailed", None)

    def _limit(self, value: Json, frame: Frame) -> int:
        given = 0 if self.concurrency is None else self.concurrency(value, frame)
        return min(int(given) or MAX_INLINE_CONCURRENCY, MAX_INLINE_CONCURRENCY)

    def _by_path(self) -> Evaluate:
        path = self.state.fields.get("ItemsPath", "$")
        read = compile_path(path)

        def items(data: Json, frame: Frame) -> Json:
            found = read(data, frame)
            if not isinstance(found, list):
                raise StatesError(RUNTIME, f"Map state input must be an array but was: {encode(found)}")
            return found

        return items

    def _by_query(self) -> Evaluate:
        if "Items" not in self.state.fields:
            return _checked_input
        given = self.state.fields["Items"]
        return compile_query(given, "Items", expected="array")


def _checked_input(data: Json, _frame: Frame) -> Json:
    if not isinstance(data, list):
        raise EvaluationFault(f"Map state input must be an array but was: {encode(data)}")
    return data


class Iterations(Team):
    """A Map's flows: each has events of its own.

    `end` is the event that the state's success follows: the last iteration's, not the last one inside."""

    def __init__(self, frame: Frame, name: str) -> None:
        super().__init__(frame)
        self.name, self.end = name, frame.previous

    def begun(self, index: int, previous: int) -> int:
        return self.frame.execution.add(previous, "MapIterationStarted", self.name, index)

    def succeeded(self, index: int, frame: Frame) -> None:
        self.end = frame.execution.add(frame.previous, "MapIterationSucceeded", self.name, index)

    def failed(self, index: int, frame: Frame) -> None:
        frame.execution.add(frame.previous, "MapIterationFailed", self.name, index)

    def aborted(self, index: int, frame: Frame) -> None:
        frame.execution.add(frame.previous, "MapIterationAborted", self.name, index)


def compile_selector(state: asl.Map) -> Evaluate | None:
    """ItemSelector, or the older Parameters."""
    for name in ("ItemSelector", "Parameters"):
        if name in state.fields:
            template = state.fields[name]
            return (
                compile_query(template, name)
                if state.query_language == "JSONata"
                else compile_payload(template)
            )
    return None
