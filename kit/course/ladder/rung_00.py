"""Rung 00: a morning to look at, and a small machine that is to take the other way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kit.course.exercise import Exercise
from kit.testing import MismatchError, RefusedError, Rehearsal, Scenario, assert_ended_at, assert_succeeded

_ASKED = "Open today?"
_BUILT = "Build staging"
_UP = "Staging is up"
_BUILD = timedelta(minutes=25)

STARTER: dict[str, Any] = {
    "Comment": "Builds staging on business days only",
    "QueryLanguage": "JSONata",
    "StartAt": "What day is it",
    "States": {
        "What day is it": {"Type": "Pass", "Output": {"day": "holiday"}, "Next": "Open today?"},
        "Open today?": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $states.input.day = 'business day' %}", "Next": "Build staging"}],
            "Default": "Leave it off",
        },
        "Build staging": {"Type": "Wait", "Seconds": 1500, "Next": "Staging is up"},
        "Staging is up": {"Type": "Succeed"},
        "Leave it off": {"Type": "Succeed"},
    },
}


def monday(sandbox: Any) -> dict[str, str]:
    """Production's database and last night's snapshot of its cache, which the morning copies; and an
    instance that somebody made on Friday, under the name that the morning wants. It is midnight then."""
    rds, elasticache = sandbox.aws("rds"), sandbox.aws("elasticache")
    rds.create_db_cluster(
        DBClusterIdentifier="shop-production",
        Engine="aurora-mysql",
        MasterUsername="admin",
        ManageMasterUserPassword=True,
    )
    elasticache.create_replication_group(
        ReplicationGroupId="shop-cache",
        ReplicationGroupDescription="Production's cache",
        Engine="redis",
        CacheNodeType="cache.r6g.large",
    )
    elasticache.get_waiter("replication_group_available").wait(ReplicationGroupId="shop-cache")
    elasticache.create_snapshot(SnapshotName="shop-cache-nightly", ReplicationGroupId="shop-cache")
    rds.create_db_instance(
        DBInstanceIdentifier="shop-staging-writer",
        DBInstanceClass="db.t4g.medium",
        Engine="mysql",
        MasterUsername="admin",
        MasterUserPassword="only-a-try",
        AllocatedStorage=20,
        Tags=[{"Key": "why", "Value": "trying something on Friday"}],
    )
    now = sandbox.clock.now()
    sandbox.clock.run_until(now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1))
    return {"source": "shop-production", "snapshot": "shop-cache-nightly"}


WORLDS = {"monday": monday}


def _judge(rehearsal: Rehearsal) -> None:
    assert_succeeded(rehearsal)
    path = rehearsal.path
    way = [name for name in path if name in (_ASKED, _BUILT, _UP)]
    if way != [_ASKED, _BUILT, _UP]:
        raise MismatchError(
            f"a way through {_ASKED}, {_BUILT} and {_UP}, in this order",
            f"the run went {' -> '.join(path)}",
            path[-1] if path else None,
        )
    assert_ended_at(rehearsal, rehearsal.started + _BUILD)


def _advise(_: MismatchError | RefusedError, rehearsal: Rehearsal | None) -> str | None:
    if rehearsal is None:
        return "refused"
    if _BUILT not in rehearsal.path:
        return "same_way"
    if _ASKED not in rehearsal.path:
        return "did_not_ask"
    return "stopped_after_build" if _UP not in rehearsal.path else None


EXERCISES = {
    1: Exercise(scenarios=(Scenario(name="once"),), judge=_judge, advise=_advise, starter=STARTER),
}
