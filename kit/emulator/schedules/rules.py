"""EventBridge rules: what a rule is due or what events it takes goes to its targets.

An event that a target refuses is tried no more (AWS tries for 24 hours); it goes to the target's dead-letter
queue, if it has one. Archives stay moto's.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rules.html
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import orjson

from kit.emulator.backends import Backends
from kit.emulator.gateway import ServiceCall
from kit.emulator.messages import HttpResponse
from kit.emulator.refusals import Refusal
from kit.emulator.schedules import patterns
from kit.emulator.schedules.expressions import ExpressionError, timetable
from kit.emulator.schedules.inputs import of_target
from kit.emulator.schedules.targets import TargetError, Targets
from kit.engine import Kind, Scheduler
from kit.engine.scheduler import Timer

Event = dict[str, Any]
_IDS: Final = uuid.UUID("3f1f2c55-8e2e-4a19-8b4f-6c9b5d8b1f02")


class Rules:
    """The rules of all buses. `started(arn, cause)` is told which execution an event has started."""

    def __init__(
        self,
        backends: Backends,
        scheduler: Scheduler,
        targets: Targets,
        account: str,
        started: Callable[[str, Event], object],
    ) -> None:
        self._backends, self._scheduler, self._targets = backends, scheduler, targets
        self._account, self._started = account, started
        self._timers: dict[str, tuple[str, Timer]] = {}
        self._regions: set[str] = set()
        self._count = 0

    def check(self, call: ServiceCall) -> None:
        """Raises Refusal for a rule that AWS doesn't take."""
        text, pattern = call.params.get("ScheduleExpression"), call.params.get("EventPattern")
        if text:
            try:
                timetable(str(text), strict=True)
            except ExpressionError:
                raise Refusal("ValidationException", "Parameter ScheduleExpression is not valid.") from None
        if pattern:
            try:
                patterns.check(orjson.loads(pattern))
            except (orjson.JSONDecodeError, patterns.PatternError) as error:
                message = f"Event pattern is not valid. Reason: {error}"
                raise Refusal("InvalidEventPatternException", message) from None

    def changed(self, region: str) -> None:
        """Plans the scheduled rules of a Region as they stand now."""
        self._regions.add(region)
        standing = {
            rule.arn: rule
            for rule in self._rules(region)
            if rule.scheduled_expression and rule.state != "DISABLED"
        }
        for arn, (text, timer) in list(self._timers.items()):
            if arn.split(":")[3] == region and (
                arn not in standing or standing[arn].scheduled_expression != text
            ):
                timer.cancel()
                del self._timers[arn]
        for arn, rule in standing.items():
            if arn not in self._timers:
                self._plan(arn, str(rule.scheduled_expression), self._scheduler.now, self._scheduler.now)

    def put(self, call: ServiceCall, response: HttpResponse) -> None:
        """PutEvents was answered: what was taken goes to the rules."""
        told = orjson.loads(response.body).get("Entries", [])
        for entry, answer in zip(call.params["Entries"], told, strict=False):
            if "EventId" in answer:
                event = self.event(
                    entry["Source"],
                    entry["DetailType"],
                    orjson.loads(entry["Detail"]),
                    entry.get("Resources") or [],
                    call.region,
                    identifier=answer["EventId"],
                    time=entry.get("Time"),
                )
                self.spread(event, str(entry.get("EventBusName") or "default").rsplit("/", 1)[-1])

    def event(
        self,
        source: str,
        detail_type: str,
        detail: Any,
        resources: list[str],
        region: str,
        *,
        identifier: str | None = None,
        time: Any = None,
    ) -> Event:
        self._count += 1
        return {
            "version": "0",
            "id": identifier or str(uuid.uuid5(_IDS, f"{self._count}/{self._scheduler.now}")),
            "detail-type": detail_type,
            "source": source,
            "account": self._account,
            "time": _iso(time if time is not None else self._scheduler.now),
            "region": region,
            "resources": resources,
            "detail": detail,
        }

    def spread(self, event: Event, bus: str = "default") -> None:
        """Gives an event to all targets of all rules of a bus that take it."""
        for rule in self._rules(event["region"], bus):
            pattern = rule.event_pattern.get_pattern()
            if rule.state == "DISABLED" or not pattern or not patterns.matches(pattern, event):
                continue
            for target in list(rule.targets):
                if not target["Arn"].startswith("arn:") or target["Arn"].split(":")[5:] == [""]:
                    continue  # An archive, which moto fills.
                self._deliver(rule, target, event)

    @property
    def in_use(self) -> bool:
        """Whether there may be any rule."""
        return bool(self._regions)

    def _deliver(self, rule: Any, target: Mapping[str, Any], event: Event) -> None:
        text = of_target(target, event, rule.arn)
        role = target.get("RoleArn") or rule.role_arn
        try:
            started = self._targets.deliver(target["Arn"], text, by=rule.arn, role_arn=role, settings=target)
        except TargetError as error:
            queue = (target.get("DeadLetterConfig") or {}).get("Arn")
            if queue:
                self._dead_letter(queue, text, rule.arn, target["Arn"], error)
            return
        if started is not None:
            self._started(started, event)

    def _dead_letter(self, queue: str, text: str, rule: str, target: str, error: TargetError) -> None:
        attributes = {
            "RULE_ARN": rule,
            "TARGET_ARN": target,
            "ERROR_CODE": error.code,
            "ERROR_MESSAGE": error.message[:1024],
        }
        try:
            self._targets.dead_letter(queue, text, attributes, by=rule)
        except TargetError:
            return  # The journal has it. AWS loses the event, too.

    def _plan(self, arn: str, text: str, after: float, begin: float) -> None:
        due = timetable(text, strict=True, begin=begin).next_after(after)
        if due is not None:
            timer = self._scheduler.at(due, lambda: self._fire(arn, text, due, begin), Kind.BACKGROUND)
            self._timers[arn] = (text, timer)

    def _fire(self, arn: str, text: str, due: float, begin: float) -> None:
        del self._timers[arn]
        region = arn.split(":")[3]
        rule = next((each for each in self._rules(region) if each.arn == arn), None)
        if rule is None or rule.state == "DISABLED":
            return
        self._plan(arn, text, due, begin)
        event = self.event("aws.events", "Scheduled Event", {}, [arn], region)
        for target in list(rule.targets):
            self._deliver(rule, target, event)

    def _rules(self, region: str, bus: str = "default") -> Iterator[Any]:
        with self._backends.inside():
            buses = self._backends.backend("events", region).event_buses
            yield from list(buses[bus].rules.values()) if bus in buses else []


def _iso(moment: Any) -> str:
    if not isinstance(moment, int | float):
        return str(moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    return dt.datetime.fromtimestamp(moment, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
