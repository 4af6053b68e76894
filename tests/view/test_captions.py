from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.asl import parse
from kit.asl.definition import Choice
from kit.view.captions import caption, condition, duration_text, integration, shorten, width, wrap


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.0 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.6, "1 min"),
        (725, "12 min 5 s"),
        (3600, "1 h"),
        (12_000, "3 h 20 min"),
        (30 * 86400, "30 d"),
    ],
)
def test_durations_read_well_from_a_moment_to_a_month(seconds: float, text: str) -> None:
    assert duration_text(timedelta(seconds=seconds)) == text


@given(st.text(), st.integers(2, 30), st.integers(1, 4))
def test_wrapped_text_keeps_to_its_width_and_lines(text: str, columns: int, lines: int) -> None:
    found = wrap(text, columns, lines)
    assert 1 <= len(found) <= lines
    assert all(width(line) <= columns for line in found)
    if not found[-1].endswith("…"):
        assert "".join("".join(found).split()) == "".join(text.split())


@given(st.text(), st.integers(1, 30))
def test_shortened_text_keeps_to_its_width(text: str, columns: int) -> None:
    assert width(shorten(text, columns)) <= columns


def test_words_too_long_for_a_line_break_at_a_sign_or_a_capital() -> None:
    assert wrap("CancelFlightReservation") == ["CancelFlight", "Reservation"]
    assert wrap("restore-staging-cluster-now") == ["restore-staging-", "cluster-now"]
    assert wrap("ステージング環境の一覧を作る") == ["ステージング環境の一覧", "を作る"]


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("arn:aws:states:::aws-sdk:rds:stopDBCluster", ("rds", "stopDBCluster")),
        ("arn:aws:states:::sqs:sendMessage.waitForTaskToken", ("sqs", "sendMessage.waitForTaskToken")),
        ("arn:aws:states:::http:invoke", ("http", "invoke")),
        ("arn:aws:lambda:us-east-1:123456789012:function:Greet", ("lambda", "Greet")),
        ("arn:aws:states:us-east-1:123456789012:activity:review", ("activity", "review")),
        ("${FunctionArn}", ("", "${FunctionArn}")),
    ],
)
def test_a_resource_is_named_by_service_and_action(resource: str, expected: tuple[str, str]) -> None:
    assert integration(resource) == expected


def test_every_kind_of_condition_is_readable() -> None:
    tests: dict[str, dict[str, object]] = {
        "$.count > 0": {"Variable": "$.count", "NumericGreaterThan": 0},
        '$.s = "a"': {"Variable": "$.s", "StringEquals": "a"},
        "$.a <= $.b": {"Variable": "$.a", "TimestampLessThanEqualsPath": "$.b"},
        '$.s matches "a*"': {"Variable": "$.s", "StringMatches": "a*"},
        "$.x is present": {"Variable": "$.x", "IsPresent": True},
        "$.x is not null": {"Variable": "$.x", "IsNull": False},
        "not ($.ok = true)": {"Not": {"Variable": "$.ok", "BooleanEquals": True}},
        '($.a = 1 or $.a = 2) and $.s = "b"': {
            "And": [
                {
                    "Or": [
                        {"Variable": "$.a", "NumericEquals": 1},
                        {"Variable": "$.a", "NumericEquals": 2},
                    ]
                },
                {"Variable": "$.s", "StringEquals": "b"},
            ]
        },
    }
    rules = [{**fields, "Next": "A"} for fields in tests.values()]
    machine = parse(
        {
            "StartAt": "C",
            "States": {"C": {"Type": "Choice", "Choices": rules}, "A": {"Type": "Succeed"}},
        }
    )
    choice = machine.states["C"]
    assert isinstance(choice, Choice)
    assert [condition(rule) for rule in choice.rules] == list(tests)


def test_a_long_condition_gives_up_the_start_of_its_path_before_its_end() -> None:
    machine = parse(
        {
            "StartAt": "C",
            "States": {
                "C": {
                    "Type": "Choice",
                    "Choices": [
                        {"Variable": "$.table.Item.execution.status", "StringEquals": "READY", "Next": "A"}
                    ],
                },
                "A": {"Type": "Succeed"},
            },
        }
    )
    choice = machine.states["C"]
    assert isinstance(choice, Choice)
    assert condition(choice.rules[0], 30) == '…execution.status = "READY"'


def test_captions_name_the_kind_and_the_one_thing_to_know() -> None:
    machine = parse(
        {
            "QueryLanguage": "JSONata",
            "StartAt": "A",
            "States": {
                "A": {"Type": "Wait", "Seconds": 90, "Next": "B"},
                "B": {"Type": "Wait", "Seconds": "{% $states.input.s %}", "Next": "C"},
                "C": {"Type": "Pass", "Output": {}, "Next": "D"},
                "D": {"Type": "Fail", "Error": "Gone"},
            },
        }
    )
    assert [caption(state) for state in machine.states.values()] == [
        "Wait: 1 min 30 s",
        "Wait: $states.input.s",
        "Pass: output",
        "Fail: Gone",
    ]
