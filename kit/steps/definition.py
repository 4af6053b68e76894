"""From a Chain or a single state to a whole definition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stepfunctions.steps.states import Chain, Graph, State

from kit.steps.authored import in_reading_order
from kit.steps.errors import MixedLanguagesError, StepError
from kit.steps.language import Inferred, language_of
from kit.steps.origin import Origin


def is_flow(thing: object) -> bool:
    """Whether it is a Chain or a state, ours or the SDK's."""
    return isinstance(thing, Chain | State)


def to_asl(
    flow: Any,
    *,
    comment: str | None = None,
    timeout_seconds: int | None = None,
    query_language: str | None = None,
    version: str | None = None,
) -> dict[str, Any]:
    """The definition's JSON. Where all states can be read as JSONata and one must be, QueryLanguage
    stands once, at the top; where JSONPath is among them, or a state was given its `query_language`, each
    JSONata state says so itself.

    Raises StepError: two states of one name, a state in both languages, nothing to start with.
    """
    if isinstance(flow, Chain) and not flow.steps:
        raise StepError("The chain is empty: a machine needs a state to start with.")
    try:
        graph = Graph(flow).to_dict()
    except ValueError as error:
        raise error if isinstance(error, StepError) else StepError(str(error)) from None
    except RecursionError:
        raise StepError(
            "More states follow each other than the SDK can walk through (about 900). Split the machine, or "
            "give its JSON to Machine."
        ) from None
    states = list(_walk(graph))
    languages = {language_of(state) for _, state in states}
    by_hand = any(type(state.get("QueryLanguage")) is str for _, state in states)
    if query_language is None and languages <= {"JSONata", None} and languages != {None} and not by_hand:
        query_language = "JSONata"
    if query_language == "JSONata":
        for name, state in states:
            if language_of(state) == "JSONPath":
                raise MixedLanguagesError(f"The machine is JSONata, but state {name!r} is JSONPath.")
    for _, state in states:
        if isinstance(state.get("QueryLanguage"), Inferred):
            if query_language == "JSONata":
                del state["QueryLanguage"]
            else:
                state["QueryLanguage"] = "JSONata"
    head = {
        "Comment": comment,
        "QueryLanguage": query_language,
        "TimeoutSeconds": timeout_seconds,
        "Version": version,
    }
    return {name: value for name, value in head.items() if value is not None} | _ordered(graph)


def origins(flow: Any) -> dict[str, Origin]:
    """Where each state was written, by state name, as far as it is known."""
    found: dict[str, Origin] = {}
    for state in _reachable(flow):
        origin = getattr(state, "origin", None)
        if isinstance(origin, Origin):
            found.setdefault(state.state_id, origin)
    return found


def _walk(flow: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, state in flow["States"].items():
        yield name, state
        for inner in _flows(state):
            yield from _walk(inner)


def _flows(state: dict[str, Any]) -> list[dict[str, Any]]:
    nested = [state[key] for key in ("ItemProcessor", "Iterator") if key in state]
    return [*state.get("Branches", ()), *nested]


def _ordered(flow: dict[str, Any]) -> dict[str, Any]:
    states = {}
    for name, state in flow["States"].items():
        ordered = in_reading_order(state)
        for key in ("ItemProcessor", "Iterator"):
            if key in ordered:
                ordered[key] = _ordered(ordered[key])
        if "Branches" in ordered:
            ordered["Branches"] = [_ordered(branch) for branch in ordered["Branches"]]
        states[name] = ordered
    return {**flow, "States": states}


class _Collector:
    """Visits as the SDK's own visitors do."""

    def __init__(self) -> None:
        self.states: list[Any] = []

    def is_visited(self, state: Any) -> bool:
        return any(state is seen for seen in self.states)

    def visit(self, state: Any) -> None:
        self.states.append(state)


def _reachable(flow: Any) -> Iterator[Any]:
    collector = _Collector()
    flow.accept(collector)
    for state in collector.states:
        yield state
        for branch in getattr(state, "branches", None) or ():
            yield from _reachable(branch)
        if state.iterator is not None:
            yield from _reachable(state.iterator)
