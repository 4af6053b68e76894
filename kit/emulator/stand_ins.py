"""Operations that moto doesn't have and ops jobs need, done on moto's own objects: one a function."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kit.emulator import virtual_time
from kit.emulator.backends import Backends
from kit.emulator.gateway import ServiceCall
from kit.emulator.provisioning.kind import moment
from kit.emulator.refusals import Refusal

StandIn = Callable[[Backends, ServiceCall], Mapping[str, Any]]


@dataclass(slots=True)
class Change:
    """A change of DNS records that spreads."""

    id: str
    submitted: float
    comment: str | None = None
    status: str = "INSYNC"


def copy_cache_snapshot(backends: Backends, call: ServiceCall) -> Mapping[str, Any]:
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CopySnapshot.html"""
    source, target = call.params["SourceSnapshotName"], call.params["TargetSnapshotName"]
    snapshots = backends.backend("elasticache", call.region).snapshots
    if source not in snapshots:
        raise Refusal("SnapshotNotFoundFault", f"Snapshot {source} not found.", 404)
    if target in snapshots:
        raise Refusal("SnapshotAlreadyExistsFault", f"Snapshot {target} already exists.")
    made = copy.copy(snapshots[source])
    made.snapshot_name, made.snapshot_source, made.snapshot_status = target, "manual", "copying"
    made.arn = made.arn.rpartition(":")[0] + f":{target}"
    made.tags = list(call.params.get("Tags", made.tags))
    snapshots[target] = made
    shown = {
        "SnapshotName": "snapshot_name",
        "SnapshotStatus": "snapshot_status",
        "SnapshotSource": "snapshot_source",
        "ReplicationGroupId": "replication_group_id",
        "ReplicationGroupDescription": "replication_group_description",
        "CacheNodeType": "cache_node_type",
        "Engine": "engine",
        "EngineVersion": "engine_version",
        "ARN": "arn",
    }
    told = {name: getattr(made, attribute) for name, attribute in shown.items()}
    return {"Snapshot": {name: value for name, value in told.items() if value is not None}}


def change_of_records(backends: Backends, call: ServiceCall) -> Mapping[str, Any]:
    """https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetChange.html"""
    identifier = str(call.params["Id"]).rpartition("/")[2]
    changes = vars(backends.backend("route53", "aws")).get("small_steps_changes", {})
    change = changes.get(identifier)
    if change is None:
        message = f"A change with the specified change ID does not exist: {identifier}"
        raise Refusal("NoSuchChange", message, 404)
    return {"ChangeInfo": _told(change)}


def _told(change: Change) -> dict[str, Any]:
    told = {"Id": f"/change/{change.id}", "Status": change.status, "SubmittedAt": moment(change.submitted)}
    return told | ({"Comment": change.comment} if change.comment else {})


def note_change(backends: Backends, comment: str | None) -> str:
    """Keeps a change of records that moto has made, and gives its id."""
    from moto.moto_api._internal import mock_random

    with backends.inside():
        identifier = "C" + mock_random.get_random_string(length=13, include_digits=True).upper()
        changes = vars(backends.backend("route53", "aws")).setdefault("small_steps_changes", {})
        changes[identifier] = Change(identifier, virtual_time.seconds(), comment)
    return identifier


def stop_job_runs(backends: Backends, call: ServiceCall) -> Mapping[str, Any]:
    """https://docs.aws.amazon.com/glue/latest/webapi/API_BatchStopJobRun.html"""
    name = call.params["JobName"]
    job = backends.backend("glue", call.region).jobs.get(name)
    runs = {run.job_run_id: run for run in job.job_runs} if job is not None else {}
    done: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    for identifier in call.params["JobRunIds"]:
        run = runs.get(identifier)
        if run is not None and run.status in ("STARTING", "RUNNING"):
            done.append({"JobName": name, "JobRunId": identifier})
        else:
            why = "The job run is not running" if run is not None else "The job run was not found"
            detail = {"ErrorCode": "InvalidInputException", "ErrorMessage": f"{why}: {identifier}"}
            errors.append({"JobName": name, "JobRunId": identifier, "ErrorDetail": detail})
    return {"SuccessfulSubmissions": done, "Errors": errors}


def upgrade_domain(backends: Backends, call: ServiceCall) -> Mapping[str, Any]:
    """https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_UpgradeDomain.html"""
    name, version = call.params["DomainName"], call.params["TargetVersion"]
    domain = backends.backend("opensearch", call.region).domains.get(name)
    if domain is None:
        raise Refusal("ResourceNotFoundException", f"Domain not found: {name}", 409)
    if not call.params.get("PerformCheckOnly"):
        domain.engine_version.options = version
    told = {"DomainName": name, "TargetVersion": version}
    return told | {"PerformCheckOnly": bool(call.params.get("PerformCheckOnly"))}


STAND_INS: Final[dict[tuple[str, str], StandIn]] = {
    ("elasticache", "CopySnapshot"): copy_cache_snapshot,
    ("glue", "BatchStopJobRun"): stop_job_runs,
    ("opensearch", "UpgradeDomain"): upgrade_domain,
    ("route53", "GetChange"): change_of_records,
}
