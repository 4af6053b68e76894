"""RDS and ElastiCache: clusters, instances, groups and their snapshots."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, Final

from kit.emulator.provisioning.kind import Kind

_WITH_ITS_INSTANCES = {"stopping", "stopped", "starting"}


def _show_cluster(cluster: Any, status: str, _since: float) -> None:
    """Instances of an Aurora cluster stop and start with it."""
    before, cluster.status = cluster._status, status
    for instance in cluster.members:
        if status in _WITH_ITS_INSTANCES or (before in _WITH_ITS_INSTANCES and status == "available"):
            instance.status = status


def _leaving_instances(rds: Any, cluster: Any) -> tuple[MutableMapping[str, Any], list[str]]:
    """AWS deletes a cluster that `still contains DB instances` only if they are being deleted."""
    leaving = [each.db_instance_identifier for each in cluster.members if each.status == "deleting"]
    return rds.databases, leaving


def _show(resource: Any, status: str, _since: float) -> None:
    resource.status = status


def _show_cache_snapshot(snapshot: Any, status: str, _since: float) -> None:
    snapshot.snapshot_status = status


KINDS: Final = {
    "rds cluster": Kind(
        "rds", lambda rds: rds.clusters, _show_cluster, lambda each: each._status, _leaving_instances
    ),
    "rds instance": Kind("rds", lambda rds: rds.databases, _show, lambda each: each.status),
    "rds cluster snapshot": Kind("rds", lambda rds: rds.cluster_snapshots, _show, lambda each: each.status),
    "rds snapshot": Kind("rds", lambda rds: rds.database_snapshots, _show, lambda each: each.status),
    "elasticache group": Kind(
        "elasticache", lambda cache: cache.replication_groups, _show, lambda each: each.status
    ),
    "elasticache snapshot": Kind(
        "elasticache",
        lambda cache: cache.snapshots,
        _show_cache_snapshot,
        lambda each: each.snapshot_status or "available",
    ),
}
