"""What exists in the account, since when, and which run made it.

Of what stays and costs, or stands in the way of the next night: not rules, roles or settings. What there is
follows from moto's own objects; since when and by whom from the calls that made it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kit.emulator.backends import Backends
from kit.emulator.gateway import Caller, ServiceCall
from kit.emulator.messages import HttpResponse
from kit.emulator.provisioning.kinds import GLOBAL, KINDS

_MAKING: Final = (
    "Allocate",
    "Copy",
    "Create",
    "Import",
    "Put",
    "Request",
    "Restore",
    "Run",
    "Start",
    "Submit",
)


@dataclass(frozen=True, slots=True)
class Resource:
    """`kind` is like `rds cluster`; `since` the virtual time of the call that made it, `by` the ARN of the
    execution that called, or `client`; both None for what was there before. `status` as the service shows
    it, None where it shows none."""

    kind: str
    identifier: str
    region: str
    since: dt.datetime | None
    by: str | None
    status: str | None = None


@dataclass(frozen=True, slots=True)
class _Sort:
    service: str
    held: Callable[[Any], Mapping[str, Any]]
    status: Callable[[Any], str] | None = None
    lasts: Callable[[str], bool] = bool


def _own_images(ec2: Any) -> dict[str, Any]:
    return {name: each for name, each in ec2.amis.items() if each.owner_id == ec2.account_id}


def _own_snapshots(ec2: Any) -> dict[str, Any]:
    """moto also has those of all images that AWS offers."""
    images = _own_images(ec2)
    return {name: each for name, each in ec2.snapshots.items() if each.from_ami in (None, *images)}


def _instances(ec2: Any) -> dict[str, Any]:
    reservations = ec2.reservations.values()
    return {each.id: each for reservation in reservations for each in reservation.instances}


def _functions(awslambda: Any) -> dict[str, Any]:
    return {each.function_name: each for each in awslambda.list_functions()}


_SORTS: Final[dict[str, _Sort]] = {
    **{name: _Sort(kind.service, kind.held, kind.status, kind.lasts) for name, kind in KINDS.items()},
    "dynamodb table": _Sort("dynamodb", lambda dynamodb: dynamodb.tables),
    "ec2 image": _Sort("ec2", _own_images, lambda each: str(each.state)),
    "ec2 instance": _Sort(
        "ec2", _instances, lambda each: str(each.state), lambda status: status != "terminated"
    ),
    "ec2 snapshot": _Sort("ec2", _own_snapshots, lambda each: str(each.status)),
    "ec2 volume": _Sort("ec2", lambda ec2: ec2.volumes, lambda each: str(each.status)),
    "ecs cluster": _Sort("ecs", lambda ecs: ecs.clusters),
    "elasticache cluster": _Sort("elasticache", lambda cache: cache.cache_clusters),
    "lambda function": _Sort("lambda", _functions),
    "route53 zone": _Sort("route53", lambda route53: route53.zones),
    "s3 bucket": _Sort("s3", lambda s3: s3.buckets),
    "secretsmanager secret": _Sort("secretsmanager", lambda secrets: secrets.secrets),
    "sns topic": _Sort("sns", lambda sns: sns.topics),
    "sqs queue": _Sort("sqs", lambda sqs: sqs.queues),
}
_OF_SERVICE: Final = {
    service: [name for name, sort in _SORTS.items() if sort.service == service]
    for service in {sort.service for sort in _SORTS.values()}
}


class Census:
    """Watches the gateway's calls for what they make. `caller()` says whose call it is."""

    def __init__(
        self,
        backends: Backends,
        *,
        now: Callable[[], dt.datetime],
        caller: Callable[[], Caller],
        settle: Callable[[], None],
    ) -> None:
        self._backends, self._now, self._caller, self._settle = backends, now, caller, settle
        self._born: dict[tuple[str, str, str], tuple[dt.datetime, str]] = {}
        self._known: dict[tuple[str, str], set[str]] = {}

    def resources(self, kind: str | None = None) -> list[Resource]:
        """All that exists now, or what is of one kind (`rds cluster`, `s3 bucket`, ...; `rds` for all of
        RDS). Raises LookupError for a kind that isn't counted."""
        wanted = [name for name in _SORTS if kind is None or name.startswith(f"{kind} ")]
        wanted = [kind] if kind in _SORTS else wanted
        if not wanted:
            raise LookupError(f"nothing of kind {kind!r} is counted; these are: {', '.join(_SORTS)}")
        self._settle()
        with self._backends.inside():
            return sorted(
                (each for name in wanted for each in self._of(name)),
                key=lambda each: (each.kind, each.region, each.identifier),
            )

    def before(self, call: ServiceCall) -> None:
        """Notes what is there before a call that makes something."""
        if call.operation.startswith(_MAKING) and call.service in _OF_SERVICE:
            with self._backends.inside():
                for name in _OF_SERVICE[call.service]:
                    self._known[name, _region(call)] = self._there(name, _region(call))

    def after(self, call: ServiceCall, response: HttpResponse) -> HttpResponse:
        if call.operation.startswith(_MAKING) and call.service in _OF_SERVICE:
            with self._backends.inside():
                for name in _OF_SERVICE[call.service]:
                    region = _region(call)
                    for identifier in self._there(name, region) - self._known.get((name, region), set()):
                        self._born[name, region, identifier] = self._now(), self._caller().by
        return response

    def _there(self, name: str, region: str) -> set[str]:
        sort = _SORTS[name]
        return set(sort.held(self._backends.backend(sort.service, region)))

    def _of(self, name: str) -> Iterator[Resource]:
        sort = _SORTS[name]
        for region in self._backends.regions_in_use(sort.service):
            held = sort.held(self._backends.backend(sort.service, region))
            for identifier, resource in held.items():
                status = sort.status(resource) if sort.status else None
                if status is None or sort.lasts(status):
                    since, by = self._born.get((name, region, str(identifier)), (None, None))
                    yield Resource(name, str(identifier), region, since, by, status)


def _region(call: ServiceCall) -> str:
    return "aws" if call.service in GLOBAL or call.service == "s3" else call.region
