"""Failures made on purpose."""

import datetime as dt

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


MORNING = dt.datetime(2026, 4, 6, 8, tzinfo=dt.UTC)


def test_a_fault_strikes_within_its_period_only() -> None:
    clock = [MORNING]
    faults = Faults(lambda: clock[0].timestamp())
    faults.fail(
        "rds:StopDBCluster",
        code="Throttling",
        since=MORNING + dt.timedelta(hours=1),
        until=MORNING + dt.timedelta(hours=2),
    )
    assert strikes(faults, 2) == [False, False]
    clock[0] += dt.timedelta(minutes=90)
    assert strikes(faults, 2) == [True, True]
    clock[0] += dt.timedelta(minutes=30)
    assert strikes(faults, 2) == [False, False]
    assert len(faults) == 0


def test_a_fault_may_strike_by_chance_the_same_for_the_same_seed() -> None:
    def struck(seed: int) -> list[bool]:
        faults = Faults()
        faults.fail("rds:StopDBCluster", code="Throttling", probability=0.3, seed=seed)
        return strikes(faults, 200)

    assert struck(1) == struck(1)
    assert struck(1) != struck(2)
    assert 30 < sum(struck(1)) < 90


@pytest.mark.parametrize("probability", [0, -1, 1.5])
def test_a_probability_is_above_0_and_at_most_1(probability: float) -> None:
    with pytest.raises(ValueError, match="probability is"):
        Faults().fail("rds:StopDBCluster", code="x", probability=probability)


def test_slow_wants_one_measure() -> None:
    with pytest.raises(ValueError, match="either minutes or factor"):
        Faults().slow("rds:StopDBCluster")
    with pytest.raises(ValueError, match="above 0"):
        Faults().slow("rds:StopDBCluster", minutes=0)


def test_a_quota_of_an_unknown_error_wants_its_code() -> None:
    with pytest.raises(ValueError, match="code="):
        Faults().quota("sns:CreateTopic", 3)
    assert Faults().quota("sns:CreateTopic", 3, code="TopicLimitExceeded").limit == 3


def test_faults_are_listed() -> None:
    faults = Faults()
    faults.fail("rds:StopDBCluster", code="Throttling")
    faults.stuck("rds:StartDBCluster")
    assert repr(faults) == "<Faults: Fault of rds:StopDBCluster, Bend of rds:StartDBCluster>"
    assert len(list(faults)) == 2
