"""Things take their time, and what AWS refuses meanwhile is refused."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from kit.emulator import Emulator
from kit.emulator.provisioning.rows import ROWS, Row

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


COPY = {"DBClusterIdentifier": "copy"}
DEV, DEV_1 = {"DBClusterIdentifier": "dev"}, {"DBInstanceIdentifier": "dev-1"}
CALLS: dict[str, tuple[Setup, str, dict[str, Any]]] = {
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


LOOKS: dict[str, Callable[[Any, str], Any]] = {
    "rds cluster": lambda client, name: client.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][
        0
    ]["Status"],
    "rds instance": lambda client, name: client.describe_db_instances(DBInstanceIdentifier=name)[
        "DBInstances"
    ][0]["DBInstanceStatus"],
    "elasticache group": lambda client, name: client.describe_replication_groups(ReplicationGroupId=name)[
        "ReplicationGroups"
    ][0]["Status"],
    "opensearch domain": domain_status,
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.call)
def test_every_row_shows_its_statuses_and_ends_in_its_range(emulator: Emulator, row: Row) -> None:
    setup, method, params = CALLS[row.call]
    setup(emulator)
    begin = emulator.clock.now()
    getattr(emulator.client(row.call.partition(":")[0]), method)(**params)
    name = params[row.identifier]
    assert status(emulator, row, name) == row.steps[0].status, "the first look is not ready"
    seen = [row.steps[0].status]
    while (now := status(emulator, row, name)) != row.final:
        if now != seen[-1]:
            seen.append(str(now))
        emulator.clock.advance(seconds=15)
        assert emulator.clock.now() - begin < dt.timedelta(hours=2)
    elapsed = (emulator.clock.now() - begin).total_seconds()
    assert row.least <= elapsed <= row.most + 15
    assert seen == [step.status for step in row.steps]


def test_the_spread_follows_from_the_seed() -> None:
    def duration(seed: int) -> float:
        with Emulator(clock="instant", seed=seed) as emulator:
            emulator.client("opensearch").create_domain(DomainName="search")
            return emulator.provisioning.going[0].end

    assert duration(1) == duration(1)
    assert duration(1) != duration(2)


def test_a_row_of_ones_own_replaces_ours(emulator: Emulator) -> None:
    from kit.emulator.provisioning import Step

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
