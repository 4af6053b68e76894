from __future__ import annotations

import itertools
from typing import Any

import pytest
from engine_fakes import TASK, ScriptedWorld, last_details, one, run, times, types
from hypothesis import given
from hypothesis import strategies as st

from kit.asl import Place
from kit.asl.definition import Retrier
from kit.engine import Done, Failed
from kit.engine.failures import Failure
from kit.engine.retries import delay, matches

retriers = st.builds(
    Retrier,
    place=st.just(Place()),
    error_equals=st.just(("States.ALL",)),
    interval_seconds=st.integers(1, 99_999_999),
    max_attempts=st.integers(0, 99_999_999),
    backoff_rate=st.floats(1.0, 1e6),
    max_delay_seconds=st.none() | st.integers(1, 31_622_400),
    jitter_strategy=st.sampled_from(["NONE", "FULL"]),
)


@given(retriers, st.integers(0, 5_000), st.floats(0, 1))
def test_a_delay_is_the_interval_times_the_rate_to_the_power_of_the_retry(
    retrier: Retrier, attempt: int, share: float
) -> None:
    found = delay(retrier, attempt, share)
    limit = min(retrier.max_delay_seconds or 31_536_000, 31_536_000)
    try:
        plain = retrier.interval_seconds * retrier.backoff_rate**attempt
    except OverflowError:
        plain = float("inf")
    expected = min(plain, limit)
    assert found == (expected * share if retrier.jitter_strategy == "FULL" else expected)


def retrying(*rules: dict[str, Any]) -> dict[str, Any]:
    return one({**TASK, "Retry": list(rules)})


FAIL = Failed("Rds.InvalidDbClusterStateException", "busy")


def test_attempts_follow_each_other_at_the_times_of_the_formula() -> None:
    rule = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 3, "BackoffRate": 2, "MaxDelaySeconds": 10}
    execution = run(retrying(rule), world=ScriptedWorld(FAIL, FAIL, FAIL, FAIL))
    assert times(execution, "TaskScheduled") == [0.0, 3.0, 9.0, 19.0]
    assert execution.status == "FAILED"


def test_full_jitter_stays_below_the_delay_and_repeats_with_the_seed() -> None:
    rule = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 100, "JitterStrategy": "FULL"}
    first, again, other = (
        times(run(retrying(rule), world=ScriptedWorld(FAIL, FAIL, FAIL), seed=seed), "TaskScheduled")
        for seed in (7, 7, 8)
    )
    assert first == again != other
    assert all(
        0 <= after - before <= 100 * 2**n for n, (before, after) in enumerate(itertools.pairwise(first))
    )


def test_another_state_before_it_does_not_change_the_jitter_of_a_state() -> None:
    rule = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 100, "JitterStrategy": "FULL"}
    draws = {"Type": "Pass", "Parameters": {"x.$": "States.MathRandom(1, 100)"}, "Next": "S"}
    plain = {"Type": "Pass", "Next": "S"}
    found = [
        times(
            run(
                {"StartAt": "A", "States": {"A": before, "S": {**TASK, "Retry": [rule]}}},
                world=ScriptedWorld(FAIL, FAIL),
            ),
            "TaskScheduled",
        )
        for before in (draws, plain)
    ]
    assert found[0] == found[1]


def test_each_retrier_counts_for_itself() -> None:
    world = ScriptedWorld(Failed("A", None), Failed("B", None), Failed("A", None), Done({"ok": True}))
    rules = [
        {"ErrorEquals": [name], "IntervalSeconds": 1, "MaxAttempts": 2, "BackoffRate": 1} for name in "AB"
    ]
    assert run(retrying(*rules), world=world).status == "SUCCEEDED"


def test_zero_attempts_are_none() -> None:
    world = ScriptedWorld(FAIL, Done({}))
    assert run(retrying({"ErrorEquals": ["States.ALL"], "MaxAttempts": 0}), world=world).status == "FAILED"


def test_a_retried_state_is_entered_once() -> None:
    execution = run(retrying({"ErrorEquals": ["States.ALL"]}), world=ScriptedWorld(FAIL, Done({})))
    assert types(execution).count("TaskStateEntered") == 1
    assert types(execution).count("TaskScheduled") == 2


@pytest.mark.parametrize(
    ("names", "error", "taken"),
    [
        (["States.ALL"], "Rds.DbClusterNotFoundException", True),
        (["States.ALL"], "States.Runtime", False),
        (["States.Runtime"], "States.Runtime", False),
        (["States.TaskFailed"], "Rds.DbClusterNotFoundException", True),
        (["States.TaskFailed"], "States.Timeout", False),
        (["rds.dbclusternotfoundexception"], "Rds.DbClusterNotFoundException", False),
        (["States.ALL"], "States.DataLimitExceeded", True),
    ],
)
def test_an_error_name_matches_as_on_aws(names: list[str], error: str, taken: bool) -> None:
    assert matches(names, Failure(error)) is taken


def test_a_catch_gives_error_and_cause_to_the_next_state_and_exits_the_failed_one() -> None:
    caught = {
        **TASK,
        "Catch": [{"ErrorEquals": ["States.TaskFailed"], "ResultPath": "$.error", "Next": "Mend"}],
    }
    definition = {"StartAt": "S", "States": {"S": caught, "Mend": {"Type": "Pass", "End": True}}}
    execution = run(definition, {"cluster": "dev"}, ScriptedWorld(FAIL))
    assert execution.output_data == {"cluster": "dev", "error": {"Error": FAIL.error, "Cause": "busy"}}
    assert types(execution)[4:8] == ["TaskFailed", "TaskStateExited", "PassStateEntered", "PassStateExited"]


def test_a_missed_heartbeat_is_told_as_a_timeout_and_matches_its_own_name_too() -> None:
    from kit.engine import Submitted

    waiting = {
        **TASK,
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "HeartbeatSeconds": 5,
        "Catch": [{"ErrorEquals": ["States.HeartbeatTimeout"], "Next": "Late"}],
    }
    definition = {"StartAt": "S", "States": {"S": waiting, "Late": {"Type": "Pass", "End": True}}}
    execution = run(definition, world=ScriptedWorld(Submitted({})))
    assert last_details(execution, "TaskTimedOut")["error"] == "States.Timeout"
    assert execution.status == "SUCCEEDED"
    assert times(execution, "TaskTimedOut") == [5.0]
