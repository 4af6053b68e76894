"""Failures made on purpose."""

import pytest

from kit.emulator import Faults
from kit.services import UnknownAction


def strikes(faults: Faults, count: int) -> list[bool]:
    return [faults.strike("rds", "StopDBCluster") is not None for _ in range(count)]


def test_a_fault_strikes_so_many_times() -> None:
    faults = Faults()
    faults.fail("rds:StopDBCluster", code="Throttling", times=2)
    assert strikes(faults, 3) == [True, True, False]
    assert len(faults) == 0


def test_a_fault_may_begin_at_a_later_call() -> None:
    faults = Faults()
    faults.fail("rds:StopDBCluster", code="Throttling", at=3)
    assert strikes(faults, 4) == [False, False, True, False]


def test_a_fault_without_end_stays_until_it_is_removed() -> None:
    faults = Faults()
    fault = faults.fail("rds:StopDBCluster", code="Throttling", times=None)
    assert strikes(faults, 5) == [True] * 5
    faults.remove(fault)
    assert strikes(faults, 1) == [False]


def test_both_spellings_of_a_call_mean_the_same() -> None:
    faults = Faults()
    named = [
        faults.fail(each, code="x").name for each in ("sfn:startExecution", "stepfunctions:StartExecution")
    ]
    assert named == ["stepfunctions:StartExecution"] * 2


def test_a_fault_of_a_call_that_aws_has_not_is_refused() -> None:
    with pytest.raises(UnknownAction, match="did you mean stopDBCluster"):
        Faults().fail("rds:StopDbCluster", code="Throttling")


@pytest.mark.parametrize(("times", "at"), [(0, 1), (1, 0)])
def test_counts_below_one_are_refused(times: int, at: int) -> None:
    with pytest.raises(ValueError, match="is 0"):
        Faults().fail("rds:StopDBCluster", code="x", times=times, at=at)


def test_a_modelled_error_has_its_own_http_status() -> None:
    faults = Faults()
    assert faults.fail("rds:StopDBCluster", code="DBClusterNotFoundFault").status == 404
    assert faults.fail("rds:StopDBCluster", code="Throttling").status == 400
