"""The invented team's production: what the daily staging copy copies.

An Aurora cluster with its writer, a cache with last night's snapshot, a search domain. The names are those
that the course uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kit.emulator.emulator import Emulator

CLUSTER: Final = "production"
WRITER: Final = "production-writer"
CACHE: Final = "production-cache"
CACHE_SNAPSHOT: Final = "production-cache-nightly"
DOMAIN: Final = "production-search"
TAGS: Final = [{"Key": "environment", "Value": "production"}, {"Key": "team", "Value": "shop"}]


def production(emulator: Emulator) -> None:
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
    rds.create_db_instance(
        DBInstanceIdentifier=WRITER,
        DBInstanceClass="db.r6g.large",
        Engine="aurora-mysql",
        DBClusterIdentifier=CLUSTER,
        Tags=TAGS,
    )
    cache = emulator.client("elasticache")
    cache.create_replication_group(
        ReplicationGroupId=CACHE,
        ReplicationGroupDescription="Sessions and baskets of the shop",
        Engine="valkey",
        CacheNodeType="cache.t4g.small",
        Tags=TAGS,
    )
    cache.create_snapshot(SnapshotName=CACHE_SNAPSHOT, ReplicationGroupId=CACHE)
    emulator.client("opensearch").create_domain(
        DomainName=DOMAIN,
        EngineVersion="OpenSearch_2.19",
        ClusterConfig={"InstanceType": "r6g.large.search", "InstanceCount": 2},
        EBSOptions={"EBSEnabled": True, "VolumeType": "gp3", "VolumeSize": 100},
        TagList=TAGS,
    )
