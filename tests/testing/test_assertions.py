from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kit.history import Trace
from kit.machine import Machine
from kit.testing import (
    MONDAY,
    Expected,
    MismatchError,
    Rehearsal,
    Scenario,
    assert_calls,
    assert_ended_at,
    assert_output,
    assert_path,
    assert_succeeded,
)

MACHINE = Machine(
    "two",
    {
        "StartAt": "A",
        "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Wait", "Seconds": 60, "End": True}},
    },
)


def event(number: int, type_: str, seconds: int, **details: Any) -> dict[str, Any]:
    key = "stateEnteredEventDetails" if type_.endswith("Entered") else "stateExitedEventDetails"
    if type_.startswith("Execution"):
        key = "executionSucceededEventDetails"
    return {
        "id": number,
        "previousEventId": number - 1,
        "type": type_,
        "timestamp": MONDAY + timedelta(seconds=seconds),
        key: details,
    }


class FakeCall:
    def __init__(self, service: str, operation: str, **params: Any) -> None:
        self.service, self.operation, self.params = service, operation, params


def rehearsal(**changes: Any) -> Rehearsal:
    trace = Trace()
    trace.feed(
        [
            event(1, "ExecutionStarted", 0),
            event(2, "PassStateEntered", 0, name="A", input="{}"),
            event(3, "PassStateExited", 0, name="A", output="{}"),
            event(4, "WaitStateEntered", 0, name="B", input="{}"),
            event(5, "WaitStateExited", 60, name="B", output="{}"),
            event(6, "ExecutionSucceeded", 60, output='{"a": 1}'),
        ]
    )
    fields: dict[str, Any] = {
        "scenario": Scenario(name="one"),
        "machine": MACHINE,
        "trace": trace,
        "status": "SUCCEEDED",
        "calls": (),
        "started": MONDAY,
        "ended": MONDAY + timedelta(seconds=60),
    }
    return Rehearsal(**(fields | changes))


def test_what_is_as_expected_passes() -> None:
    run = rehearsal(calls=(FakeCall("rds", "StopDBCluster", DBClusterIdentifier="dev"),))
    assert_succeeded(run)
    assert_path(run, ["A", "B"])
    assert_output(run, {"a": 1})
    assert_ended_at(run, MONDAY + timedelta(seconds=60))
    assert_calls(run, [Expected("rds", "StopDBCluster", {"DBClusterIdentifier": "dev"})])


def test_a_failed_run_is_told_with_its_status() -> None:
    with pytest.raises(MismatchError, match="it ended FAILED"):
        assert_succeeded(rehearsal(status="FAILED"))


def test_a_run_that_goes_on_is_no_success() -> None:
    with pytest.raises(MismatchError, match="still going on"):
        assert_succeeded(rehearsal(ended=None, status="RUNNING"))


@pytest.mark.parametrize(
    ("path", "place"), [(["A", "C"], "B"), (["B"], "A"), (["A"], "B"), (["A", "B", "C"], "B"), ([], "A")]
)
def test_another_path_is_told_with_the_state_where_it_parts(path: list[str], place: str) -> None:
    with pytest.raises(MismatchError) as raised:
        assert_path(rehearsal(), path)
    assert raised.value.place == place
    assert raised.value.happened == "it went A -> B"


def test_another_output_is_told() -> None:
    with pytest.raises(MismatchError, match=r'expected the output \{"a": 2\}, but it was \{"a": 1\}'):
        assert_output(rehearsal(), {"a": 2})


@pytest.mark.parametrize(("seconds", "words"), [(0, "1 min too late"), (3660, "1 h too early")])
def test_a_wrong_end_is_told_with_the_difference_and_the_state_that_took_the_time(
    seconds: int, words: str
) -> None:
    with pytest.raises(MismatchError, match=words) as raised:
        assert_ended_at(rehearsal(), MONDAY + timedelta(seconds=seconds))
    assert raised.value.place == "B"


@pytest.mark.parametrize(
    "calls",
    [
        (),
        (FakeCall("rds", "StopDBCluster", DBClusterIdentifier="reports"),),
        (FakeCall("rds", "StopDBCluster", DBClusterIdentifier="dev", Extra=1),),
        (FakeCall("rds", "StopDBCluster", DBClusterIdentifier="dev"),) * 2,
        (FakeCall("rds", "StartDBCluster", DBClusterIdentifier="dev"),),
    ],
)
def test_other_calls_are_told(calls: tuple[FakeCall, ...]) -> None:
    wanted = Expected("rds", "StopDBCluster", {"DBClusterIdentifier": "dev"})
    with pytest.raises(MismatchError, match="one call: rds StopDBCluster"):
        assert_calls(rehearsal(calls=calls), [wanted])
