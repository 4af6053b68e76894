"""Rung 13: a machine that builds database, cache and search at the same time, and can be redriven."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from kit.course.exercise import Exercise
from kit.course.ladder.scenes import cluster, takes
from kit.testing import Fault, MismatchError, RefusedError, Rehearsal, Scenario, assert_succeeded

_NAME, _TODAY, _YESTERDAY = "shop-staging", "2026-04-06", "2026-04-05"
_CLONE, _CACHE, _DOMAIN = "RestoreDBClusterToPointInTime", "CreateReplicationGroup", "CreateDomain"
_CREATIONS = (_CLONE, _CACHE, _DOMAIN)
_NOTICED_WITHIN = timedelta(minutes=2)
INPUT = {"name": _NAME, "source": "shop-production", "snapshot": "shop-cache-nightly", "run": _TODAY}


@dataclass(frozen=True, slots=True)
class _Morning:
    """How many minutes each of the three needs, and what goes wrong: a refused call, or a leftover."""

    clone: float = 3.3
    cache: float = 5.2
    domain: float = 7.4
    faults: tuple[Fault, ...] = ()
    leftover: bool = False

    @property
    def longest(self) -> timedelta:
        return timedelta(minutes=max(self.clone, self.cache, self.domain))


_MORNINGS = {
    "quiet": _Morning(),
    "quota": _Morning(clone=9.6, faults=(Fault("opensearch:CreateDomain", "LimitExceededException"),)),
    "late_refusal": _Morning(
        domain=9.4, faults=(Fault("opensearch:DescribeDomain", "ValidationException", at=8),)
    ),
    "leftover": _Morning(cache=9.1, leftover=True),
}


def production(sandbox: Any) -> dict[str, str]:
    """Production's cluster, and last night's snapshot of its cache."""
    cache = sandbox.aws("elasticache")
    with sandbox.provisioning.at_once():
        cluster(sandbox, INPUT["source"])
        cache.create_replication_group(
            ReplicationGroupId="shop-cache", ReplicationGroupDescription="Production's cache", Engine="redis"
        )
        cache.create_snapshot(SnapshotName=INPUT["snapshot"], ReplicationGroupId="shop-cache")
    return dict(INPUT)


def _world(morning: _Morning, sandbox: Any) -> None:
    production(sandbox)
    takes(sandbox, "rds:RestoreDBClusterToPointInTime", ("creating", morning.clone))
    takes(sandbox, "elasticache:CreateReplicationGroup", ("creating", morning.cache))
    takes(sandbox, "opensearch:CreateDomain", ("Creating", morning.domain), final="Active")
    if morning.leftover:
        with sandbox.provisioning.at_once():
            sandbox.aws("elasticache").create_replication_group(
                ReplicationGroupId=_NAME,
                ReplicationGroupDescription="Yesterday's copy",
                Engine="redis",
                Tags=[{"Key": "run", "Value": _YESTERDAY}],
            )


def _repair(sandbox: Any) -> None:
    """What was refused is granted by now; what is left of yesterday is deleted."""
    cache = sandbox.aws("elasticache")
    if _runs(sandbox)["cache"] == _YESTERDAY:
        cache.delete_replication_group(ReplicationGroupId=_NAME)
        sandbox.clock.advance(minutes=15)


def _runs(sandbox: Any) -> dict[str, str | None]:
    """Of each of the three: the run that its tag names, "" without a tag, None where it isn't there."""
    rds, cache, search = (sandbox.aws(service) for service in ("rds", "elasticache", "opensearch"))
    found: dict[str, str | None] = {"database": None, "cache": None, "search": None}
    for one in rds.describe_db_clusters()["DBClusters"]:
        if one["DBClusterIdentifier"] == _NAME:
            found["database"] = _run(one["TagList"])
    for one in cache.describe_replication_groups()["ReplicationGroups"]:
        if one["ReplicationGroupId"] == _NAME:
            found["cache"] = _run(cache.list_tags_for_resource(ResourceName=one["ARN"])["TagList"])
    if any(one["DomainName"] == _NAME for one in search.list_domain_names()["DomainNames"]):
        arn = search.describe_domain(DomainName=_NAME)["DomainStatus"]["ARN"]
        found["search"] = _run(search.list_tags(ARN=arn)["TagList"])
    return found


def _run(tags: list[dict[str, str]]) -> str:
    return next((tag["Value"] for tag in tags if tag["Key"] == "run"), "")


def _judge(rehearsal: Rehearsal) -> None:
    place = rehearsal.path[-1] if rehearsal.path else None
    for operation in _CREATIONS:
        done = _successes(rehearsal, operation)
        if len(done) > 1:
            raise MismatchError(f"one {operation}", f"{len(done)} were accepted", done[1].state)
    assert_succeeded(rehearsal)
    for what, run in rehearsal.seen.items():
        if run != _TODAY:
            raise MismatchError(f"a {what} tagged run = {_TODAY}", f"{_as_found(run)}", place)
    _assert_at_the_same_time(rehearsal)


def _as_found(run: str | None) -> str:
    if run is None:
        return "there is none"
    return f"it is tagged run = {run}" if run else "it has no such tag"


def _assert_at_the_same_time(rehearsal: Rehearsal) -> None:
    """The end comes when the slowest is ready: not before, and soon after."""
    morning, ended = _MORNINGS[rehearsal.scenario.name], rehearsal.ended
    assert ended is not None
    place = rehearsal.path[-1]
    ready = max(
        call.at + timedelta(minutes=minutes)
        for operation, minutes in zip(_CREATIONS, (morning.clone, morning.cache, morning.domain), strict=True)
        for call in _successes(rehearsal, operation)
    )
    if ended < ready:
        raise MismatchError(
            f"an end when all three are ready, at {_clock(ready)}", f"it ended at {_clock(ended)}", place
        )
    if _redriven(rehearsal):
        return  # The repair took its time.
    latest = rehearsal.started + morning.longest + _NOTICED_WITHIN
    if ended > latest:
        raise MismatchError(f"an end by {_clock(latest)}", f"it ended at {_clock(ended)}", place)


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M:%S}"


def _redriven(rehearsal: Rehearsal) -> bool:
    return any(event.type == "ExecutionRedriven" for event in rehearsal.trace.events)


def _successes(rehearsal: Rehearsal, operation: str) -> list[Any]:
    return [call for call in rehearsal.calls if call.operation == operation and call.outcome == "succeeded"]


def _advise(problem: MismatchError | RefusedError, rehearsal: Rehearsal | None) -> str | None:
    if rehearsal is None:
        return "refused"
    if "undefined" in (rehearsal.cause or ""):
        return "undefined"
    words = str(problem)
    if rehearsal.status == "FAILED" and _redriven(rehearsal):
        return _advise_on_a_vain_redrive(rehearsal)
    if rehearsal.status != "SUCCEEDED":
        return None if rehearsal.error else "no_end"
    return _advise_on_an_end(words, rehearsal)


def _advise_on_a_vain_redrive(rehearsal: Rehearsal) -> str:
    """What a Fail state ended fails again; what began anew meets what it has made itself."""
    definition = rehearsal.machine.definition
    last = next((state for state in definition.walk() if state.name == rehearsal.path[-1]), None)
    return "fails_again" if last is not None and last.type == "Fail" else "made_twice"


def _advise_on_an_end(words: str, rehearsal: Rehearsal) -> str | None:
    if "an end by" in words:
        return "one_after_the_other"
    if "when all three" in words:
        return "not_ready"
    if _YESTERDAY in rehearsal.seen.values():
        return "leftover"
    if "" in rehearsal.seen.values():
        return "no_tag"
    if None in rehearsal.seen.values():
        return "swallowed" if any(call.outcome != "succeeded" for call in rehearsal.calls) else "missing"
    return None


def _full_quota(sandbox: Any) -> dict[str, str]:
    """The next domain is refused: the account has as many as it may have."""
    sandbox.faults.fail(
        "opensearch:CreateDomain", code="LimitExceededException", message="Domain limit exceeded"
    )
    return {}


WORLDS = {"production": production, "full quota": _full_quota}

EXERCISES = {
    1: Exercise(
        scenarios=tuple(
            Scenario(
                name=name,
                input=INPUT,
                world=partial(_world, morning),
                look=_runs,
                faults=morning.faults,
                repair=_repair,
                limit=timedelta(hours=2),
                patience=20,
            )
            for name, morning in _MORNINGS.items()
        ),
        judge=_judge,
        advise=_advise,
    )
}
