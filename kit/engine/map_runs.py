"""Map Runs: what a Distributed Map has running, apart from the history of its execution.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-examine-map-run.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from kit.asl.definition import Json

if TYPE_CHECKING:
    from kit.engine.execution import Execution

MapRunStatus = Literal["RUNNING", "SUCCEEDED", "FAILED", "ABORTED"]


class MapRun:
    """One run of a Distributed Map.

    `inputs` holds each child's input and how many items are in it (more than one where they are batched);
    `executions` the children that have been started, by the place of their input.
    """

    def __init__(self, arn: str, label: str, parent: Execution, started: float) -> None:
        self.arn, self.label, self.parent, self.started = arn, label, parent, started
        self.status: MapRunStatus = "RUNNING"
        self.stopped: float | None = None
        self.max_concurrency = 0
        self.tolerated_count: int | None = None
        self.tolerated_percentage: float | None = None
        self.inputs: list[tuple[Json, int]] = []
        self.executions: dict[int, Execution] = {}
        self.failed_items = 0
        self.results_written = 0
        self.redrive_count = 0
        self.redriven: float | None = None

    @property
    def total_items(self) -> int:
        return sum(count for _, count in self.inputs)

    def exceeds_tolerance(self) -> bool:
        """Whether more items failed than ToleratedFailureCount and -Percentage allow.

        Where both are given, going beyond either is too much; where neither is, one failure is."""
        failed = self.failed_items
        count, percentage = self.tolerated_count, self.tolerated_percentage
        if failed == 0 or (count is None and percentage is None):
            return failed > 0
        beyond_count = bool(count) and failed > (count or 0)
        share = 100.0 * failed / max(1, self.total_items)
        beyond_share = bool(percentage) and share > (percentage or 0.0)
        return beyond_count or beyond_share or not (count or percentage)

    def counts(self, items: bool) -> dict[str, int]:
        """itemCounts or executionCounts, as DescribeMapRun gives them."""
        found = dict.fromkeys(("pending", "running", "succeeded", "failed", "timedOut", "aborted"), 0)
        names = {"TIMED_OUT": "timedOut", "PENDING_REDRIVE": "pending"}
        unstarted = "pending" if self.status == "RUNNING" else "aborted"
        for index, (_, count) in enumerate(self.inputs):
            execution = self.executions.get(index)
            status = None if execution is None else execution.status
            name = unstarted if status is None else names.get(status, status.lower())
            found[name] += count if items else 1
        total = self.total_items if items else len(self.inputs)
        found |= {"total": total, "resultsWritten": self.results_written}
        return found | {"failuresNotRedrivable": 0, "pendingRedrive": 0}

    def close(self, status: MapRunStatus, now: float) -> None:
        self.status, self.stopped = status, now
