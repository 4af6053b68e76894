"""Definitions broken at random: each is answered in words or runs to an end, and none with a traceback."""

from __future__ import annotations

import copy
import json
import logging
import random
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from kit.emulator import Emulator
from kit.emulator.api import ApiError

ROLE = "arn:aws:iam::123456789012:role/machine"
SDK = "arn:aws:states:::aws-sdk:"
SECONDS = 5.0
"""Real time in which any of them must be answered, or have run; a hang takes longer on any machine."""

JSONPATH: dict[str, Any] = {
    "StartAt": "Look",
    "TimeoutSeconds": 900,
    "States": {
        "Look": {
            "Type": "Task",
            "Resource": SDK + "ssm:getParameter",
            "Parameters": {"Name.$": "$.name"},
            "ResultSelector": {"value.$": "$.Parameter.Value"},
            "ResultPath": "$.found",
            "TimeoutSeconds": 30,
            "Retry": [
                {
                    "ErrorEquals": ["States.Timeout"],
                    "IntervalSeconds": 2,
                    "MaxAttempts": 2,
                    "BackoffRate": 1.5,
                }
            ],
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": "Decide"}],
            "Next": "Decide",
        },
        "Decide": {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$.n", "NumericGreaterThan": 10, "Next": "Each"},
                {
                    "And": [
                        {"Variable": "$.name", "IsString": True},
                        {"Not": {"Variable": "$.name", "StringMatches": "db-*"}},
                    ],
                    "Next": "Both",
                },
            ],
            "Default": "Pause",
        },
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "MaxConcurrency": 2,
            "ItemSelector": {"item.$": "$$.Map.Item.Value", "sum.$": "States.MathAdd($.n, 1)"},
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "INLINE"},
                "StartAt": "Hash",
                "States": {
                    "Hash": {
                        "Type": "Pass",
                        "Parameters": {"h.$": "States.Hash($.item, 'SHA-256')"},
                        "End": True,
                    }
                },
            },
            "Next": "Pause",
        },
        "Both": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"a": 1}, "End": True}}},
                {"StartAt": "B", "States": {"B": {"Type": "Wait", "Seconds": 5, "End": True}}},
            ],
            "ResultPath": "$.both",
            "Next": "Pause",
        },
        "Pause": {"Type": "Wait", "SecondsPath": "$.n", "Next": "Done"},
        "Done": {"Type": "Pass", "Assign": {"kept.$": "$.name"}, "OutputPath": "$", "Next": "End"},
        "End": {"Type": "Succeed"},
    },
}

JSONATA: dict[str, Any] = {
    "QueryLanguage": "JSONata",
    "StartAt": "Count",
    "States": {
        "Count": {
            "Type": "Pass",
            "Assign": {"total": "{% $sum($states.input.items) %}"},
            "Output": {"n": "{% $states.input.n %}", "name": "{% $uppercase($states.input.name) %}"},
            "Next": "Decide",
        },
        "Decide": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $total > 3 and $states.input.n < 10 %}", "Next": "Call"}],
            "Default": "Stop",
        },
        "Call": {
            "Type": "Task",
            "Resource": SDK + "rds:describeDBClusters",
            "Arguments": {"DbClusterIdentifier": "{% $states.input.name %}"},
            "Output": "{% $states.result %}",
            "Catch": [{"ErrorEquals": ["Rds.DbClusterNotFoundException"], "Next": "Wait"}],
            "Next": "Wait",
        },
        "Wait": {"Type": "Wait", "Seconds": "{% $total %}", "Next": "Each"},
        "Each": {
            "Type": "Map",
            "Items": "{% [1..3] %}",
            "ItemProcessor": {
                "StartAt": "Twice",
                "States": {"Twice": {"Type": "Pass", "Output": "{% $states.input * 2 %}", "End": True}},
            },
            "End": True,
        },
        "Stop": {"Type": "Fail", "Error": "TooMuch", "Cause": "{% 'total ' & $string($total) %}"},
    },
}

JUNK: list[Any] = [
    None, True, -1, 0, 1.5, 10**20, "", "$", "$.a..b[?(@.c)]", "$$.Nothing", "{% $nothing %}", "{% ( %}",
    "States.ALL", "Task", "Next",
    [], {}, [[]], {"a.$": "$.b"}, {"Type": "Pass", "End": True}, "\ud83d\ude00", "x" * 300,
]  # fmt: skip


OPTIONAL = frozenset(
    {"Retry", "Catch", "ResultPath", "ResultSelector", "Assign", "Parameters", "Arguments", "Output"}
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to everything inside a value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        yield (*path, key)
        yield from places(item, (*path, key))


def at(definition: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        definition = definition[key]
    return definition


def break_mildly(definition: Any, draw: random.Random) -> None:
    """Something that may well be accepted, and goes wrong, if at all, when it runs."""
    path = draw.choice(list(places(definition)))
    inside, last = at(definition, path[:-1]), path[-1]
    value = inside[last]
    if last in ("Next", "Default", "StartAt"):
        inside[last] = draw.choice(sorted(states_beside(definition, path)))
    elif isinstance(value, str) and value.startswith("{%"):
        inside[last] = draw.choice(
            ["{% $states.input.n %}", "{% $missing() %}", "{% [1..4] %}", "{% null %}"]
        )
    elif isinstance(value, str) and value.startswith(("$", "States.")):
        inside[last] = draw.choice(["$", "$.n", "$.name", "$.missing", "$.items[7]", "$.items[*]"])
    elif isinstance(value, int) and not isinstance(value, bool):
        inside[last] = draw.choice([1, 2, 3, 60, 99_999])
    elif last in OPTIONAL:
        del inside[last]
    elif "Result" in path[:-1]:
        inside[last] = copy.deepcopy(draw.choice(JUNK))


def states_beside(definition: Any, path: tuple[Any, ...]) -> set[str]:
    """The states of the innermost flow around a place."""
    for length in range(len(path) - 1, -1, -1):
        found = at(definition, path[:length])
        if isinstance(found, dict) and isinstance(found.get("States"), dict):
            return set(found["States"])
    raise AssertionError(path)


def break_roughly(definition: Any, draw: random.Random) -> None:
    """Something taken away, renamed, spoilt or replaced, wherever it is."""
    path = draw.choice(list(places(definition)))
    inside, last = at(definition, path[:-1]), path[-1]
    how = draw.randrange(5)
    if how == 0:
        del inside[last]
    elif how == 1 and isinstance(inside, dict):
        inside[draw.choice(["Comment", "Foo", "Output", "ResultPath", f"{last}x"])] = inside.pop(last)
    elif how == 2 and isinstance(inside[last], str):
        cut = draw.randrange(len(inside[last]) + 1)
        inside[last] = inside[last][:cut] + draw.choice(["x", ".", "$", "%}", "'", "["]) + inside[last][cut:]
    elif how == 3 and isinstance(inside[last], int | float):
        inside[last] = draw.choice([0, 1, 3, 60, 99_999_999, -1, 2.5])
    else:
        inside[last] = copy.deepcopy(draw.choice(JUNK))


def broken(draw: random.Random) -> str:
    """A sound definition with one to three things wrong; in some the text itself is broken."""
    definition = copy.deepcopy(draw.choice([JSONPATH, JSONATA]))
    how = break_mildly if draw.random() < 0.55 else break_roughly
    for _ in range(draw.choice([1, 1, 1, 2, 3])):
        if any(places(definition)):
            how(definition, draw)
    text = json.dumps(definition)
    if draw.random() < 0.1:
        cut = draw.randrange(len(text))
        text = text[:cut] + draw.choice(["", "{", "\x00", ",,"]) + text[cut + 3 :]
    return text


def answered(emulator: Emulator, name: str, text: str) -> str:
    """What came of a definition: `refused`, or how its execution stands at last."""
    api = emulator.api
    told = api.call("ValidateStateMachineDefinition", {"definition": text})
    assert told["result"] in ("OK", "FAIL")
    try:
        made = api.call("CreateStateMachine", {"name": name, "definition": text, "roleArn": ROLE})
    except ApiError as error:
        in_words = error.code in ("InvalidDefinition", "ValidationException") and bool(error.message)
        agreed = told["result"] == "FAIL" or error.code == "ValidationException"
        if not (in_words and agreed):
            raise
        return "refused"
    given = json.dumps({"name": "db", "n": 3, "items": [1, 2, 3]})
    arn = api.call("StartExecution", {"stateMachineArn": made["stateMachineArn"], "input": given})[
        "executionArn"
    ]
    emulator.clock.advance(days=400)
    execution = api.call("DescribeExecution", {"executionArn": arn})
    assert "Internal error" not in (execution.get("cause") or ""), (text, execution["cause"])
    pages = api.call("GetExecutionHistory", {"executionArn": arn, "maxResults": 1000})["events"]
    assert [event["id"] for event in pages] == list(range(1, len(pages) + 1))
    return str(execution["status"])


def is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def fuzz(count: int, seed: int, caplog: pytest.LogCaptureFixture) -> None:
    """Breaks so many definitions. The breaking must be neither too rough nor too mild."""
    outcomes: Counter[str] = Counter()
    draw, parsed = random.Random(seed), 0
    with Emulator(clock="instant", seed=seed) as emulator, caplog.at_level(logging.ERROR):
        emulator.clock.pause()
        emulator.client("ssm").put_parameter(Name="db", Value="on", Type="String")
        for number in range(count):
            text = broken(draw)
            parsed += is_json(text)
            began = time.process_time()
            outcomes[answered(emulator, f"broken-{number}", text)] += 1
            assert time.process_time() - began < SECONDS, text
    started = count - outcomes["refused"]
    assert not caplog.records, caplog.text
    assert parsed >= 0.7 * count, outcomes
    assert started >= 0.3 * count, outcomes
    assert outcomes["refused"] >= 0.2 * count, outcomes
    assert outcomes["RUNNING"] == 0, outcomes


def test_broken_definitions_are_answered_in_words(caplog: pytest.LogCaptureFixture) -> None:
    fuzz(120, 1, caplog)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(2, 6))
def test_thousands_of_broken_definitions_are_answered_in_words(
    seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    fuzz(1_000, seed, caplog)
