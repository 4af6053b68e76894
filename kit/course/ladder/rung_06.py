"""Rung 06: a machine that takes over from a Lambda function which scales a service to zero."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Any

from kit.course.exercise import Exercise
from kit.course.ladder.looking import after
from kit.course.ladder.scenes import cluster, takes
from kit.testing import MismatchError, RefusedError, Rehearsal, Scenario, assert_succeeded

_CLUSTER = "staging"
_UPDATE, _LOOK = "UpdateService", "DescribeServices"
_NOTICED_WITHIN, _BETWEEN_LOOKS = timedelta(minutes=2), timedelta(seconds=15)
_PATIENCE = (timedelta(minutes=30), timedelta(minutes=35))


@dataclass(frozen=True, slots=True)
class _Evening:
    """The service that the input names, how many minutes its tasks need to stop, and how the run is to end:
    None for well, else the error. `both`: the Lambda function has run a minute before."""

    service: str
    minutes: float
    ends: str | None = None
    both: bool = False


_EVENINGS = {
    "quick": _Evening("shop", 3.2),
    "slow": _Evening("reports", 19.4),
    "both": _Evening("shop", 6.3, both=True),
    "stuck": _Evening("shop", 1e6, ends="TooLong"),
    "missing": _Evening("basket", 3.0, ends="Ecs.ServiceNotFoundException"),
}


def services(sandbox: Any) -> dict[str, str]:
    """A cluster `staging` with the services shop and reports, three tasks each."""
    ecs = sandbox.aws("ecs")
    with sandbox.provisioning.at_once():
        ecs.create_cluster(clusterName=_CLUSTER)
        ecs.register_task_definition(
            family="web", containerDefinitions=[{"name": "web", "image": "web", "memory": 128}]
        )
        for name in ("shop", "reports"):
            ecs.create_service(
                cluster=_CLUSTER, serviceName=name, taskDefinition="web", desiredCount=3, launchType="FARGATE"
            )
    return {"cluster": _CLUSTER}


def _world(evening: _Evening, sandbox: Any) -> None:
    services(sandbox)
    takes(sandbox, "ecs:UpdateService", ("deploying", evening.minutes), final="steady")
    if evening.both:
        sandbox.aws("ecs").update_service(cluster=_CLUSTER, service=evening.service, desiredCount=0)
        sandbox.clock.advance(minutes=1)


def _desired(sandbox: Any) -> dict[str, int]:
    found = sandbox.aws("ecs").describe_services(cluster=_CLUSTER, services=["shop", "reports"])
    return {one["serviceName"]: one["desiredCount"] for one in found["services"]}


def _judge(rehearsal: Rehearsal) -> None:
    evening = _EVENINGS[rehearsal.scenario.name]
    place = rehearsal.path[-1] if rehearsal.path else None
    for call in rehearsal.calls:
        if call.operation not in (_UPDATE, _LOOK) or not _is_for(call, evening.service):
            raise MismatchError(
                f"calls of {_UPDATE} and {_LOOK} for {evening.service!r}",
                f"it called {call.operation} with {call.params}",
                call.state,
            )
    others = {name: count for name, count in rehearsal.seen.items() if name != evening.service}
    wrong = evening.service in rehearsal.seen and rehearsal.seen[evening.service] != 0
    if wrong or set(others.values()) != {3}:
        raise MismatchError(
            f"0 tasks for {evening.service!r}, 3 for the others", f"it was {rehearsal.seen}", place
        )
    if evening.ends is None:
        assert_succeeded(rehearsal)
        _assert_ends_well(rehearsal, evening)
    else:
        _assert_fails(rehearsal, evening.ends)
    looks = [call.at for call in rehearsal.calls if call.operation == _LOOK]
    if any(later - sooner < _BETWEEN_LOOKS for sooner, later in pairwise(looks)):
        raise MismatchError("looks that are at least 15 s apart", "two of them were closer", place)


def _is_for(call: Any, service: str) -> bool:
    named = call.params.get("services", [call.params.get("service")])
    return bool(call.params.get("cluster") == _CLUSTER and named == [service])


def _assert_ends_well(rehearsal: Rehearsal, evening: _Evening) -> None:
    asked = next(call.at for call in rehearsal.calls if call.operation == _UPDATE)
    done, ended = asked + timedelta(minutes=evening.minutes), rehearsal.ended
    assert ended is not None
    first = done - timedelta(minutes=1) if evening.both else done
    if not first <= ended <= done + _NOTICED_WITHIN:
        raise MismatchError(
            f"an end within two minutes after the last task's, {after(rehearsal, done)} after the start",
            f"it ended after {after(rehearsal, ended)}",
            rehearsal.path[-1],
        )


def _assert_fails(rehearsal: Rehearsal, error: str) -> None:
    place, ended = rehearsal.path[-1] if rehearsal.path else None, rehearsal.ended
    if ended is None:
        raise MismatchError(f"an end with {error}", "the run went on and on", place)
    if (rehearsal.status, rehearsal.error) != ("FAILED", error):
        happened = rehearsal.status + (f" with {rehearsal.error}" if rehearsal.error else "")
        raise MismatchError(f"an end with {error}", f"it ended {happened}", place)
    first, last = (rehearsal.started + span for span in _PATIENCE)
    if error == "TooLong" and not first <= ended <= last:
        raise MismatchError(
            "an end after 30 to 35 minutes", f"it ended after {after(rehearsal, ended)}", place
        )


def _advise(problem: MismatchError | RefusedError, rehearsal: Rehearsal | None) -> str | None:
    if rehearsal is None:
        return "refused"
    words, evening = str(problem), _EVENINGS[rehearsal.scenario.name]
    if "undefined" in (rehearsal.cause or ""):
        return "undefined"
    if "calls of" in words:
        return "wrong_calls"
    if "0 tasks" in words:
        return "not_scaled"
    if "apart" in words:
        return "too_often"
    if rehearsal.status == "TIMED_OUT":
        return "timed_out"
    if evening.ends is None:
        return _advise_on_a_good_evening(rehearsal)
    if rehearsal.ended is None:
        return "no_end"
    return "green" if rehearsal.status == "SUCCEEDED" else "counts_wrong"


def _advise_on_a_good_evening(rehearsal: Rehearsal) -> str | None:
    if rehearsal.ended is None:
        return "no_end"
    if rehearsal.status == "FAILED":
        return "lambdas_patience" if rehearsal.error == "TooLong" else None
    return "desired" if not _ran_out(rehearsal) else "seldom"


def _ran_out(rehearsal: Rehearsal) -> bool:
    """Whether the run ended after the last task had."""
    minutes = _EVENINGS[rehearsal.scenario.name].minutes
    asked = next(call.at for call in rehearsal.calls if call.operation == _UPDATE)
    return rehearsal.ended is not None and rehearsal.ended >= asked + timedelta(minutes=minutes - 1)


def _dev(sandbox: Any) -> dict[str, str]:
    """A cluster `dev` that is available."""
    with sandbox.provisioning.at_once():
        cluster(sandbox, "dev")
    return {}


WORLDS = {"services": services, "dev": _dev}

EXERCISES = {
    1: Exercise(
        scenarios=tuple(
            Scenario(
                name=name,
                input={"cluster": _CLUSTER, "service": evening.service},
                world=partial(_world, evening),
                look=_desired,
                limit=timedelta(minutes=90),
                patience=20,
            )
            for name, evening in _EVENINGS.items()
        ),
        judge=_judge,
        advise=_advise,
    )
}
