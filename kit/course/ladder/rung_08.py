"""Rung 08: a machine that makes today's cluster, and knows what to think of one that is there already."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from kit.course.exercise import Exercise
from kit.course.ladder.scenes import cluster, takes
from kit.testing import MismatchError, RefusedError, Rehearsal, Scenario, assert_succeeded

_NAME = "shop-staging"
_DAY = "2026-04-06"
_CREATE, _LOOK = "CreateDBCluster", "DescribeDBClusters"

# How the run is to end in each scenario: None for well, else the error.
_ENDS = {
    "fresh": None,
    "again": None,
    "yesterday": "Stale",
    "untagged": "Stale",
    "not_ready": "Stale",
    "quota": "Rds.DbClusterQuotaExceededException",
    "no_look": "Rds.RdsException",
}


def _there(sandbox: Any, **tags: str) -> None:
    cluster(sandbox, _NAME, **tags)


def _yesterday(sandbox: Any) -> None:
    """Yesterday's cluster, and one of another name that is of today."""
    cluster(sandbox, "maps-staging", run=_DAY)
    _there(sandbox, run="2026-04-05")


def _no_look(sandbox: Any) -> None:
    """Today's cluster is there, but AWS doesn't let anybody look."""
    _there(sandbox, run=_DAY)
    sandbox.faults.fail(f"rds:{_LOOK}", code="Throttling", message="Rate exceeded", times=None)


def _not_ready(sandbox: Any) -> None:
    """Made today, and still on its way."""
    takes(sandbox, f"rds:{_CREATE}", ("creating", 600))
    sandbox.aws("rds").create_db_cluster(
        DBClusterIdentifier=_NAME,
        Engine="aurora-mysql",
        MasterUsername="admin",
        ManageMasterUserPassword=True,
        Tags=[{"Key": "run", "Value": _DAY}],
    )


def _quota(sandbox: Any) -> None:
    sandbox.faults.fail(
        f"rds:{_CREATE}",
        code="DBClusterQuotaExceededFault",
        message="You have reached the maximum number of clusters.",
        times=None,
    )


def _tags(sandbox: Any) -> dict[str, str] | None:
    """The tags of the cluster after the run; None where there is none."""
    sandbox.faults.clear()
    for each in sandbox.aws("rds").describe_db_clusters()["DBClusters"]:
        if each["DBClusterIdentifier"] == _NAME:
            return {tag["Key"]: tag["Value"] for tag in each["TagList"]}
    return None


def _judge(rehearsal: Rehearsal) -> None:
    place = rehearsal.path[-1] if rehearsal.path else None
    strange = [call for call in rehearsal.calls if call.operation not in (_CREATE, _LOOK)]
    if strange:
        words = f"it called {strange[0].operation} {dict(strange[0].params)}"
        raise MismatchError("no other calls than to create and to look", words, place)
    wanted = _ENDS[rehearsal.scenario.name]
    if wanted is None:
        assert_succeeded(rehearsal)
    elif (rehearsal.status, rehearsal.error) != ("FAILED", wanted):
        ended = "the run went on" if rehearsal.ended is None else f"the run ended {rehearsal.status}"
        with_error = f" with {rehearsal.error}" if rehearsal.error else ""
        raise MismatchError(f"an end with the error {wanted}", f"{ended}{with_error}", place)
    if rehearsal.scenario.name == "fresh" and (rehearsal.seen or {}).get("run") != _DAY:
        made = "there is none" if rehearsal.seen is None else f"its tags are {rehearsal.seen}"
        raise MismatchError(f"a cluster {_NAME!r} with the tag run = {_DAY}", made, place)


def _advise(_: MismatchError | RefusedError, rehearsal: Rehearsal | None) -> str | None:
    if rehearsal is None:
        return "refused"
    scenario, error = rehearsal.scenario.name, rehearsal.error or ""
    if any(call.operation not in (_CREATE, _LOOK) for call in rehearsal.calls):
        return "wrong_calls"
    if error == "States.QueryEvaluationError":
        return "nothing_found"
    if scenario == "fresh":
        return "no_tag" if rehearsal.status == "SUCCEEDED" else None
    if scenario in ("quota", "no_look"):
        return "catches_too_much"
    if error == "Rds.DbClusterAlreadyExistsException":
        return "not_caught"
    if rehearsal.status == "SUCCEEDED":
        return "not_ready_passes" if scenario == "not_ready" else "leftover_passes"
    return "today_is_stale" if scenario == "again" else "other_name"


def _scenario(name: str, world: Any) -> Scenario:
    return Scenario(
        name=name,
        input={"name": _NAME, "day": _DAY},
        world=world,
        look=_tags,
        limit=timedelta(hours=2),
        patience=20,
    )


def _nothing(_: Any) -> None:
    """The empty account."""


EXERCISES = {
    1: Exercise(
        scenarios=(
            _scenario("fresh", _nothing),
            _scenario("again", partial(_there, run=_DAY)),
            _scenario("yesterday", _yesterday),
            _scenario("untagged", partial(_there, owner="somebody")),
            _scenario("not_ready", _not_ready),
            _scenario("quota", _quota),
            _scenario("no_look", _no_look),
        ),
        judge=_judge,
        advise=_advise,
    )
}
