"""The account in which staging is made: production is there, and Slack listens."""

from __future__ import annotations

from typing import Any


def production(sandbox: Any) -> None:
    """An Aurora cluster, a cache with last night's snapshot, and the zone of staging's name."""
    rds = sandbox.aws("rds")
    rds.create_db_cluster(
        DBClusterIdentifier="production",
        Engine="aurora-mysql",
        MasterUsername="admin",
        ManageMasterUserPassword=True,
    )
    cache = sandbox.aws("elasticache")
    cache.create_replication_group(
        ReplicationGroupId="production-cache",
        ReplicationGroupDescription="Sessions and baskets",
        Engine="valkey",
        CacheNodeType="cache.t4g.small",
    )
    sandbox.clock.advance(minutes=30)
    cache.create_snapshot(SnapshotName="production-cache-nightly", ReplicationGroupId="production-cache")
    sandbox.clock.advance(minutes=30)
    sandbox.aws("route53").create_hosted_zone(Name="staging.example.com", CallerReference="once")


def values(sandbox: Any) -> dict[str, str]:
    """What the deployment fills in."""
    connection = sandbox.aws("events").create_connection(
        Name="slack",
        AuthorizationType="API_KEY",
        AuthParameters={
            "ApiKeyAuthParameters": {"ApiKeyName": "Authorization", "ApiKeyValue": "Bearer xoxb-only-in-here"}
        },
    )
    zones = sandbox.aws("route53").list_hosted_zones()["HostedZones"]
    return {
        "Account": "123456789012",
        "Region": "us-east-1",
        "SlackConnection": connection["ConnectionArn"],
        "SlackUrl": sandbox.slack.url,
        "Zone": zones[0]["Id"].rpartition("/")[2] if zones else "NONE",
    }
