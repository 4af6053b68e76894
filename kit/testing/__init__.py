"""Tests of a machine: scenarios in virtual time, assertions on what happened, coverage.

    @pytest.mark.machine("stop.asl.json")
    @scenarios(
        Scenario(name="it runs", world=a_cluster, input={"cluster": "dev"}),
        Scenario(name="throttled once", world=a_cluster, faults=[Fault("rds:stopDBCluster", "Throttling")]),
    )
    def test_it_stops(rehearsal: Rehearsal) -> None:
        assert_succeeded(rehearsal)
        assert_calls(rehearsal, [Expected("rds", "StopDBCluster", {"DBClusterIdentifier": "dev"})])

A failing assertion raises `MismatchError`, an AssertionError that says what was expected, what happened and
at which state; under pytest the run is told in words, and its picture is saved. The names are loaded when
they are asked for, so that the plugin costs nothing where nobody tests machines.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.testing.assertions import (
        Expected,
        MismatchError,
        assert_as_expected,
        assert_calls,
        assert_ended_at,
        assert_failed,
        assert_left_nothing,
        assert_output,
        assert_path,
        assert_succeeded,
    )
    from kit.testing.coverage import Coverage
    from kit.testing.scenario import (
        MONDAY,
        Fault,
        RefusedError,
        Rehearsal,
        Scenario,
        rehearsal_of,
        rehearse,
    )
    from kit.testing.tables import Expectation, scenarios
    from kit.testing.worlds import put_function

__all__ = [
    "MONDAY",
    "Coverage",
    "Expectation",
    "Expected",
    "Fault",
    "MismatchError",
    "RefusedError",
    "Rehearsal",
    "Scenario",
    "assert_as_expected",
    "assert_calls",
    "assert_ended_at",
    "assert_failed",
    "assert_left_nothing",
    "assert_output",
    "assert_path",
    "assert_succeeded",
    "put_function",
    "rehearsal_of",
    "rehearse",
    "scenarios",
]

_HOMES = {
    "assertions": {name for name in __all__ if name.startswith("assert_")} | {"Expected", "MismatchError"},
    "coverage": {"Coverage"},
    "scenario": {"MONDAY", "Fault", "RefusedError", "Rehearsal", "Scenario", "rehearsal_of", "rehearse"},
    "tables": {"Expectation", "scenarios"},
    "worlds": {"put_function"},
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"kit.testing.{home}"), name)
    raise AttributeError(f"module 'kit.testing' has no attribute {name!r}")
