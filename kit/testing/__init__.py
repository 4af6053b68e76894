"""Tests of a machine: scenarios in virtual time, and assertions on what happened.

    rehearsal = rehearse(machine, Scenario(name="a quiet day", input={"cluster": "dev"}))
    assert_succeeded(rehearsal)
    assert_path(rehearsal, ["Stop it"])
    assert_calls(rehearsal, [Expected("rds", "StopDBCluster", {"DBClusterIdentifier": "dev"})])

A failing assertion raises `MismatchError`, an AssertionError that says what was expected, what happened and
at which state.
"""

from kit.testing.assertions import (
    Expected,
    MismatchError,
    assert_calls,
    assert_ended_at,
    assert_output,
    assert_path,
    assert_succeeded,
)
from kit.testing.scenario import MONDAY, RefusedError, Rehearsal, Scenario, rehearse

__all__ = [
    "MONDAY",
    "Expected",
    "MismatchError",
    "RefusedError",
    "Rehearsal",
    "Scenario",
    "assert_calls",
    "assert_ended_at",
    "assert_output",
    "assert_path",
    "assert_succeeded",
    "rehearse",
]
