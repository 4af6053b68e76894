"""ECS, CodeBuild, Batch, Glue and EC2: work that runs, and what is left of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson

from kit.emulator.provisioning.kind import Kind, moment

# ECS.


def _services(ecs: Any) -> dict[str, Any]:
    return {service.arn: service for service in ecs.services.values()}


def _show_service(service: Any, status: str, since: float) -> None:
    """A service is steady when as many tasks run as are wanted, in one deployment."""
    steady = status == "steady"
    running = service.desired_count if steady else getattr(service, "small_steps_running", 0)
    service.running_count = running
    service.pending_count = max(0, service.desired_count - running)
    service.small_steps_status = status
    if steady:
        service.small_steps_running = running
    for deployment in service.deployments[:1]:
        deployment.update(
            desiredCount=service.desired_count,
            runningCount=running,
            pendingCount=service.pending_count,
            rolloutState="COMPLETED" if steady else "IN_PROGRESS",
            rolloutStateReason=f"ECS deployment {deployment['id']} "
            f"{'completed' if steady else 'in progress'}.",
            taskDefinition=service.task_definition,
            updatedAt=moment(since),
        )


def _service_begins(service: Any, params: Mapping[str, Any]) -> bool:
    running = getattr(service, "small_steps_running", 0)
    return bool(
        params.get("forceNewDeployment") or params.get("taskDefinition") or running != service.desired_count
    )


def _tell_service(service: Any, body: bytes) -> bytes:
    told = orjson.loads(body)
    told["service"].update(runningCount=service.running_count, pendingCount=service.pending_count)
    for deployment in told["service"].get("deployments", ())[:1]:
        ours = service.deployments[0]
        deployment.update(
            {name: ours[name] for name in ("desiredCount", "runningCount", "pendingCount", "rolloutState")}
        )
    return orjson.dumps(told)


def _tasks(ecs: Any) -> dict[str, Any]:
    return {arn: task for tasks in ecs.tasks.values() for arn, task in tasks.items()}


_LEAVING = {"DEPROVISIONING", "STOPPED", "FAILED", "STOPPED BY USER"}


def _show_task(task: Any, status: str, since: float) -> None:
    ended = status in ("STOPPED", "FAILED", "STOPPED BY USER")
    task.small_steps_status = "STOPPED" if ended else status
    task.small_steps_shown = status
    if status == "RUNNING":
        task.started_at = moment(since)
    if status in _LEAVING:
        task.desired_status = "STOPPED"
    if ended:
        task.stopped_at = moment(since)
        by_user = status == "STOPPED BY USER"
        task.stop_code = "UserInitiated" if by_user else "EssentialContainerExited"
        task.stopped_reason = task.stopped_reason or "Essential container in task exited"
    code = {"STOPPED": 0, "FAILED": 1, "STOPPED BY USER": 143}.get(status)
    for container in task.containers:
        container.last_status = "STOPPED" if ended else "RUNNING" if status == "RUNNING" else "PENDING"
        container.exitCode = code
        container.task_arn = task.task_arn


def _tell_tasks(task: Any, body: bytes) -> bytes:
    """As it was when the call came back, of each task."""
    told = orjson.loads(body)
    for each in [*told.get("tasks", ()), *([told["task"]] if "task" in told else [])]:
        if each["taskArn"] != task.task_arn:
            continue
        each["lastStatus"], each["desiredStatus"] = task.small_steps_status, task.desired_status
        for container in each.get("containers", ()):
            container["lastStatus"] = "PENDING"
            container["taskArn"] = task.task_arn
            container.pop("exitCode", None)
    return orjson.dumps(told)


# CodeBuild.


def _builds(codebuild: Any) -> dict[str, Any]:
    history = codebuild.build_metadata_history.values()
    return {build["id"]: build for builds in history for build in builds}


def _show_build(build: Any, status: str, since: float) -> None:
    """The phase it is in; the last one also says how it ended."""
    ended = status in ("SUCCEEDED", "FAILED", "STOPPED")
    phase = "COMPLETED" if ended else status
    at = dt.datetime.fromtimestamp(since, dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    if build["currentPhase"] == phase and not ended:
        return
    latest = build["phases"][-1]
    if "phaseStatus" not in latest:
        latest.update(phaseStatus="FAILED" if status == "FAILED" else "SUCCEEDED", endTime=at)
    build["phases"].append({"phaseType": phase, "startTime": at})
    build["currentPhase"] = phase
    if ended:
        build.update(buildStatus=status, buildComplete=True, endTime=at)


def _build_status(build: Any) -> str:
    return str(build["buildStatus"] if build["buildComplete"] else build["currentPhase"])


# Batch and Glue, whose statuses moto lets go their own way.


def _managed_status(resource: Any) -> str:
    return str(getattr(resource, "small_steps_status", resource.status))


def _show_job(job: Any, status: str, since: float) -> None:
    job.small_steps_status = status
    job.job_stopped = status in ("SUCCEEDED", "FAILED")
    if status == "RUNNING":
        job.job_started_at = moment(since)
    if job.job_stopped:
        job.job_stopped_at = moment(since)
        job.exit_code = 0 if status == "SUCCEEDED" else 1
        if status == "FAILED" and job.job_stopped_reason is None:
            job.job_stopped_reason = "Essential container in task exited"


def _show_job_run(job_run: Any, status: str, since: float) -> None:
    job_run.small_steps_status = status
    job_run.modified_on = moment(since)
    job_run.completed_on = moment(since) if status in ("SUCCEEDED", "FAILED", "STOPPED") else None


def _job_runs(glue: Any) -> dict[str, Any]:
    return {run.job_run_id: run for job in glue.jobs.values() for run in job.job_runs}


# EC2.


def _show_image(image: Any, status: str, _since: float) -> None:
    image.state = status


def _show(resource: Any, status: str, _since: float) -> None:
    resource.status = status


def _while(*statuses: str) -> Callable[[str], bool]:
    return frozenset(statuses).__contains__


KINDS: Final = {
    "ecs service": Kind(
        "ecs",
        _services,
        _show_service,
        lambda each: getattr(each, "small_steps_status", "steady"),
        tell=_tell_service,
        begins=_service_begins,
        forgettable=False,
    ),
    "ecs task": Kind(
        "ecs",
        _tasks,
        _show_task,
        lambda each: getattr(each, "small_steps_shown", each.last_status),
        tell=_tell_tasks,
        lasts=_while("PROVISIONING", "PENDING", "RUNNING", "DEPROVISIONING"),
        forgettable=False,
    ),
    "codebuild build": Kind(
        "codebuild",
        _builds,
        _show_build,
        _build_status,
        lasts=_while("QUEUED", "PROVISIONING", "BUILD", "FINALIZING"),
        forgettable=False,
    ),
    "ec2 snapshot": Kind("ec2", lambda ec2: ec2.snapshots, _show, lambda each: each.status),
    "ec2 image": Kind("ec2", lambda ec2: ec2.amis, _show_image, lambda each: each.state),
    "batch job": Kind(
        "batch",
        lambda batch: batch._jobs,
        _show_job,
        _managed_status,
        lasts=_while("SUBMITTED", "RUNNABLE", "STARTING", "RUNNING"),
        forgettable=False,
    ),
    "glue job run": Kind(
        "glue",
        _job_runs,
        _show_job_run,
        _managed_status,
        lasts=_while("STARTING", "RUNNING"),
        forgettable=False,
    ),
}
