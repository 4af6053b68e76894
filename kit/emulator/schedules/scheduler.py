"""EventBridge Scheduler: schedules that moto keeps become due on the virtual clock and call their targets.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule.html
"""

from __future__ import annotations

import datetime as dt
import random
import re
import uuid
from dataclasses import dataclass
from typing import Any, Final

from kit.emulator.backends import Backends
from kit.emulator.gateway import ServiceCall
from kit.emulator.refusals import Refusal
from kit.emulator.schedules.expressions import ExpressionError, Timetable, timetable, zone_of
from kit.emulator.schedules.targets import TargetError, Targets
from kit.engine import Kind, Scheduler
from kit.engine.scheduler import Timer

_IDS: Final = uuid.UUID("0b7f6a53-2a5e-4f2e-93a1-6a6c1f0f8d2b")
_ATTRIBUTE = re.compile(r"<aws\.scheduler\.(schedule-arn|scheduled-time|execution-id|attempt-number)>")
FIRST_RETRY_SECONDS: Final = 60.0
LONGEST_RETRY_SECONDS: Final = 900.0


@dataclass(slots=True)
class _Invocation:
    """One time at which a schedule was due, until its target has taken it."""

    schedule: Any
    due: float
    attempt: int = 1


class SchedulerService:
    """The schedules of all groups. Told of each call that changed one."""

    def __init__(self, backends: Backends, scheduler: Scheduler, targets: Targets, seed: int) -> None:
        self._backends, self._scheduler, self._targets, self._seed = backends, scheduler, targets, seed
        self._timers: dict[str, Timer] = {}

    def check(self, call: ServiceCall) -> None:
        """Raises Refusal for a schedule that AWS doesn't take (moto takes any)."""
        params = call.params
        text = str(params.get("ScheduleExpression", ""))
        zone = str(params.get("ScheduleExpressionTimezone") or "UTC")
        try:
            zone_of(zone)
        except ExpressionError:
            raise Refusal("ValidationException", f"Invalid Schedule Expression Timezone {zone}.") from None
        try:
            timetable(text, zone)
        except ExpressionError:
            raise Refusal("ValidationException", f"Invalid Schedule Expression {text}.") from None
        window = params.get("FlexibleTimeWindow") or {}
        minutes = window.get("MaximumWindowInMinutes")
        if window.get("Mode") == "FLEXIBLE" and not (isinstance(minutes, int) and 1 <= minutes <= 1440):
            raise Refusal("ValidationException", "MaximumWindowInMinutes must be between 1 and 1440.")
        if window.get("Mode") == "OFF" and minutes is not None:
            raise Refusal(
                "ValidationException", "MaximumWindowInMinutes must not be given when the mode is OFF."
            )

    def changed(self, call: ServiceCall) -> None:
        """Plans a schedule anew, or no more."""
        group, name = call.params.get("GroupName") or "default", str(call.params["Name"])
        key = f"{call.region}/{group}/{name}"
        self._forget(key)
        schedule = self._find(call.region, group, name)
        if schedule is not None and call.operation != "DeleteSchedule":
            begin = _moment(schedule.start_date)
            now = self._scheduler.now
            # A rate begins at once, or with its StartDate.
            self._plan(key, schedule, now - 1e-6, begin if begin is not None else now)

    def _plan(self, key: str, schedule: Any, after: float, begin: float) -> None:
        if schedule.state == "DISABLED":
            return
        table = timetable(schedule.schedule_expression, schedule.schedule_expression_timezone, begin=begin)
        start, end = _moment(schedule.start_date), _moment(schedule.end_date)
        due = table.next_after(after if start is None or table.once else max(after, start - 1e-6))
        if due is None or (end is not None and not table.once and due > end):
            self._complete(key, schedule)
            return
        self._timers[key] = self._scheduler.at(
            due + self._delay(schedule, due),
            lambda: self._fire(key, schedule, due, begin, table),
            Kind.BACKGROUND,
        )

    def _delay(self, schedule: Any, due: float) -> float:
        """Somewhere in the flexible window, the same for the same seed."""
        window = schedule.flexible_time_window or {}
        if window.get("Mode") != "FLEXIBLE":
            return 0.0
        chance = random.Random(f"{self._seed}:{schedule.arn}:{due}")
        return float(round(chance.uniform(0, 60 * int(window["MaximumWindowInMinutes"]))))

    def _fire(self, key: str, schedule: Any, due: float, begin: float, table: Timetable) -> None:
        self._timers.pop(key, None)
        region, group, name = key.split("/", 2)
        if self._find(region, group, name) is not schedule:
            return  # Its group was deleted.
        self._invoke(_Invocation(schedule, due))
        if table.once:
            self._complete(key, schedule)
        else:
            self._plan(key, schedule, due, begin)

    def _complete(self, key: str, schedule: Any) -> None:
        """It won't be due again."""
        if schedule.action_after_completion == "DELETE":
            region, group, name = key.split("/", 2)
            with self._backends.inside():
                groups = self._backends.backend("scheduler", region).schedule_groups
                if group in groups:
                    groups[group].schedules.pop(name, None)

    def _invoke(self, invocation: _Invocation) -> None:
        schedule = invocation.schedule
        target = schedule.target
        text = self._text(invocation)
        try:
            self._targets.deliver(
                target["Arn"], text, by=schedule.arn, role_arn=target.get("RoleArn"), settings=target
            )
        except TargetError as error:
            self._failed(invocation, text, error)

    def _failed(self, invocation: _Invocation, text: str, error: TargetError) -> None:
        policy = invocation.schedule.target.get("RetryPolicy") or {}
        most = policy.get("MaximumRetryAttempts", 185)
        oldest = policy.get("MaximumEventAgeInSeconds", 86_400)
        wait = min(FIRST_RETRY_SECONDS * 2 ** (invocation.attempt - 1), LONGEST_RETRY_SECONDS)
        late = self._scheduler.now + wait > invocation.due + oldest
        if error.again and invocation.attempt <= most and not late:
            invocation.attempt += 1
            self._scheduler.after(wait, lambda: self._invoke(invocation), Kind.BACKGROUND)
            return
        queue = (invocation.schedule.target.get("DeadLetterConfig") or {}).get("Arn")
        if queue:
            exhausted = "MaximumEventAgeInSeconds" if late else "MaximumRetryAttempts"
            attributes = {
                "ERROR_CODE": error.code,
                "ERROR_MESSAGE": error.message[:1024],
                "IS_PAYLOAD_TRUNCATED": "false",
                "SCHEDULED_TIME": _iso(invocation.due),
                "SCHEDULE_ARN": invocation.schedule.arn,
                "TARGET_ARN": invocation.schedule.target["Arn"],
            }
            if error.again:
                attributes["EXHAUSTED_RETRY_CONDITION"] = exhausted
            self._dead_letter(queue, text, attributes, invocation.schedule.arn)

    def _dead_letter(self, queue: str, text: str, attributes: dict[str, str], by: str) -> None:
        try:
            self._targets.dead_letter(queue, text, attributes, by=by)
        except TargetError:
            return  # The journal has it. AWS loses the event, too.

    def _text(self, invocation: _Invocation) -> str:
        schedule, due = invocation.schedule, invocation.due
        values = {
            "schedule-arn": schedule.arn,
            "scheduled-time": _iso(due),
            "execution-id": str(uuid.uuid5(_IDS, f"{schedule.arn}/{due}/{invocation.attempt}")),
            "attempt-number": str(invocation.attempt),
        }
        given = schedule.target.get("Input")
        return _ATTRIBUTE.sub(lambda found: values[found[1]], "{}" if given is None else str(given))

    def _find(self, region: str, group: str, name: str) -> Any:
        with self._backends.inside():
            groups = self._backends.backend("scheduler", region).schedule_groups
            return groups[group].schedules.get(name) if group in groups else None

    def _forget(self, key: str) -> None:
        timer = self._timers.pop(key, None)
        if timer is not None:
            timer.cancel()


def _moment(value: Any) -> float | None:
    """A date as moto keeps it: a number, as it came over the wire, or a text."""
    if value is None or isinstance(value, int | float):
        return value
    return dt.datetime.fromisoformat(str(value)).replace(tzinfo=dt.UTC).timestamp()


def _iso(moment: float) -> str:
    return dt.datetime.fromtimestamp(moment, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
