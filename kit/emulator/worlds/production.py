"""The invented team's production: what the daily staging copy copies.

A shop: an Aurora cluster with two instances and its rows (with personal data, for masking), a cache with last
night's snapshot, a search domain with its indices, services that run, names, secrets and a topic for notices.
The names are those that the course uses; the people and addresses are nobody's.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from kit.emulator.worlds import people

if TYPE_CHECKING:
    from kit.emulator.emulator import Emulator

CLUSTER: Final = "production"
WRITER: Final = "production-writer"
READER: Final = "production-reader"
CACHE: Final = "production-cache"
CACHE_SNAPSHOT: Final = "production-cache-nightly"
DOMAIN: Final = "production-search"
ECS_CLUSTER: Final = "production"
SERVICES: Final = {"web": 3, "worker": 2}
ZONE: Final = "shop.example."
SECRETS: Final = {"production/database": "not-secret", "production/payment": "not-secret-either"}
TOPIC: Final = "ops-notices"
TAGS: Final = [{"Key": "environment", "Value": "production"}, {"Key": "team", "Value": "shop"}]
LOWER_TAGS: Final = [{key.lower(): value for key, value in tag.items()} for tag in TAGS]


def production(emulator: Emulator) -> None:
    _database(emulator)
    _cache(emulator)
    _search(emulator)
    _services(emulator)
    _around(emulator)


def _database(emulator: Emulator) -> None:
    rds = emulator.client("rds")
    rds.create_db_cluster(
        DBClusterIdentifier=CLUSTER,
        Engine="aurora-mysql",
        MasterUsername="admin",
        ManageMasterUserPassword=True,
        BackupRetentionPeriod=7,
        DeletionProtection=True,
        Tags=TAGS,
    )
    for name in (WRITER, READER):
        rds.create_db_instance(
            DBInstanceIdentifier=name,
            DBInstanceClass="db.r6g.large",
            Engine="aurora-mysql",
            DBClusterIdentifier=CLUSTER,
            Tags=TAGS,
        )
    rows = emulator.private.databases
    rows.execute(CLUSTER, "create table users (id integer primary key, name text, email text, phone text)")
    rows.execute(CLUSTER, "create table orders (id integer primary key, user_id integer, cents integer)")
    for number, name in enumerate(people.NAMES, 1):
        user = [number, name, people.email(name), people.phone(number)]
        rows.execute(CLUSTER, "insert into users values (?, ?, ?, ?)", user)
        rows.execute(CLUSTER, "insert into orders values (?, ?, ?)", [number, number, 1000 + 37 * number])


def _cache(emulator: Emulator) -> None:
    cache = emulator.client("elasticache")
    cache.create_replication_group(
        ReplicationGroupId=CACHE,
        ReplicationGroupDescription="Sessions and baskets of the shop",
        Engine="valkey",
        CacheNodeType="cache.t4g.small",
        Tags=TAGS,
    )
    cache.create_snapshot(SnapshotName=CACHE_SNAPSHOT, ReplicationGroupId=CACHE)


def _search(emulator: Emulator) -> None:
    emulator.client("opensearch").create_domain(
        DomainName=DOMAIN,
        EngineVersion="OpenSearch_2.19",
        ClusterConfig={"InstanceType": "r6g.large.search", "InstanceCount": 2},
        EBSOptions={"EBSEnabled": True, "VolumeType": "gp3", "VolumeSize": 100},
        TagList=TAGS,
    )
    searches = emulator.private.searches
    searches.put(DOMAIN, "products", {str(n): {"name": name} for n, name in enumerate(people.PRODUCTS, 1)})
    reviews = {str(n): {"by": people.email(name), "stars": 5} for n, name in enumerate(people.NAMES, 1)}
    searches.put(DOMAIN, "reviews", reviews)
    searches.put(DOMAIN, ".kibana_1", {"config": {}})
    searches.take_automated_snapshot(DOMAIN, "last-night")


def _services(emulator: Emulator) -> None:
    ecs = emulator.client("ecs")
    ecs.create_cluster(clusterName=ECS_CLUSTER, tags=LOWER_TAGS)
    for name, count in SERVICES.items():
        container: dict[str, Any] = {"name": name, "image": f"shop/{name}:42", "cpu": 256, "memory": 512}
        ecs.register_task_definition(family=name, containerDefinitions=[container])
        ecs.create_service(
            cluster=ECS_CLUSTER,
            serviceName=name,
            taskDefinition=name,
            desiredCount=count,
            launchType="FARGATE",
            tags=LOWER_TAGS,
        )


def _around(emulator: Emulator) -> None:
    """Names, secrets, and where notices go."""
    route53 = emulator.client("route53")
    zone = route53.create_hosted_zone(Name=ZONE, CallerReference="production")["HostedZone"]["Id"]
    endpoint = emulator.client("rds").describe_db_clusters(DBClusterIdentifier=CLUSTER)["DBClusters"][0]
    records = {f"db.{ZONE}": endpoint["Endpoint"], f"cache.{ZONE}": "production-cache.cache.amazonaws.com"}
    changes = [
        {
            "Action": "UPSERT",
            "ResourceRecordSet": {
                "Name": name,
                "Type": "CNAME",
                "TTL": 60,
                "ResourceRecords": [{"Value": value}],
            },
        }
        for name, value in records.items()
    ]
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    secrets = emulator.client("secretsmanager")
    for name, password in SECRETS.items():
        text = json.dumps({"username": "shop", "password": password})
        secrets.create_secret(Name=name, SecretString=text, Tags=TAGS)
    emulator.client("sns").create_topic(Name=TOPIC, Tags=TAGS)
