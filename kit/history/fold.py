"""One incremental fold of an execution's events into what views and checks read.

Each event costs the same however long the history is. An event is placed by the event it follows
(`previousEventId`): events of branches and iterations interleave, and only the links tell them
apart. What the links look like was taken from recorded executions:

- Entered follows the Exited before it, the Started of its Parallel or iteration, or nothing (0).
- The end of a Map or Parallel follows the last event inside it, so its visit is found by going
  outwards from there. A retried Map or Parallel is started again in the same way, without being
  entered again.
- EvaluationFailed follows the event before its state's Entered, and names the state.
- A failure that a Catch takes is followed by the state's Exited, one that nothing takes is not.

A redrive (https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html) appends to
the history; what follows is given to the states that had not finished.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from kit.history.events import Event, RawEvent, read_event
from kit.history.standing import Spot, Standing
from kit.history.visits import OPEN, Attempt, Iterations, Lane, Visit


class Fold(Standing):
    """An execution's events, taken one after another. `status` is the execution's."""

    def __init__(self) -> None:
        super().__init__()
        self.status = "RUNNING"
        self.error: str | None = None
        self.cause: str | None = None
        self._input_text: Any = None
        self._output_text: Any = None
        self._started_at: Any = None
        self._ended_at: Any = None
        self._root = Lane(None)
        self._spots: list[Spot] = [self._root]
        self._exits: dict[int, Visit] = {}
        self._held: dict[int, Event] = {}

    def feed(self, events: Iterable[RawEvent | Event]) -> int:
        """Take more events and return how many were new.

        Pages may overlap and come in any order: an event that was seen is skipped, one that comes
        before its predecessors is held back until they are there. Raises HistoryError for what is
        not an event.
        """
        seen, spots = self.events, self._spots
        before = len(seen)
        for raw in events:
            event = read_event(raw)
            if event.id != len(seen) + 1:
                if event.id > len(seen):
                    self._held.setdefault(event.id, event)
                continue
            while True:
                handle = HANDLERS.get(event.type, Fold._other)
                previous = event.previous if event.previous < len(spots) else 0
                seen.append(event)
                spot = handle(self, event, spots[previous])
                spots.append(spot)
                visit = spot if isinstance(spot, Visit) else spot.owner
                if visit is not None:
                    self._touch(visit)
                following = self._held.pop(len(seen) + 1, None) if self._held else None
                if following is None:
                    break
                event = following
        return len(seen) - before

    # Events of the execution

    def _other(self, _event: Event, spot: Spot) -> Spot:
        return spot

    def _execution_started(self, event: Event, _spot: Spot) -> Spot:
        self._started_at = event.timestamp
        self._input_text = event.details.get("input")
        return self._root

    def _execution_ended(self, event: Event, spot: Spot) -> Spot:
        ending = event.type.removeprefix("Execution")
        self._ended_at = event.timestamp
        self.error = event.details.get("error")
        self.cause = event.details.get("cause")
        if ending == "Succeeded":
            self.status = "SUCCEEDED"
            self._output_text = event.details.get("output")
        elif ending == "Failed":
            self.status = "FAILED"
            self._fail(spot, event)
        else:
            self.status = {"TimedOut": "TIMED_OUT", "Aborted": "ABORTED"}[ending]
        self._stop(self._root, event, "timed out" if ending == "TimedOut" else "aborted")
        return self._root

    def _execution_redriven(self, event: Event, _spot: Spot) -> Spot:
        self.redrives = int(event.details.get("redriveCount") or self.redrives + 1)
        self.status = "RUNNING"
        self.error = self.cause = self._ended_at = None
        self._root.reopen()
        return self._root

    # States

    def _entered(self, event: Event, spot: Spot) -> Spot:
        name, kind = event.details.get("name", ""), event.type.removesuffix("StateEntered")
        lane = self._lane_entered(name, spot)
        visit = Visit(
            event.id, name, kind, lane, event.timestamp, event.details.get("input"), redrive=self.redrives
        )
        exited = self._exits.get(event.previous)
        if exited is not None and exited.lane is lane:
            visit.before = exited.state
        earlier = lane.latest.get(name)
        if earlier is not None:
            self._supersede(earlier)
        lane.latest[name] = lane.current = visit
        self._add(visit)
        if kind == "Wait":
            self._set(visit, "waiting")
        elif kind == "Fail":
            visit.failing = True
            self._set(visit, "failed")
            visit.ended_at = event.timestamp
            lane.current = None
        return visit

    def _lane_entered(self, name: str, spot: Spot) -> Lane:
        if isinstance(spot, Visit):
            if spot.type == "Parallel" and spot.status in OPEN:
                lane = Lane(spot)
                spot.lanes.append(lane)
                return lane
            spot = spot.lane
        if self.redrives:
            for visit in reversed(self._unfinished.values()):
                if visit.state == name and visit.redrive < self.redrives:
                    if visit.lane.owner is not None:
                        self._reopen(visit.lane.owner)
                    visit.lane.reopen()
                    return visit.lane
        return spot

    def _exited(self, event: Event, spot: Spot) -> Spot:
        visit = self._named(event.details.get("name"), spot)
        if visit is None:
            return spot
        visit.exit_event = event.id
        self._exits[event.id] = visit
        visit.exited_at = visit.ended_at = event.timestamp
        visit.output_text = event.details.get("output")
        visit.assigned = event.details.get("assignedVariables")
        self._forget(visit)
        if visit.failing and visit.type != "Fail":
            self._set(visit, "caught")
            if visit.error is None:
                self._error_from_output(visit)
            self._name_inside(visit)
        else:
            self._set(visit, "succeeded")
        if visit.lane.current is visit:
            visit.lane.current = None
        return visit.lane

    @staticmethod
    def _error_from_output(visit: Visit) -> None:
        output = visit.output
        if isinstance(output, dict) and isinstance(output.get("Error"), str):
            visit.error, visit.cause = output["Error"], output.get("Cause")

    def _evaluation_failed(self, event: Event, spot: Spot) -> Spot:
        visit = self._named(event.details.get("state"), spot)
        if visit is None:
            return spot
        self._note_failure(visit, event)
        return visit

    def _state_aborted(self, event: Event, spot: Spot) -> Spot:
        kind = event.type.removesuffix("StateAborted")
        for visit in self._outwards(spot):
            if visit.type == kind and visit.exit_event is None:
                self._end(visit, "aborted", event)
                return visit
        return spot

    # Tasks

    def _scheduled(self, event: Event, spot: Spot) -> Spot:
        visit = self._working(event, spot)
        if visit is None:
            return spot
        call = event.details.get("parameters", event.details.get("input"))
        self._begin(visit, Attempt(event.id, event.timestamp, self.redrives, resource_of(event), call))
        return visit

    def _begin(self, visit: Visit, attempt: Attempt) -> None:
        if visit.attempts and visit.attempts[-1].redrive == attempt.redrive:
            visit.retries += 1
        visit.attempts.append(attempt)
        visit.failing = False
        visit.error = visit.cause = None
        self._set(visit, "running")

    def _started(self, event: Event, spot: Spot) -> Spot:
        if isinstance(spot, Visit) and spot.attempts:
            spot.attempts[-1].started_at = event.timestamp
        return spot

    def _submitted(self, event: Event, spot: Spot) -> Spot:
        if isinstance(spot, Visit) and spot.attempts:
            attempt = spot.attempts[-1]
            attempt.submitted_at = event.timestamp
            if attempt.resource and attempt.resource.endswith(".waitForTaskToken"):
                self._set(spot, "waiting")
        return spot

    def _task_succeeded(self, event: Event, spot: Spot) -> Spot:
        if isinstance(spot, Visit):
            if spot.attempts:
                spot.attempts[-1].status = "succeeded"
                spot.attempts[-1].ended_at = event.timestamp
            if spot.status in OPEN:
                self._set(spot, "running")
        return spot

    def _task_failed(self, event: Event, spot: Spot) -> Spot:
        if isinstance(spot, Visit):
            if spot.attempts:
                attempt = spot.attempts[-1]
                attempt.status = "timed out" if event.type.endswith("TimedOut") else "failed"
                attempt.ended_at = event.timestamp
                attempt.error, attempt.cause = event.details.get("error"), event.details.get("cause")
            self._note_failure(spot, event)
            if spot.status in OPEN:
                self._set(spot, "waiting")
        return spot

    @staticmethod
    def _note_failure(visit: Visit, event: Event) -> None:
        visit.failing = True
        visit.error, visit.cause = event.details.get("error"), event.details.get("cause")

    def _working(self, event: Event, spot: Spot) -> Visit | None:
        """The visit whose task an event is about."""
        if isinstance(spot, Visit) and spot.exit_event is None and not spot.lanes:
            if spot.status not in OPEN:
                self._reopen(spot)
            return spot
        resource = resource_of(event)
        waiting = [v for v in self._unfinished.values() if v.type == "Task" and v.redrive < self.redrives]
        same = [v for v in waiting if v.attempts and v.attempts[-1].resource == resource]
        visit = next(iter(same or waiting), None)
        if visit is not None:
            self._reopen(visit)
        return visit

    # Parallel and Map

    def _flows_started(self, event: Event, spot: Spot) -> Spot:
        visit = self._nearest(event.type.removesuffix("StateStarted"), spot)
        if visit is None:
            return spot
        for lane in visit.lanes:
            self._stop(lane, event, "aborted")
        self._supersede_lanes(visit)
        self._begin(visit, Attempt(event.id, event.timestamp, self.redrives))
        if visit.type == "Map":
            visit.iterations = Iterations(event.details.get("length"))
        return visit

    def _flows_succeeded(self, event: Event, spot: Spot) -> Spot:
        visit = self._nearest(event.type.removesuffix("StateSucceeded"), spot)
        if visit is None:
            return spot
        if visit.attempts:
            visit.attempts[-1].status = "succeeded"
            visit.attempts[-1].ended_at = event.timestamp
        return visit

    def _flows_failed(self, event: Event, spot: Spot) -> Spot:
        visit = self._nearest(event.type.removesuffix("StateFailed"), spot)
        if visit is None:
            return spot
        self._fail(spot, event, visit)
        visit.failing = True
        return visit

    def _iteration_started(self, event: Event, spot: Spot) -> Spot:
        visit = self._named(event.details.get("name"), spot)
        if visit is None:
            return spot
        if visit.status not in OPEN:
            self._reopen(visit)
        index = event.details.get("index")
        if visit.iterations is None:
            visit.iterations = Iterations()
        if self.redrives:
            self._restart_iteration(visit, index)
        lane = Lane(visit, index)
        visit.iterations.running += 1
        visit.lanes.append(lane)
        return lane

    def _restart_iteration(self, visit: Visit, index: int | None) -> None:
        for lane in [lane for lane in visit.lanes if lane.index == index]:
            lane.reopen()
            visit.iterations.running -= 1  # type: ignore[union-attr]
            for inner in lane.latest.values():
                self._supersede(inner)
            visit.lanes.remove(lane)

    def _iteration_ended(self, event: Event, spot: Spot) -> Spot:
        lane = self._iteration(spot, event.details.get("name"), event.details.get("index"))
        if lane is None:
            return spot
        if event.type.endswith("Succeeded"):
            lane.close("succeeded")
        elif event.type.endswith("Failed"):
            inside = next((visit for visit in self._outwards(spot) if visit.lane is lane), None)
            if inside is not None:
                self._fail(spot, event, inside)
            lane.close("failed")
        else:
            self._stop(lane, event, "aborted")
        return lane

    @staticmethod
    def _iteration(spot: Spot, name: str | None, index: int | None) -> Lane | None:
        lane: Lane | None = spot.lane if isinstance(spot, Visit) else spot
        innermost = lane
        while lane is not None:
            if lane.index == index and lane.owner is not None and lane.owner.state == name:
                return lane
            lane = lane.owner.lane if lane.owner else None
        for visit in Fold._outwards(innermost) if innermost else ():
            if visit.state == name:
                return next(
                    (lane for lane in visit.lanes if lane.index == index and lane.status in OPEN), None
                )
        return None

    def _map_run_started(self, event: Event, spot: Spot) -> Spot:
        if isinstance(spot, Visit):
            spot.map_run = event.details.get("mapRunArn")
        return spot

    def _map_run_failed(self, event: Event, spot: Spot) -> Spot:
        if isinstance(spot, Visit):
            self._note_failure(spot, event)
        return spot


def resource_of(event: Event) -> str | None:
    """What a task calls, as in `aws-sdk:rds:stopDBCluster`; a Lambda function or activity by its ARN."""
    kind, resource = event.details.get("resourceType"), event.details.get("resource")
    return f"{kind}:{resource}" if kind and resource else resource


Handler: TypeAlias = Callable[[Fold, Event, Spot], Spot]
TASKS = ("Task", "LambdaFunction", "Activity")

HANDLERS: dict[str, Handler] = {
    "ExecutionStarted": Fold._execution_started,
    "ExecutionRedriven": Fold._execution_redriven,
    **{f"Execution{end}": Fold._execution_ended for end in ("Succeeded", "Failed", "TimedOut", "Aborted")},
    **{
        f"{kind}StateEntered": Fold._entered
        for kind in ("Pass", "Task", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map")
    },
    **{
        f"{kind}StateExited": Fold._exited
        for kind in ("Pass", "Task", "Choice", "Wait", "Succeed", "Parallel", "Map")
    },
    **{f"{kind}StateAborted": Fold._state_aborted for kind in ("Task", "Wait", "Parallel", "Map")},
    **{f"{kind}Scheduled": Fold._scheduled for kind in TASKS},
    **{f"{kind}Started": Fold._started for kind in TASKS},
    **{f"{kind}Succeeded": Fold._task_succeeded for kind in TASKS},
    **{
        f"{kind}{end}": Fold._task_failed
        for kind in TASKS
        for end in ("Failed", "TimedOut", "ScheduleFailed", "StartFailed", "SubmitFailed")
    },
    "TaskSubmitted": Fold._submitted,
    "EvaluationFailed": Fold._evaluation_failed,
    **{f"{kind}StateStarted": Fold._flows_started for kind in ("Parallel", "Map")},
    **{f"{kind}StateSucceeded": Fold._flows_succeeded for kind in ("Parallel", "Map")},
    **{f"{kind}StateFailed": Fold._flows_failed for kind in ("Parallel", "Map")},
    "MapIterationStarted": Fold._iteration_started,
    **{f"MapIteration{end}": Fold._iteration_ended for end in ("Succeeded", "Failed", "Aborted")},
    "MapRunStarted": Fold._map_run_started,
    "MapRunRedriven": Fold._map_run_started,
    "MapRunFailed": Fold._map_run_failed,
}
