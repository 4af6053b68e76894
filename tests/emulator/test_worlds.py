"""Worlds that are there before the story begins."""

import pytest

from kit.emulator import Emulator


def test_production_is_ready_at_once(emulator: Emulator) -> None:
    emulator.load("production")
    rds, cache = emulator.client("rds"), emulator.client("elasticache")
    cluster = rds.describe_db_clusters(DBClusterIdentifier="production")["DBClusters"][0]
    assert cluster["Status"] == "available"
    assert [each["DBInstanceIdentifier"] for each in cluster["DBClusterMembers"]] == [
        "production-writer",
        "production-reader",
    ]
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


def test_production_has_people_to_mask_and_indices_to_restore(emulator: Emulator) -> None:
    emulator.load("production")
    users = emulator.private.databases.execute("production", "select * from users")
    assert len(users) == 12
    assert all(user["email"].endswith("@customer.example") for user in users)
    indices = emulator.private.searches.indices("production-search")
    assert indices == {"products": 5, "reviews": 12, ".kibana_1": 1}


def test_production_runs(emulator: Emulator) -> None:
    emulator.load("production")
    services = emulator.client("ecs").describe_services(cluster="production", services=["web", "worker"])
    assert [(each["runningCount"], each["desiredCount"]) for each in services["services"]] == [(3, 3), (2, 2)]
    zone = emulator.client("route53").list_hosted_zones()["HostedZones"][0]
    records = emulator.client("route53").list_resource_record_sets(HostedZoneId=zone["Id"])
    assert "db.shop.example." in [each["Name"] for each in records["ResourceRecordSets"]]
    secrets = emulator.client("secretsmanager").list_secrets()["SecretList"]
    assert {"production/database", "production/payment"} < {each["Name"] for each in secrets}
    topics = emulator.client("sns").list_topics()["Topics"]
    assert [each["TopicArn"].rpartition(":")[2] for each in topics] == ["ops-notices"]
    assert emulator.provisioning.going == []
