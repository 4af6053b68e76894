"""Where moto keeps the resources that take their time, and how each shows its status."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Final

import orjson


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of resource. `held(backend)` is moto's own dictionary of them; `show(resource, status)` gives
    one a status; `status(resource)` tells it. `disregarded(backend, resource)` are, with the dictionary
    that holds them, other resources that moto counts and AWS doesn't when this one is deleted.
    `tell(resource, body)` writes a call's response anew where its status is more than one text."""

    service: str
    held: Callable[[Any], MutableMapping[str, Any]]
    show: Callable[[Any, str], None]
    status: Callable[[Any], str]
    disregarded: Callable[[Any, Any], tuple[MutableMapping[str, Any], list[str]]] = lambda *_: ({}, [])
    tell: Callable[[Any, bytes], bytes] = lambda _, body: body


_WITH_ITS_INSTANCES = {"stopping", "stopped", "starting"}


def _show_cluster(cluster: Any, status: str) -> None:
    """Instances of an Aurora cluster stop and start with it."""
    before, cluster.status = cluster._status, status
    for instance in cluster.members:
        if status in _WITH_ITS_INSTANCES or (before in _WITH_ITS_INSTANCES and status == "available"):
            instance.status = status


def _leaving_instances(rds: Any, cluster: Any) -> tuple[MutableMapping[str, Any], list[str]]:
    """AWS deletes a cluster that `still contains DB instances` only if they are being deleted."""
    leaving = [each.db_instance_identifier for each in cluster.members if each.status == "deleting"]
    return rds.databases, leaving


def _show_instance(instance: Any, status: str) -> None:
    instance.status = status


def _show_group(group: Any, status: str) -> None:
    group.status = status


def _show_domain(domain: Any, status: str) -> None:
    """A domain tells how it stands by flags. While it is being created it has no endpoint."""
    domain.processing = status != "Active"
    domain.deleted = status == "Deleting"
    domain.small_steps_status = status
    domain.to_dict = lambda: _described(domain)


def _described(domain: Any) -> dict[str, Any]:
    told: dict[str, Any] = type(domain).to_dict(domain)
    status = domain.small_steps_status
    told["DomainProcessingStatus"] = status
    if status == "Creating":
        told["Created"] = False
        told.pop("Endpoint", None)
        told.pop("Endpoints", None)
    return told


def _tell_domain(domain: Any, body: bytes) -> bytes:
    told = orjson.loads(body)
    if "DomainStatus" in told:
        told["DomainStatus"] = _described(domain)
    return orjson.dumps(told)


KINDS: Final = {
    "rds cluster": Kind(
        "rds", lambda rds: rds.clusters, _show_cluster, lambda each: each._status, _leaving_instances
    ),
    "rds instance": Kind("rds", lambda rds: rds.databases, _show_instance, lambda each: each.status),
    "elasticache group": Kind(
        "elasticache", lambda cache: cache.replication_groups, _show_group, lambda each: each.status
    ),
    "opensearch domain": Kind(
        "opensearch",
        lambda search: search.domains,
        _show_domain,
        lambda each: getattr(each, "small_steps_status", "Active"),
        tell=_tell_domain,
    ),
}
