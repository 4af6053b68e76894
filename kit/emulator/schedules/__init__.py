"""What happens by itself: schedules, rules and their events, calendars, on the virtual clock.

moto keeps the schedules and rules; here they become due, and targets are called. Time gets there by
`advance`, `run_until`, or an open execution's own waits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from kit.emulator.backends import Backends
from kit.emulator.gateway import Gateway, ServiceCall
from kit.emulator.messages import HttpResponse
from kit.emulator.schedules.calendars import Calendars
from kit.emulator.schedules.execution_events import ExecutionEvents
from kit.emulator.schedules.rules import Rules
from kit.emulator.schedules.scheduler import SchedulerService
from kit.emulator.schedules.targets import Targets
from kit.engine import Engine

__all__ = ["Schedules"]

_OF_SCHEDULES = {"CreateSchedule", "UpdateSchedule", "DeleteSchedule"}


class Schedules:
    """Watches the gateway's calls to `scheduler` and `events`."""

    def __init__(
        self,
        engine: Engine,
        backends: Backends,
        gateway: Gateway,
        client: Callable[..., Any],
        now: Callable[[], dt.datetime],
        seed: int,
    ) -> None:
        targets = Targets(client, gateway, lambda: engine.scheduler.now)
        executions = ExecutionEvents(engine, gateway)
        self._schedules = SchedulerService(backends, engine.scheduler, targets, seed)
        self._rules = executions.rules = Rules(
            backends, engine.scheduler, targets, engine.account, executions.started_by
        )
        gateway.wardens.append(self)
        gateway.answerers["ssm", "GetCalendarState"] = Calendars(backends, now).state

    def tell(
        self, source: str, detail_type: str, detail: dict[str, Any], resources: list[str], region: str
    ) -> None:
        """A service's own event, for the rules of the default bus."""
        if self._rules.in_use:
            self._rules.spread(self._rules.event(source, detail_type, detail, resources, region))

    def before(self, call: ServiceCall) -> None:
        """Raises Refusal."""
        if call.service == "scheduler" and call.operation in ("CreateSchedule", "UpdateSchedule"):
            self._schedules.check(call)
        elif call.service == "events" and call.operation == "PutRule":
            self._rules.check(call)

    def after(self, call: ServiceCall, response: HttpResponse) -> HttpResponse:
        if call.service == "scheduler" and call.operation in _OF_SCHEDULES:
            self._schedules.changed(call)
        elif call.service == "cloudformation" or (
            call.service == "events"
            and call.operation in ("PutRule", "EnableRule", "DisableRule", "DeleteRule")
        ):
            self._rules.changed(call.region)
        elif call.service == "events" and call.operation == "PutEvents":
            self._rules.put(call, response)
        return response
