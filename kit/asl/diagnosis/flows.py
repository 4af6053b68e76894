"""Checks of flows: a whole machine, a branch, an item processor; and how their states connect.

A flow's transitions stay within it. A state that nothing leads to is an error, and so is a machine
(not a nested flow) without a state that ends it; the latter hides the former.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from kit.asl.definition import Json, Place, QueryLanguage
from kit.asl.diagnosis import values
from kit.asl.diagnosis.findings import Diagnosis, only, required
from kit.asl.diagnosis.maps import processor_config
from kit.asl.diagnosis.states import FIELDS, state_fields

_MACHINE = ("Comment", "QueryLanguage", "StartAt", "TimeoutSeconds", "Version", "States")
_NESTED = ("Comment", "StartAt", "States")


def machine(fields: Json, diagnosis: Diagnosis) -> None:
    """A whole definition."""
    place = Place()
    if not values.an_object(fields, place, diagnosis):
        return
    required(fields, ["States", "StartAt"], place, diagnosis)
    only(fields, _MACHINE, place, diagnosis)
    if "QueryLanguage" in fields:
        values.one_of("JSONPath", "JSONata")(fields["QueryLanguage"], place / "QueryLanguage", diagnosis)
    if "TimeoutSeconds" in fields:
        values.integer(0, 99_999_999)(fields["TimeoutSeconds"], place / "TimeoutSeconds", diagnosis)
    if "Version" in fields:
        values.one_of("1.0")(fields["Version"], place / "Version", diagnosis)
    _states(fields, place, diagnosis, whole=True)
    _unique_names(fields, place, diagnosis, set())
    _unique_labels(fields, place, diagnosis, set())


def single_state(name: str, fields: dict[str, Json], diagnosis: Diagnosis) -> None:
    """A state alone. Its transitions lead elsewhere, those of its inner flows don't."""
    place = Place() / "States" / name
    state_fields(name, fields, place, diagnosis.speaking(language_of(fields, diagnosis.machine_language)))
    _flows_of(fields, place, diagnosis)


def language_of(fields: dict[str, Json], inherited: QueryLanguage) -> QueryLanguage:
    """The language in force: inherited where not given, and JSONata for all but `JSONPath`."""
    if "QueryLanguage" not in fields:
        return inherited
    return "JSONPath" if fields["QueryLanguage"] == "JSONPath" else "JSONata"


def _nested(fields: Json, place: Place, diagnosis: Diagnosis, allowed: tuple[str, ...]) -> None:
    if values.an_object(fields, place, diagnosis):
        required(fields, ["States", "StartAt"], place, diagnosis)
        only(fields, allowed, place, diagnosis)
        _states(fields, place, diagnosis, whole=False)


def _states(fields: dict[str, Json], place: Place, diagnosis: Diagnosis, *, whole: bool) -> None:
    if "Comment" in fields:
        values.text(fields["Comment"], place / "Comment", diagnosis)
    if "StartAt" in fields:
        values.text(fields["StartAt"], place / "StartAt", diagnosis)
    states = fields.get("States")
    if "States" not in fields or not values.an_object(states, place / "States", diagnosis):
        return
    if not states:
        diagnosis.error(place / "States", "Value cannot be empty")
        return
    for name, state in cast(dict[str, Json], states).items():
        at = place / "States" / name
        if values.an_object(state, at, diagnosis):
            language = language_of(state, diagnosis.machine_language)
            state_fields(name, state, at, diagnosis.speaking(language))
            _flows_of(state, at, diagnosis)
    _transitions(fields, place, diagnosis, whole)


def _flows_of(state: dict[str, Json], place: Place, diagnosis: Diagnosis) -> None:
    if state.get("Type") == "Parallel" and "Branches" in state:
        if values.an_array(state["Branches"], place / "Branches", diagnosis):
            for at, branch in enumerate(state["Branches"]):
                _nested(branch, place / "Branches" / at, diagnosis, _NESTED)
    elif state.get("Type") == "Map":
        for key in ("ItemProcessor", "Iterator"):
            if key in state:
                _nested(state[key], place / key, diagnosis, (*_NESTED, "ProcessorConfig"))
                if isinstance(state[key], dict) and "ProcessorConfig" in state[key]:
                    processor_config(
                        state[key]["ProcessorConfig"], place / key / "ProcessorConfig", diagnosis
                    )


def _targets(state: Json, place: Place) -> Iterator[tuple[Place, str]]:
    """Where a state may lead, and where that is written."""
    if not isinstance(state, dict):
        return
    known = FIELDS.get(str(state.get("Type")), {})
    for name in ("Next", "Default"):
        if name in known and isinstance(state.get(name), str):
            yield place / name, state[name]
    for name in ("Choices", "Catch"):
        rules = state.get(name)
        if name in known and isinstance(rules, list):
            for at, rule in enumerate(rules):
                if isinstance(rule, dict) and isinstance(rule.get("Next"), str):
                    yield place / name / at / "Next", rule["Next"]


def _transitions(fields: dict[str, Json], place: Place, diagnosis: Diagnosis, whole: bool) -> None:
    states, start = fields["States"], fields.get("StartAt")
    if isinstance(start, str) and start not in states and not diagnosis.is_open(start):
        _missing(start, place / "StartAt", diagnosis)
    for name, state in states.items():
        for at, target in _targets(state, place / "States" / name):
            if target not in states and not diagnosis.is_open(target):
                _missing(target, at, diagnosis)
    if whole and not any(map(_ends, states.values())):
        diagnosis.error(None, "Workflow has no terminal state", "MISSING_END_STATE")
    elif isinstance(start, str):
        _reachability(states, start, place, diagnosis)


def _missing(target: str, place: Place, diagnosis: Diagnosis) -> None:
    diagnosis.error(place, f"Missing 'Next' target: {target}", "MISSING_TRANSITION_TARGET")


def _ends(state: Json) -> bool:
    if not isinstance(state, dict):
        return True
    kind = state.get("Type")
    return kind in ("Succeed", "Fail") or str(kind) not in FIELDS or state.get("End") not in (None, False)


def _reachability(states: dict[str, Json], start: str, place: Place, diagnosis: Diagnosis) -> None:
    waiting, reached = [start], set[str]()
    while waiting:
        name = waiting.pop()
        if name in reached or name not in states:
            continue
        reached.add(name)
        waiting.extend(target for _, target in _targets(states[name], place))
    for name in states:
        if name not in reached:
            message = f'State "{name}" is not reachable.'
            diagnosis.error(place / "States" / name, message, "MISSING_TRANSITION_TARGET")


def _nested_flows(state: Json, place: Place) -> Iterator[tuple[Place, dict[str, Json]]]:
    if isinstance(state, dict):
        branches = state.get("Branches")
        for at, branch in enumerate(branches if isinstance(branches, list) else ()):
            if isinstance(branch, dict):
                yield place / "Branches" / at, branch
        for key in ("ItemProcessor", "Iterator"):
            if isinstance(state.get(key), dict):
                yield place / key, state[key]


def _unique_names(fields: dict[str, Json], place: Place, diagnosis: Diagnosis, seen: set[str]) -> None:
    """State names are unique in the whole machine, nested flows included."""
    states = fields.get("States")
    for name, state in (states if isinstance(states, dict) else {}).items():
        at = place / "States" / name
        if name in seen:
            diagnosis.error(at, f"Duplicate State name: {name}", "DUPLICATE_STATE_NAME")
        seen.add(name)
        for inner, flow in _nested_flows(state, at):
            _unique_names(flow, inner, diagnosis, seen)


def _unique_labels(fields: dict[str, Json], place: Place, diagnosis: Diagnosis, seen: set[str]) -> None:
    states = fields.get("States")
    for name, state in (states if isinstance(states, dict) else {}).items():
        at = place / "States" / name
        label = state.get("Label") if isinstance(state, dict) else None
        if isinstance(label, str):
            if label in seen:
                diagnosis.error(at / "Label", f"Duplicate Label name: {label}", "DUPLICATE_LABEL_NAME")
            seen.add(label)
        for inner, flow in _nested_flows(state, at):
            _unique_labels(flow, inner, diagnosis, seen)
