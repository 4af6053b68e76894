from __future__ import annotations

from typing import Any

import pytest
from engine_fakes import TASK, ScriptedWorld, last_details, machine, one, run, started, times, types

from kit.engine import Engine, Submitted

ENDLESS = {
    "StartAt": "More",
    "States": {
        "More": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.enough", "IsPresent": True, "Next": "Done"}],
            "Default": "Again",
        },
        "Again": {"Type": "Pass", "Next": "More"},
        "Done": {"Type": "Succeed"},
    },
}


@pytest.mark.parametrize(
    ("fields", "value", "end"),
    [
        ({"Seconds": 3600}, {}, 3600.0),
        ({"SecondsPath": "$.s"}, {"s": 5}, 5.0),
        ({"Timestamp": "1970-01-01T00:01:00Z"}, {}, 60.0),
        ({"TimestampPath": "$.t"}, {"t": "1970-01-01T01:00:00+00:30"}, 1800.0),
        ({"Timestamp": "1969-01-01T00:00:00Z"}, {}, 0.0),
        ({"Seconds": 31_535_999}, {}, 31_535_999.0),
    ],
)
def test_a_wait_ends_at_its_time(fields: dict[str, Any], value: Any, end: float) -> None:
    execution = run(one({"Type": "Wait", **fields, "End": True}), value)
    assert times(execution, "WaitStateExited") == [end]
    assert execution.output_data == value


@pytest.mark.parametrize("expression", ["{% $states.input.s %}", "{% 2 + 3 %}"])
def test_a_wait_may_compute_its_seconds(expression: str) -> None:
    state = {"Type": "Wait", "QueryLanguage": "JSONata", "Seconds": expression, "End": True}
    assert run(one(state), {"s": 5}).stopped == 5.0


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"s": -1}, "The SecondsPath parameter references a negative value: $.s == -1"),
        ({"s": 1.5}, "The SecondsPath parameter cannot be parsed as a long value: $.s == 1.5"),
        ({}, "The SecondsPath parameter does not reference an input value: $.s"),
    ],
)
def test_seconds_that_are_none_fail_in_the_words_of_aws(value: Any, words: str) -> None:
    execution = run(one({"Type": "Wait", "SecondsPath": "$.s", "End": True}), value)
    assert execution.error == "States.Runtime"
    assert (
        execution.cause
        == f"An error occurred while executing the state 'S' (entered at the event id #2). {words}"
    )


def test_a_machine_that_takes_longer_than_its_limit_times_out() -> None:
    definition = {**one({"Type": "Wait", "Seconds": 60, "End": True}), "TimeoutSeconds": 5}
    execution = run(definition)
    assert (execution.status, execution.stopped, execution.error) == ("TIMED_OUT", 5.0, None)
    assert types(execution)[-1] == "ExecutionTimedOut"


def test_an_execution_that_nobody_answers_ends_after_a_year() -> None:
    token = {**TASK, "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken"}
    execution = run(one(token), world=ScriptedWorld(Submitted({})))
    assert (execution.status, execution.stopped) == ("TIMED_OUT", 31_536_000.0)


def test_an_endless_machine_stops_at_the_event_limit() -> None:
    execution = run(ENDLESS)
    assert len(execution.events) == 25_000
    assert execution.events[-1][:2] == (24_999, "ExecutionFailed")
    assert last_details(execution, "ExecutionFailed") == {
        "error": "States.Runtime",
        "cause": "The execution reached the maximum number of history events (25000).",
    }


def test_a_machine_may_succeed_with_its_last_event() -> None:
    states: dict[str, Any] = {
        "Map": {
            "Type": "Map",
            "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}},
            "End": True,
        }
    }
    items = (25_000 - 6) // 4
    execution = run({"StartAt": "Map", "States": states}, list(range(items)))
    assert (execution.status, len(execution.events)) == ("SUCCEEDED", 6 + 4 * items)


def test_too_many_iterations_break_the_event_limit() -> None:
    processor = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
    execution = run(one({"Type": "Map", "ItemProcessor": processor, "End": True}), list(range(10_000)))
    assert (execution.status, len(execution.events)) == ("FAILED", 25_000)
    assert execution.events[-1][0] == 24_999


def test_an_endless_express_machine_stops_after_five_minutes() -> None:
    engine = Engine(ScriptedWorld())
    execution = started(engine, ENDLESS, kind="EXPRESS")
    engine.scheduler.run_until(1_000.0)
    assert (execution.status, execution.stopped) == ("TIMED_OUT", 300.0)


def test_an_output_above_the_limit_fails_the_execution() -> None:
    big = {"Type": "Pass", "Parameters": {"x.$": "$", "y.$": "$"}, "End": True}
    execution = run(one(big), "x" * 200_000)
    assert execution.error == "States.DataLimitExceeded"


def test_ten_thousand_executions_wait_at_once() -> None:
    engine = Engine(ScriptedWorld())
    definition = one({"Type": "Wait", "Seconds": 60, "End": True})
    revision = machine(definition)
    executions = [engine.start(revision, "{}", {}, arn=f"a{n}", name=f"n{n}") for n in range(10_000)]
    engine.scheduler.run_until(59.0)
    assert engine.open == 10_000
    engine.scheduler.run_until(60.0)
    assert all(execution.status == "SUCCEEDED" for execution in executions)


def test_a_wait_of_a_year_is_one_jump() -> None:
    engine = Engine(ScriptedWorld())
    execution = started(engine, one({"Type": "Wait", "Seconds": 31_535_999, "End": True}))
    engine.scheduler.run_ready()
    turns = engine.scheduler.turns
    engine.scheduler.run_until(31_536_000.0)
    assert (execution.status, execution.stopped) == ("SUCCEEDED", 31_535_999.0)
    assert engine.scheduler.turns - turns <= 3


def assigning(**variables: Any) -> dict[str, Any]:
    return {"Type": "Pass", "Assign": variables}


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"kept": "x" * 262_142}, None),
        ({"kept": "x" * 262_143}, "the variable 'kept'"),
        ({"a": "x" * 200_000, "b": "x" * 70_000}, "the variables in Assign"),
    ],
)
def test_variables_have_a_largest_size(variables: dict[str, str], words: str | None) -> None:
    execution = run(one({**assigning(**variables), "Result": {}, "End": True}))
    if words is None:
        assert execution.status == "SUCCEEDED"
    else:
        assert execution.error == "States.DataLimitExceeded"
        assert words in str(execution.cause)


def test_all_variables_together_have_a_largest_size() -> None:
    count = 10_485_760 // 250_002 + 1
    states = {
        f"S{number}": {**assigning(**{f"v{number}": "x" * 250_000}), "Result": {}, "Next": f"S{number + 1}"}
        for number in range(count)
    }
    states[f"S{count}"] = {"Type": "Succeed"}
    execution = run({"StartAt": "S0", "States": states})
    assert execution.error == "States.DataLimitExceeded"
    assert "all variables" in str(execution.cause)
    assert len([each for each in types(execution) if each == "PassStateExited"]) == count - 1
