"""Worlds that are there before the story begins."""

import pytest

from kit.emulator import Emulator


def test_production_is_ready_at_once(emulator: Emulator) -> None:
    emulator.load("production")
    rds, cache = emulator.client("rds"), emulator.client("elasticache")
    cluster = rds.describe_db_clusters(DBClusterIdentifier="production")["DBClusters"][0]
    assert cluster["Status"] == "available"
    assert [each["DBInstanceIdentifier"] for each in cluster["DBClusterMembers"]] == ["production-writer"]
    writer = rds.describe_db_instances(DBInstanceIdentifier="production-writer")["DBInstances"][0]
    assert writer["DBInstanceStatus"] == "available"
    assert cache.describe_replication_groups()["ReplicationGroups"][0]["Status"] == "available"
    assert [each["SnapshotStatus"] for each in cache.describe_snapshots()["Snapshots"]] == ["available"]
    domain = emulator.client("opensearch").describe_domain(DomainName="production-search")["DomainStatus"]
    assert (domain["Created"], domain["Processing"]) == (True, False)


def test_a_copy_of_production_takes_its_time(emulator: Emulator) -> None:
    emulator.load("production")
    rds = emulator.client("rds")
    rds.restore_db_cluster_to_point_in_time(
        DBClusterIdentifier="staging",
        SourceDBClusterIdentifier="production",
        RestoreType="copy-on-write",
        UseLatestRestorableTime=True,
    )
    begin = emulator.clock.now()
    assert rds.describe_db_clusters(DBClusterIdentifier="staging")["DBClusters"][0]["Status"] == "creating"
    rds.get_waiter("db_cluster_available").wait(DBClusterIdentifier="staging")
    assert 300 <= (emulator.clock.now() - begin).total_seconds() <= 630


def test_production_is_protected_from_deletion(emulator: Emulator) -> None:
    emulator.load("production")
    rds = emulator.client("rds")
    with pytest.raises(rds.exceptions.ClientError, match="protected"):
        rds.delete_db_cluster(DBClusterIdentifier="production", SkipFinalSnapshot=True)


def test_a_world_that_is_not_there_names_those_that_are(emulator: Emulator) -> None:
    with pytest.raises(LookupError, match="there are: production"):
        emulator.load("moon")
