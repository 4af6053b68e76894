"""Map Runs of Distributed Maps.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeMapRun.html
"""

from __future__ import annotations

from typing import Any

from kit.emulator.api.errors import ApiError, validation_error
from kit.emulator.api.names import parse_arn
from kit.emulator.api.operations import Operations, put
from kit.emulator.api.paging import page
from kit.engine.events import at
from kit.engine.map_runs import MapRun


class MapRuns(Operations):
    def describe_map_run(self, params: dict[str, Any]) -> dict[str, Any]:
        run = self._run(params)
        answer: dict[str, Any] = {
            "mapRunArn": run.arn,
            "executionArn": run.parent.arn,
            "status": run.status,
            "startDate": at(run.started),
            "maxConcurrency": run.max_concurrency,
            "toleratedFailurePercentage": run.tolerated_percentage or 0.0,
            "toleratedFailureCount": run.tolerated_count or 0,
            "itemCounts": run.counts(items=True),
            "executionCounts": run.counts(items=False),
            "redriveCount": run.redrive_count,
        }
        return put(
            answer,
            stopDate=None if run.stopped is None else at(run.stopped),
            redriveDate=None if run.redriven is None else at(run.redriven),
        )

    def list_map_runs(self, params: dict[str, Any]) -> dict[str, Any]:
        execution = self.execution(params["executionArn"])
        runs = [run for run in self.engine.map_runs.values() if run.parent is execution]
        return page(runs[::-1], params, "mapRuns", _brief)

    def update_map_run(self, params: dict[str, Any]) -> dict[str, Any]:
        """Takes effect with the next child that starts or ends."""
        run = self._run(params)
        names = ("maxConcurrency", "toleratedFailureCount", "toleratedFailurePercentage")
        concurrency, count, percentage = (params.get(name) for name in names)
        if concurrency is None and count is None and percentage is None:
            raise validation_error(f"At least one of these must be given: {', '.join(names)}")
        if run.status != "RUNNING":
            raise validation_error("Map Run is not running and cannot be updated")
        for name, value, most in zip(names, (concurrency, count, percentage), (None, None, 100), strict=True):
            if value is not None and (value < 0 or (most is not None and value > most)):
                raise validation_error(f"Value '{value}' at '{name}' is out of range")
        run.max_concurrency = run.max_concurrency if concurrency is None else concurrency
        run.tolerated_count = run.tolerated_count if count is None else count
        run.tolerated_percentage = run.tolerated_percentage if percentage is None else percentage
        return {}

    def _run(self, params: dict[str, Any]) -> MapRun:
        arn = params["mapRunArn"]
        parse_arn(arn, "mapRun")
        run = self.engine.map_runs.get(arn)
        if run is None:
            raise ApiError("ResourceNotFound", f"Resource not found: '{arn}'", resourceName=arn)
        return run


def _brief(run: MapRun) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "executionArn": run.parent.arn,
        "mapRunArn": run.arn,
        "stateMachineArn": run.parent.revision.arn,
        "startDate": at(run.started),
    }
    return put(answer, stopDate=None if run.stopped is None else at(run.stopped))
