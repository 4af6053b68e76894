"""What exists, since when, by which run."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from kit.emulator import Emulator

NIGHT = dt.datetime(2026, 4, 6, 3, tzinfo=dt.UTC)
ENGINE = {"Engine": "aurora-mysql", "MasterUsername": "root", "MasterUserPassword": "not-secret"}


def test_a_resource_tells_when_and_by_whom_it_was_made(emulator: Emulator, run: Callable[..., Any]) -> None:
    emulator.client("sqs").create_queue(QueueName="jobs")
    emulator.clock.run_until(NIGHT)
    resource = "arn:aws:states:::aws-sdk:rds:createDBCluster"
    asked = {name.replace("DB", "Db"): value for name, value in ENGINE.items()}
    run(emulator, {"Resource": resource, "Parameters": {"DbClusterIdentifier": "dev", **asked}})
    queue, cluster = emulator.census.resources("sqs")[0], emulator.census.resources("rds cluster")[0]
    assert (queue.identifier, queue.by) == ("jobs", "client")
    assert (cluster.identifier, cluster.since, cluster.status) == ("dev", NIGHT, "creating")
    assert cluster.by is not None
    assert ":execution:" in cluster.by


def test_what_is_deleted_is_counted_until_it_is_gone(emulator: Emulator) -> None:
    rds = emulator.client("rds")
    rds.create_db_cluster(DBClusterIdentifier="dev", **ENGINE)
    emulator.clock.advance(hours=1)
    rds.delete_db_cluster(DBClusterIdentifier="dev", SkipFinalSnapshot=True)
    assert [each.status for each in emulator.census.resources("rds cluster")] == ["deleting"]
    emulator.clock.advance(hours=1)
    assert emulator.census.resources("rds cluster") == []


def test_work_that_has_ended_is_not_counted(emulator: Emulator) -> None:
    ecs = emulator.client("ecs")
    ecs.create_cluster(clusterName="shop")
    ecs.register_task_definition(
        family="mask", containerDefinitions=[{"name": "mask", "image": "shop/mask", "cpu": 1, "memory": 1}]
    )
    ecs.run_task(cluster="shop", taskDefinition="mask", launchType="FARGATE")
    assert [each.kind for each in emulator.census.resources("ecs")] == ["ecs cluster", "ecs task"]
    emulator.clock.advance(hours=1)
    assert [each.kind for each in emulator.census.resources("ecs")] == ["ecs cluster"]


def test_the_images_that_aws_offers_are_not_the_accounts(emulator: Emulator) -> None:
    ec2 = emulator.client("ec2")
    volume = ec2.create_volume(Size=1, AvailabilityZone="us-east-1a")["VolumeId"]
    ec2.create_snapshot(VolumeId=volume)
    assert [each.kind for each in emulator.census.resources()] == ["ec2 snapshot", "ec2 volume"]


def test_two_emulators_count_their_own(emulator: Emulator) -> None:
    emulator.client("sns").create_topic(Name="ours")
    with Emulator(clock="instant") as other:
        assert other.census.resources() == []
    assert len(emulator.census.resources()) == 1


def test_a_kind_that_is_not_counted_is_refused_with_those_that_are(emulator: Emulator) -> None:
    with pytest.raises(LookupError, match="rds cluster, rds instance"):
        emulator.census.resources("moon")
