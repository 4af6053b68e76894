"""The daily copy of production for staging: made in the morning, taken away in the evening.

    python staging.py        writes morning.asl.json and evening.asl.json beside this file

Each morning: a clone of the Aurora cluster with a writer and a password of its own, a cache out of last
night's snapshot and a search domain, at the same time; then the name that leads to it, and a word in Slack.
Whatever fails, people hear of it. Names are `staging`, tags tell the day: a leftover of yesterday is no
success. `${...}` is filled in where it is deployed.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from kit import Machine
from kit.steps import (
    AwsSdk,
    Chain,
    Parallel,
    cleanup_on_failure,
    ensure_absent,
    ensure_present,
    jsonata,
    notify_slack,
    wait_until,
)

DAY = jsonata("$states.input.day")
TAGS = [{"Key": "day", "Value": DAY}]
INPUT = jsonata("$states.input")
TODAY = "[Key = 'day'].Value = $states.input.day"
CLUSTER = {"DbClusterIdentifier": "staging"}
WRITER = {"DbInstanceIdentifier": "staging-writer"}
CACHE = {"ReplicationGroupId": "staging-cache"}
DOMAIN = {"DomainName": "staging-search"}
CLUSTER_STATUS = "$states.result.DbClusters[0].Status"
WRITER_STATUS = "$states.result.DbInstances[0].DbInstanceStatus"
CACHE_STATUS = "$states.result.ReplicationGroups[0].Status"
ENDPOINT = "staging.cluster-copy.${Region}.rds.amazonaws.com"


def slack(what: str, text: str) -> Chain:
    return notify_slack(
        what,
        connection_arn="${SlackConnection}",
        channel="#staging",
        text=text,
        endpoint="${SlackUrl}/chat.postMessage",
    )


def database() -> Chain:
    clone = ensure_present(
        "the clone is there",
        create=(
            "rds:restoreDBClusterToPointInTime",
            {
                **CLUSTER,
                "SourceDBClusterIdentifier": "production",
                "RestoreType": "copy-on-write",
                "UseLatestRestorableTime": True,
                "DeletionProtection": False,
                "Tags": TAGS,
            },
        ),
        look_with=("rds:describeDBClusters", CLUSTER),
        exists="Rds.DbClusterAlreadyExistsException",
        ours=f"$states.result.DbClusters[0].TagList{TODAY}",
        ready=f"{CLUSTER_STATUS} = 'available'",
        failed=f"{CLUSTER_STATUS} in ['cloning-failed', 'failed', 'deleting']",
        every=timedelta(minutes=1),
    )
    writer = ensure_present(
        "the writer is there",
        create=(
            "rds:createDBInstance",
            {
                **WRITER,
                **CLUSTER,
                "DbInstanceClass": "db.r6g.large",
                "Engine": "aurora-mysql",
                "Tags": TAGS,
            },
        ),
        look_with=("rds:describeDBInstances", WRITER),
        exists="Rds.DbInstanceAlreadyExistsException",
        ours=f"$states.result.DbInstances[0].TagList{TODAY}",
        ready=f"{WRITER_STATUS} = 'available'",
        failed=f"{WRITER_STATUS} in ['failed', 'incompatible-restore', 'storage-full', 'deleting']",
        every=timedelta(minutes=1),
    )
    password = AwsSdk(
        "Give it a password of its own",
        "rds:modifyDBCluster",
        **CLUSTER,
        ManageMasterUserPassword=True,
        ApplyImmediately=True,
        output=INPUT,
        comment="Production's password has no business in staging; RDS keeps the new one as a secret",
    )
    settled = wait_until(
        "the password is in force",
        "rds:describeDBClusters",
        CLUSTER,
        ready=f"{CLUSTER_STATUS} = 'available'",
    )
    return Chain([clone, writer, password, settled])


def cache() -> Chain:
    return ensure_present(
        "the cache is there",
        create=(
            "elasticache:createReplicationGroup",
            {
                **CACHE,
                "ReplicationGroupDescription": "Staging's copy of the cache",
                "SnapshotName": "production-cache-nightly",
                "Engine": "valkey",
                "CacheNodeType": "cache.t4g.small",
                "Tags": TAGS,
            },
        ),
        look_with=("elasticache:describeReplicationGroups", CACHE),
        tags_with=(
            "elasticache:listTagsForResource",
            {"ResourceName": "arn:aws:elasticache:${Region}:${Account}:replicationgroup:staging-cache"},
        ),
        exists="ElastiCache.ReplicationGroupAlreadyExistsException",
        ours=f"$states.result.TagList{TODAY}",
        ready=f"{CACHE_STATUS} = 'available'",
        failed=f"{CACHE_STATUS} in ['create-failed', 'deleting']",
    )


def search() -> Chain:
    return ensure_present(
        "the search domain is there",
        create=(
            "opensearch:createDomain",
            {
                **DOMAIN,
                "EngineVersion": "OpenSearch_2.19",
                "ClusterConfig": {"InstanceType": "t3.medium.search", "InstanceCount": 1},
                "EbsOptions": {"EbsEnabled": True, "VolumeType": "gp3", "VolumeSize": 20},
                "TagList": TAGS,
            },
        ),
        look_with=("opensearch:describeDomain", DOMAIN),
        tags_with=(
            "opensearch:listTags",
            {"Arn": "arn:aws:es:${Region}:${Account}:domain/staging-search"},
        ),
        exists="OpenSearch.ResourceAlreadyExistsException",
        ours=f"$states.result.TagList{TODAY}",
        ready="$states.result.DomainStatus.(Created and $not(Processing) and $exists(Endpoint))",
        failed="$states.result.DomainStatus.Deleted",
        every=timedelta(minutes=1),
    )


def record() -> Chain:
    change = AwsSdk(
        "Lead the name to the copy",
        "route53:changeResourceRecordSets",
        HostedZoneId="${Zone}",
        ChangeBatch={
            "Changes": [
                {
                    "Action": "UPSERT",
                    "ResourceRecordSet": {
                        "Name": "db.staging.example.com",
                        "Type": "CNAME",
                        "Ttl": 60,
                        "ResourceRecords": [{"Value": ENDPOINT}],
                    },
                }
            ]
        },
        assign={"change": jsonata("$states.result.ChangeInfo.Id")},
        output=INPUT,
        comment="UPSERT may be repeated without harm",
    )
    known = wait_until(
        "the name is known everywhere",
        "route53:getChange",
        {"Id": jsonata("$change")},
        ready="$states.result.ChangeInfo.Status = 'INSYNC'",
    )
    return Chain([change, known])


def morning() -> Machine:
    copies = Parallel(
        "Copy all three",
        branches=[database(), cache(), search()],
        output=INPUT,
        comment="The slowest decides: about half an hour",
    )
    work = Chain([copies, record()])
    told = slack("tell that it failed", jsonata("'Staging is not up: ' & $make_staging_failure.Error"))
    guarded = cleanup_on_failure("make staging", work, cleanup=told)
    ready = slack("say good morning", jsonata("'Staging is up: ' & $states.input.day"))
    return Machine(
        "staging-morning",
        Chain([guarded, ready]),
        comment="A copy of production for the day",
        timeout=timedelta(hours=3),
    )


def evening() -> Machine:
    writer = ensure_absent(
        "the writer is gone",
        delete=("rds:deleteDBInstance", {**WRITER, "SkipFinalSnapshot": True}),
        look_with=("rds:describeDBInstances", WRITER),
        gone="Rds.DbInstanceNotFoundException",
        busy="Rds.InvalidDbInstanceStateException",
    )
    cluster = ensure_absent(
        "the clone is gone",
        delete=("rds:deleteDBCluster", {**CLUSTER, "SkipFinalSnapshot": True}),
        look_with=("rds:describeDBClusters", CLUSTER),
        gone="Rds.DbClusterNotFoundException",
        busy="Rds.InvalidDbClusterStateException",
    )
    group = ensure_absent(
        "the cache is gone",
        delete=("elasticache:deleteReplicationGroup", CACHE),
        look_with=("elasticache:describeReplicationGroups", CACHE),
        gone="ElastiCache.ReplicationGroupNotFoundException",
        busy="ElastiCache.InvalidReplicationGroupStateException",
    )
    domain = ensure_absent(
        "the search domain is gone",
        delete=("opensearch:deleteDomain", DOMAIN),
        look_with=("opensearch:describeDomain", DOMAIN),
        gone="OpenSearch.ResourceNotFoundException",
        every=timedelta(minutes=1),
    )
    away = Parallel(
        "Take all three away",
        branches=[Chain([writer, cluster]), group, domain],
        output=INPUT,
        comment="What is gone already is as good as deleted",
    )
    return Machine(
        "staging-evening",
        Chain([away, slack("say good night", "Staging is gone until tomorrow.")]),
        comment="Takes the day's copy away",
        timeout=timedelta(hours=3),
    )


if __name__ == "__main__":
    for made in (morning(), evening()):
        file = Path(__file__).with_name(f"{made.name.removeprefix('staging-')}.asl.json")
        file.write_text(made.to_json() + "\n", encoding="utf-8")
