"""Rules about Retry and Catch: names that never come, retries that can't help, errors that get lost.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from kit.asl.definition import Catcher, Fail, Fallible, Succeed
from kit.lint.rule import Rule, Said
from kit.lint.subject import Call, Subject, error_names
from kit.services import casing

_STATES = frozenset(
    f"States.{name}"
    for name in (
        "ALL", "BranchFailed", "DataLimitExceeded", "ExceedToleratedFailureThreshold", "HeartbeatTimeout",
        "Http.Socket", "IntrinsicFailure", "ItemReaderFailed", "NoChoiceMatched", "ParameterPathFailure",
        "Permissions", "QueryEvaluationError", "ResultPathMatchFailure", "ResultWriterFailed", "Runtime",
        "TaskFailed", "Timeout",
    )
)  # fmt: skip
_STATUS_CODE = re.compile(r"States\.Http\.StatusCode\.\d{3}")
_HOPELESS = re.compile(
    r"States\.(?:Runtime|DataLimitExceeded|IntrinsicFailure|NoChoiceMatched|ParameterPathFailure|"
    r"Permissions|QueryEvaluationError|ResultPathMatchFailure|Http\.StatusCode\.(?:400|401|403|405|410|422))"
    r"|\w+\.(?:AccessDenied|UnauthorizedOperation|Validation|InvalidParameter\w*|InvalidRequestContent|"
    r"InvalidArn|SerializationError|UnrecognizedClient)(?:Exception)?"
)
_PREFIXES = {
    "dynamodb": "DynamoDB",
    "events": "EventBridge",
    "sns": "SNS",
    "sqs": "SQS",
    "states": "StepFunctions",
}
"""What error names of optimized integrations begin with, where that is known (recorded)."""
_ANY_FAILURE = ("States.ALL", "States.TaskFailed")


def _unknown_error_name(subject: Subject) -> Iterator[Said]:
    raised = {state.fields.get("Error") for state in subject.of_type(Fail)}
    for state in subject.of_type(Fallible):
        call = subject.call(state)
        for inside, names in error_names(state):
            for name in names:
                if name in raised:
                    continue
                wrong = _wrong_states_name(name) or (_wrong_service_name(name, call) if call else None)
                if wrong:
                    found, expected, near = wrong
                    mend = f"write {near}" if near else "look it up in the service's API reference"
                    yield Said(state, found, expected, mend, inside)


def _wrong_states_name(name: str) -> tuple[str, str, str | None] | None:
    if not name.lower().startswith("states."):
        return None
    if name in _STATES or _STATUS_CODE.fullmatch(name):
        return None
    by_lower = {each.lower(): each for each in _STATES}
    near = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    return (
        f"the error name {name}, which Step Functions doesn't have",
        "one of its own names; States. is reserved for them",
        by_lower[near[0]] if near else "a name of your own that doesn't begin with States.",
    )


def _wrong_service_name(name: str, call: Call) -> tuple[str, str, str | None] | None:
    """Names of SDK integrations are made by rule, so that an unknown one is wrong. Those of the optimized
    ones are known in part: there a wrong beginning is told, no more."""
    if "${" in name:
        return None
    sdk = call.integration.sdk
    prefix = call.service.prefix if sdk else _PREFIXES.get(call.integration.service)
    if prefix is None or "." not in name or name.startswith("States."):
        return None
    begin, _, rest = name.partition(".")
    if not sdk:
        if begin == prefix or begin.lower() not in (prefix.lower(), call.service.prefix.lower()):
            return None
        near = rest if rest.endswith("Exception") or prefix == "EventBridge" else f"{rest}Exception"
        return _never(name, prefix, f"{prefix}.{near}")
    known = {f"{prefix}.{casing.exception(shape)}" for shape in call.service.error_shapes.values()}
    known |= {f"{prefix}.{prefix}Exception", f"{prefix}.SdkClientException"}
    if begin.lower() != prefix.lower() or name in known:
        return None
    shape = call.service.error_shapes.get(rest)
    lowered = {each.lower(): each for each in known}
    close = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=0.6)
    near_name = f"{prefix}.{casing.exception(shape)}" if shape else lowered[close[0]] if close else None
    return _never(name, prefix, near_name)


def _never(name: str, prefix: str, near: str | None) -> tuple[str, str, str | None]:
    expected = f"a name that Step Functions makes from the service's model, beginning {prefix}."
    return f"the error name {name}, which this call never gives", expected, near


def _hopeless_retry(subject: Subject) -> Iterator[Said]:
    for state in subject.of_type(Fallible):
        # A role that was made a moment ago is an invalid parameter, until IAM has spread it.
        call = subject.call(state)
        makes = call is not None and call.integration.action.startswith(("create", "put", "update"))
        for index, retrier in enumerate(state.retriers):
            hopeless = [
                name
                for name in retrier.error_equals
                if _HOPELESS.fullmatch(name) and not (makes and "InvalidParameter" in name)
            ]
            if hopeless and retrier.max_attempts > 0:
                yield Said(
                    state,
                    f"a Retry on {', '.join(hopeless)}",
                    "a Retry on what heals by itself: throttling, timeouts, a service that is down",
                    "take the name away, catch it where there is something to do, and mend its cause",
                    f"/Retry[{index}]/ErrorEquals",
                )


def _lost_error(subject: Subject) -> Iterator[Said]:
    for state in subject.of_type(Fallible):
        states = subject.flow_of[state.name].states
        for index, catcher in enumerate(state.catchers):
            if not set(catcher.error_equals) & set(_ANY_FAILURE):
                continue
            if isinstance(states.get(catcher.next), Succeed):
                lost, mend = (
                    f"that leads to {catcher.next!r}, a Succeed: every failure ends green",
                    "catch only the errors that mean success, by their names, and let the others fail",
                )
            elif _drops_error(catcher, state.query_language):
                lost, mend = "that throws away what went wrong", _keep_error(state.query_language)
            else:
                continue
            yield Said(
                state,
                f"a Catch of {' and '.join(catcher.error_equals)} {lost}",
                "the error's name and cause kept, for the states after it and for who reads the run",
                mend,
                f"/Catch[{index}]",
            )


def _drops_error(catcher: Catcher, language: str) -> bool:
    if language == "JSONPath":
        return "ResultPath" in catcher.fields and catcher.fields["ResultPath"] is None
    kept = f"{catcher.fields.get('Output')} {catcher.fields.get('Assign')}"
    return "Output" in catcher.fields and "errorOutput" not in kept


def _keep_error(language: str) -> str:
    if language == "JSONPath":
        return 'write "ResultPath": "$.error" instead of null'
    return 'add "Assign": {"error": "{% $states.errorOutput %}"} to the catcher'


def _catch_to_fail(subject: Subject) -> Iterator[Said]:
    for state in subject.of_type(Fallible):
        states = subject.flow_of[state.name].states
        for index, catcher in enumerate(state.catchers):
            general = [name for name in catcher.error_equals if name in _ANY_FAILURE]
            if general and isinstance(states.get(catcher.next), Fail):
                yield Said(
                    state,
                    f"a Catch of {', '.join(general)} that leads straight to {catcher.next!r}, a Fail",
                    "no Catch where nothing is cleaned up: the state itself fails, and can be redriven",
                    "take the catcher away and tell people from outside (the event of the execution's status "
                    "change), or clean up before the Fail",
                    f"/Catch[{index}]",
                )


RULES = (
    Rule(
        "unknown-error-name", "warning",
        "Names are compared letter by letter. One that never comes makes a Retry or Catch that never fires.",
        _unknown_error_name,
    ),
    Rule(
        "hopeless-retry", "warning",
        "The same call fails the same way again; the retries only make the failure late.",
        _hopeless_retry,
    ),
    Rule(
        "lost-error", "warning",
        "Later nobody can tell a missing permission from a resource that is gone.",
        _lost_error,
    ),
    Rule(
        "catch-to-fail", "warning",
        "A redrive begins at the state that failed: here the Fail, which fails again. The work is lost.",
        _catch_to_fail,
    ),
)  # fmt: skip
