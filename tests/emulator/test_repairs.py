"""Where moto differs from AWS: one test a difference."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from kit.emulator import Emulator


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def cluster(emulator: Emulator, name: str) -> Any:
    rds = emulator.client("rds")
    rds.create_db_cluster(
        DBClusterIdentifier=name,
        Engine="aurora-mysql",
        MasterUsername="root",
        MasterUserPassword="not-secret",
    )
    emulator.clock.advance(hours=1)
    return rds


def test_a_cluster_is_not_deleted_without_a_word_on_its_last_snapshot(emulator: Emulator) -> None:
    rds = cluster(emulator, "dev")
    with pytest.raises(ClientError, match="FinalDBSnapshotIdentifier is required") as caught:
        rds.delete_db_cluster(DBClusterIdentifier="dev")
    assert code(caught) == "InvalidParameterCombination"
    rds.delete_db_cluster(DBClusterIdentifier="dev", FinalDBSnapshotIdentifier="last")
    snapshots = rds.describe_db_cluster_snapshots()["DBClusterSnapshots"]
    assert "last" in [each["DBClusterSnapshotIdentifier"] for each in snapshots]


def test_a_restore_onto_a_taken_name_says_that_the_cluster_exists(emulator: Emulator) -> None:
    rds = cluster(emulator, "dev")
    with pytest.raises(rds.exceptions.DBClusterAlreadyExistsFault, match="DB Cluster already exists"):
        rds.restore_db_cluster_to_point_in_time(
            DBClusterIdentifier="dev", SourceDBClusterIdentifier="dev", UseLatestRestorableTime=True
        )


def test_a_cluster_of_a_taken_name_is_not_created(emulator: Emulator) -> None:
    rds = cluster(emulator, "dev")
    with pytest.raises(rds.exceptions.DBClusterAlreadyExistsFault):
        cluster(emulator, "dev")


def test_a_group_from_a_missing_snapshot_is_not_created(emulator: Emulator) -> None:
    cache = emulator.client("elasticache")
    with pytest.raises(cache.exceptions.SnapshotNotFoundFault):
        cache.create_replication_group(
            ReplicationGroupId="cache", ReplicationGroupDescription="x", SnapshotName="missing"
        )


def test_a_deleted_group_is_gone_after_a_while(emulator: Emulator) -> None:
    cache = emulator.client("elasticache")
    cache.create_replication_group(ReplicationGroupId="cache", ReplicationGroupDescription="x")
    emulator.clock.advance(hours=1)
    cache.delete_replication_group(ReplicationGroupId="cache")
    emulator.clock.advance(hours=1)
    assert cache.describe_replication_groups()["ReplicationGroups"] == []


def test_a_secret_of_a_bad_name_is_refused(emulator: Emulator) -> None:
    with pytest.raises(ClientError, match="Must be a valid name") as caught:
        emulator.client("secretsmanager").create_secret(Name="Invalid Name", SecretString="x")
    assert code(caught) == "ValidationException"


def test_s3_tells_of_encryption_and_the_checksums_type(emulator: Emulator) -> None:
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="snapshots")
    put = s3.put_object(Bucket="snapshots", Key="a", Body=b'{"Dict":"Value"}')
    assert (put["ServerSideEncryption"], put["ChecksumType"], put["ChecksumCRC32"]) == (
        "AES256",
        "FULL_OBJECT",
        "hnEfWw==",
    )
    assert s3.get_object(Bucket="snapshots", Key="a")["ServerSideEncryption"] == "AES256"


def test_snapshots_come_in_pages_in_the_order_of_their_names(emulator: Emulator) -> None:
    rds = cluster(emulator, "dev")
    names = [f"night-{number:02}" for number in range(25)]
    for name in reversed(names):
        rds.create_db_cluster_snapshot(DBClusterSnapshotIdentifier=name, DBClusterIdentifier="dev")
    first = rds.describe_db_cluster_snapshots(SnapshotType="manual", MaxRecords=20)
    second = rds.describe_db_cluster_snapshots(SnapshotType="manual", MaxRecords=20, Marker=first["Marker"])
    assert "Marker" not in second
    pages = [*first["DBClusterSnapshots"], *second["DBClusterSnapshots"]]
    assert [each["DBClusterSnapshotIdentifier"] for each in pages] == names
    with pytest.raises(ClientError, match="Must be between 20 and 100"):
        rds.describe_db_cluster_snapshots(MaxRecords=10)


def test_a_snapshot_of_a_cache_is_copied(emulator: Emulator) -> None:
    cache = emulator.client("elasticache")
    cache.create_replication_group(ReplicationGroupId="cache", ReplicationGroupDescription="x")
    emulator.clock.advance(hours=1)
    cache.create_snapshot(SnapshotName="nightly", ReplicationGroupId="cache")
    with pytest.raises(cache.exceptions.InvalidSnapshotStateFault):
        cache.copy_snapshot(SourceSnapshotName="nightly", TargetSnapshotName="copy")
    emulator.clock.advance(hours=1)
    made = cache.copy_snapshot(SourceSnapshotName="nightly", TargetSnapshotName="copy")["Snapshot"]
    assert (made["SnapshotStatus"], made["ReplicationGroupId"]) == ("copying", "cache")
    with pytest.raises(cache.exceptions.SnapshotAlreadyExistsFault):
        cache.copy_snapshot(SourceSnapshotName="nightly", TargetSnapshotName="copy")
    with pytest.raises(cache.exceptions.SnapshotNotFoundFault):
        cache.copy_snapshot(SourceSnapshotName="missing", TargetSnapshotName="another")


def test_a_second_domain_of_a_name_is_refused(emulator: Emulator) -> None:
    search = emulator.client("opensearch")
    search.create_domain(DomainName="search")
    with pytest.raises(search.exceptions.ResourceAlreadyExistsException, match="already exists"):
        search.create_domain(DomainName="search")


def test_a_task_needs_a_place_to_run_but_no_security_groups(emulator: Emulator) -> None:
    ecs, ec2 = emulator.client("ecs"), emulator.client("ec2")
    ecs.create_cluster(clusterName="shop")
    ecs.register_task_definition(
        family="mask",
        networkMode="awsvpc",
        containerDefinitions=[{"name": "mask", "image": "shop/mask", "cpu": 1, "memory": 1}],
    )
    with pytest.raises(ecs.exceptions.InvalidParameterException, match="No Container Instances"):
        ecs.run_task(cluster="shop", taskDefinition="mask")
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    network = {"awsvpcConfiguration": {"subnets": [subnet]}}
    ran = ecs.run_task(
        cluster="shop", taskDefinition="mask", launchType="FARGATE", networkConfiguration=network
    )
    assert ran["tasks"][0]["lastStatus"] == "PROVISIONING"


def test_each_change_of_records_has_an_id_of_its_own(emulator: Emulator) -> None:
    route53 = emulator.client("route53")
    zone = route53.create_hosted_zone(Name="shop.test", CallerReference="1")["HostedZone"]["Id"]
    record = {"Name": "db.shop.test", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "a.test"}]}
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    ids = {
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)["ChangeInfo"]["Id"]
        for _ in range(3)
    }
    assert len(ids) == 3
    with pytest.raises(route53.exceptions.NoSuchChange):
        route53.get_change(Id="C0")


def test_automated_snapshots_go_with_their_cluster(emulator: Emulator) -> None:
    rds = cluster(emulator, "dev")
    rds.create_db_cluster_snapshot(DBClusterSnapshotIdentifier="mine", DBClusterIdentifier="dev")
    assert len(rds.describe_db_cluster_snapshots()["DBClusterSnapshots"]) == 2
    rds.delete_db_cluster(DBClusterIdentifier="dev", SkipFinalSnapshot=True)
    left = rds.describe_db_cluster_snapshots()["DBClusterSnapshots"]
    assert [each["DBClusterSnapshotIdentifier"] for each in left] == ["mine"]


def test_a_roles_policies_are_simulated(emulator: Emulator) -> None:
    iam = emulator.client("iam")
    role = iam.create_role(RoleName="night", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    statements = [
        {"Effect": "Allow", "Action": "rds:*", "Resource": "*"},
        {"Effect": "Deny", "Action": "rds:DeleteDBCluster", "Resource": "*"},
    ]
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_role_policy(RoleName="night", PolicyName="night", PolicyDocument=document)
    told = iam.simulate_principal_policy(
        PolicySourceArn=role, ActionNames=["rds:StopDBCluster", "rds:DeleteDBCluster", "s3:GetObject"]
    )
    decisions = [each["EvalDecision"] for each in told["EvaluationResults"]]
    assert decisions == ["allowed", "explicitDeny", "implicitDeny"]
