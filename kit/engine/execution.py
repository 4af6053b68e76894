"""One execution: its identity, its status, its history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from kit.engine.archive import pack, unpack
from kit.engine.events import Event, iso
from kit.engine.failures import RUNTIME, ExecutionEnd
from kit.engine.quotas import EVENTS_CAUSE, MAX_EVENTS
from kit.engine.scheduler import Lane

if TYPE_CHECKING:
    from kit.engine.engine import Engine
    from kit.engine.frame import Frame
    from kit.engine.program import Program
    from kit.engine.scheduler import Timer

Status = Literal["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"]
MachineType = Literal["STANDARD", "EXPRESS"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One revision of a state machine, as an execution keeps it: later updates don't change it."""

    arn: str
    name: str
    role_arn: str
    type: MachineType
    program: Program
    definition: str = ""
    revision_id: str | None = None


class Execution:
    """A run of a machine. Times are virtual seconds since 1970.

    `on_close` holds what is called with the execution once it has ended, in order. `event_count` is known
    once it has ended. `lane` holds what is ready to go on in it.
    """

    __slots__ = (
        "_context",
        "_events",
        "_packed",
        "alias_arn",
        "arn",
        "cause",
        "data",
        "engine",
        "error",
        "event_count",
        "lane",
        "limit",
        "map_run",
        "name",
        "on_close",
        "output",
        "output_data",
        "redrive_count",
        "redrive_time",
        "revision",
        "root",
        "started",
        "status",
        "stopped",
        "text",
        "timer",
        "trace_header",
        "version_arn",
    )  # fmt: skip

    def __init__(self, engine: Engine, revision: Revision, arn: str, name: str, text: str, data: Any) -> None:
        self.engine, self.revision, self.arn, self.name = engine, revision, arn, name
        self.text, self.data = text, data
        self.status: Status = "RUNNING"
        self.started = engine.scheduler.now
        self.stopped: float | None = None
        self._events: list[Event] | None = []
        self._packed: bytes | None = None
        self.event_count = 0
        self.limit = MAX_EVENTS - 1 if revision.type == "STANDARD" else 1 << 62
        self.output: str | None = None
        self.output_data: Any = None
        self.error: str | None = None
        self.cause: str | None = None
        self.lane = Lane(engine.scheduler)
        self.redrive_count = 0
        self.redrive_time: float | None = None
        self.root: Frame | None = None
        self.timer: Timer | None = None
        self.trace_header: str | None = None
        self.version_arn: str | None = None
        self.alias_arn: str | None = None
        self.map_run: Any = None
        self.on_close: list[Callable[[Execution], object]] = []
        self._context: dict[str, Any] | None = None

    def add(self, previous: int, event_type: str, *rest: Any) -> int:
        """Appends an event and gives its id. Raises ExecutionEnd where the history is full."""
        events = self.events
        if len(events) >= self.limit:
            raise ExecutionEnd(RUNTIME, EVENTS_CAUSE)
        events.append((previous, event_type, self.engine.scheduler.now, *rest))
        return len(events)

    @property
    def events(self) -> list[Event]:
        """The history: an event's id is its place, from 1."""
        events = self._events
        if events is None:
            assert self._packed is not None
            self._events = events = unpack(self._packed)
            self.engine.archive.keep(self)
        return events

    def pack(self) -> None:
        """Makes an ended execution small; `events` unpacks its history."""
        if self._packed is None:
            self._packed = pack(self.events)
        self._events = self._context = None
        if self.status == "SUCCEEDED" and self.map_run is None:
            self.data = self.output_data = None  # The texts stay; nobody needs the values any more.

    def close(self, status: Status, previous: int, event_type: str, details: dict[str, Any]) -> None:
        """Ends the execution with its last event."""
        now = self.engine.scheduler.now
        self.events.append((previous, event_type, now, details))
        self.event_count = len(self.events)
        self.status, self.stopped = status, now
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
        listeners, self.on_close = self.on_close, []
        for listener in listeners:
            listener(self)

    @property
    def context(self) -> dict[str, Any]:
        """The part of the context object that is the same in every state.

        https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html"""
        if self._context is None:
            execution = {
                "Id": self.arn,
                "Input": self.data,
                "StartTime": iso(self.started),
                "Name": self.name,
                "RoleArn": self.revision.role_arn,
            }
            if self.revision.type == "STANDARD":
                execution["RedriveCount"] = self.redrive_count
            if self.redrive_time is not None:
                execution["RedriveTime"] = iso(self.redrive_time)
            machine = {"Id": self.revision.arn, "Name": self.revision.name}
            self._context = {"Execution": execution, "StateMachine": machine}
        return self._context

    def reopen(self, now: float) -> None:
        """Runs again: a redrive."""
        self._events, self._packed = self.events, None
        self.engine.archive.release(self)
        self.status, self.stopped = "RUNNING", None
        self.error = self.cause = None
        self.redrive_count += 1
        self.redrive_time = now
        self._context = None
