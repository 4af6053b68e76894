"""Rung 02: one call that stops the cluster named by the input."""

from __future__ import annotations

from typing import Any

from kit.course.exercise import Exercise
from kit.testing import (
    Expected,
    MismatchError,
    RefusedError,
    Rehearsal,
    Scenario,
    assert_calls,
    assert_succeeded,
)

_CLUSTERS = ("dev", "reports", "checkout-test")


def clusters(sandbox: Any) -> None:
    """Three Aurora clusters, all available."""
    rds = sandbox.aws("rds")
    for name in _CLUSTERS:
        rds.create_db_cluster(
            DBClusterIdentifier=name,
            Engine="aurora-mysql",
            MasterUsername="admin",
            ManageMasterUserPassword=True,
        )
    for name in _CLUSTERS:
        rds.get_waiter("db_cluster_available").wait(DBClusterIdentifier=name)


def _judge(rehearsal: Rehearsal) -> None:
    assert_succeeded(rehearsal)
    wanted = {"DBClusterIdentifier": rehearsal.scenario.input["cluster"]}
    assert_calls(rehearsal, [Expected("rds", "StopDBCluster", wanted)])


def _advise(problem: MismatchError | RefusedError, rehearsal: Rehearsal | None) -> str | None:
    if rehearsal is None:
        words = str(problem)
    elif rehearsal.calls:
        return _advise_on_calls(rehearsal)
    else:
        words = f"{rehearsal.error} {rehearsal.cause}"
    if "DBClusterIdentifier" in words:
        return "parameter_casing"
    if "stopDbCluster" in words or "StopDBCluster" in words:
        return "action_casing"
    if rehearsal is None:
        return "refused"
    if "undefined" in words:
        return "undefined"
    if rehearsal.status == "SUCCEEDED":
        return "no_call"
    return None


def _advise_on_calls(rehearsal: Rehearsal) -> str | None:
    if len(rehearsal.calls) > 1:
        return "too_many_calls"
    call = rehearsal.calls[0]
    if call.operation != "StopDBCluster":
        return "wrong_call"
    named, wanted = call.params.get("DBClusterIdentifier"), rehearsal.scenario.input["cluster"]
    if isinstance(named, str) and "$" in named:
        return "plain_text"
    if named != wanted:
        return "fixed_name" if named == "dev" else "other_cluster"
    return None


EXERCISES = {
    1: Exercise(
        scenarios=(
            Scenario(name="reports", input={"cluster": "reports"}, world=clusters),
            Scenario(name="checkout", input={"cluster": "checkout-test"}, world=clusters),
        ),
        judge=_judge,
        advise=_advise,
    )
}
