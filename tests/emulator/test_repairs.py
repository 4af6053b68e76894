"""Where moto differs from AWS: one test a difference."""

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
