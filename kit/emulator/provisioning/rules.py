"""What calls are refused while a resource is on its way: one rule a call, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kit.emulator.provisioning.rows import Sure


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


CLUSTER: Final = "DBClusterIdentifier"
INSTANCE: Final = "DBInstanceIdentifier"
GROUP: Final = "ReplicationGroupId"
DOMAIN: Final = "DomainName"

_IN_STATE = "DbCluster {id} is in {status} state but expected it to be one of {expected}."
_INSTANCE_STATE = "Instance {id} is not in available state."

RULES: Final = (
    Rule(
        "rds:StopDBCluster", "rds cluster", CLUSTER, ("available",),
        "InvalidDBClusterStateFault", _IN_STATE, "field report",
    ),
    Rule(
        "rds:StartDBCluster", "rds cluster", CLUSTER,
        ("stopped", "inaccessible-encryption-credentials-recoverable"),
        "InvalidDBClusterStateFault", _IN_STATE, "field report",
    ),
    Rule(
        "rds:ModifyDBCluster", "rds cluster", CLUSTER, ("available",),
        "InvalidDBClusterStateFault", _IN_STATE, "guess",
    ),
    Rule(
        "rds:CreateDBClusterSnapshot", "rds cluster", CLUSTER, ("available",),
        "InvalidDBClusterStateFault", _IN_STATE, "guess",
    ),
    Rule(
        "rds:RestoreDBClusterToPointInTime", "rds cluster", "SourceDBClusterIdentifier", ("available",),
        "InvalidDBClusterStateFault", _IN_STATE, "guess",
    ),
    Rule(
        "rds:CreateDBInstance", "rds cluster", CLUSTER, ("available",),
        "InvalidDBClusterStateFault", _IN_STATE, "guess",
    ),
    Rule(
        "rds:DeleteDBCluster", "rds cluster", CLUSTER, ("available", "stopped"),
        "InvalidDBClusterStateFault", _IN_STATE, "guess",
    ),
    Rule(
        "rds:StopDBInstance", "rds instance", INSTANCE, ("available",),
        "InvalidDBInstanceState", _INSTANCE_STATE, "field report",
    ),
    Rule(
        "rds:DeleteDBInstance", "rds instance", INSTANCE,
        ("available", "stopped", "creating", "failed", "stopping", "starting"),
        "InvalidDBInstanceState", "Instance {id} is already being deleted.", "field report",
    ),
    Rule(
        "elasticache:DeleteReplicationGroup", "elasticache group", GROUP, ("available",),
        "InvalidReplicationGroupState",
        "Replication group {id} has status {status} which is not valid for deletion.", "field report",
    ),
    Rule(
        "elasticache:CreateSnapshot", "elasticache group", GROUP, ("available",),
        "InvalidReplicationGroupState",
        "Replication group {id} has status {status} which is not valid for a snapshot.", "guess",
    ),
    Rule(
        "opensearch:UpdateDomainConfig", "opensearch domain", DOMAIN, ("Active",),
        "ValidationException",
        "A change/update is in progress. Please wait for it to complete before requesting another change.",
        "field report",
    ),
    Rule(
        "rds:ModifyDBInstance", "rds instance", INSTANCE, ("available",),
        "InvalidDBInstanceState", "Database instance is not in available state.", "field report",
    ),
    Rule(
        "rds:RebootDBInstance", "rds instance", INSTANCE, ("available",),
        "InvalidDBInstanceState", _INSTANCE_STATE, "guess",
    ),
    Rule(
        "rds:StartDBInstance", "rds instance", INSTANCE, ("stopped",),
        "InvalidDBInstanceState", "Instance {id} is not stopped or stopping, cannot be started.", "guess",
    ),
    Rule(
        "rds:CreateDBSnapshot", "rds instance", INSTANCE, ("available", "stopped"),
        "InvalidDBInstanceState", "Cannot create a snapshot because the database instance {id} is not "
        "currently in the available state.", "field report",
    ),
    Rule(
        "rds:RestoreDBClusterFromSnapshot", "rds cluster snapshot", "SnapshotIdentifier", ("available",),
        "InvalidDBClusterSnapshotStateFault",
        "The DB cluster snapshot {id} is in {status} state but expected it to be one of {expected}.", "guess",
    ),
    Rule(
        "rds:CopyDBClusterSnapshot", "rds cluster snapshot", "SourceDBClusterSnapshotIdentifier",
        ("available",), "InvalidDBClusterSnapshotStateFault",
        "The DB cluster snapshot {id} is in {status} state but expected it to be one of {expected}.", "guess",
    ),
    Rule(
        "rds:DeleteDBClusterSnapshot", "rds cluster snapshot", "DBClusterSnapshotIdentifier", ("available",),
        "InvalidDBClusterSnapshotStateFault",
        "Cannot delete the DB cluster snapshot {id} because it is in {status} state.", "guess",
    ),
    Rule(
        "rds:RestoreDBInstanceFromDBSnapshot", "rds snapshot", "DBSnapshotIdentifier", ("available",),
        "InvalidDBSnapshotState", "The DB snapshot {id} is not in available state.", "guess",
    ),
    Rule(
        "rds:DeleteDBSnapshot", "rds snapshot", "DBSnapshotIdentifier", ("available",),
        "InvalidDBSnapshotState",
        "Cannot delete the snapshot because it is not currently in the available or failed state.",
        "field report",
    ),
    Rule(
        "elasticache:ModifyReplicationGroup", "elasticache group", GROUP, ("available",),
        "InvalidReplicationGroupState",
        "Replication group {id} has status {status} which is not valid for modification.", "guess",
    ),
    Rule(
        "elasticache:CreateReplicationGroup", "elasticache snapshot", "SnapshotName", ("available",),
        "InvalidParameterValue", "Snapshot {id} is in {status} state; it must be available.", "guess",
    ),
    Rule(
        "elasticache:CopySnapshot", "elasticache snapshot", "SourceSnapshotName", ("available",),
        "InvalidSnapshotState", "Snapshot {id} has status {status} which is not valid for copying.", "guess",
    ),
    Rule(
        "elasticache:DeleteSnapshot", "elasticache snapshot", "SnapshotName", ("available",),
        "InvalidSnapshotState", "Snapshot {id} has status {status} which is not valid for deletion.", "guess",
    ),
    Rule(
        "opensearch:UpgradeDomain", "opensearch domain", DOMAIN, ("Active",),
        "ValidationException",
        "A change/update is in progress. Please wait for it to complete before requesting another change.",
        "field report",
    ),
)  # fmt: skip
