"""How long AWS takes to provide things, as data: the statuses on the way and their virtual durations.

Each row says where its figures come from and how sure they are: `recorded`, `documented`, `field report`
(one team's figure), or `guess` (ours). Adding a resource is adding rows here and its kind in `kinds.py`.
Longer than other modules, since it is one table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Sure = Literal["recorded", "documented", "field report", "guess"]

MINUTE: Final = 60.0
DAY: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Step:
    """One status on the way, and the least and most seconds of virtual time it lasts."""

    status: str
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What happens to a resource that is left as it is for `seconds`: the statuses, the one at the end, and
    the service's event that tells of the beginning."""

    seconds: float
    steps: tuple[Step, ...]
    final: str
    event: str


@dataclass(frozen=True, slots=True)
class Row:
    """What a call begins. `identifier` is the parameter with the resource's name; `told`, where AWS makes
    the name, its place in the answer (`build.id`, `tasks[].taskArn`). `final` is the status at the end, None
    where the resource is gone then; `failed` the one where it goes wrong (`faults.spoil`). `retold` are
    texts in the call's own response that moto puts otherwise."""

    call: str
    kind: str
    identifier: str
    steps: tuple[Step, ...]
    final: str | None
    source: str
    sure: Sure
    retold: tuple[tuple[bytes, bytes], ...] = ()
    told: str | None = None
    failed: str | None = None
    afterwards: Afterwards | None = None

    @property
    def least(self) -> float:
        return sum(step.least for step in self.steps)

    @property
    def most(self) -> float:
        return sum(step.most for step in self.steps)


_CLUSTER_ID, _INSTANCE_ID = "DBClusterIdentifier", "DBInstanceIdentifier"
_GROUP_ID, _DOMAIN_ID = "ReplicationGroupId", "DomainName"
_CREATED = ((b"<DBInstanceStatus>available<", b"<DBInstanceStatus>creating<"),)
_GROUP_CREATED = ((b"<Status>available<", b"<Status>creating<"),)
_SNAPSHOT_CREATED = ((b"<Status>available<", b"<Status>creating<"),)

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
        failed="cloning-failed",
    ),
    Row(
        "rds:RestoreDBClusterFromSnapshot", "rds cluster", _CLUSTER_ID,
        (Step("creating", 2 * MINUTE, 3 * MINUTE), Step("migrating", 18 * MINUTE, 27 * MINUTE)), "available",
        "snapshot restore, 20 to 30 min (Zenn draft on Aurora clones, 2025)", "field report",
    ),
    Row(
        "rds:StopDBCluster", "rds cluster", _CLUSTER_ID,
        (Step("stopping", 3 * MINUTE, 8 * MINUTE),), "stopped",
        "Aurora with one or two instances; the seven days are documented", "guess",
        afterwards=Afterwards(7 * DAY, (Step("starting", 5 * MINUTE, 10 * MINUTE),), "available",
                              "RDS-EVENT-0153"),
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
        _CREATED, failed="failed",
    ),
    Row(
        "rds:StopDBInstance", "rds instance", _INSTANCE_ID,
        (Step("stopping", 2 * MINUTE, 6 * MINUTE),), "stopped",
        "a single instance; the seven days are documented", "guess",
        afterwards=Afterwards(7 * DAY, (Step("starting", 4 * MINUTE, 8 * MINUTE),), "available",
                              "RDS-EVENT-0154"),
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
        _GROUP_CREATED, failed="create-failed",
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
    Row(
        "rds:ModifyDBInstance", "rds instance", _INSTANCE_ID,
        (Step("modifying", 1 * MINUTE, 5 * MINUTE),), "available",
        "a changed class takes longer than a changed window", "guess",
        ((b"<DBInstanceStatus>available<", b"<DBInstanceStatus>modifying<"),),
    ),
    Row(
        "rds:RebootDBInstance", "rds instance", _INSTANCE_ID,
        (Step("rebooting", 0.5 * MINUTE, 2 * MINUTE),), "available",
        "a single instance", "guess",
        ((b"<DBInstanceStatus>available<", b"<DBInstanceStatus>rebooting<"),),
    ),
    Row(
        "rds:RestoreDBInstanceFromDBSnapshot", "rds instance", _INSTANCE_ID,
        (Step("creating", 8 * MINUTE, 15 * MINUTE),), "available",
        "a small instance", "guess",
        _CREATED, failed="incompatible-restore",
    ),
    Row(
        "rds:RestoreDBInstanceToPointInTime", "rds instance", "TargetDBInstanceIdentifier",
        (Step("creating", 10 * MINUTE, 20 * MINUTE),), "available",
        "a small instance", "guess",
        _CREATED, failed="incompatible-restore",
    ),
    Row(
        "rds:CreateDBClusterSnapshot", "rds cluster snapshot", "DBClusterSnapshotIdentifier",
        (Step("creating", 1 * MINUTE, 5 * MINUTE),), "available",
        "a cluster of some 100 GB", "guess",
        _SNAPSHOT_CREATED, failed="failed",
    ),
    Row(
        "rds:CopyDBClusterSnapshot", "rds cluster snapshot", "TargetDBClusterSnapshotIdentifier",
        (Step("copying", 2 * MINUTE, 8 * MINUTE),), "available",
        "within a Region", "guess",
        ((b"<Status>available<", b"<Status>copying<"),), failed="failed",
    ),
    Row(
        "rds:CreateDBSnapshot", "rds snapshot", "DBSnapshotIdentifier",
        (Step("creating", 2 * MINUTE, 8 * MINUTE),), "available",
        "an instance of some 100 GB", "guess",
        _SNAPSHOT_CREATED, failed="failed",
    ),
    Row(
        "rds:CopyDBSnapshot", "rds snapshot", "TargetDBSnapshotIdentifier",
        (Step("creating", 2 * MINUTE, 8 * MINUTE),), "available",
        "within a Region", "guess",
        _SNAPSHOT_CREATED, failed="failed",
    ),
    Row(
        "elasticache:ModifyReplicationGroup", "elasticache group", _GROUP_ID,
        (Step("modifying", 1 * MINUTE, 6 * MINUTE),), "available",
        "another node type takes longer", "guess",
        ((b"<Status>available<", b"<Status>modifying<"),),
    ),
    Row(
        "elasticache:CreateSnapshot", "elasticache snapshot", "SnapshotName",
        (Step("creating", 2 * MINUTE, 6 * MINUTE),), "available",
        "a small cache", "guess",
        ((b"<SnapshotStatus>available<", b"<SnapshotStatus>creating<"),), failed="failed",
    ),
    Row(
        "elasticache:CreateSnapshot", "elasticache group", _GROUP_ID,
        (Step("snapshotting", 1 * MINUTE, 2 * MINUTE),), "available",
        "the group while its snapshot is taken", "guess",
    ),
    Row(
        "elasticache:CopySnapshot", "elasticache snapshot", "TargetSnapshotName",
        (Step("copying", 1 * MINUTE, 4 * MINUTE),), "available",
        "a small cache", "guess",
        failed="failed",
    ),
    Row(
        "elasticache:DeleteSnapshot", "elasticache snapshot", "SnapshotName",
        (Step("deleting", 0.5 * MINUTE, 2 * MINUTE),), None,
        "", "guess",
    ),
    Row(
        "opensearch:UpgradeDomain", "opensearch domain", _DOMAIN_ID,
        (Step("UpgradingEngineVersion", 20 * MINUTE, 60 * MINUTE),), "Active",
        "a blue/green deployment after the checks", "guess",
    ),
    Row(
        "ecs:CreateService", "ecs service", "serviceName",
        (Step("deploying", 0.5 * MINUTE, 2 * MINUTE),), "steady",
        "Fargate tasks of a small image", "guess",
        told="service.serviceArn",
    ),
    Row(
        "ecs:UpdateService", "ecs service", "service",
        (Step("deploying", 0.5 * MINUTE, 3 * MINUTE),), "steady",
        "Fargate tasks of a small image", "guess",
        told="service.serviceArn",
    ),
    Row(
        "ecs:RunTask", "ecs task", "taskDefinition",
        (
            Step("PROVISIONING", 15, 40), Step("PENDING", 5, 20), Step("RUNNING", 1 * MINUTE, 3 * MINUTE),
            Step("DEPROVISIONING", 10, 30),
        ), "STOPPED",
        "a Fargate task that does its work and ends; the order of statuses is documented", "guess",
        told="tasks[].taskArn", failed="FAILED",
    ),
    Row(
        "ecs:StopTask", "ecs task", "task",
        (Step("DEPROVISIONING", 10, 30),), "STOPPED BY USER",
        "SIGTERM, then 30 s", "guess",
        told="task.taskArn",
    ),
    Row(
        "acm:RequestCertificate", "acm certificate", "DomainName",
        (Step("PENDING_VALIDATION", 2 * MINUTE, 10 * MINUTE),), "ISSUED",
        "as if the record that proves the domain were there at once", "guess",
        told="CertificateArn", failed="VALIDATION_TIMED_OUT",
    ),
    Row(
        "cloudfront:CreateDistribution", "cloudfront distribution", "DistributionConfig",
        (Step("InProgress", 3 * MINUTE, 6 * MINUTE),), "Deployed",
        "about 5 min (AWS News, 2020)", "documented",
        told="Distribution.Id",
    ),
    Row(
        "cloudfront:CreateInvalidation", "cloudfront invalidation", "DistributionId",
        (Step("InProgress", 10, 2 * MINUTE),), "Completed",
        "seconds to some minutes", "guess",
        ((b"<Status>COMPLETED<", b"<Status>InProgress<"),), told="Invalidation.Id",
    ),
    Row(
        "codebuild:StartBuild", "codebuild build", "projectName",
        (
            Step("QUEUED", 1, 5), Step("PROVISIONING", 10, 30), Step("BUILD", 1 * MINUTE, 4 * MINUTE),
            Step("FINALIZING", 2, 8),
        ), "SUCCEEDED",
        "a small build", "guess",
        told="build.id", failed="FAILED",
    ),
    Row(
        "codebuild:StopBuild", "codebuild build", "id", (), "STOPPED", "at once", "guess",
        told="build.id",
    ),
    Row(
        "ec2:CreateSnapshot", "ec2 snapshot", "VolumeId",
        (Step("pending", 1 * MINUTE, 10 * MINUTE),), "completed",
        "the first snapshot of a small volume", "guess",
        ((b"<status>completed<", b"<status>pending<"),), told="SnapshotId", failed="error",
    ),
    Row(
        "ec2:CopySnapshot", "ec2 snapshot", "SourceSnapshotId",
        (Step("pending", 2 * MINUTE, 10 * MINUTE),), "completed",
        "a small volume", "guess",
        told="SnapshotId", failed="error",
    ),
    Row(
        "ec2:CreateImage", "ec2 image", "InstanceId",
        (Step("pending", 3 * MINUTE, 10 * MINUTE),), "available",
        "as long as its snapshot", "guess",
        told="ImageId", failed="failed",
    ),
    Row(
        "route53:ChangeResourceRecordSets", "route53 change", "HostedZoneId",
        (Step("PENDING", 20, 60),), "INSYNC",
        "generally within 60 s (Route 53 Developer Guide)", "documented",
        ((b"<Status>INSYNC<", b"<Status>PENDING<"),), told="ChangeInfo.Id",
    ),
    Row(
        "batch:SubmitJob", "batch job", "jobName",
        (
            Step("SUBMITTED", 1, 5), Step("RUNNABLE", 10, 60), Step("STARTING", 10, 40),
            Step("RUNNING", 1 * MINUTE, 4 * MINUTE),
        ), "SUCCEEDED",
        "Fargate; the order of statuses is documented", "guess",
        told="jobId", failed="FAILED",
    ),
    Row(
        "batch:TerminateJob", "batch job", "jobId", (), "FAILED", "at once", "guess",
    ),
    Row(
        "glue:StartJobRun", "glue job run", "JobName",
        (Step("STARTING", 5, 40), Step("RUNNING", 1 * MINUTE, 4 * MINUTE)), "SUCCEEDED",
        "Glue 3 and later start within a minute", "guess",
        told="JobRunId", failed="FAILED",
    ),
    Row(
        "glue:BatchStopJobRun", "glue job run", "JobRunIds",
        (Step("STOPPING", 2, 20),), "STOPPED",
        "", "guess",
        told="SuccessfulSubmissions[].JobRunId",
    ),
)  # fmt: skip
