"""From the JSON of a sound definition to typed objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kit.asl.definition import (
    Catcher,
    Choice,
    ChoiceRule,
    Fail,
    Flow,
    Json,
    Map,
    Parallel,
    Pass,
    Place,
    QueryLanguage,
    Retrier,
    State,
    StateMachine,
    Succeed,
    Task,
    Wait,
)

Fields = Mapping[str, Json]


def build_machine(fields: Fields) -> StateMachine:
    """The machine of a definition in which `diagnose` found no error."""
    place, language = Place(), fields.get("QueryLanguage", "JSONPath")
    return StateMachine(
        **_flow(fields, place, language), timeout_seconds=_number(fields, "TimeoutSeconds", None)
    )


def build_state(
    name: str, fields: Fields, language: QueryLanguage = "JSONPath", place: Place | None = None
) -> State:
    """A single state, as TestState takes it."""
    return _state(name, fields, Place() if place is None else place, language)


def _flow(fields: Fields, place: Place, language: QueryLanguage) -> dict[str, Any]:
    states = {
        name: _state(name, state, place / "States" / name, language)
        for name, state in fields["States"].items()
    }
    return {
        "place": place,
        "start_at": fields["StartAt"],
        "states": states,
        "query_language": language,
        "fields": fields,
        "comment": fields.get("Comment"),
    }


def _state(name: str, fields: Fields, place: Place, language: QueryLanguage) -> State:
    """`language` is the machine's, which nested states inherit, whatever the states around them say."""
    common: dict[str, Any] = {
        "name": name,
        "place": place,
        "query_language": fields.get("QueryLanguage", language),
        "fields": fields,
        "comment": fields.get("Comment"),
    }
    return _BUILDERS[fields["Type"]](fields, place, language, common)


def _going_on(fields: Fields, common: dict[str, Any]) -> dict[str, Any]:
    return {**common, "next": fields.get("Next"), "end": fields.get("End") is True}


def _fallible(fields: Fields, place: Place, common: dict[str, Any]) -> dict[str, Any]:
    retriers = [_retrier(one, place / "Retry" / at) for at, one in enumerate(fields.get("Retry", ()))]
    catchers = [_catcher(one, place / "Catch" / at) for at, one in enumerate(fields.get("Catch", ()))]
    return {**_going_on(fields, common), "retriers": tuple(retriers), "catchers": tuple(catchers)}


def _retrier(fields: Fields, place: Place) -> Retrier:
    return Retrier(
        place=place,
        error_equals=tuple(fields["ErrorEquals"]),
        interval_seconds=_number(fields, "IntervalSeconds", 1),
        max_attempts=_number(fields, "MaxAttempts", 3),
        backoff_rate=float(_number(fields, "BackoffRate", 2.0)),
        max_delay_seconds=_number(fields, "MaxDelaySeconds", None),
        jitter_strategy=fields.get("JitterStrategy", "NONE"),
        comment=fields.get("Comment"),
    )


def _number(fields: Fields, name: str, default: Json) -> Json:
    """The number of a field; the default where it is absent or still a placeholder."""
    value = fields.get(name, default)
    return default if isinstance(value, str) else value


def _catcher(fields: Fields, place: Place) -> Catcher:
    return Catcher(
        place=place,
        error_equals=tuple(fields["ErrorEquals"]),
        next=fields["Next"],
        fields=fields,
        comment=fields.get("Comment"),
    )


def _choice(fields: Fields, place: Place, _language: QueryLanguage, common: dict[str, Any]) -> State:
    rules = [
        ChoiceRule(place=place / "Choices" / at, next=rule["Next"], fields=rule, comment=rule.get("Comment"))
        for at, rule in enumerate(fields["Choices"])
    ]
    return Choice(**common, rules=tuple(rules), default=fields.get("Default"))


def _task(fields: Fields, place: Place, _language: QueryLanguage, common: dict[str, Any]) -> State:
    return Task(**_fallible(fields, place, common), resource=fields["Resource"])


def _parallel(fields: Fields, place: Place, language: QueryLanguage, common: dict[str, Any]) -> State:
    branches = [
        Flow(**_flow(branch, place / "Branches" / at, language))
        for at, branch in enumerate(fields["Branches"])
    ]
    return Parallel(**_fallible(fields, place, common), branches=tuple(branches))


def _map(fields: Fields, place: Place, language: QueryLanguage, common: dict[str, Any]) -> State:
    key = "ItemProcessor" if "ItemProcessor" in fields else "Iterator"
    processor = Flow(**_flow(fields[key], place / key, language))
    mode = fields[key].get("ProcessorConfig", {}).get("Mode")
    return Map(**_fallible(fields, place, common), processor=processor, distributed=mode == "DISTRIBUTED")


_BUILDERS: dict[str, Callable[[Fields, Place, QueryLanguage, dict[str, Any]], State]] = {
    "Pass": lambda fields, _place, _language, common: Pass(**_going_on(fields, common)),
    "Wait": lambda fields, _place, _language, common: Wait(**_going_on(fields, common)),
    "Succeed": lambda _fields, _place, _language, common: Succeed(**common),
    "Fail": lambda _fields, _place, _language, common: Fail(**common),
    "Choice": _choice,
    "Task": _task,
    "Parallel": _parallel,
    "Map": _map,
}
