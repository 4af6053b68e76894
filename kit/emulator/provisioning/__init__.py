"""Things take their time: what a call begins shows its statuses on the way, on the virtual clock.

moto provides everything at once. Here its resources get the status of the moment before any call of their
service sees them, and calls that AWS would refuse in that status are refused.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kit.emulator.backends import Backends
from kit.emulator.gateway import ServiceCall
from kit.emulator.messages import HttpResponse
from kit.emulator.provisioning.kinds import KINDS
from kit.emulator.provisioning.rows import ROWS, RULES, Row, Rule, Step
from kit.emulator.refusals import Refusal

__all__ = ["Provisioning", "Row", "Rule", "Step", "Transition"]


@dataclass(frozen=True, slots=True)
class Transition:
    """One resource on its way: the statuses with the time (seconds since 1970) at which each ends."""

    kind: str
    region: str
    identifier: str
    statuses: tuple[tuple[str, float], ...]
    final: str | None
    resource: Any

    @property
    def end(self) -> float:
        return self.statuses[-1][1]

    def status_at(self, moment: float) -> str | None:
        """None when it has ended and the resource is gone."""
        return next((status for status, until in self.statuses if moment < until), self.final)

    def next_change(self, moment: float) -> float:
        return next((until for _, until in self.statuses if moment < until), self.end)


class Provisioning:
    """The resources in transition. Watches the gateway's calls."""

    def __init__(self, backends: Backends, *, now: Callable[[], float], seed: int) -> None:
        self._backends, self._now, self._seed = backends, now, seed
        self._rows = {row.call: row for row in ROWS}
        self._rules: dict[str, list[Rule]] = {}
        for rule in RULES:
            self._rules.setdefault(rule.call, []).append(rule)
        self._services = {kind.service for kind in KINDS.values()}
        self._going: dict[tuple[str, str, str], Transition] = {}
        self._begun: dict[str, int] = {}
        self._waits = True
        self._doomed: Any = None
        self._aside: list[tuple[Any, str, Any]] = []

    def replace(self, rows: Iterable[Row]) -> None:
        """Puts rows of the user's own in the place of those for the same calls."""
        self._rows.update({row.call: row for row in rows})

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What is begun while it is open is done at once, as far as it ends in a status."""
        self._waits = False
        try:
            yield
        finally:
            self._waits = True

    @property
    def going(self) -> list[Transition]:
        """What is on its way now, the next to arrive first."""
        now = self._now()
        return sorted((each for each in self._going.values() if each.end > now), key=lambda each: each.end)

    def next_change(self, service: str, region: str) -> float | None:
        """When something of this service changes its status next, in seconds since 1970."""
        now = self._now()
        changes = [
            each.next_change(now)
            for each in self.going
            if KINDS[each.kind].service == service and each.region == region
        ]
        return min(changes, default=None)

    def before(self, call: ServiceCall) -> None:
        """Brings the service's resources up to date; raises Refusal where one isn't in the right status."""
        if call.service not in self._services:
            return
        name = f"{call.service}:{call.operation}"
        with self._backends.inside():
            self._put_back()
            self._settle(call.service, call.region)
            for rule in self._rules.get(name, ()):
                self._check(rule, call)
            row = self._rows.get(name)
            self._doomed = self._find(row, call) if row is not None and row.final is None else None
            if row is not None and self._doomed is not None:
                self._put_aside(row.kind, call.region, self._doomed)

    def after(self, call: ServiceCall, response: HttpResponse) -> HttpResponse:
        """Begins what the call begins."""
        row = self._rows.get(f"{call.service}:{call.operation}")
        if row is None or (not self._waits and row.final is not None):
            return response
        identifier = str(call.params[row.identifier])
        with self._backends.inside():
            self._put_back()
            resource = self._doomed if row.final is None else self._find(row, call)
            if resource is None:
                return response
            if row.final is None:
                # moto has forgotten it already.
                self._held(row.kind, call.region)[identifier] = resource
            self._going[row.kind, call.region, identifier] = begun = self._begin(
                row, call.region, identifier, resource
            )
            KINDS[row.kind].show(resource, begun.statuses[0][0])
            body = KINDS[row.kind].tell(resource, response.body)
        for found, told in row.retold:
            body = body.replace(found, told)
        return HttpResponse(response.status, response.headers, body)

    def _put_aside(self, kind: str, region: str, resource: Any) -> None:
        """For this one call."""
        backend = self._backends.backend(KINDS[kind].service, region)
        held, identifiers = KINDS[kind].disregarded(backend, resource)
        self._aside = [(held, each, held.pop(each)) for each in identifiers]

    def _put_back(self) -> None:
        for held, identifier, resource in self._aside:
            held[identifier] = resource
        self._aside = []

    def _begin(self, row: Row, region: str, identifier: str, resource: Any) -> Transition:
        key = f"{row.call}/{region}/{identifier}"
        count = self._begun[key] = self._begun.get(key, 0) + 1
        chance = random.Random(f"{self._seed}/{key}/{count}")
        until, statuses = self._now(), []
        for step in row.steps:
            until += round(chance.uniform(step.least, step.most), 3)
            statuses.append((step.status, until))
        return Transition(row.kind, region, identifier, tuple(statuses), row.final, resource)

    def _settle(self, service: str, region: str) -> None:
        now = self._now()
        for key, transition in list(self._going.items()):
            kind = KINDS[transition.kind]
            if kind.service != service or transition.region != region:
                continue
            held = self._held(transition.kind, region)
            if held.get(transition.identifier) is not transition.resource:
                del self._going[key]
                continue
            status = transition.status_at(now)
            if status is None:
                del held[transition.identifier]
            else:
                kind.show(transition.resource, status)
            if now >= transition.end:
                del self._going[key]

    def _check(self, rule: Rule, call: ServiceCall) -> None:
        identifier = call.params.get(rule.identifier)
        resource = self._held(rule.kind, call.region).get(str(identifier)) if identifier else None
        if resource is None:
            return  # moto says in AWS's words that there is none.
        status = KINDS[rule.kind].status(resource)
        if status not in rule.expected:
            told = rule.message.format(id=identifier, status=status, expected=",".join(rule.expected))
            raise Refusal(rule.code, told, rule.status)

    def _find(self, row: Row, call: ServiceCall) -> Any:
        return self._held(row.kind, call.region).get(str(call.params.get(row.identifier)))

    def _held(self, kind: str, region: str) -> Any:
        return KINDS[kind].held(self._backends.backend(KINDS[kind].service, region))
