"""How long AWS takes to provide things, as data: the statuses on the way and their virtual durations.

Each row says where its figures come from and how sure they are: `recorded`, `documented`, `field report`
(one team's figure), or `guess` (ours). Adding a resource is adding rows here and its kind in `kinds.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Sure = Literal["recorded", "documented", "field report", "guess"]

MINUTE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Step:
    """One status on the way, and the least and most seconds of virtual time it lasts."""

    status: str
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Row:
    """What a call begins. `identifier` is the parameter with the resource's name; `final` the status at
    the end, None where the resource is gone then. `retold` are texts in the call's own response that
    moto puts otherwise."""

    call: str
    kind: str
    identifier: str
    steps: tuple[Step, ...]
    final: str | None
    source: str
    sure: Sure
    retold: tuple[tuple[bytes, bytes], ...] = ()

    @property
    def least(self) -> float:
        return sum(step.least for step in self.steps)

    @property
    def most(self) -> float:
        return sum(step.most for step in self.steps)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a call needs: the resource in one of some statuses; else it is refused with `code` and
    `message`, in which `{id}`, `{status}` and `{expected}` are filled in."""

    call: str
    kind: str
    identifier: str
    expected: tuple[str, ...]
    code: str
    message: str
    sure: Sure
    status: int = 400


_CLUSTER_ID, _INSTANCE_ID = "DBClusterIdentifier", "DBInstanceIdentifier"
_GROUP_ID, _DOMAIN_ID = "ReplicationGroupId", "DomainName"
_CREATED = ((b"<DBInstanceStatus>available<", b"<DBInstanceStatus>creating<"),)
_GROUP_CREATED = ((b"<Status>available<", b"<Status>creating<"),)

ROWS: Final = (
    Row(
        "rds:CreateDBCluster", "rds cluster", _CLUSTER_ID,
        (Step("creating", 1 * MINUTE, 3 * MINUTE),), "available",
        "a cluster without instances", "guess",
    ),
    Row(
        "rds:RestoreDBClusterToPointInTime", "rds cluster", _CLUSTER_ID,
        (Step("creating", 5 * MINUTE, 10 * MINUTE),), "available",
        "clone of an Aurora cluster, 5 to 10 min (Zenn draft on Aurora clones, 2025)", "field report",
    ),
    Row(
        "rds:RestoreDBClusterFromSnapshot", "rds cluster", _CLUSTER_ID,
        (Step("creating", 2 * MINUTE, 3 * MINUTE), Step("migrating", 18 * MINUTE, 27 * MINUTE)), "available",
        "snapshot restore, 20 to 30 min (Zenn draft on Aurora clones, 2025)", "field report",
    ),
    Row(
        "rds:StopDBCluster", "rds cluster", _CLUSTER_ID,
        (Step("stopping", 3 * MINUTE, 8 * MINUTE),), "stopped",
        "Aurora with one or two instances", "guess",
    ),
    Row(
        "rds:StartDBCluster", "rds cluster", _CLUSTER_ID,
        (Step("starting", 5 * MINUTE, 10 * MINUTE),), "available",
        "Aurora with one or two instances", "guess",
        ((b"<Status>started<", b"<Status>starting<"),),
    ),
    Row(
        "rds:ModifyDBCluster", "rds cluster", _CLUSTER_ID,
        (Step("modifying", 0.5 * MINUTE, 2 * MINUTE),), "available",
        "a changed password or window", "guess",
    ),
    Row(
        "rds:DeleteDBCluster", "rds cluster", _CLUSTER_ID,
        (Step("deleting", 1 * MINUTE, 4 * MINUTE),), None,
        "a cluster whose instances are gone", "guess",
        ((b"<Status>available<", b"<Status>deleting<"), (b"<Status>stopped<", b"<Status>deleting<")),
    ),
    Row(
        "rds:CreateDBInstance", "rds instance", _INSTANCE_ID,
        (Step("creating", 4 * MINUTE, 8 * MINUTE),), "available",
        "writer of a clone: 15 min for the whole copy (Zenn draft on Aurora clones, 2025)", "field report",
        _CREATED,
    ),
    Row(
        "rds:StopDBInstance", "rds instance", _INSTANCE_ID,
        (Step("stopping", 2 * MINUTE, 6 * MINUTE),), "stopped",
        "a single instance", "guess",
    ),
    Row(
        "rds:StartDBInstance", "rds instance", _INSTANCE_ID,
        (Step("starting", 4 * MINUTE, 8 * MINUTE),), "available",
        "a single instance", "guess",
    ),
    Row(
        "rds:DeleteDBInstance", "rds instance", _INSTANCE_ID,
        (Step("deleting", 3 * MINUTE, 7 * MINUTE),), None,
        "an instance of a cluster", "guess",
        ((b"<DBInstanceStatus>available<", b"<DBInstanceStatus>deleting<"),),
    ),
    Row(
        "elasticache:CreateReplicationGroup", "elasticache group", _GROUP_ID,
        (Step("creating", 4 * MINUTE, 9 * MINUTE),), "available",
        "the SDK's waiter allows 10 min", "guess",
        _GROUP_CREATED,
    ),
    Row(
        "elasticache:DeleteReplicationGroup", "elasticache group", _GROUP_ID,
        (Step("deleting", 3 * MINUTE, 8 * MINUTE),), None,
        "without a final snapshot", "guess",
    ),
    Row(
        "opensearch:CreateDomain", "opensearch domain", _DOMAIN_ID,
        (Step("Creating", 15 * MINUTE, 30 * MINUTE),), "Active",
        "the API has no waiter", "guess",
    ),
    Row(
        "opensearch:UpdateDomainConfig", "opensearch domain", _DOMAIN_ID,
        (Step("Modifying", 10 * MINUTE, 25 * MINUTE),), "Active",
        "a blue/green deployment", "guess",
    ),
    Row(
        "opensearch:DeleteDomain", "opensearch domain", _DOMAIN_ID,
        (Step("Deleting", 5 * MINUTE, 15 * MINUTE),), None,
        "", "guess",
    ),
)  # fmt: skip

_IN_STATE = "DbCluster {id} is in {status} state but expected it to be one of {expected}."
_INSTANCE_STATE = "Instance {id} is not in available state."

RULES: Final = (
    Rule(
        "rds:StopDBCluster", "rds cluster", _CLUSTER_ID, ("available",),
        "InvalidDBClusterStateFault", _IN_STATE, "field report",
    ),
    Rule(
        "rds:StartDBCluster", "rds cluster", _CLUSTER_ID,
        ("stopped", "inaccessible-encryption-credentials-recoverable"),
        "InvalidDBClusterStateFault", _IN_STATE, "field report",
    ),
    Rule(
        "rds:ModifyDBCluster", "rds cluster", _CLUSTER_ID, ("available",),
        "InvalidDBClusterStateFault", _IN_STATE, "guess",
    ),
    Rule(
        "rds:CreateDBClusterSnapshot", "rds cluster", _CLUSTER_ID, ("available",),
        "InvalidDBClusterStateFault", _IN_STATE, "guess",
    ),
    Rule(
        "rds:RestoreDBClusterToPointInTime", "rds cluster", "SourceDBClusterIdentifier", ("available",),
        "InvalidDBClusterStateFault", _IN_STATE, "guess",
    ),
    Rule(
        "rds:CreateDBInstance", "rds cluster", _CLUSTER_ID, ("available",),
        "InvalidDBClusterStateFault", _IN_STATE, "guess",
    ),
    Rule(
        "rds:DeleteDBCluster", "rds cluster", _CLUSTER_ID, ("available", "stopped"),
        "InvalidDBClusterStateFault", _IN_STATE, "guess",
    ),
    Rule(
        "rds:StopDBInstance", "rds instance", _INSTANCE_ID, ("available",),
        "InvalidDBInstanceState", _INSTANCE_STATE, "field report",
    ),
    Rule(
        "rds:DeleteDBInstance", "rds instance", _INSTANCE_ID,
        ("available", "stopped", "creating", "failed", "stopping", "starting"),
        "InvalidDBInstanceState", "Instance {id} is already being deleted.", "field report",
    ),
    Rule(
        "elasticache:DeleteReplicationGroup", "elasticache group", _GROUP_ID, ("available",),
        "InvalidReplicationGroupState",
        "Replication group {id} has status {status} which is not valid for deletion.", "field report",
    ),
    Rule(
        "elasticache:CreateSnapshot", "elasticache group", _GROUP_ID, ("available",),
        "InvalidReplicationGroupState",
        "Replication group {id} has status {status} which is not valid for a snapshot.", "guess",
    ),
    Rule(
        "opensearch:UpdateDomainConfig", "opensearch domain", _DOMAIN_ID, ("Active",),
        "ValidationException",
        "A change/update is in progress. Please wait for it to complete before requesting another change.",
        "field report",
    ),
)  # fmt: skip
