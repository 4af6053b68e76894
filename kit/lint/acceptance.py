"""What AWS says of a definition, as findings: its own words, and what helps beside them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Any

from kit.asl import Diagnostic
from kit.lint.finding import Finding

_OF_CODES = {
    "MISSING_TRANSITION_TARGET": (
        "that every Next and Default names a state, and every state is reached",
        "name a state of the same flow, or take the state away",
    ),
    "MISSING_END_STATE": (
        "a state that ends the flow",
        'give the last state "End": true, or lead to a Succeed or a Fail',
    ),
    "DUPLICATE_STATE_NAME": ("names that are used once in the whole machine", "rename one of them"),
    "INVALID_JSONATA_EXPRESSION": (
        "JSONata 2.0.6 between {% and %}",
        "look at the position it names; https://docs.jsonata.org has the syntax",
    ),
    "UNSUPPORTED_JSONATA_EXPRESSION": (
        "$states.input, where Step Functions keeps the state's input, or a variable",
        "write $states.input before the name",
    ),
    "INVALID_JSON_DESCRIPTION": ("JSON, or YAML", "look at the line and column it names"),
    "MISSING_DESCRIPTION": ("a definition", "give one with StartAt and States"),
    "INVALID_STATE_NAME": ("names of up to 80 characters", "shorten it; a Comment has room for the rest"),
    "NO_DOLLAR": ("a key that ends in .$ where its value is a path", "add .$ to the key"),
    "PASS_RESULT_IS_STATIC": ("a plain value in Result", "write the path into Parameters, its key with .$"),
}
"""What each of AWS's codes expects, and what mends it."""

_OF_WORDS = (
    (
        "States.ALL must appear alone",
        "States.ALL by itself, in the last entry",
        "move it to an entry of its own at the end: entries are tried in their order",
    ),
    (
        "HeartbeatSeconds must be smaller",
        "a heartbeat that can be missed before the timeout comes",
        "make HeartbeatSeconds smaller, or TimeoutSeconds larger",
    ),
    (
        "MaxDelaySeconds must be greater",
        "a longest delay above the first one",
        "make MaxDelaySeconds larger than IntervalSeconds",
    ),
    (
        "is only supported for the 'JSONata'",
        "fields of JSONPath, which is in force here",
        'add "QueryLanguage": "JSONata" to the state, or use its JSONPath counterpart (for Arguments, '
        "Parameters; for Output, ResultSelector and ResultPath; for Items, ItemsPath)",
    ),
    (
        "is only supported for the 'JSONPath'",
        "fields of JSONata, which is in force here",
        "use its JSONata counterpart (Parameters: Arguments; ResultPath, ResultSelector, OutputPath: Output; "
        "ItemsPath: Items), or take the state's QueryLanguage away",
    ),
    (
        "'QueryLanguage' can not be 'JSONPath'",
        "JSONata in every state of a JSONata machine",
        "set JSONata state by state instead of for the whole machine",
    ),
    (
        "is required",
        "all fields that the state needs",
        "add it",
    ),
    ("fields are required", "all fields that the state needs", "add what is named"),
    (
        "not a valid resource ARN",
        "an ARN: arn:aws:states:::aws-sdk:rds:stopDBCluster, or a function's",
        "write the whole ARN; ${Name} may stand where it is filled in later",
    ),
    ("valid JSONPath", "a path such as $.cluster", "begin with $ and name the field; a text goes without .$"),
    (
        "not a Reference Path",
        "a path to one place: $.a.b or $.list[0]",
        "take wildcards, filters and functions out of it",
    ),
    (
        "[Next, End]",
        "one of Next and End",
        'lead on with "Next", or end with "End": true',
    ),
)  # fmt: skip
_FIELDS = (
    "Arguments", "Assign", "Branches", "Catch", "Cause", "CausePath", "Choices", "Comment", "Condition",
    "Credentials", "Default", "End", "Error", "ErrorEquals", "ErrorPath", "HeartbeatSeconds",
    "HeartbeatSecondsPath", "InputPath", "IntervalSeconds", "ItemBatcher", "ItemProcessor", "ItemReader",
    "ItemSelector", "Items", "ItemsPath", "Iterator", "JitterStrategy", "Label", "MaxAttempts",
    "MaxConcurrency", "MaxConcurrencyPath", "MaxDelaySeconds", "BackoffRate", "Next", "Output", "OutputPath",
    "Parameters", "QueryLanguage", "Resource", "Result", "ResultPath", "ResultSelector", "ResultWriter",
    "Retry", "Seconds", "SecondsPath", "StartAt", "States", "TimeoutSeconds", "TimeoutSecondsPath",
    "Timestamp", "TimestampPath", "ToleratedFailureCount", "ToleratedFailurePercentage", "Type", "Variable",
    "Version",
)  # fmt: skip


def finding(diagnostic: Diagnostic, definition: Any) -> Finding:
    """A diagnostic of AWS's as a finding. `definition` is its JSON, for the names that may be meant."""
    refused = diagnostic.severity == "ERROR"
    expected, mend = _help(diagnostic)
    near = _near(diagnostic.message, definition)
    return Finding(
        rule=f"aws-{diagnostic.code.lower().replace('_', '-')}",
        severity="error" if refused else "warning",
        place=diagnostic.location or "/",
        found=diagnostic.message,
        expected=expected,
        why="AWS refuses the definition." if refused else "AWS accepts the definition, and warns.",
        mend=f"write {near}, if that is meant; or {mend}" if near else mend,
    )


def _help(diagnostic: Diagnostic) -> tuple[str, str]:
    if diagnostic.code in _OF_CODES:
        return _OF_CODES[diagnostic.code]
    for words, expected, mend in _OF_WORDS:
        if words in diagnostic.message:
            return expected, mend
    return (
        "what the Amazon States Language allows there",
        "change it as the message says; https://states-language.net/spec.html has the fields",
    )


def _near(message: str, definition: Any) -> str | None:
    """The state or field that a wrong name is close to."""
    target = re.search(r"Missing 'Next' target: (.+)", message)
    field = re.search(r"Field '([^']+)' is not supported", message)
    known = list(_state_names(definition)) if target else _FIELDS if field else ()
    name = target[1] if target else field[1] if field else ""
    by_lower = {each.lower(): each for each in known}
    found = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.75)
    return by_lower[found[0]] if found and by_lower[found[0]] != name else None


def _state_names(value: Any) -> Any:
    if isinstance(value, Mapping):
        states = value.get("States")
        if isinstance(states, Mapping):
            yield from states
        for inner in value.values():
            yield from _state_names(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _state_names(inner)
