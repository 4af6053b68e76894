"""How long what costs by the hour was there: read whenever a call, or the clock, has changed something.

Counted: RDS and Aurora instances, nodes of ElastiCache groups, nodes of OpenSearch domains, tasks on
Fargate (of services, and run by themselves), EC2 instances; each while it is in a status that AWS bills.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from kit.emulator.backends import Backends
from kit.emulator.gateway import ServiceCall
from kit.emulator.messages import HttpResponse
from kit.emulator.provisioning import Provisioning
from kit.emulator.provisioning.kinds import KINDS
from kit.engine import Kind, Scheduler
from kit.engine.scheduler import Timer

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
        self._since: dict[tuple[str, str, float], float] = {}
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

    def _standing(self) -> Iterator[tuple[str, str, float]]:
        with self._backends.inside():
            self._provisioning.bring_up_to_date()
            for region in sorted(self._regions):
                yield from self._databases(region)
                yield from self._caches(region)
                yield from self._domains(region)
                yield from self._tasks(region)
                yield from self._instances(region)

    def _databases(self, region: str) -> Iterator[tuple[str, str, float]]:
        for name, each in self._backends.backend("rds", region).databases.items():
            if each.status not in _FREE:
                engine = "aurora" if str(each.engine).startswith("aurora") else each.engine
                yield f"rds:{engine}:{each.db_instance_class}", name, 1.0

    def _caches(self, region: str) -> Iterator[tuple[str, str, float]]:
        for name, each in self._backends.backend("elasticache", region).replication_groups.items():
            if each.status not in _FREE:
                yield f"elasticache:{each.cache_node_type}", name, float(len(each.member_clusters) or 1)

    def _domains(self, region: str) -> Iterator[tuple[str, str, float]]:
        kind = KINDS["opensearch domain"]
        for name, each in kind.held(self._backends.backend("opensearch", region)).items():
            if kind.status(each) not in _FREE:
                settings = each.cluster_config
                node, count = (
                    settings.get("InstanceType", "m5.large.search"),
                    settings.get("InstanceCount", 1),
                )
                yield f"opensearch:{node}", name, float(count)

    def _tasks(self, region: str) -> Iterator[tuple[str, str, float]]:
        ecs = self._backends.backend("ecs", region)
        for service in ecs.services.values():
            if service.launch_type == "FARGATE":
                yield from _fargate(ecs, service.task_definition, service.name, service.running_count)
        kind = KINDS["ecs task"]
        for name, task in kind.held(ecs).items():
            if task.launch_type == "FARGATE" and kind.status(task) == "RUNNING":
                yield from _fargate(ecs, task.task_definition_arn, name, 1)

    def _instances(self, region: str) -> Iterator[tuple[str, str, float]]:
        for reservation in self._backends.backend("ec2", region).reservations.values():
            for each in reservation.instances:
                if str(each.state) == "running":
                    yield f"ec2:{each.instance_type}", each.id, 1.0


def _fargate(ecs: Any, definition: str, name: str, count: int) -> Iterator[tuple[str, str, float]]:
    found = ecs.describe_task_definition(definition) if definition and count else None
    if found is not None and found.cpu and found.memory:
        yield "fargate:vcpu", name, count * float(found.cpu) / 1024
        yield "fargate:gb", name, count * float(found.memory) / 1024
