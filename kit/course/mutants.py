"""Breaking definitions on purpose, one small thing at a time.

A check that passes a broken machine looks at too little. Each mutant is a definition with one thing
weakened, taken away, swapped or misspelt, and a name that says which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

__all__ = ["Mutant", "mutants"]

_EXPRESSION = re.compile(r"^\{%(.*)%\}$", re.DOTALL)
_NUMBER = re.compile(r"(?<![\w.'\[])(\d+)(?![\w.'\]])")
_FIELD = re.compile(r"\$states\.(input|result)\.(\w+)")
_TIMES = ("TimeoutSeconds", "HeartbeatSeconds", "MaxDelaySeconds")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A broken definition; `name` says what was done to it."""

    name: str
    asl: Mapping[str, Any]


def mutants(asl: Mapping[str, Any]) -> Iterator[Mutant]:
    """Every mutant of a definition, in the order of its states."""
    if "TimeoutSeconds" in asl:
        yield Mutant("without the machine's TimeoutSeconds", _without(asl, "TimeoutSeconds"))
    for name, state in asl["States"].items():
        for what, broken in _of_state(name, state, list(asl["States"])):
            whole = deepcopy(dict(asl))
            whole["States"][name] = broken
            _drop_unreachable(whole)
            yield Mutant(f"{name}: {what}", whole)


def _of_state(name: str, state: Mapping[str, Any], names: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from _of_ways(name, state, names)
    yield from _of_rules(state)
    yield from _of_retries(state)
    for field in _TIMES:
        if field in state:
            yield f"without {field}", _without(state, field)
    for field in ("Seconds", "Error"):
        if isinstance(state.get(field), int):
            yield f"{field} times 40", _with(state, **{field: state[field] * 40})
        elif isinstance(state.get(field), str) and field == "Error":
            yield "another Error", _with(state, Error="Other")
    for field in ("Output", "Assign", "ResultPath", "ResultSelector"):
        if field in state:
            yield f"without {field}", _without(state, field)
    for field in ("Arguments", "Parameters", "Assign"):
        for key in state.get(field, {}) if isinstance(state.get(field), Mapping) else ():
            yield f"{field} without {key}", _with(state, **{field: _without(state[field], key)})
    if "Resource" in state:
        yield from ((f"calls {other}", _with(state, Resource=other)) for other in _others(state["Resource"]))
    yield from _of_expressions(state)


def _of_ways(name: str, state: Mapping[str, Any], names: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Arrows that lead elsewhere: to the next state in the list, to the one before, to the state itself."""
    for field in ("Next", "Default"):
        if field not in state:
            continue
        place = names.index(state[field])
        for other in dict.fromkeys((names[(place + 1) % len(names)], names[place - 1])):
            if other not in (state[field], name):
                yield f"{field} to {other}", _with(state, **{field: other})


def _of_rules(state: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    rules = state.get("Choices", [])
    for index, rule in enumerate(rules):
        others = [*rules[:index], *rules[index + 1 :]]
        number = f"rule {index + 1}"
        if others:
            yield f"without {number}", _with(state, Choices=others)
        if index:
            yield f"{number} first", _with(state, Choices=[rule, *others])
        expression = _EXPRESSION.match(rule.get("Condition", ""))
        if expression:
            turned = {**rule, "Condition": f"{{% $not({expression[1]}) %}}"}
            yield (
                f"{number} turned round",
                _with(state, Choices=[*rules[:index], turned, *rules[index + 1 :]]),
            )
        if "Default" in state and rule["Next"] != state["Default"]:
            led = {**rule, "Next": state["Default"]}
            yield f"{number} to the default", _with(state, Choices=[*rules[:index], led, *rules[index + 1 :]])


def _of_retries(state: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for field in ("Retry", "Catch"):
        entries = state.get(field, [])
        for index, entry in enumerate(entries):
            number = f"{field} {index + 1}"
            others = [*entries[:index], *entries[index + 1 :]]
            yield f"without {number}", _with(state, **{field: others}) if others else _without(state, field)

            def changed(
                field: str = field, entries: Any = entries, index: int = index, **fields: Any
            ) -> dict[str, Any]:
                new = {**entries[index], **fields}
                return _with(state, **{field: [*entries[:index], new, *entries[index + 1 :]]})

            if entry["ErrorEquals"] != ["States.ALL"]:
                yield f"{number} for everything", changed(ErrorEquals=["States.ALL"])
            yield f"{number} for a name that never comes", changed(ErrorEquals=["Nothing.Of.This.Name"])
            for each in entry["ErrorEquals"] if len(entry["ErrorEquals"]) > 1 else ():
                names = [name for name in entry["ErrorEquals"] if name != each]
                yield f"{number} without {each}", changed(ErrorEquals=names)
            if field == "Retry":
                yield f"{number} once", changed(MaxAttempts=1)
                yield f"{number} with MaxAttempts 50", changed(MaxAttempts=50)
                yield f"{number} at once", changed(IntervalSeconds=1, BackoffRate=1.0)


def _of_expressions(state: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Numbers doubled and halved, and fields misspelt, in each expression of the state."""
    for path, text in _texts(state):
        for match in _NUMBER.finditer(text):
            for other in (int(match[1]) * 2 or 7, int(match[1]) // 2):
                if other != int(match[1]):
                    changed = text[: match.start()] + str(other) + text[match.end() :]
                    yield f"{match[1]} is {other} in {'/'.join(map(str, path))}", _put(state, path, changed)
        for match in _FIELD.finditer(text):
            changed = text[: match.end()] + "x" + text[match.end() :]
            yield f"{match[0]} misspelt in {'/'.join(map(str, path))}", _put(state, path, changed)


def _texts(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    if isinstance(value, str) and _EXPRESSION.match(value):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*path, index))


def _put(state: Mapping[str, Any], path: tuple[Any, ...], text: str) -> dict[str, Any]:
    whole: Any = deepcopy(dict(state))
    inner = whole
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = text
    return dict(whole)


def _others(resource: str) -> Iterator[str]:
    """The same service's opposite call."""
    for one, other in (("start", "stop"), ("stop", "start"), ("create", "delete"), ("delete", "create")):
        if f":{one}" in resource:
            yield resource.replace(f":{one}", f":{other}")


def _with(value: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    return {**deepcopy(dict(value)), **fields}


def _without(value: Mapping[str, Any], field: str) -> dict[str, Any]:
    return {key: inner for key, inner in deepcopy(dict(value)).items() if key != field}


def _drop_unreachable(asl: dict[str, Any]) -> None:
    """Takes out states that nothing leads to any more: AWS refuses a definition for these alone."""
    reached: set[str] = set()
    waiting = [asl["StartAt"]]
    while waiting:
        name = waiting.pop()
        if name in reached or name not in asl["States"]:
            continue
        reached.add(name)
        waiting += _ways_of(asl["States"][name])
    asl["States"] = {name: state for name, state in asl["States"].items() if name in reached}


def _ways_of(state: Mapping[str, Any]) -> list[str]:
    entries: list[Mapping[str, Any]] = [*state.get("Choices", []), *state.get("Catch", [])]
    ways = [state.get("Next"), state.get("Default"), *(entry.get("Next") for entry in entries)]
    return [way for way in ways if way is not None]
