"""Execution logs in CloudWatch Logs, as a machine's loggingConfiguration wants them.

https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from kit.asl.encoding import encode
from kit.engine import Engine, Execution
from kit.engine.events import DATA_KEYS, Event, at, details

FATAL: Final = frozenset({"ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"})
ERROR_ENDINGS: Final = ("Failed", "TimedOut", "Aborted")
MOST_WAITING: Final = 1_000
"""So many executions wait for a reader; then their lines are written without one."""

HIDDEN: Final = DATA_KEYS | {"inputDetails", "outputDetails", "assignedVariablesDetails"}
"""What `includeExecutionData: false` leaves out. That error and cause stay is a guess."""


@dataclass(slots=True)
class Logged:
    """An execution, how it is logged, how many of its events have been written, and how often it had been
    redriven by then."""

    execution: Execution
    level: str
    include_data: bool
    groups: tuple[str, ...]
    written: int = 0
    redrives: int = 0

    @property
    def is_complete(self) -> bool:
        return self.execution.status != "RUNNING" and self.written == self.execution.event_count


class ExecutionLogs:
    """Remembers which executions are logged; writes their events when they are asked for. When nobody does,
    `too_many()` is called, which is to let `flush` be called."""

    def __init__(
        self,
        engine: Engine,
        logging_of: Callable[[str], dict[str, Any] | None],
        too_many: Callable[[], object],
    ) -> None:
        self._logging_of, self._too_many = logging_of, too_many
        self._logged: dict[str, Logged] = {}
        engine.on_start.append(self._started)

    @property
    def has_news(self) -> bool:
        return not all(logged.is_complete for logged in self._logged.values())

    def flush(self, backend: Any) -> None:
        """Writes what has happened since into moto's log groups; a group that isn't there gets nothing."""
        for arn, logged in list(self._logged.items()):
            if logged.is_complete:
                continue
            events = logged.execution.events
            for number in range(logged.written, len(events)):
                logged.redrives += events[number][1] == "ExecutionRedriven"
                if is_logged(events[number][1], logged.level):
                    line = log_line(logged, events[number], number + 1)
                    for name in logged.groups:
                        write(backend, name, logged.execution, line)
            logged.written = len(events)
            # What has failed may be redriven, and goes on after the lines that are there.
            done = logged.execution.status == "SUCCEEDED" or logged.execution.revision.type == "EXPRESS"
            if done and logged.execution.status != "RUNNING":
                del self._logged[arn]

    def _started(self, execution: Execution) -> None:
        settings = self._logging_of(execution.revision.arn)
        if settings is None or settings.get("level", "OFF") == "OFF":
            return
        groups = tuple(
            destination["cloudWatchLogsLogGroup"]["logGroupArn"].removesuffix(":*").rpartition(":")[2]
            for destination in settings.get("destinations") or ()
        )
        if not groups:
            return
        known = self._logged.get(execution.arn)
        if known is None:
            include_data = bool(settings.get("includeExecutionData"))
            self._logged[execution.arn] = Logged(execution, settings["level"], include_data, groups)
            if len(self._logged) % MOST_WAITING == 0:
                self._too_many()


def is_logged(event_type: str, level: str) -> bool:
    """Whether a level shows an event of this type."""
    if level == "ALL":
        return True
    if event_type in FATAL:
        return True
    return level == "ERROR" and (event_type.endswith(ERROR_ENDINGS) or event_type == "FailStateEntered")


def log_line(logged: Logged, event: Event, number: int) -> dict[str, Any]:
    """The log event: all numbers are texts, as AWS writes them."""
    told: dict[str, Any] = {"id": str(number), "type": event[1]}
    shown = details(event)
    if shown is not None:
        told["details"] = {
            key: value for key, value in shown.items() if logged.include_data or key not in HIDDEN
        }
    execution, moment = logged.execution, round(event[2] * 1000)
    told |= {
        "previous_event_id": str(event[0]),
        "event_timestamp": str(moment),
        "execution_arn": execution.arn,
        "redrive_count": str(logged.redrives),
    }
    return {"timestamp": moment, "message": encode(told)}


def write(backend: Any, group: str, execution: Execution, line: dict[str, Any]) -> None:
    """Appends to the stream of the execution's machine. The age of lines isn't asked: nobody waited for them
    but us."""
    found = backend.groups.get(group)
    if found is None:
        return
    stream = stream_name(execution)
    if stream not in found.streams:
        found.create_log_stream(stream)
    found.put_log_events(stream, [line])


def stream_name(execution: Execution) -> str:
    """`states/MACHINE/2026-04-06-09-00/0f1e2d3c`."""
    begun = at(execution.started).strftime("%Y-%m-%d-%H-%M")
    mark = hashlib.sha256(execution.arn.encode()).hexdigest()[:8]
    return f"states/{execution.revision.name}/{begun}/{mark}"
