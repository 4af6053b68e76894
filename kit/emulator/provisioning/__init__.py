"""Things take their time: what a call begins shows its statuses on the way, on the virtual clock.

moto provides everything at once. Here its resources get the status of the moment before any call of their
service sees them, and calls that AWS would refuse in that status are refused.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from kit.emulator.backends import Backends
from kit.emulator.faults import Faults
from kit.emulator.gateway import ServiceCall
from kit.emulator.messages import HttpResponse
from kit.emulator.provisioning.answers import names_in
from kit.emulator.provisioning.kinds import GLOBAL, KINDS
from kit.emulator.provisioning.rows import MINUTE, ROWS, Afterwards, Row, Step
from kit.emulator.provisioning.rules import RULES, Rule
from kit.emulator.provisioning.transition import Transition
from kit.emulator.refusals import Refusal

__all__ = ["Afterwards", "Notice", "Provisioning", "Row", "Rule", "Step", "Transition"]


@dataclass(frozen=True, slots=True)
class Notice:
    """What a service tells of by itself: its event's id (`RDS-EVENT-0153`), at which time (seconds since
    1970), of which resource."""

    at: float
    region: str
    kind: str
    identifier: str
    event: str


Later = Callable[[float, Callable[[], object]], object]


class Provisioning:
    """The resources in transition. Watches the gateway's calls.

    `faults` may let things get stuck, go slowly, vanish or end badly. `later(moment, act)` lets something
    happen on the virtual clock. `listeners` hear a Notice of what services do by themselves.
    """

    def __init__(
        self, backends: Backends, *, now: Callable[[], float], seed: int, faults: Faults, later: Later
    ) -> None:
        self._backends, self._now, self._seed = backends, now, seed
        self._faults, self._later = faults, later
        self._rows: dict[str, dict[str, Row]] = {}
        self.replace(ROWS)
        self._rules: dict[str, list[Rule]] = {}
        for rule in RULES:
            self._rules.setdefault(rule.call, []).append(rule)
        self._services = {kind.service for kind in KINDS.values()}
        self._going: dict[tuple[str, str, str], Transition] = {}
        self._looked: dict[tuple[str, str, str], float] = {}
        self._begun: dict[str, int] = {}
        self._waits = True
        self._doomed: dict[str, Any] = {}
        self._aside: list[tuple[Any, str, Any]] = []
        self.listeners: list[Callable[[Notice], object]] = []

    @property
    def rows(self) -> tuple[Row, ...]:
        """What takes how long here."""
        return tuple(row for rows in self._rows.values() for row in rows.values())

    def replace(self, rows: Iterable[Row]) -> None:
        """Puts rows of the user's own in the place of those for the same calls and kinds."""
        for row in rows:
            self._rows.setdefault(row.call, {})[row.kind] = row

    def override(self, call: str, *, minutes: float | tuple[float, float], kind: str | None = None) -> None:
        """Lets what a call begins take so long, or between so and so long: `override("rds:CreateDBInstance",
        minutes=(2, 3))`. The statuses on the way keep their shares. `kind` picks one where the call begins
        several. Raises LookupError for a call that begins nothing here, ValueError for less than no time."""
        least, most = minutes if isinstance(minutes, tuple) else (minutes, minutes)
        if not 0 <= least <= most:
            raise ValueError(f"minutes is {minutes}; it must be 0 or more, the lesser first")
        rows = [row for row in self._rows.get(call, {}).values() if kind in (None, row.kind) and row.steps]
        if not rows:
            known = ", ".join(sorted(self._rows))
            raise LookupError(f"{call} begins nothing that takes time here; these do: {known}")
        for row in rows:
            shares = [(step.least + step.most) / ((row.least + row.most) or 1) for step in row.steps]
            steps = tuple(
                Step(step.status, least * MINUTE * share, most * MINUTE * share)
                for step, share in zip(row.steps, shares, strict=True)
            )
            self.replace([replace(row, steps=steps, source="the user's own", sure="guess")])

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
        return sorted((each for each in self._going.values() if each.goes_on(now)), key=lambda each: each.end)

    def next_change(self, service: str, region: str) -> float | None:
        """When something of this service changes its status next, in seconds since 1970."""
        now = self._now()
        changes = [
            each.next_change(now)
            for each in self.going
            if KINDS[each.kind].service == service and each.region == _home(service, region)
        ]
        return min(changes, default=None)

    def bring_up_to_date(self) -> None:
        """Gives everything that is on its way the status of the moment."""
        with self._backends.inside():
            for service, region in {(KINDS[each[0]].service, each[1]) for each in self._going}:
                self._settle(service, region)

    def before(self, call: ServiceCall) -> None:
        """Brings the service's resources up to date; raises Refusal where one isn't in the right status, or
        a quota is used up."""
        if call.service not in self._services:
            return
        name, region = f"{call.service}:{call.operation}", _home(call.service, call.region)
        rows = self._rows.get(name, {})
        self._doomed = {}
        if not (self._going or self._aside or rows or name in self._rules):
            return
        with self._backends.inside():
            self._put_back()
            self._settle(call.service, region)
            for rule in self._rules.get(name, ()):
                self._check(rule, call)
            for row in rows.values():
                if row.steps and row.final is not None and (quota := self._faults.quota_of(name)):
                    quota.check(len(self._held(row.kind, region)))
                if row.final is None and (doomed := self._find(row, call, row.identifier)) is not None:
                    self._doomed[row.kind] = doomed
                    self._put_aside(row.kind, region, doomed)

    def after(self, call: ServiceCall, response: HttpResponse) -> HttpResponse:
        """Begins what the call begins."""
        rows = self._rows.get(f"{call.service}:{call.operation}", {})
        body = response.body
        for row in rows.values():
            body = self._begin_all(row, call, HttpResponse(response.status, response.headers, body))
        return response if body is response.body else HttpResponse(response.status, response.headers, body)

    def _begin_all(self, row: Row, call: ServiceCall, response: HttpResponse) -> bytes:
        kind, region, body = KINDS[row.kind], _home(call.service, call.region), response.body
        if row.told is not None:
            identifiers = names_in(call, response, row.told)
        else:
            identifiers = [str(call.params.get(row.identifier))]
        begins = False
        with self._backends.inside():
            self._put_back()
            for identifier in map(kind.name, identifiers):
                held = self._held(row.kind, region)
                resource = self._doomed.get(row.kind) if row.final is None else held.get(identifier)
                if resource is None or not kind.begins(resource, call.params):
                    continue
                if not self._waits and row.final is not None:
                    kind.show(resource, row.final, self._now())
                    body = kind.tell(resource, body)
                    continue
                begins = True
                if row.final is None:
                    # moto has forgotten it already.
                    held[identifier] = resource
                begun = self._begin(row, region, identifier, resource)
                status, since = begun.at(self._now())
                if status is not None:
                    kind.show(resource, status, since)
                body = kind.tell(resource, body)
        for found, told in row.retold if begins else ():
            body = body.replace(found, told)
        return body

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
        key = f"{row.call}/{region}/{identifier if row.told is None else row.kind}"
        count = self._begun[key] = self._begun.get(key, 0) + 1
        chance = random.Random(f"{self._seed}/{key}/{count}")
        begin = until = self._now()
        steps = [(step.status, round(chance.uniform(step.least, step.most), 3)) for step in row.steps]
        bent = self._faults.bend(row.call, steps, row.final, row.failed)
        statuses: list[tuple[str, float]] = []
        for status, seconds in bent.steps:
            until += seconds
            statuses.append((status, until))
        final, rest = bent.final, None
        if (after := row.afterwards) is not None and final == row.final and not bent.vanishes:
            rest = (until, until + after.seconds)
            statuses.append((str(final), until := rest[1]))
            for step in after.steps:
                until += round(chance.uniform(step.least, step.most), 3)
                statuses.append((step.status, until))
            final = after.final
        begun = Transition(row.kind, region, identifier, begin, tuple(statuses), final, resource, rest)
        self._going.pop((row.kind, region, identifier), None)
        self._looked.pop((row.kind, region, identifier), None)
        if begun.statuses:
            self._going[row.kind, region, identifier] = begun
        if rest is not None and after is not None:
            event = after.event
            self._later(rest[1], lambda: self._tell_of(begun, event))
        return begun

    def _tell_of(self, begun: Transition, event: str) -> None:
        """What was left as it was has begun to change by itself, unless somebody was there before."""
        if self._going.get((begun.kind, begun.region, begun.identifier)) is not begun:
            return
        assert begun.rest is not None
        notice = Notice(begun.rest[1], begun.region, begun.kind, begun.identifier, event)
        for listener in self.listeners:
            listener(notice)

    def _settle(self, service: str, region: str) -> None:
        now = self._now()
        for key, transition in list(self._going.items()):
            kind = KINDS[transition.kind]
            if kind.service != service or transition.region != region:
                continue
            held = self._held(transition.kind, region)
            if held.get(transition.identifier) is not transition.resource:
                del self._going[key]
                self._looked.pop(key, None)
                continue
            passed = transition.shown_between(self._looked.get(key, transition.begun), now)
            # Also where nothing is new: moto makes some available as soon as one looks.
            for status, since in passed or [transition.at(now)]:
                if status is None:
                    del held[transition.identifier]
                else:
                    kind.show(transition.resource, status, since)
            self._looked[key] = now
            if now >= transition.end:
                del self._going[key], self._looked[key]

    def _check(self, rule: Rule, call: ServiceCall) -> None:
        identifier = call.params.get(rule.identifier)
        held = self._held(rule.kind, call.region)
        resource = held.get(str(identifier)) if identifier else None
        if resource is None:
            return  # moto says in AWS's words that there is none.
        status = KINDS[rule.kind].status(resource)
        if status not in rule.expected:
            told = rule.message.format(id=identifier, status=status, expected=",".join(rule.expected))
            raise Refusal(rule.code, told, rule.status)

    def _find(self, row: Row, call: ServiceCall, identifier: str) -> Any:
        region = _home(call.service, call.region)
        return self._held(row.kind, region).get(KINDS[row.kind].name(str(call.params.get(identifier))))

    def _held(self, kind: str, region: str) -> Any:
        return KINDS[kind].held(self._backends.backend(KINDS[kind].service, region))


def _home(service: str, region: str) -> str:
    """The Region under which moto keeps a service's resources."""
    return "aws" if service in GLOBAL else region
