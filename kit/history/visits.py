"""What the fold builds: visits of states, their attempts, and the flows they stand in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

from kit.history.events import moment, value

Status: TypeAlias = Literal["running", "waiting", "failed", "timed out", "aborted", "caught", "succeeded"]
"""`waiting`: nothing goes on until time passes or somebody answers (a Wait, the pause before a retry, a
task token). `caught`: the state failed and a Catch took the failure. `failed`: nothing took it."""

PRECEDENCE: tuple[Status, ...] = (
    "running",
    "waiting",
    "failed",
    "timed out",
    "caught",
    "aborted",
    "succeeded",
)
"""Which status speaks for a state that several iterations of a Map visited: the first that occurs."""

OPEN: frozenset[Status] = frozenset({"running", "waiting"})


@dataclass(slots=True, eq=False)
class Attempt:
    """One try of a visit's work: a task scheduled, or a Map or Parallel started."""

    event: int
    scheduled_at: Any
    redrive: int
    resource: str | None = None
    call: Any = None
    started_at: Any = None
    submitted_at: Any = None
    ended_at: Any = None
    status: Status = "running"
    error: str | None = None
    cause: str | None = None

    @property
    def scheduled(self) -> datetime | None:
        return moment(self.scheduled_at)

    @property
    def ended(self) -> datetime | None:
        return moment(self.ended_at)

    @property
    def parameters(self) -> Any:
        """What the call was made with, where the history says so."""
        return value(self.call)


@dataclass(slots=True, eq=False)
class Iterations:
    """How far the iterations of an inline Map are. `total` is None until the Map has started."""

    total: int | None = None
    running: int = 0
    succeeded: int = 0
    failed: int = 0
    aborted: int = 0

    def count(self, status: Status, change: int) -> None:
        if status in OPEN:
            self.running += change
        elif status == "succeeded":
            self.succeeded += change
        elif status == "failed":
            self.failed += change
        else:
            self.aborted += change

    @property
    def done(self) -> int:
        """How many ran to their end, good or bad."""
        return self.succeeded + self.failed


@dataclass(slots=True, eq=False)
class Lane:
    """A flow that runs: the machine's own, a Parallel's branch, or a Map's iteration.

    States in it follow each other, so at most one visit (`current`) is open.
    """

    owner: Visit | None
    index: int | None = None
    current: Visit | None = None
    status: Status = "running"
    latest: dict[str, Visit] = field(default_factory=dict)

    def close(self, status: Status) -> None:
        """The flow is over. What closed already keeps its status."""
        if self.status in OPEN:
            self._become(status)

    def reopen(self) -> None:
        self._become("running")

    def _become(self, status: Status) -> None:
        counts = self.owner.iterations if self.owner is not None and self.index is not None else None
        if counts is not None:
            counts.count(self.status, -1)
            counts.count(status, 1)
        self.status = status


@dataclass(slots=True, eq=False)
class Visit:
    """One stay in a state, from its Entered event on.

    `id` is the Entered event's. `iteration` is the index of the nearest Map iteration around the
    visit, `parent` the visit of the nearest Map or Parallel. `exited` is None for a state that has
    no Exited event: it is open, or it failed, or it was stopped. `superseded` says that a later
    visit (of a loop, a retried Map, a redrive) has taken its place.
    """

    id: int
    state: str
    type: str
    lane: Lane
    entered_at: Any
    input_text: Any
    redrive: int = 0
    status: Status = "running"
    exited_at: Any = None
    ended_at: Any = None
    exit_event: int | None = None
    output_text: Any = None
    assigned: Any = None
    error: str | None = None
    cause: str | None = None
    retries: int = 0
    attempts: list[Attempt] = field(default_factory=list)
    iterations: Iterations | None = None
    map_run: str | None = None
    superseded: bool = False
    failing: bool = False
    before: str | None = None
    lanes: list[Lane] = field(default_factory=list)

    @property
    def came_from(self) -> str | None:
        """The state it was entered from: the one before it in its flow, for the first of a flow the Map
        or Parallel around it, None for the first of all."""
        if self.before is None and self.lane.owner is not None:
            return self.lane.owner.state
        return self.before

    @property
    def parent(self) -> Visit | None:
        return self.lane.owner

    @property
    def iteration(self) -> int | None:
        lane: Lane | None = self.lane
        while lane is not None:
            if lane.index is not None:
                return lane.index
            lane = lane.owner.lane if lane.owner else None
        return None

    @property
    def entered(self) -> datetime | None:
        return moment(self.entered_at)

    @property
    def exited(self) -> datetime | None:
        return moment(self.exited_at)

    @property
    def ended(self) -> datetime | None:
        """When it was over, by its exit or by its failure; None while it is open."""
        return moment(self.ended_at)

    @property
    def input(self) -> Any:
        return value(self.input_text)

    @property
    def output(self) -> Any:
        return value(self.output_text)

    @property
    def variables(self) -> dict[str, Any]:
        """What the state assigned, by variable."""
        return {name: value(text) for name, text in (self.assigned or {}).items()}

    def duration(self, now: datetime | None = None) -> timedelta | None:
        """Time spent in the state; up to `now` while it is open. None where times are missing."""
        end = self.ended if self.ended_at is not None else now
        start = self.entered
        if start is None or end is None:
            return None
        return max(end - start, timedelta())


@dataclass(frozen=True, slots=True)
class StateStatus:
    """How one state of the definition stands.

    `counts` are its visits that still count (not superseded) by status; `visits` are all it ever
    had. `duration` is that of the visit that speaks for it, `latest`: the last one with `status`.
    """

    state: str
    status: Status
    visits: int
    counts: dict[Status, int]
    duration: timedelta | None
    retries: int
    iterations: Iterations | None
    latest: Visit
