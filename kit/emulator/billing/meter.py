"""How long what costs by the hour was there: read whenever a call, or the clock, has changed something.

Counted: RDS and Aurora instances, nodes of ElastiCache groups, nodes of OpenSearch domains, tasks on
Fargate (of services, and run by themselves), EC2 instances; each while it is in a status that AWS bills.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from kit.emulator.backends import Backends
from kit.emulator.gateway import ServiceCall
from kit.emulator.messages import HttpResponse
from kit.emulator.provisioning import Provisioning
from kit.emulator.provisioning.kinds import KINDS
from kit.engine import Kind, Scheduler
from kit.engine.scheduler import Timer

Standing: TypeAlias = tuple[str, str, float]
"""What is there: the price's key, the resource, the amount."""

_METERED: Final = frozenset({"rds", "elasticache", "opensearch", "es", "ecs", "ec2", "cloudformation"})
_READING: Final = ("Describe", "List", "Get")
_FREE: Final = frozenset(
    {
        "creating",
        "deleting",
        "stopped",
        "stopping",
        "starting",
        "create-failed",
        "failed",
        "Creating",
        "Deleting",
    }
)
"""https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html says which of a
database's statuses are billed; for the others it is taken to be the same."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """`amount` of what the price's `key` is for (nodes, vCPU) were there from `begin` to `end`, in seconds
    since 1970."""

    key: str
    resource: str
    amount: float
    begin: float
    end: float

    def hours(self, since: float, until: float) -> float:
        return self.amount * max(0.0, min(self.end, until) - max(self.begin, since)) / 3600


class Meter:
    """Watches the gateway's calls; reads again when a status changes."""

    def __init__(
        self, backends: Backends, provisioning: Provisioning, scheduler: Scheduler, region: str
    ) -> None:
        self._backends, self._provisioning, self._scheduler = backends, provisioning, scheduler
        self._regions = {region}
        self._since: dict[Standing, float] = {}
        self._stretches: list[Stretch] = []
        self._timer: Timer | None = None
        provisioning.listeners.append(lambda _notice: self.read())

    def before(self, call: ServiceCall) -> None:
        """Nothing is refused."""

    def after(self, call: ServiceCall, response: HttpResponse) -> HttpResponse:
        if call.service in _METERED and not call.operation.startswith(_READING):
            self._regions.add(call.region)
            self.read()
        return response

    def read(self) -> None:
        """Sees what is there now, and when to look again."""
        now = self._scheduler.now
        standing = set(self._standing())
        for gone in self._since.keys() - standing:
            begin = self._since.pop(gone)
            if now > begin:
                self._stretches.append(Stretch(*gone, begin, now))
        for new in standing - self._since.keys():
            self._since[new] = now
        if self._timer is not None:
            self._timer.cancel()
        changes = [each.next_change(now) for each in self._provisioning.going]
        due = min((each for each in changes if each > now), default=None)
        self._timer = None if due is None else self._scheduler.at(due, self.read, Kind.BACKGROUND)

    def stretches(self) -> list[Stretch]:
        """All that was there, and what is, up to now."""
        self.read()
        now = self._scheduler.now
        return [*self._stretches, *(Stretch(*key, begin, now) for key, begin in self._since.items())]

    def _standing(self) -> Iterator[Standing]:
        with self._backends.inside():
            self._provisioning.bring_up_to_date()
            for service, look in _LOOKS.items():
                # A service that nobody used has nothing to count, and some take long to be made.
                for region in sorted(self._regions.intersection(self._backends.regions_in_use(service))):
                    yield from look(self._backends.backend(service, region))


def _databases(rds: Any) -> Iterator[Standing]:
    for name, each in rds.databases.items():
        if each.status not in _FREE:
            engine = "aurora" if str(each.engine).startswith("aurora") else each.engine
            yield f"rds:{engine}:{each.db_instance_class}", name, 1.0


def _caches(elasticache: Any) -> Iterator[Standing]:
    for name, each in elasticache.replication_groups.items():
        if each.status not in _FREE:
            yield f"elasticache:{each.cache_node_type}", name, float(len(each.member_clusters) or 1)


def _domains(opensearch: Any) -> Iterator[Standing]:
    kind = KINDS["opensearch domain"]
    for name, each in kind.held(opensearch).items():
        if kind.status(each) not in _FREE:
            settings = each.cluster_config
            node, count = settings.get("InstanceType", "m5.large.search"), settings.get("InstanceCount", 1)
            yield f"opensearch:{node}", name, float(count)


def _tasks(ecs: Any) -> Iterator[Standing]:
    for service in ecs.services.values():
        if service.launch_type == "FARGATE":
            yield from _fargate(ecs, service.task_definition, service.name, service.running_count)
    kind = KINDS["ecs task"]
    for name, task in kind.held(ecs).items():
        if task.launch_type == "FARGATE" and kind.status(task) == "RUNNING":
            yield from _fargate(ecs, task.task_definition_arn, name, 1)


def _instances(ec2: Any) -> Iterator[Standing]:
    for reservation in ec2.reservations.values():
        for each in reservation.instances:
            if str(each.state) == "running":
                yield f"ec2:{each.instance_type}", each.id, 1.0


def _fargate(ecs: Any, definition: str, name: str, count: int) -> Iterator[Standing]:
    found = ecs.describe_task_definition(definition) if definition and count else None
    if found is not None and found.cpu and found.memory:
        yield "fargate:vcpu", name, count * float(found.cpu) / 1024
        yield "fargate:gb", name, count * float(found.memory) / 1024


_LOOKS: Final[Mapping[str, Callable[[Any], Iterator[Standing]]]] = {
    "rds": _databases,
    "elasticache": _caches,
    "opensearch": _domains,
    "ecs": _tasks,
    "ec2": _instances,
}
