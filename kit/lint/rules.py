"""The rules that teach, as data: each an id, a severity, and a look at one state.

What AWS itself refuses isn't repeated here: those findings are AWS's own diagnostics.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kit import services
from kit.asl.definition import Choice, Fallible, State, StateMachine, Task
from kit.lint import expressions
from kit.lint.finding import Finding, Severity
from kit.lint.said import Said
from kit.services import models

SDK = "arn:aws:states:::aws-sdk:"
_JSONPATH_TEMPLATES = ("Parameters", "ResultSelector", "ItemSelector")
_JSONATA_TEMPLATES = ("Arguments", "Output", "Assign", "ItemSelector")


@dataclass(frozen=True, slots=True)
class Rule:
    """`why` holds for each of its findings."""

    id: str
    severity: Severity
    why: str
    look: Callable[[State, StateMachine], Iterator[Said]]

    def findings(self, machine: StateMachine) -> Iterator[Finding]:
        for state in machine.walk():
            for said in self.look(state, machine):
                yield Finding(
                    rule=self.id,
                    severity=self.severity,
                    place=f"{state.place}{said.inside}",
                    found=said.found,
                    expected=said.expected,
                    why=self.why,
                    mend=said.mend,
                )


def _choice_without_default(state: State, _machine: StateMachine) -> Iterator[Said]:
    if isinstance(state, Choice) and state.default is None:
        yield Said(
            "a Choice without Default",
            "a Default, for the input that no rule matches",
            'add "Default" with a state that says what to do then, such as a Fail',
        )


def _callback_without_timeout(state: State, _machine: StateMachine) -> Iterator[Said]:
    times = ("TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath")
    waits = isinstance(state, Task) and state.resource.endswith(".waitForTaskToken")
    if waits and not any(name in state.fields for name in times):
        yield Said(
            "a wait for a task token without a timeout",
            "TimeoutSeconds, and HeartbeatSeconds where the worker reports",
            'add "TimeoutSeconds" with the longest time you would wait',
        )


def _error_names(state: Fallible) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Of each retrier and catcher: where it stands, and its error names."""
    for field, entries in (
        ("Retry", [retrier.error_equals for retrier in state.retriers]),
        ("Catch", [catcher.error_equals for catcher in state.catchers]),
    ):
        for index, names in enumerate(entries):
            yield f"/{field}[{index}]", names


def _unknown_service(state: State, _machine: StateMachine) -> Iterator[Said]:
    service = _service_of(state)
    if service is not None and models.client_name(service) is None:
        near = difflib.get_close_matches(service, models.integration_names(), n=1, cutoff=0.8)
        yield Said(
            f"the service {service!r}, which botocore doesn't know",
            "a service of today, as aws-sdk spells it",
            f"write {near[0]}, if that is meant"
            if near
            else "look whether AWS has retired it, or update boto3",
        )


def _unknown_action(state: State, _machine: StateMachine) -> Iterator[Said]:
    service = _service_of(state)
    if service is None or models.client_name(service) is None:
        return
    try:
        services.action(state.fields["Resource"])
    except services.UnknownAction as error:
        yield Said(str(error), "an action of that service, in camelCase", _instead(error.nearest))


def _unknown_parameter(state: State, _machine: StateMachine) -> Iterator[Said]:
    action = _action_of(state)
    if action is None:
        return
    for field in ("Parameters", "Arguments"):
        arguments = state.fields.get(field)
        if isinstance(arguments, Mapping):
            try:
                action.to_api(_spelled(arguments))
            except services.UnknownParameter as error:
                yield Said(
                    str(error),
                    "parameters in Step Functions' casing, which is neither boto3's nor the API's",
                    _instead(error.nearest),
                    f"/{field}",
                )


def _missing_parameter(state: State, _machine: StateMachine) -> Iterator[Said]:
    action = _action_of(state)
    if action is None:
        return
    given = state.fields.get("Parameters", state.fields.get("Arguments"))
    if not isinstance(given, Mapping):
        return
    names = {name.removesuffix(".$") for name in given}
    for name in action.required:
        if name not in names:
            yield Said(
                f"{action.service}:{action.name} without {name}",
                f"{name}, which the API requires",
                f"add {name}",
            )


def _input_as_arguments(state: State, _machine: StateMachine) -> Iterator[Said]:
    if _action_of(state) is not None and not {"Parameters", "Arguments"} & set(state.fields):
        yield Said(
            "an AWS call without Parameters or Arguments",
            "the call's parameters, or {} where it takes none",
            'add "Arguments": {} (JSONata) or "Parameters": {} (JSONPath)',
        )


def _unknown_error_name(state: State, _machine: StateMachine) -> Iterator[Said]:
    action = _action_of(state)
    if action is None or not isinstance(state, Fallible):
        return
    prefix = f"{action.prefix}."
    known = {
        services.error_name(action.client_name, code) for code in models.error_shapes(action.client_name)
    } | {f"{prefix}{action.prefix}Exception"}
    for place, names in _error_names(state):
        for name in names:
            if name.lower().startswith(prefix.lower()) and name not in known:
                yield Said(
                    f"the error name {name}, which this service doesn't have",
                    f"a name that Step Functions makes from the service's model, beginning {prefix}",
                    _instead(_nearest_error(name, action, known)),
                    f"{place}/ErrorEquals",
                )


def _nearest_error(name: str, action: services.Action, known: set[str]) -> str | None:
    code = name.split(".", 1)[1]
    if code in models.error_shapes(action.client_name):
        return action.error_name(code)
    lowered = {each.lower(): each for each in known}
    near = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=0.6)
    return lowered[near[0]] if near else None


def _jsonata_as_text(state: State, _machine: StateMachine) -> Iterator[Said]:
    if state.query_language != "JSONPath":
        return
    for field in _JSONPATH_TEMPLATES:
        for _, leaf in expressions.texts(state.fields.get(field)):
            if leaf.startswith("{%") and leaf.endswith("%}"):
                yield Said(
                    f"{leaf} in {field} of a JSONPath state: it stays the text it is",
                    'a JSONata state, where {% %} is evaluated, or a path with a key that ends in ".$"',
                    'add "QueryLanguage": "JSONata" to the state and rename Parameters to Arguments',
                    f"/{field}",
                )
                break


def _path_as_text(state: State, _machine: StateMachine) -> Iterator[Said]:
    if state.query_language != "JSONata":
        return
    for field in _JSONATA_TEMPLATES:
        for key in _keys(state.fields.get(field)):
            if key.endswith(".$"):
                yield Said(
                    f"the key {key!r} in {field} of a JSONata state: it stays the name it is",
                    "an expression in {% %}, and the key without .$",
                    f'write "{key[:-2]}": "{{% $states.input… %}}"',
                    f"/{field}",
                )
                break


RULES = (
    Rule(
        "choice-without-default", "warning",
        "An input that no rule matches ends the execution with States.NoChoiceMatched.",
        _choice_without_default,
    ),
    Rule(
        "callback-without-timeout", "warning",
        "A token that nobody answers keeps the execution open for up to a year.",
        _callback_without_timeout,
    ),
    Rule(
        "unknown-service", "warning",
        "AWS refuses a service that it doesn't have; one that is younger than this boto3 it may have.",
        _unknown_service,
    ),
    Rule(
        "unknown-action", "error",
        "AWS has no such call: the machine is refused, or fails there.",
        _unknown_action,
    ),
    Rule(
        "unknown-parameter", "error",
        "Step Functions refuses a name it doesn't know, sometimes only when the state runs.",
        _unknown_parameter,
    ),
    Rule("missing-parameter", "error", "The call fails each time it is made.", _missing_parameter),
    Rule(
        "input-as-arguments", "warning",
        "The state's whole input is sent as the call's parameters, and a name that isn't one fails it.",
        _input_as_arguments,
    ),
    Rule(
        "unknown-error-name", "warning",
        "Names are compared letter by letter. One that never comes makes a Retry or Catch that never fires.",
        _unknown_error_name,
    ),
    Rule(
        "jsonata-as-text", "warning",
        "AWS accepts it and sends the text, braces included.",
        _jsonata_as_text,
    ),
    Rule("path-as-text", "warning", "AWS accepts it and sends the key with its dollar sign.", _path_as_text),
    Rule(
        "unknown-function", "error",
        "AWS accepts the definition, and the state fails with States.QueryEvaluationError.",
        expressions.unknown_function,
    ),
    Rule(
        "unknown-variable", "warning",
        "A variable that was never assigned is undefined; where it is the result, the state fails.",
        expressions.unknown_variable,
    ),
)  # fmt: skip


def _service_of(state: State) -> str | None:
    """The service of an SDK integration that is written out."""
    if not isinstance(state, Task) or not state.resource.startswith(SDK) or "${" in state.resource:
        return None
    return state.resource.removeprefix(SDK).partition(":")[0]


def _action_of(state: State) -> services.Action | None:
    if _service_of(state) is None:
        return None
    try:
        return services.action(state.fields["Resource"])
    except services.UnknownAction:
        return None


def _instead(nearest: str | None) -> str:
    return f"write {nearest}" if nearest else "look it up in the service's API reference"


def _spelled(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key.removesuffix(".$"): _spelled(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_spelled(inner) for inner in value]
    return value


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield key
            yield from _keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner)
