"""Things take their time, and what AWS refuses meanwhile is refused."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from kit.emulator import Emulator
from kit.emulator.provisioning import Row, Step
from kit.emulator.provisioning.rows import ROWS

Setup = Callable[[Emulator], None]


def cluster(emulator: Emulator, name: str = "dev") -> None:
    emulator.client("rds").create_db_cluster(
        DBClusterIdentifier=name,
        Engine="aurora-mysql",
        MasterUsername="root",
        MasterUserPassword="not-secret",
    )
    emulator.clock.advance(hours=1)


def instance(emulator: Emulator) -> None:
    cluster(emulator)
    emulator.client("rds").create_db_instance(
        DBInstanceIdentifier="dev-1",
        DBInstanceClass="db.r6g.large",
        Engine="aurora-mysql",
        DBClusterIdentifier="dev",
    )
    emulator.clock.advance(hours=1)


def lone_instance(emulator: Emulator) -> None:
    emulator.client("rds").create_db_instance(
        DBInstanceIdentifier="dev-1",
        DBInstanceClass="db.r6g.large",
        Engine="mysql",
        AllocatedStorage=20,
        MasterUsername="root",
        MasterUserPassword="not-secret",
    )
    emulator.clock.advance(hours=1)


def stopped_instance(emulator: Emulator) -> None:
    lone_instance(emulator)
    emulator.client("rds").stop_db_instance(DBInstanceIdentifier="dev-1")
    emulator.clock.advance(hours=1)


def stopped(emulator: Emulator) -> None:
    cluster(emulator)
    emulator.client("rds").stop_db_cluster(DBClusterIdentifier="dev")
    emulator.clock.advance(hours=1)


def snapshot(emulator: Emulator) -> None:
    cluster(emulator)
    emulator.client("rds").create_db_cluster_snapshot(
        DBClusterSnapshotIdentifier="before", DBClusterIdentifier="dev"
    )
    emulator.clock.advance(hours=1)


def group(emulator: Emulator) -> None:
    emulator.client("elasticache").create_replication_group(
        ReplicationGroupId="cache", ReplicationGroupDescription="of dev"
    )
    emulator.clock.advance(hours=1)


def domain(emulator: Emulator) -> None:
    emulator.client("opensearch").create_domain(DomainName="search")
    emulator.clock.advance(hours=1)


def nothing(emulator: Emulator) -> None:
    del emulator


def lone_snapshot(emulator: Emulator) -> None:
    lone_instance(emulator)
    emulator.client("rds").create_db_snapshot(DBSnapshotIdentifier="before", DBInstanceIdentifier="dev-1")
    emulator.clock.advance(hours=1)


def cached(emulator: Emulator) -> None:
    group(emulator)
    emulator.client("elasticache").create_snapshot(SnapshotName="nightly", ReplicationGroupId="cache")
    emulator.clock.advance(hours=1)


def tasks(emulator: Emulator) -> None:
    ecs = emulator.client("ecs")
    ecs.create_cluster(clusterName="shop")
    ecs.register_task_definition(
        family="web", containerDefinitions=[{"name": "web", "image": "shop/web", "cpu": 1, "memory": 1}]
    )


def service(emulator: Emulator) -> None:
    tasks(emulator)
    emulator.client("ecs").create_service(**SHOP, serviceName="web", taskDefinition="web", desiredCount=2)
    emulator.clock.advance(hours=1)


def running_task(emulator: Emulator) -> None:
    tasks(emulator)
    arn = emulator.client("ecs").run_task(**SHOP, taskDefinition="web", launchType="FARGATE")["tasks"][0]
    CALLS["ecs:StopTask", "ecs task"][2]["task"] = arn["taskArn"]
    emulator.clock.advance(seconds=70)


def project(emulator: Emulator) -> None:
    emulator.client("codebuild").create_project(
        name="web",
        source={"type": "S3", "location": "sources/web.zip"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={"type": "LINUX_CONTAINER", "image": "x", "computeType": "BUILD_GENERAL1_SMALL"},
        serviceRole="arn:aws:iam::123456789012:role/build",
    )


def build(emulator: Emulator) -> None:
    project(emulator)
    build = emulator.client("codebuild").start_build(projectName="web")["build"]
    CALLS["codebuild:StopBuild", "codebuild build"][2]["id"] = build["id"]


def distribution(emulator: Emulator) -> None:
    made = emulator.client("cloudfront").create_distribution(**DISTRIBUTION)["Distribution"]
    CALLS["cloudfront:CreateInvalidation", "cloudfront invalidation"][2]["DistributionId"] = made["Id"]
    emulator.clock.advance(hours=1)


def zone(emulator: Emulator) -> None:
    made = emulator.client("route53").create_hosted_zone(Name="shop.test", CallerReference="1")
    CALLS["route53:ChangeResourceRecordSets", "route53 change"][2]["HostedZoneId"] = made["HostedZone"]["Id"]


def volume(emulator: Emulator) -> None:
    made = emulator.client("ec2").create_volume(Size=1, AvailabilityZone="us-east-1a")
    CALLS["ec2:CreateSnapshot", "ec2 snapshot"][2]["VolumeId"] = made["VolumeId"]


def volume_snapshot(emulator: Emulator) -> None:
    volume(emulator)
    made = emulator.client("ec2").create_snapshot(**CALLS["ec2:CreateSnapshot", "ec2 snapshot"][2])
    CALLS["ec2:CopySnapshot", "ec2 snapshot"][2]["SourceSnapshotId"] = made["SnapshotId"]
    emulator.clock.advance(hours=1)


def machine(emulator: Emulator) -> None:
    ec2 = emulator.client("ec2")
    image = ec2.describe_images()["Images"][0]["ImageId"]
    made = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1)["Instances"][0]
    CALLS["ec2:CreateImage", "ec2 image"][2]["InstanceId"] = made["InstanceId"]


def queue(emulator: Emulator) -> None:
    role = emulator.client("iam").create_role(RoleName="batch", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    ec2 = emulator.client("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]
    group = ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]
    batch = emulator.client("batch")
    batch.create_compute_environment(
        computeEnvironmentName="shop",
        type="MANAGED",
        state="ENABLED",
        serviceRole=role,
        computeResources={
            "type": "FARGATE",
            "maxvCpus": 4,
            "subnets": [subnet["SubnetId"]],
            "securityGroupIds": [group],
        },
    )
    batch.create_job_queue(
        jobQueueName="jobs",
        state="ENABLED",
        priority=1,
        computeEnvironmentOrder=[{"order": 1, "computeEnvironment": "shop"}],
    )
    batch.register_job_definition(
        jobDefinitionName="mask",
        type="container",
        containerProperties={"image": "shop/mask", "vcpus": 1, "memory": 512, "command": ["mask"]},
    )


def job(emulator: Emulator) -> None:
    queue(emulator)
    params = CALLS["batch:SubmitJob", "batch job"][2]
    made = emulator.client("batch").submit_job(**params)
    CALLS["batch:TerminateJob", "batch job"][2]["jobId"] = made["jobId"]


def glue_job(emulator: Emulator) -> None:
    emulator.client("glue").create_job(Name="mask", Role="glue", Command={"Name": "glueetl"})


def glue_run(emulator: Emulator) -> None:
    glue_job(emulator)
    made = emulator.client("glue").start_job_run(JobName="mask")["JobRunId"]
    CALLS["glue:BatchStopJobRun", "glue job run"][2]["JobRunIds"] = [made]


COPY = {"DBClusterIdentifier": "copy"}
DEV, DEV_1 = {"DBClusterIdentifier": "dev"}, {"DBInstanceIdentifier": "dev-1"}
SHOP = {"cluster": "shop"}
DISTRIBUTION: dict[str, Any] = {
    "DistributionConfig": {
        "CallerReference": "1",
        "Comment": "",
        "Enabled": True,
        "Origins": {
            "Quantity": 1,
            "Items": [
                {
                    "Id": "shop",
                    "DomainName": "shop.s3.amazonaws.com",
                    "S3OriginConfig": {"OriginAccessIdentity": ""},
                }
            ],
        },
        "DefaultCacheBehavior": {
            "TargetOriginId": "shop",
            "ViewerProtocolPolicy": "allow-all",
            "MinTTL": 0,
            "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
        },
    }
}
INVALIDATION = {"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": "1"}
RECORD = {"Name": "db.shop.test", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "a.test"}]}
DATABASE_CALLS: dict[str, tuple[Setup, str, dict[str, Any]]] = {
    "rds:CreateDBCluster": (
        nothing,
        "create_db_cluster",
        {**DEV, "Engine": "aurora-mysql", "MasterUsername": "root", "MasterUserPassword": "not-secret"},
    ),
    "rds:RestoreDBClusterToPointInTime": (
        cluster,
        "restore_db_cluster_to_point_in_time",
        {
            **COPY,
            "SourceDBClusterIdentifier": "dev",
            "RestoreType": "copy-on-write",
            "UseLatestRestorableTime": True,
        },
    ),
    "rds:RestoreDBClusterFromSnapshot": (
        snapshot,
        "restore_db_cluster_from_snapshot",
        {**COPY, "SnapshotIdentifier": "before", "Engine": "aurora-mysql"},
    ),
    "rds:StopDBCluster": (cluster, "stop_db_cluster", DEV),
    "rds:StartDBCluster": (stopped, "start_db_cluster", DEV),
    "rds:ModifyDBCluster": (cluster, "modify_db_cluster", {**DEV, "BackupRetentionPeriod": 2}),
    "rds:DeleteDBCluster": (cluster, "delete_db_cluster", {**DEV, "SkipFinalSnapshot": True}),
    "rds:CreateDBInstance": (
        cluster,
        "create_db_instance",
        {**DEV_1, **DEV, "DBInstanceClass": "db.r6g.large", "Engine": "aurora-mysql"},
    ),
    "rds:StopDBInstance": (lone_instance, "stop_db_instance", DEV_1),
    "rds:StartDBInstance": (stopped_instance, "start_db_instance", DEV_1),
    "rds:DeleteDBInstance": (instance, "delete_db_instance", DEV_1),
    "elasticache:CreateReplicationGroup": (
        nothing,
        "create_replication_group",
        {"ReplicationGroupId": "cache", "ReplicationGroupDescription": "of dev"},
    ),
    "elasticache:DeleteReplicationGroup": (
        group,
        "delete_replication_group",
        {"ReplicationGroupId": "cache"},
    ),
    "opensearch:CreateDomain": (nothing, "create_domain", {"DomainName": "search"}),
    "opensearch:UpdateDomainConfig": (
        domain,
        "update_domain_config",
        {"DomainName": "search", "ClusterConfig": {"InstanceCount": 2}},
    ),
    "opensearch:DeleteDomain": (domain, "delete_domain", {"DomainName": "search"}),
    "opensearch:UpgradeDomain": (
        domain,
        "upgrade_domain",
        {"DomainName": "search", "TargetVersion": "OpenSearch_2.19"},
    ),
    "rds:ModifyDBInstance": (
        lone_instance,
        "modify_db_instance",
        {**DEV_1, "DBInstanceClass": "db.r6g.xlarge", "ApplyImmediately": True},
    ),
    "rds:RebootDBInstance": (lone_instance, "reboot_db_instance", DEV_1),
    "rds:RestoreDBInstanceFromDBSnapshot": (
        lone_snapshot,
        "restore_db_instance_from_db_snapshot",
        {"DBInstanceIdentifier": "copy", "DBSnapshotIdentifier": "before"},
    ),
    "rds:RestoreDBInstanceToPointInTime": (
        lone_instance,
        "restore_db_instance_to_point_in_time",
        {
            "SourceDBInstanceIdentifier": "dev-1",
            "TargetDBInstanceIdentifier": "copy",
            "UseLatestRestorableTime": True,
        },
    ),
    "rds:CreateDBClusterSnapshot": (
        cluster,
        "create_db_cluster_snapshot",
        {**DEV, "DBClusterSnapshotIdentifier": "before"},
    ),
    "rds:CopyDBClusterSnapshot": (
        snapshot,
        "copy_db_cluster_snapshot",
        {"SourceDBClusterSnapshotIdentifier": "before", "TargetDBClusterSnapshotIdentifier": "copy"},
    ),
    "rds:CreateDBSnapshot": (lone_instance, "create_db_snapshot", {**DEV_1, "DBSnapshotIdentifier": "now"}),
    "rds:CopyDBSnapshot": (
        lone_snapshot,
        "copy_db_snapshot",
        {"SourceDBSnapshotIdentifier": "before", "TargetDBSnapshotIdentifier": "copy"},
    ),
    "elasticache:ModifyReplicationGroup": (
        group,
        "modify_replication_group",
        {"ReplicationGroupId": "cache", "CacheNodeType": "cache.m7g.large"},
    ),
    "elasticache:CopySnapshot": (
        cached,
        "copy_snapshot",
        {"SourceSnapshotName": "nightly", "TargetSnapshotName": "copy"},
    ),
    "elasticache:DeleteSnapshot": (cached, "delete_snapshot", {"SnapshotName": "nightly"}),
}
CALLS: dict[tuple[str, str], tuple[Setup, str, dict[str, Any]]] = {
    **{(row.call, row.kind): DATABASE_CALLS[row.call] for row in ROWS if row.call in DATABASE_CALLS},
    ("elasticache:CreateSnapshot", "elasticache group"): (
        group,
        "create_snapshot",
        {"SnapshotName": "nightly", "ReplicationGroupId": "cache"},
    ),
    ("elasticache:CreateSnapshot", "elasticache snapshot"): (
        group,
        "create_snapshot",
        {"SnapshotName": "nightly", "ReplicationGroupId": "cache"},
    ),
    ("ecs:CreateService", "ecs service"): (
        tasks,
        "create_service",
        {**SHOP, "serviceName": "web", "taskDefinition": "web", "desiredCount": 2},
    ),
    ("ecs:UpdateService", "ecs service"): (
        service,
        "update_service",
        {**SHOP, "service": "web", "desiredCount": 0},
    ),
    ("ecs:RunTask", "ecs task"): (
        tasks,
        "run_task",
        {**SHOP, "taskDefinition": "web", "launchType": "FARGATE"},
    ),
    ("ecs:StopTask", "ecs task"): (running_task, "stop_task", {**SHOP, "reason": "enough"}),
    ("acm:RequestCertificate", "acm certificate"): (
        nothing,
        "request_certificate",
        {"DomainName": "shop.test", "ValidationMethod": "DNS"},
    ),
    ("cloudfront:CreateDistribution", "cloudfront distribution"): (
        nothing,
        "create_distribution",
        DISTRIBUTION,
    ),
    ("cloudfront:CreateInvalidation", "cloudfront invalidation"): (
        distribution,
        "create_invalidation",
        {"InvalidationBatch": INVALIDATION},
    ),
    ("codebuild:StartBuild", "codebuild build"): (project, "start_build", {"projectName": "web"}),
    ("codebuild:StopBuild", "codebuild build"): (build, "stop_build", {}),
    ("ec2:CreateSnapshot", "ec2 snapshot"): (volume, "create_snapshot", {}),
    ("ec2:CopySnapshot", "ec2 snapshot"): (
        volume_snapshot,
        "copy_snapshot",
        {"SourceRegion": "us-east-1"},
    ),
    ("ec2:CreateImage", "ec2 image"): (machine, "create_image", {"Name": "before"}),
    ("route53:ChangeResourceRecordSets", "route53 change"): (
        zone,
        "change_resource_record_sets",
        {"ChangeBatch": {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": RECORD}]}},
    ),
    ("batch:SubmitJob", "batch job"): (
        queue,
        "submit_job",
        {"jobName": "tonight", "jobQueue": "jobs", "jobDefinition": "mask"},
    ),
    ("batch:TerminateJob", "batch job"): (job, "terminate_job", {"reason": "enough"}),
    ("glue:StartJobRun", "glue job run"): (glue_job, "start_job_run", {"JobName": "mask"}),
    ("glue:BatchStopJobRun", "glue job run"): (glue_run, "batch_stop_job_run", {"JobName": "mask"}),
}


def status(emulator: Emulator, row: Row, name: str) -> str | None:
    """What a describe call shows; None where the resource is gone."""
    client = emulator.client(row.call.partition(":")[0])
    try:
        return str(LOOKS[row.kind](client, name))
    except ClientError as error:
        if "NotFound" in error.response["Error"]["Code"]:
            return None
        raise


def domain_status(client: Any, name: str) -> str:
    domain = client.describe_domain(DomainName=name)["DomainStatus"]
    assert domain["Processing"] == (domain["DomainProcessingStatus"] != "Active")
    assert ("Endpoint" in domain) == (domain["DomainProcessingStatus"] != "Creating")
    return str(domain["DomainProcessingStatus"])


def service_status(client: Any, arn: str) -> str:
    service = client.describe_services(cluster="shop", services=[arn])["services"][0]
    steady = service["runningCount"] == service["desiredCount"] and not service["pendingCount"]
    assert (service["deployments"][0]["rolloutState"] == "COMPLETED") == steady
    return "steady" if steady else "deploying"


def task_status(client: Any, arn: str) -> str:
    task = client.describe_tasks(cluster="shop", tasks=[arn])["tasks"][0]
    codes = [each.get("exitCode") for each in task["containers"]]
    assert (codes == [None]) == (task["lastStatus"] != "STOPPED")
    return "STOPPED BY USER" if task.get("stopCode") == "UserInitiated" else str(task["lastStatus"])


def build_status(client: Any, name: str) -> str:
    build = client.batch_get_builds(ids=[name])["builds"][0]
    assert build["buildComplete"] == (build["buildStatus"] != "IN_PROGRESS")
    return str(build["buildStatus"] if build["buildComplete"] else build["currentPhase"])


Look = Callable[[Any, str], Any]
LOOKS: dict[str, Look] = {
    "rds cluster": lambda client, name: client.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][
        0
    ]["Status"],
    "rds instance": lambda client, name: client.describe_db_instances(DBInstanceIdentifier=name)[
        "DBInstances"
    ][0]["DBInstanceStatus"],
    "rds cluster snapshot": lambda client, name: client.describe_db_cluster_snapshots(
        DBClusterSnapshotIdentifier=name
    )["DBClusterSnapshots"][0]["Status"],
    "rds snapshot": lambda client, name: client.describe_db_snapshots(DBSnapshotIdentifier=name)[
        "DBSnapshots"
    ][0]["Status"],
    "elasticache group": lambda client, name: client.describe_replication_groups(ReplicationGroupId=name)[
        "ReplicationGroups"
    ][0]["Status"],
    "elasticache snapshot": lambda client, name: client.describe_snapshots(SnapshotName=name)["Snapshots"][0][
        "SnapshotStatus"
    ],
    "opensearch domain": domain_status,
    "ecs service": service_status,
    "ecs task": task_status,
    "acm certificate": lambda client, name: client.describe_certificate(CertificateArn=name)["Certificate"][
        "Status"
    ],
    "cloudfront distribution": lambda client, name: client.get_distribution(Id=name)["Distribution"][
        "Status"
    ],
    "cloudfront invalidation": lambda client, name: client.get_invalidation(
        DistributionId=CALLS["cloudfront:CreateInvalidation", "cloudfront invalidation"][2]["DistributionId"],
        Id=name,
    )["Invalidation"]["Status"],
    "codebuild build": build_status,
    "ec2 snapshot": lambda client, name: client.describe_snapshots(SnapshotIds=[name])["Snapshots"][0][
        "State"
    ],
    "ec2 image": lambda client, name: client.describe_images(ImageIds=[name])["Images"][0]["State"],
    "route53 change": lambda client, name: client.get_change(Id=name)["ChangeInfo"]["Status"],
    "batch job": lambda client, name: client.describe_jobs(jobs=[name])["jobs"][0]["status"],
    "glue job run": lambda client, name: client.get_job_run(JobName="mask", RunId=name)["JobRun"][
        "JobRunState"
    ],
}


def named(row: Row, params: dict[str, Any], answer: Any) -> str:
    """The resource's name, as the call or its answer gives it."""
    if row.told is None:
        return str(params[row.identifier])
    for step in row.told.split("."):
        answer = answer[step.removesuffix("[]")]
        answer = answer[0] if step.endswith("[]") else answer
    return str(answer)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.call} {row.kind}")
def test_every_row_shows_its_statuses_and_ends_in_its_range(emulator: Emulator, row: Row) -> None:
    setup, method, params = CALLS[row.call, row.kind]
    setup(emulator)
    begin = emulator.clock.now()
    answer = getattr(emulator.client(row.call.partition(":")[0]), method)(**params)
    name = named(row, params, answer)
    seen: list[str] = []
    pause = min((step.least / 2 for step in row.steps), default=1)
    if row.steps:
        assert status(emulator, row, name) == row.steps[0].status, "the first look is not ready"
    while (now := status(emulator, row, name)) != row.final:
        if [now] != seen[-1:]:
            seen.append(str(now))
        emulator.clock.advance(seconds=pause)
        assert emulator.clock.now() - begin < dt.timedelta(hours=2)
    elapsed = (emulator.clock.now() - begin).total_seconds()
    assert row.least <= elapsed <= row.most + pause
    assert seen == [step.status for step in row.steps]


def test_the_spread_follows_from_the_seed() -> None:
    def duration(seed: int) -> float:
        with Emulator(clock="instant", seed=seed) as emulator:
            emulator.client("opensearch").create_domain(DomainName="search")
            return emulator.provisioning.going[0].end

    assert duration(1) == duration(1)
    assert duration(1) != duration(2)


def test_a_row_of_ones_own_replaces_ours(emulator: Emulator) -> None:

    row = next(each for each in ROWS if each.call == "opensearch:CreateDomain")
    quick = Row(row.call, row.kind, row.identifier, (Step("Creating", 7, 7),), "Active", "ours", "guess")
    emulator.provisioning.replace([quick])
    emulator.client("opensearch").create_domain(DomainName="search")
    emulator.clock.advance(seconds=8)
    assert status(emulator, quick, "search") == "Active"


def test_a_stop_of_a_cluster_that_is_not_available_names_its_state(emulator: Emulator) -> None:
    cluster(emulator)
    rds = emulator.client("rds")
    rds.stop_db_cluster(**DEV)
    with pytest.raises(
        rds.exceptions.InvalidDBClusterStateFault,
        match="DbCluster dev is in stopping state but expected it to be one of available",
    ):
        rds.stop_db_cluster(**DEV)


def test_the_instances_of_a_cluster_stop_and_start_with_it(emulator: Emulator) -> None:
    instance(emulator)
    rds = emulator.client("rds")
    row = next(each for each in ROWS if each.call == "rds:StopDBInstance")
    rds.stop_db_cluster(**DEV)
    assert status(emulator, row, "dev-1") == "stopping"
    emulator.clock.advance(minutes=30)
    assert status(emulator, row, "dev-1") == "stopped"
    rds.start_db_cluster(**DEV)
    emulator.clock.advance(minutes=30)
    assert status(emulator, row, "dev-1") == "available"


def test_a_cluster_goes_only_after_its_instances_have_begun_to(emulator: Emulator) -> None:
    instance(emulator)
    rds = emulator.client("rds")
    with pytest.raises(rds.exceptions.InvalidDBClusterStateFault, match="in non-deleting state"):
        rds.delete_db_cluster(**DEV, SkipFinalSnapshot=True)
    rds.delete_db_instance(**DEV_1)
    assert rds.delete_db_cluster(**DEV, SkipFinalSnapshot=True)["DBCluster"]["Status"] == "deleting"
    assert [each["DBInstanceStatus"] for each in rds.describe_db_instances()["DBInstances"]] == ["deleting"]
    rds.get_waiter("db_cluster_deleted").wait(**DEV)
    assert rds.describe_db_clusters()["DBClusters"] == []


def test_a_waiter_waits_on_the_virtual_clock(emulator: Emulator) -> None:
    begin = emulator.clock.now()
    cache = emulator.client("elasticache")
    cache.create_replication_group(ReplicationGroupId="cache", ReplicationGroupDescription="of dev")
    cache.get_waiter("replication_group_available").wait(ReplicationGroupId="cache")
    assert dt.timedelta(minutes=4) <= emulator.clock.now() - begin <= dt.timedelta(minutes=9, seconds=15)


def test_a_name_that_is_being_deleted_is_still_taken(emulator: Emulator) -> None:
    cluster(emulator)
    rds = emulator.client("rds")
    rds.delete_db_cluster(**DEV, SkipFinalSnapshot=True)
    with pytest.raises(rds.exceptions.DBClusterAlreadyExistsFault):
        cluster(emulator)


WAITERS: dict[tuple[str, str], tuple[str, Callable[[str], dict[str, Any]]]] = {
    ("rds:CreateDBCluster", "rds cluster"): (
        "db_cluster_available",
        lambda name: {"DBClusterIdentifier": name},
    ),
    ("rds:DeleteDBCluster", "rds cluster"): (
        "db_cluster_deleted",
        lambda name: {"DBClusterIdentifier": name},
    ),
    ("rds:CreateDBInstance", "rds instance"): (
        "db_instance_available",
        lambda name: {"DBInstanceIdentifier": name},
    ),
    ("rds:ModifyDBInstance", "rds instance"): (
        "db_instance_available",
        lambda name: {"DBInstanceIdentifier": name},
    ),
    ("rds:StartDBInstance", "rds instance"): (
        "db_instance_available",
        lambda name: {"DBInstanceIdentifier": name},
    ),
    ("rds:DeleteDBInstance", "rds instance"): (
        "db_instance_deleted",
        lambda name: {"DBInstanceIdentifier": name},
    ),
    ("rds:CreateDBClusterSnapshot", "rds cluster snapshot"): (
        "db_cluster_snapshot_available",
        lambda name: {"DBClusterSnapshotIdentifier": name},
    ),
    ("rds:CreateDBSnapshot", "rds snapshot"): (
        "db_snapshot_available",
        lambda name: {"DBSnapshotIdentifier": name},
    ),
    ("elasticache:CreateReplicationGroup", "elasticache group"): (
        "replication_group_available",
        lambda name: {"ReplicationGroupId": name},
    ),
    ("elasticache:DeleteReplicationGroup", "elasticache group"): (
        "replication_group_deleted",
        lambda name: {"ReplicationGroupId": name},
    ),
    ("ecs:CreateService", "ecs service"): ("services_stable", lambda arn: {**SHOP, "services": [arn]}),
    ("ecs:UpdateService", "ecs service"): ("services_stable", lambda arn: {**SHOP, "services": [arn]}),
    ("ecs:RunTask", "ecs task"): ("tasks_stopped", lambda arn: {**SHOP, "tasks": [arn]}),
    ("ecs:StopTask", "ecs task"): ("tasks_stopped", lambda arn: {**SHOP, "tasks": [arn]}),
    ("acm:RequestCertificate", "acm certificate"): (
        "certificate_validated",
        lambda arn: {"CertificateArn": arn, "WaiterConfig": {"MaxAttempts": 12}},
    ),
    ("cloudfront:CreateDistribution", "cloudfront distribution"): (
        "distribution_deployed",
        lambda name: {"Id": name},
    ),
    ("cloudfront:CreateInvalidation", "cloudfront invalidation"): (
        "invalidation_completed",
        lambda name: {
            "Id": name,
            "DistributionId": CALLS["cloudfront:CreateInvalidation", "cloudfront invalidation"][2][
                "DistributionId"
            ],
        },
    ),
    ("ec2:CreateSnapshot", "ec2 snapshot"): ("snapshot_completed", lambda name: {"SnapshotIds": [name]}),
    ("ec2:CreateImage", "ec2 image"): ("image_available", lambda name: {"ImageIds": [name]}),
    ("route53:ChangeResourceRecordSets", "route53 change"): (
        "resource_record_sets_changed",
        lambda name: {"Id": name},
    ),
}


@pytest.mark.parametrize("call", WAITERS, ids=lambda call: call[0])
def test_botos_own_waiter_waits_on_the_virtual_clock_until_it_is_there(
    emulator: Emulator, call: tuple[str, str]
) -> None:
    row = next(each for each in ROWS if (each.call, each.kind) == call)
    setup, method, params = CALLS[call]
    setup(emulator)
    client = emulator.client(row.call.partition(":")[0])
    begin = emulator.clock.now()
    name = named(row, params, getattr(client, method)(**params))
    waiter, of = WAITERS[call]
    client.get_waiter(waiter).wait(**of(name))
    assert status(emulator, row, name) == row.final
    assert (emulator.clock.now() - begin).total_seconds() >= row.least


def test_a_call_can_be_given_ones_own_time(emulator: Emulator) -> None:
    emulator.provisioning.override("opensearch:CreateDomain", minutes=2)
    emulator.client("opensearch").create_domain(DomainName="search")
    begin = emulator.clock.now().timestamp()
    assert emulator.provisioning.going[0].end - begin == 120
    emulator.provisioning.override("ecs:RunTask", minutes=(10, 20))
    row = next(each for each in emulator.provisioning.rows if each.call == "ecs:RunTask")
    assert [step.status for step in row.steps] == ["PROVISIONING", "PENDING", "RUNNING", "DEPROVISIONING"]
    assert (round(row.least), round(row.most)) == (600, 1200)


def test_a_time_of_ones_own_must_make_sense(emulator: Emulator) -> None:
    with pytest.raises(ValueError, match="the lesser first"):
        emulator.provisioning.override("ecs:RunTask", minutes=(2, 1))
    with pytest.raises(LookupError, match="begins nothing that takes time here"):
        emulator.provisioning.override("rds:DescribeDBClusters", minutes=1)


@pytest.mark.parametrize(
    ("setup", "stop", "row", "event"),
    [
        (instance, ("stop_db_cluster", DEV), "rds:StopDBCluster", "RDS-EVENT-0153"),
        (lone_instance, ("stop_db_instance", DEV_1), "rds:StopDBInstance", "RDS-EVENT-0154"),
    ],
)
def test_a_stopped_database_is_started_again_after_seven_days(
    emulator: Emulator, setup: Setup, stop: tuple[str, dict[str, Any]], row: str, event: str
) -> None:
    setup(emulator)
    events, sqs = emulator.client("events"), emulator.client("sqs")
    queue = sqs.create_queue(QueueName="told")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="started", EventPattern='{"source": ["aws.rds"]}')
    events.put_targets(Rule="started", Targets=[{"Id": "1", "Arn": arn}])
    getattr(emulator.client("rds"), stop[0])(**stop[1])
    stopped_row = next(each for each in ROWS if each.call == row)
    name = str(stop[1][stopped_row.identifier])
    emulator.clock.advance(days=6, hours=23)
    assert status(emulator, stopped_row, name) == "stopped"
    assert "Messages" not in sqs.receive_message(QueueUrl=queue)
    emulator.clock.advance(hours=1, minutes=9)
    assert status(emulator, stopped_row, name) in ("starting", "available")
    told = json.loads(sqs.receive_message(QueueUrl=queue)["Messages"][0]["Body"])
    assert (told["detail"]["EventID"], told["detail"]["SourceIdentifier"]) == (event, name)
    emulator.clock.advance(minutes=15)
    assert status(emulator, stopped_row, name) == "available"


def test_one_that_was_started_in_time_is_left_alone(emulator: Emulator) -> None:
    heard: list[Any] = []
    emulator.provisioning.listeners.append(heard.append)
    stopped(emulator)
    emulator.client("rds").start_db_cluster(**DEV)
    emulator.clock.advance(days=8)
    assert heard == []


def test_a_certificate_expires(emulator: Emulator) -> None:
    acm = emulator.client("acm")
    arn = acm.request_certificate(DomainName="shop.test", ValidationMethod="DNS")["CertificateArn"]
    emulator.clock.advance(hours=1)
    assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"] == "ISSUED"
    emulator.clock.advance(days=400)
    assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"] == "EXPIRED"


def test_a_service_that_runs_as_many_as_it_should_is_steady(emulator: Emulator) -> None:
    service(emulator)
    emulator.client("ecs").update_service(**SHOP, service="web", desiredCount=2)
    assert emulator.provisioning.going == []


def test_a_snapshot_can_not_be_used_before_it_is_there(emulator: Emulator) -> None:
    cluster(emulator)
    rds = emulator.client("rds")
    rds.create_db_cluster_snapshot(**DEV, DBClusterSnapshotIdentifier="before")
    with pytest.raises(rds.exceptions.InvalidDBClusterSnapshotStateFault, match="creating state"):
        rds.restore_db_cluster_from_snapshot(**COPY, SnapshotIdentifier="before", Engine="aurora-mysql")


# Faults that bend what calls begin.


def test_what_is_stuck_stays_in_its_first_status(emulator: Emulator) -> None:
    cluster(emulator)
    emulator.faults.stuck("rds:StopDBCluster")
    emulator.client("rds").stop_db_cluster(**DEV)
    emulator.clock.advance(days=30)
    row = next(each for each in ROWS if each.call == "rds:StopDBCluster")
    assert status(emulator, row, "dev") == "stopping"
    assert emulator.journal("rds:StopDBCluster")[0].note == "fault injected: stuck"
    assert len(emulator.faults) == 0


def test_what_is_slow_takes_its_minutes(emulator: Emulator) -> None:
    emulator.faults.slow("rds:CreateDBCluster", minutes=40)
    emulator.client("rds").create_db_cluster(**CALLS["rds:CreateDBCluster", "rds cluster"][2])
    begin = emulator.clock.now().timestamp()
    assert emulator.provisioning.going[0].end - begin == pytest.approx(2400)


@pytest.mark.parametrize(
    "call",
    [(row.call, row.kind) for row in ROWS if row.failed],
    ids=lambda call: call[0],
)
def test_what_is_spoilt_ends_badly(emulator: Emulator, call: tuple[str, str]) -> None:
    row = next(each for each in ROWS if (each.call, each.kind) == call)
    setup, method, params = CALLS[call]
    setup(emulator)
    emulator.faults.spoil(row.call)
    name = named(row, params, getattr(emulator.client(row.call.partition(":")[0]), method)(**params))
    emulator.clock.advance(hours=2)
    expected = "STOPPED" if row.kind == "ecs task" else row.failed
    assert status(emulator, row, name) == expected


def test_what_vanishes_is_gone(emulator: Emulator) -> None:
    emulator.faults.vanish("rds:CreateDBCluster", minutes=20)
    emulator.client("rds").create_db_cluster(**CALLS["rds:CreateDBCluster", "rds cluster"][2])
    row = next(each for each in ROWS if each.call == "rds:CreateDBCluster")
    emulator.clock.advance(minutes=19)
    assert status(emulator, row, "dev") == "available"
    emulator.clock.advance(minutes=2)
    assert status(emulator, row, "dev") is None


def test_a_quota_refuses_what_is_beyond_it(emulator: Emulator) -> None:
    quota = emulator.faults.quota("rds:CreateDBCluster", 1)
    cluster(emulator)
    rds = emulator.client("rds")
    with pytest.raises(rds.exceptions.DBClusterQuotaExceededFault):
        cluster(emulator, "another")
    emulator.faults.remove(quota)
    cluster(emulator, "another")
