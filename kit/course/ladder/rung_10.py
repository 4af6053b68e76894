"""Rung 10: a machine that copies and masks production's data, and leaves no unmasked copy behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from kit.course.exercise import Exercise
from kit.course.ladder.scenes import cluster, takes
from kit.testing import Fault, MismatchError, RefusedError, Rehearsal, Scenario, assert_succeeded

_NAME, _SOURCE = "shop-staging", "shop-production"
_CLONE, _MASK, _CACHE = "RestoreDBClusterToPointInTime", "ExecuteStatement", "CreateReplicationGroup"
_DELETE = "DeleteDBCluster"
_CLONING = 5.2
INPUT = {
    "name": _NAME,
    "source": _SOURCE,
    "snapshot": "shop-cache-nightly",
    "secret": "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop-masking-AbCdEf",
}


@dataclass(frozen=True, slots=True)
class _Evening:
    """What is refused, and how the run may end: `well`, `failed`, either (None), or well after a redrive."""

    faults: tuple[Fault, ...] = ()
    ends: str | None = "well"
    redriven: bool = False


_NO_MASK = Fault(f"rds-data:{_MASK}", "StatementTimeoutException", times=None)
_EVENINGS = {
    "quiet": _Evening(),
    "mask_refused": _Evening((_NO_MASK, Fault(f"rds:{_DELETE}", "Throttling")), ends="failed"),
    "look_refused": _Evening((Fault("rds:DescribeDBClusters", "AccessDenied", times=5, at=2),), ends=None),
    "cache_refused": _Evening(
        (Fault(f"elasticache:{_CACHE}", "NodeQuotaForCustomerExceeded"),), redriven=True
    ),
    "clone_refused": _Evening((Fault(f"rds:{_CLONE}", "DBClusterQuotaExceededFault"),), redriven=True),
}


def production(sandbox: Any) -> dict[str, str]:
    """Production's cluster, and last night's snapshot of its cache; a clone takes about five minutes."""
    cache = sandbox.aws("elasticache")
    with sandbox.provisioning.at_once():
        cluster(sandbox, _SOURCE)
        cache.create_replication_group(
            ReplicationGroupId="shop-cache", ReplicationGroupDescription="Production's cache", Engine="redis"
        )
        cache.create_snapshot(SnapshotName=INPUT["snapshot"], ReplicationGroupId="shop-cache")
    takes(sandbox, f"rds:{_CLONE}", ("creating", _CLONING))
    return dict(INPUT)


def _world(sandbox: Any) -> None:
    production(sandbox)


def _left(sandbox: Any) -> dict[str, bool]:
    """Half an hour later: whether the clone is there, and the cache."""
    sandbox.faults.clear()
    sandbox.clock.advance(minutes=30)
    clusters = sandbox.aws("rds").describe_db_clusters()["DBClusters"]
    groups = sandbox.aws("elasticache").describe_replication_groups()["ReplicationGroups"]
    return {
        "clone": any(one["DBClusterIdentifier"] == _NAME for one in clusters),
        "cache": any(one["ReplicationGroupId"] == _NAME for one in groups),
    }


def _nothing_to_mend(_: Any) -> None:
    """The quota is wider by now."""


def _judge(rehearsal: Rehearsal) -> None:
    evening = _EVENINGS[rehearsal.scenario.name]
    place = rehearsal.path[-1] if rehearsal.path else None
    for call in rehearsal.calls:
        if _SOURCE in (call.params.get("DBClusterIdentifier"), _target(call)):
            raise MismatchError("production left alone", f"it called {call.operation} for it", call.state)
    if rehearsal.ended is None:
        raise MismatchError("a run that ends", "after two hours it was still going on", place)
    if rehearsal.seen["clone"] and not _masked(rehearsal):
        raise MismatchError(
            "no clone with unmasked data after the run", "the clone is there and was not masked", place
        )
    if evening.ends == "failed" and rehearsal.status == "SUCCEEDED":
        raise MismatchError("a run that fails, since there is no staging", "it ended SUCCEEDED", place)
    if evening.ends == "well":
        assert_succeeded(rehearsal)
    if rehearsal.status == "SUCCEEDED":
        for what in ("clone", "cache"):
            if not rehearsal.seen[what]:
                raise MismatchError(f"a {what} after a run that ended well", "there is none", place)
    if len(_done(rehearsal, _CLONE)) > 1 or len(_done(rehearsal, _MASK)) > 1:
        raise MismatchError("one clone, masked once", "it was made or masked again", place)


def _done(rehearsal: Rehearsal, operation: str) -> list[Any]:
    return [call for call in rehearsal.calls if call.operation == operation and call.outcome == "succeeded"]


def _masked(rehearsal: Rehearsal) -> bool:
    """Whether a statement ran on the clone when it could take one."""
    ready = [call.at + timedelta(minutes=_CLONING) for call in _done(rehearsal, _CLONE)]
    return any(ready and call.at >= ready[-1] and _target(call) == _NAME for call in _done(rehearsal, _MASK))


def _target(call: Any) -> str:
    return str(call.params.get("resourceArn", "")).rpartition(":")[2]


def _advise(problem: MismatchError | RefusedError, rehearsal: Rehearsal | None) -> str | None:
    if rehearsal is None:
        return "refused"
    words, name = str(problem), rehearsal.scenario.name
    if "production left alone" in words:
        return "production"
    if any("undefined" in (visit.cause or "") for visit in rehearsal.trace.visits):
        return "undefined"
    if rehearsal.ended is None:
        return "no_end"
    if name == "quiet":
        return _advise_on_a_quiet_evening(rehearsal)
    if "unmasked data" in words:
        if name == "look_refused":
            return "look"
        return "cleanup_refused" if any(call.operation == _DELETE for call in rehearsal.calls) else "stays"
    if _EVENINGS[name].redriven:
        return "threw_away" if name == "cache_refused" else "fails_again"
    return "green" if "SUCCEEDED" in words or "ended well" in words else None


def _advise_on_a_quiet_evening(rehearsal: Rehearsal) -> str | None:
    if not _masked(rehearsal):
        return "too_early" if _done(rehearsal, _MASK) else "not_masked"
    return None if rehearsal.seen["clone"] and rehearsal.seen["cache"] else "missing"


def _no_mask(sandbox: Any) -> dict[str, str]:
    """The next statement takes too long."""
    sandbox.faults.fail(
        "rds-data:ExecuteStatement",
        code="StatementTimeoutException",
        message="Request timed out: CALL mask_people()",
    )
    return {}


def _no_cache(sandbox: Any) -> dict[str, str]:
    """The next cache is refused: the account has as many nodes as it may have."""
    sandbox.faults.fail(
        "elasticache:CreateReplicationGroup",
        code="NodeQuotaForCustomerExceeded",
        message="The customer node quota was exceeded",
    )
    return {}


WORLDS = {"production": production, "mask fails": _no_mask, "cache fails": _no_cache}

EXERCISES = {
    1: Exercise(
        scenarios=tuple(
            Scenario(
                name=name,
                input=INPUT,
                world=_world,
                look=_left,
                faults=evening.faults,
                repair=_nothing_to_mend if evening.redriven else None,
                limit=timedelta(hours=2),
                patience=20,
            )
            for name, evening in _EVENINGS.items()
        ),
        judge=_judge,
        advise=_advise,
    )
}
