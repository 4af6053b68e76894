"""Rules about the way through a machine: loops that poll, choices that match nothing, waits for an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kit.asl.definition import Choice, Parallel, State, Task, Wait
from kit.asl.definition import Map as MapState
from kit.lint.routes import cycles
from kit.lint.rule import Rule, Said
from kit.lint.subject import Subject, arguments_given, own_fields, texts

_READS = ("describe", "get", "list", "batchGet", "head", "check", "lookup", "query")
_LESS_OR_GREATER = re.compile(r"(?:Numeric|Timestamp)(?:Less|Greater)Than(?:Equals)?(?:Path)?")
_TIME = re.compile(r"\$(?:millis|now|toMillis)\b|StartTime|EnteredTime")
_TOKENS = frozenset(
    {"NextToken", "NextPageToken", "Marker", "ContinuationToken", "ExclusiveStartKey", "PageToken"}
)
_TIMES = ("TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath")


def _poll_without_bound(subject: Subject) -> Iterator[Said]:
    for loop in _polls(subject):
        if _bounded(loop, subject):
            continue
        exits = "" if _may_fail(loop, subject) else ", and whose only way out is success"
        yield Said(
            loop[0],
            f"a loop that polls ({' → '.join(state.name for state in loop)}) without a bound{exits}",
            "a count of rounds or a time after which it gives up, and a way out for each state of failure",
            "count the rounds (Assign a number, add 1, compare it in the Choice), or give the machine "
            '"TimeoutSeconds"; SDK waiters take 30 to 60 rounds',
        )


def _poll_without_failure_exit(subject: Subject) -> Iterator[Said]:
    for loop in _polls(subject):
        if _bounded(loop, subject) and not _may_fail(loop, subject):
            yield Said(
                loop[0],
                f"a loop that polls ({' → '.join(state.name for state in loop)}) and leaves on success only",
                "a rule for the statuses that mean failure, such as failed or incompatible-restore",
                "add a rule to the Choice that leads to a Fail, or to the clean-up, as soon as it shows",
            )


def _polls(subject: Subject) -> Iterator[tuple[State, ...]]:
    """The loops that wait for something in the world, each from its Wait or its first look."""
    for flow in subject.flows:
        for names in cycles(flow):
            loop = [state for name, state in flow.states.items() if name in names]
            if _turns_pages(loop):
                continue
            waits = [state for state in loop if isinstance(state, Wait)]
            looks = [state for state in loop if _looks(state, subject)]
            acts = [state for state in loop if isinstance(state, Task) and state not in looks]
            works = [state for state in loop if isinstance(state, MapState | Parallel)]
            first = waits or (looks if not acts and not works else [])
            if first:
                at = loop.index(first[0])
                yield (*loop[at:], *loop[:at])


def _looks(state: State, subject: Subject) -> bool:
    call = subject.call(state)
    return call is not None and call.integration.sdk and call.integration.action.startswith(_READS)


def _turns_pages(loop: list[State]) -> bool:
    """Whether a call in the loop is given the token of its next page: such a loop ends by itself."""
    return any({name.removesuffix(".$") for name in arguments_given(state)} & _TOKENS for state in loop)


def _bounded(loop: tuple[State, ...], subject: Subject) -> bool:
    if subject.machine.timeout_seconds is not None:
        return True
    said = " ".join(text for state in loop for _, text in texts(own_fields(state)))
    compares = False
    for state in loop:
        if isinstance(state, Choice):
            written = _keys(state.fields.get("Choices"))
            compares |= any(map(_LESS_OR_GREATER.fullmatch, written))
            compares |= any(re.search(r"[<>]", each.bare) for each in subject.expressions(state))
            compares |= "NumericEquals" in written and "States.MathAdd" in said
            compares |= bool(_counted(loop, subject) & _in_conditions(state, subject))
    own_code = any(isinstance(state, Task) and subject.call(state) is None for state in loop)
    lambdas = any(":lambda:" in str(state.fields.get("Resource")) for state in loop)
    counts = "States.MathAdd" in said or bool(_counted(loop, subject)) or bool(_TIME.search(said))
    timestamps = any(
        name.startswith("Timestamp") for state in loop for name in _keys(state.fields.get("Choices"))
    )
    return compares and (counts or own_code or lambdas or timestamps)


def _counted(loop: tuple[State, ...], subject: Subject) -> frozenset[str]:
    """Variables that the loop makes of themselves, `$rounds + 1`, and fields of the input likewise."""
    found = set()
    for state in loop:
        for expression in subject.expressions(state):
            name = expression.inside.rpartition("/")[2]
            if "/Assign/" in expression.inside and name in expression.reads:
                found.add(name)
            if "/Output" in expression.inside and expression.inputs and re.search(r"[+-]", expression.bare):
                found |= expression.inputs
    return frozenset(found)


def _in_conditions(state: State, subject: Subject) -> frozenset[str]:
    return frozenset(
        name
        for each in subject.expressions(state)
        for name in (*each.reads, *each.inputs)
        if name != "states"
    )


def _may_fail(loop: tuple[State, ...], subject: Subject) -> bool:
    """Whether something leaves the loop besides success: two ways out of its Choices, a Catch, or code of
    somebody's own that may throw."""
    names = {state.name for state in loop}
    outside = {target for state in loop for _, target in state.successors() if target not in names}
    own = any(isinstance(state, Task) and not _looks(state, subject) for state in loop)
    return own or len(outside) > 1


def _keys(value: Any) -> set[str]:
    if isinstance(value, Mapping):
        return {*value, *(name for inner in value.values() for name in _keys(inner))}
    if isinstance(value, list):
        return {name for inner in value for name in _keys(inner)}
    return set()


def _choice_without_default(subject: Subject) -> Iterator[Said]:
    for state in subject.of_type(Choice):
        if state.default is None and not _exhaustive(state):
            yield Said(
                state,
                "a Choice without Default",
                "a Default, for the input that no rule matches",
                'add "Default" with a state that says what to do then, such as a Fail',
            )


def _exhaustive(state: Choice) -> bool:
    """Whether two of the rules are each other's opposite, or one is always true."""
    tests = [
        {
            name: value
            for name, value in rule.fields.items()
            if name not in ("Next", "Comment", "Assign", "Output")
        }
        for rule in state.rules
    ]
    conditions = {str(test.get("Condition", "")).strip("{}% ").replace(" ", "") for test in tests}
    if "true" in conditions or any(f"$not({each})" in conditions for each in conditions):
        return True
    for test in tests:
        opposites: list[dict[str, Any]] = [{"Not": test}]
        flags = [name for name, value in test.items() if isinstance(value, bool)]
        opposites += [{**test, name: not test[name]} for name in flags]
        if any(opposite in tests for opposite in opposites):
            return True
    return False


def _callback_without_timeout(subject: Subject) -> Iterator[Said]:
    if subject.machine.timeout_seconds is not None:
        return
    for state in subject.of_type(Task):
        activity = re.fullmatch(r"arn:[^:]+:states:[^:]*:[^:]*:activity:.+", state.resource)
        if not activity and not state.resource.endswith(".waitForTaskToken"):
            continue
        if not any(name in state.fields for name in _TIMES):
            yield Said(
                state,
                f"a wait for {'an activity' if activity else 'a task token'} without a timeout",
                "TimeoutSeconds, and HeartbeatSeconds where the worker reports",
                'add "TimeoutSeconds" with the longest time you would wait',
            )


RULES = (
    Rule(
        "poll-without-bound", "warning",
        "What never becomes ready is polled for up to a year, or until the history is full at 25,000 events; "
        "then it goes on with what somebody has changed since.",
        _poll_without_bound,
    ),
    Rule(
        "poll-without-failure-exit", "advice",
        "A resource that has failed is polled until the time is up, and the error says Timeout.",
        _poll_without_failure_exit,
    ),
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
)  # fmt: skip
