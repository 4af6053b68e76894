"""Metrics of executions in the namespace `AWS/States`.

https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
"""

from __future__ import annotations

from typing import Any, Final

from kit.engine import Engine, Execution
from kit.engine.events import at

NAMESPACE: Final = "AWS/States"
ENDS: Final = {
    "SUCCEEDED": "Succeeded",
    "FAILED": "Failed",
    "ABORTED": "Aborted",
    "TIMED_OUT": "TimedOut",
}

Point = tuple[str, float, str, float, tuple[tuple[tuple[str, str], ...], ...]]
"""Name, value, unit, virtual time, and the sets of dimensions under which it counts."""


class Metrics:
    """Counts starts and ends, and measures the time between. Children of a Map Run don't count: their machine
    is a part of another."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._points: list[Point] = []
        engine.on_start.append(self._started)
        engine.on_close.append(self._closed)

    @property
    def has_news(self) -> bool:
        return bool(self._points)

    def flush(self, backend: Any) -> None:
        """Puts what has been noted into moto's CloudWatch."""
        points, self._points = self._points, []
        for name, value, unit, moment, sets in points:
            for dimensions in sets:
                datum = {
                    "MetricName": name,
                    "Value": value,
                    "Unit": unit,
                    "Timestamp": at(moment).replace(tzinfo=None),  # moto's are naive, in UTC
                    "Dimensions": [{"Name": key, "Value": text} for key, text in dimensions],
                }
                backend.put_metric_data(NAMESPACE, [datum])

    def _started(self, execution: Execution) -> None:
        if execution.map_run is None:
            redriven = execution.redrive_count > 0
            self._note("ExecutionsRedriven" if redriven else "ExecutionsStarted", 1, "Count", execution)

    def _closed(self, execution: Execution) -> None:
        if execution.map_run is not None or execution.stopped is None:
            return
        end = ENDS[execution.status]
        self._note(f"Executions{end}", 1, "Count", execution)
        if execution.redrive_count:
            self._note(f"RedrivenExecutions{end}", 1, "Count", execution)
        milliseconds = round((execution.stopped - execution.started) * 1000)
        self._note("ExecutionTime", milliseconds, "Milliseconds", execution)

    def _note(self, name: str, value: float, unit: str, execution: Execution) -> None:
        machine = (("StateMachineArn", execution.revision.arn),)
        sets: list[tuple[tuple[str, str], ...]] = [machine]
        if execution.version_arn is not None:
            sets.append((*machine, ("Version", execution.version_arn.rsplit(":", 1)[1])))
        if execution.alias_arn is not None:
            sets.append((*machine, ("Alias", execution.alias_arn.rsplit(":", 1)[1])))
        self._points.append((name, value, unit, self._engine.scheduler.now, tuple(sets)))
