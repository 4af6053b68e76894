"""Work that another service does and Step Functions waits for: ECS tasks, builds, Batch jobs, Glue job runs.

With `.sync` the state ends when the work does: its result is the work's description, and work that failed
fails the state with States.TaskFailed and the description as the cause. A state that is stopped stops the
work. How the work stands is asked beside the journal: AWS hears of it by events.
https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kit.emulator.integrations import arguments
from kit.emulator.integrations.calls import ServiceError, Services
from kit.emulator.integrations.optimized import STYLES, enveloped, operation
from kit.emulator.integrations.resource import Resource
from kit.engine.ports import Done, Failed, Json, Submitted, TaskAnswer, TaskCall
from kit.services import action_of, optimized_action
from kit.services.values import compact

POLL_SECONDS: Final = 5.0
"""Virtual time between two looks; AWS notices within some seconds of the event."""

Answer = Mapping[str, Any]
Request = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Work:
    """How one kind of work is looked at: of the start's arguments and answer `look` makes the describing
    call and `stop` the stopping one; `of` takes the work out of the description, `ended` and `succeeded`
    judge it, `shown` is the state's result, in Step Functions' spelling already."""

    look: Callable[[Answer, Answer], Request]
    of: Callable[[Answer], Mapping[str, Any]]
    ended: Callable[[Mapping[str, Any]], bool]
    succeeded: Callable[[Mapping[str, Any]], bool]
    stop: Callable[[Answer, Answer], Request]
    shown: Callable[[Answer], Json]


def _in_cluster(given: Answer, **more: Any) -> dict[str, Any]:
    return {**({"cluster": given["cluster"]} if given.get("cluster") else {}), **more}


def _task_succeeded(task: Mapping[str, Any]) -> bool:
    return all(container.get("exitCode") == 0 for container in task.get("containers", ()))


WORK: Final = {
    ("ecs", "runTask"): Work(
        look=lambda given, started: (
            "DescribeTasks",
            _in_cluster(given, tasks=[task["taskArn"] for task in started["tasks"]]),
        ),
        of=lambda told: told["tasks"][0],
        ended=lambda task: task["lastStatus"] == "STOPPED",
        succeeded=_task_succeeded,
        stop=lambda given, started: (
            "StopTask",
            _in_cluster(given, task=started["tasks"][0]["taskArn"], reason="Stopped by Step Functions"),
        ),
        shown=lambda told: told["Tasks"][0],
    ),
    ("codebuild", "startBuild"): Work(
        look=lambda _, started: ("BatchGetBuilds", {"ids": [started["build"]["id"]]}),
        of=lambda told: told["builds"][0],
        ended=lambda build: build["buildStatus"] != "IN_PROGRESS",
        succeeded=lambda build: build["buildStatus"] == "SUCCEEDED",
        stop=lambda _, started: ("StopBuild", {"id": started["build"]["id"]}),
        shown=lambda told: {"Build": told["Builds"][0]},
    ),
    ("batch", "submitJob"): Work(
        look=lambda _, started: ("DescribeJobs", {"jobs": [started["jobId"]]}),
        of=lambda told: told["jobs"][0],
        ended=lambda job: job["status"] in ("SUCCEEDED", "FAILED"),
        succeeded=lambda job: job["status"] == "SUCCEEDED",
        stop=lambda _, started: (
            "TerminateJob",
            {"jobId": started["jobId"], "reason": "Stopped by Step Functions"},
        ),
        shown=lambda told: told["Jobs"][0],
    ),
    ("glue", "startJobRun"): Work(
        look=lambda given, started: (
            "GetJobRun",
            {"JobName": given["JobName"], "RunId": started["JobRunId"]},
        ),
        of=lambda told: told["JobRun"],
        ended=lambda run: run["JobRunState"] in ("SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT", "ERROR"),
        succeeded=lambda run: run["JobRunState"] == "SUCCEEDED",
        stop=lambda given, started: (
            "BatchStopJobRun",
            {"JobName": given["JobName"], "JobRunIds": [started["JobRunId"]]},
        ),
        shown=lambda told: told["JobRun"],
    ),
}


class WorkIntegration:
    """ecs, codebuild, batch and glue."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def refusal(self, resource: Resource, given: Json) -> Failed | None:
        return arguments.refusal(operation(resource), given)

    def call(self, resource: Resource, task: TaskCall) -> TaskAnswer:
        style, called_action = STYLES[resource.service], operation(resource)
        params = called_action.to_api(task.arguments or {})
        waits = resource.pattern == "sync"
        try:
            called = self._services.call(task, called_action, params)
        except ServiceError as error:
            return style.failed(error, event="TaskSubmitFailed" if waits else "TaskFailed")
        started = _in_millis(called.result)
        result = enveloped(called_action.from_api(started), called)
        if not resource.pattern:
            return Done(result)
        if not waits:
            return Submitted(result)
        if resource.service == "ecs" and not started.get("tasks"):
            return Failed("ECS.AmazonECSException", compact(called_action.from_api(started)))
        return Submitted(result, poll_seconds=POLL_SECONDS, handle={"given": params, "started": started})

    def poll(self, resource: Resource, task: TaskCall, handle: Json) -> TaskAnswer | None:
        """None while the work goes on, or can't be looked at."""
        work = WORK[resource.service, resource.action]
        name, params = work.look(handle["given"], handle["started"])
        client_name = STYLES[resource.service].client_name
        look = optimized_action(client_name, name)
        try:
            told = _in_millis(self._services.quietly(task, look, params).result)
        except ServiceError:
            return None
        if not work.ended(work.of(told)):
            return None
        shown = work.shown(look.from_api(told))
        if work.succeeded(work.of(told)):
            return Done(shown)
        return Failed("States.TaskFailed", compact(shown.get("Build", shown)))

    def cancel(self, resource: Resource, task: TaskCall, handle: Json) -> None:
        work = WORK[resource.service, resource.action]
        name, params = work.stop(handle["given"], handle["started"])
        try:
            self._services.call(task, action_of(STYLES[resource.service].client_name, name), params)
        except ServiceError:
            return  # It has ended meanwhile: AWS, too, does what it can.


def _in_millis(value: Any) -> Any:
    """Times as milliseconds since 1970, as the SDK for Java 1 writes them."""
    if isinstance(value, dt.datetime):
        return int(value.timestamp() * 1000)
    if isinstance(value, Mapping):
        return {name: _in_millis(each) for name, each in value.items()}
    return [_in_millis(each) for each in value] if isinstance(value, list) else value
