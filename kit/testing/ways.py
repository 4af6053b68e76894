"""Which retriers, catchers, rules and ways on a run took: read from its history.

A history names states, not rules. Where two rules of a Choice lead to the same state, they are asked again
with what the Choice saw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from kit.asl.choice import compile_test
from kit.asl.definition import Catcher, Choice, ChoiceRule, Fallible, Place, Retrier, State, StateMachine
from kit.asl.errors import StatesError
from kit.asl.jsonata import compile_jsonata
from kit.asl.scope import Surroundings
from kit.engine.failures import Failure
from kit.engine.retries import matches
from kit.history import Trace, Visit

Variables = Mapping[str, Any]
Took = tuple[str, Place]
"""Kind and place."""


class Ways:
    """Reads runs of one definition."""

    def __init__(self, definition: StateMachine) -> None:
        self._states = {state.name: state for state in definition.walk()}
        self._tests: dict[Place, Callable[[Any, Surroundings], bool]] = {}

    def taken(self, trace: Trace) -> Iterator[Took]:
        """Everything that a run went through, as often as it did."""
        latest: dict[int, Visit] = {}
        variables: dict[int, dict[str, Any]] = {}
        for visit in trace.visits:
            state = self._states.get(visit.state)
            if state is None:
                continue
            lane = id(visit.lane)
            before = latest.get(lane)
            if lane not in variables:
                around = visit.lane.owner
                variables[lane] = dict(variables.get(id(around.lane), {})) if around is not None else {}
            if before is not None:
                if before.exit_event is not None and before.state in self._states:
                    seen = variables[lane]
                    yield from self._way(self._states[before.state], before, visit.state, seen, trace)
                variables[lane].update(before.variables)
            latest[lane] = visit
            yield "state", state.place
            if isinstance(state, Fallible):
                yield from _retries(state, visit)

    def _way(
        self, state: State, visit: Visit, following: str, variables: Variables, trace: Trace
    ) -> Iterator[Took]:
        if isinstance(state, Choice):
            rule = self._rule(state, visit, following, variables, trace)
            if rule is not None:
                yield "choice rule", rule.place
            elif state.default == following:
                yield "way on", state.place / "Default"
        elif visit.status == "caught" and isinstance(state, Fallible):
            leading = [catcher for catcher in state.catchers if catcher.next == following]
            if (catcher := _first(leading, visit.error)) is not None:
                yield "catcher", catcher.place
        elif state.next == following:
            yield "way on", state.place / "Next"

    def _rule(
        self, state: Choice, visit: Visit, following: str, variables: Variables, trace: Trace
    ) -> ChoiceRule | None:
        """The rule by which the Choice went; None for its Default."""
        leading = [rule for rule in state.rules if rule.next == following]
        if len(leading) + (state.default == following) == 1:
            return leading[0] if leading else None
        surroundings = Surroundings({"Execution": {"Input": trace.input}}, variables)
        for rule in leading:
            try:
                if self._test(state, rule)(visit.input, surroundings):
                    return rule
            except StatesError:
                continue  # It needs what a history doesn't hold, so it isn't counted.
        return None

    def _test(self, state: Choice, rule: ChoiceRule) -> Callable[[Any, Surroundings], bool]:
        if rule.place not in self._tests:
            if state.query_language == "JSONPath":
                self._tests[rule.place] = compile_test(rule.fields)
            else:
                self._tests[rule.place] = _condition(rule.fields["Condition"])
        return self._tests[rule.place]


def _condition(text: str) -> Callable[[Any, Surroundings], bool]:
    expression = compile_jsonata(text.removeprefix("{%").removesuffix("%}").strip())

    def test(value: Any, scope: Surroundings) -> bool:
        states = {"input": value, "context": scope.context}
        return expression.evaluate(states, dict(scope.variables)) is True

    return test


def _retries(state: Fallible, visit: Visit) -> Iterator[Took]:
    for attempt, after in zip(visit.attempts, visit.attempts[1:], strict=False):
        if (
            after.redrive == attempt.redrive
            and (retrier := _first(state.retriers, attempt.error)) is not None
        ):
            yield "retrier", retrier.place


Block = TypeVar("Block", Retrier, Catcher)


def _first(blocks: Sequence[Block], error: str | None) -> Block | None:
    """The first that takes the error. A missed heartbeat is told as States.Timeout: the second guess."""
    for failure in (Failure(error), Failure(error, also="States.HeartbeatTimeout")):
        for block in blocks:
            if matches(block.error_equals, failure):
                return block
    return None
