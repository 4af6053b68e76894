"""Where moto differs from AWS in what ops jobs meet: one entry a difference, each with a test."""

from __future__ import annotations

import re
from typing import Any

from kit.emulator.backends import Backends
from kit.emulator.gateway import ServiceCall
from kit.emulator.messages import HttpResponse
from kit.emulator.refusals import Refusal
from kit.emulator.stand_ins import note_change

_SECRET_NAME = re.compile(r"[A-Za-z0-9/_+=.@!-]+")
_ENCRYPTED = {"PutObject", "GetObject", "HeadObject", "CopyObject", "CreateMultipartUpload"}


class Repairs:
    """Watches the gateway's calls: refuses what moto takes and AWS doesn't, completes its answers."""

    def __init__(self, backends: Backends) -> None:
        self._backends = backends

    def before(self, call: ServiceCall) -> None:
        """Raises Refusal."""
        check = _CHECKS.get((call.service, call.operation))
        if check is not None:
            check(self._backends, call)

    def after(self, call: ServiceCall, response: HttpResponse) -> HttpResponse:
        if call.service == "s3" and call.operation in _ENCRYPTED:
            return _as_s3_stores(response)
        if (call.service, call.operation) == ("route53", "ChangeResourceRecordSets"):
            return self._with_its_own_id(call, response)
        if (call.service, call.operation) == ("rds", "DeleteDBCluster"):
            self._forget_automated_snapshots(call)
        return response

    def _forget_automated_snapshots(self, call: ServiceCall) -> None:
        """They go with their cluster, unless one says otherwise."""
        if call.params.get("DeleteAutomatedBackups", True) in (False, "false"):
            return
        with self._backends.inside():
            snapshots: Any = self._backends.backend("rds", call.region).cluster_snapshots
            for name, snapshot in list(snapshots.items()):
                of = getattr(snapshot.cluster, "db_cluster_identifier", None)
                if snapshot.snapshot_type == "automated" and of == call.params["DBClusterIdentifier"]:
                    del snapshots[name]

    def _with_its_own_id(self, call: ServiceCall, response: HttpResponse) -> HttpResponse:
        """moto gives all changes of records one id, and knows none of them."""
        comment = call.params.get("ChangeBatch", {}).get("Comment")
        identifier = note_change(self._backends, comment).encode()
        body = re.sub(rb"(?<=<Id>/change/)\w+(?=</Id>)", identifier, response.body)
        return HttpResponse(response.status, response.headers, body)


def _as_s3_stores(response: HttpResponse) -> HttpResponse:
    """Recorded: since 2023 every object is encrypted; a checksum is told with its type."""
    headers = dict(response.headers)
    names = {name.lower() for name in headers}
    if "x-amz-server-side-encryption" not in names:
        headers["x-amz-server-side-encryption"] = "AES256"
    if "x-amz-checksum-type" not in names and any(name.startswith("x-amz-checksum-") for name in names):
        headers["x-amz-checksum-type"] = "FULL_OBJECT"
    return HttpResponse(response.status, headers, response.body)


def _secret_name(backends: Backends, call: ServiceCall) -> None:  # noqa: ARG001
    if not _SECRET_NAME.fullmatch(str(call.params.get("Name", ""))):
        raise Refusal(
            "ValidationException",
            "Invalid name. Must be a valid name containing alphanumeric characters, "
            "or any of the following: -/_+=.@!",
        )


def _final_snapshot(backends: Backends, call: ServiceCall) -> None:
    """A cluster is not deleted without a last snapshot unless one says so; nor an instance of its own."""
    params = call.params
    if params.get("SkipFinalSnapshot") or params.get("FinalDBSnapshotIdentifier"):
        return
    if call.operation == "DeleteDBInstance" and _is_of_a_cluster(backends, call):
        return
    raise Refusal(
        "InvalidParameterCombination",
        "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.",
    )


def _is_of_a_cluster(backends: Backends, call: ServiceCall) -> bool:
    with backends.inside():
        instances: Any = backends.backend("rds", call.region).databases
        instance = instances.get(call.params.get("DBInstanceIdentifier"))
        return instance is None or bool(getattr(instance, "db_cluster_identifier", None))


def _cluster_name_is_free(backends: Backends, call: ServiceCall) -> None:
    with backends.inside():
        if call.params.get("DBClusterIdentifier") in backends.backend("rds", call.region).clusters:
            raise Refusal("DBClusterAlreadyExistsFault", "DB Cluster already exists")


def _group_name_is_free(backends: Backends, call: ServiceCall) -> None:
    name = call.params.get("ReplicationGroupId")
    with backends.inside():
        if name in backends.backend("elasticache", call.region).replication_groups:
            raise Refusal("ReplicationGroupAlreadyExists", f"Replication group {name} already exists.")


def _group_snapshot_exists(backends: Backends, call: ServiceCall) -> None:
    """moto makes a group from a snapshot that isn't there."""
    name = call.params.get("SnapshotName")
    if not name:
        return
    with backends.inside():
        if name not in backends.backend("elasticache", call.region).snapshots:
            raise Refusal("SnapshotNotFoundFault", f"Snapshot {name} not found.", 404)


def _group_is_creatable(backends: Backends, call: ServiceCall) -> None:
    _group_name_is_free(backends, call)
    _group_snapshot_exists(backends, call)


def _domain_name_is_free(backends: Backends, call: ServiceCall) -> None:
    """moto puts a new domain in the place of the old one."""
    name = call.params.get("DomainName")
    with backends.inside():
        if name in backends.backend("opensearch", call.region).domains:
            message = f"Domain {call.region}:{backends.account}:{name} already exists."
            raise Refusal("ResourceAlreadyExistsException", message, 409)


def _task_can_be_placed(backends: Backends, call: ServiceCall) -> None:
    """moto breaks where a task has nowhere to run."""
    params = call.params
    wanted = params.get("launchType") or params.get("capacityProviderStrategy")
    cluster = str(params.get("cluster", "default")).rpartition("/")[2]
    with backends.inside():
        ecs = backends.backend("ecs", call.region)
        known = ecs.clusters.get(cluster)
        if known is None:
            raise Refusal("ClusterNotFoundException", "Cluster not found.")
        provided = known.default_capacity_provider_strategy
        if wanted in (None, "EC2") and not provided and not ecs.container_instances.get(cluster):
            message = "No Container Instances were found in your cluster."
            raise Refusal("InvalidParameterException", message)


def _can_be_stopped(backends: Backends, call: ServiceCall) -> None:
    """moto stops an instance of a cluster alone."""
    with backends.inside():
        found = backends.backend("rds", call.region).databases.get(call.params.get("DBInstanceIdentifier"))
        if found is not None and getattr(found, "db_cluster_identifier", None):
            message = f"{found.engine} DB instances are not eligible for stopping or starting."
            raise Refusal("InvalidParameterCombination", message)


def _records_are_there(backends: Backends, call: ServiceCall) -> None:
    """moto calls the deletion of a record that isn't there bad input."""
    zone_id = str(call.params.get("HostedZoneId")).rpartition("/")[2]
    with backends.inside():
        zone = backends.backend("route53", "aws").zones.get(zone_id)
        if zone is None:
            return  # moto says so.
        there = {(each.name.rstrip("."), each.type) for each in zone.rrsets}
    for change in call.params.get("ChangeBatch", {}).get("Changes", ()):
        record = change["ResourceRecordSet"]
        name, kind = record["Name"].rstrip("."), record["Type"]
        if change["Action"] == "DELETE" and (name, kind) not in there:
            message = (
                f"[Tried to delete resource record set [name='{name}.', type='{kind}'] but it was not found]"
            )
            raise Refusal("InvalidChangeBatch", message)
        there.add((name, kind))


def _message_says_something(backends: Backends, call: ServiceCall) -> None:  # noqa: ARG001
    if call.params.get("Message") == "":
        raise Refusal("InvalidParameter", "Invalid parameter: Empty message")


def _page_is_of_size(backends: Backends, call: ServiceCall) -> None:  # noqa: ARG001
    wanted = call.params.get("MaxRecords")
    if wanted is not None and not 20 <= int(wanted) <= 100:
        message = f"Invalid value {wanted} for MaxRecords. Must be between 20 and 100"
        raise Refusal("InvalidParameterValue", message)


_CHECKS = {
    ("ecs", "RunTask"): _task_can_be_placed,
    ("opensearch", "CreateDomain"): _domain_name_is_free,
    ("elasticache", "CreateReplicationGroup"): _group_is_creatable,
    ("rds", "CreateDBCluster"): _cluster_name_is_free,
    ("rds", "DeleteDBCluster"): _final_snapshot,
    ("rds", "DeleteDBInstance"): _final_snapshot,
    ("rds", "DescribeDBClusterSnapshots"): _page_is_of_size,
    ("rds", "DescribeDBClusters"): _page_is_of_size,
    ("rds", "DescribeDBInstances"): _page_is_of_size,
    ("rds", "DescribeDBSnapshots"): _page_is_of_size,
    ("rds", "RestoreDBClusterFromSnapshot"): _cluster_name_is_free,
    ("rds", "RestoreDBClusterToPointInTime"): _cluster_name_is_free,
    ("rds", "StartDBInstance"): _can_be_stopped,
    ("rds", "StopDBInstance"): _can_be_stopped,
    ("route53", "ChangeResourceRecordSets"): _records_are_there,
    ("sns", "Publish"): _message_says_something,
    ("secretsmanager", "CreateSecret"): _secret_name,
}
