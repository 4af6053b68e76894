"""Rung 07: a machine that stops a cluster, and tries again for as long as that makes sense."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from kit.course.exercise import Exercise
from kit.course.ladder.scenes import cluster, stopped_cluster
from kit.testing import MismatchError, RefusedError, Rehearsal, Scenario, assert_succeeded

_CLUSTER = "reports"
_MOST_CALLS = 10
_GIVES_UP = timedelta(minutes=5)

# For how many seconds RDS refuses, and how many seconds after the start the run has to be done.
_OUTAGES = {"calm": (0, 1), "blip": (3, 15), "outage": (40, 100)}


def _world(outage: float | None, sandbox: Any) -> None:
    """The cluster is up. For so many seconds (None: for ever), RDS refuses to stop anything."""
    cluster(sandbox, _CLUSTER)
    until = None if outage is None else sandbox.clock.now() + timedelta(seconds=outage)
    if outage != 0:
        sandbox.faults.fail(
            "rds:StopDBCluster", code="Throttling", message="Rate exceeded", times=None, until=until
        )


def _judge(rehearsal: Rehearsal) -> None:
    made = [f"{call.operation} {call.params.get('DBClusterIdentifier')}" for call in rehearsal.calls]
    named = rehearsal.scenario.input["cluster"]
    place = rehearsal.path[-1] if rehearsal.path else None
    if not made or set(made) != {f"StopDBCluster {named}"}:
        raise MismatchError(
            f"calls that stop {named!r}", f"the calls were: {', '.join(made) or 'none'}", place
        )
    if len(made) > _MOST_CALLS:
        raise MismatchError(f"at most {_MOST_CALLS} calls", f"it made {len(made)}", place)
    outage = _OUTAGES.get(rehearsal.scenario.name)
    if outage is not None:
        assert_succeeded(rehearsal)
        _assert_done_within(rehearsal, timedelta(seconds=outage[1]))
        return
    if rehearsal.ended is None or rehearsal.status != "FAILED":
        raise MismatchError("a run that fails", f"it was {rehearsal.status}", place)
    if rehearsal.scenario.name == "for_ever":
        _assert_done_within(rehearsal, _GIVES_UP)
    elif len(made) > 1:
        times = ", ".join(f"{(call.at - rehearsal.started).total_seconds():g} s" for call in rehearsal.calls)
        raise MismatchError("one call, since another can't help", f"it made {len(made)}, at {times}", place)


def _assert_done_within(rehearsal: Rehearsal, most: timedelta) -> None:
    assert rehearsal.ended is not None
    took = rehearsal.ended - rehearsal.started
    if took > most:
        raise MismatchError(
            f"an end within {most.total_seconds():g} s",
            f"it took {took.total_seconds():g} s, with {len(rehearsal.calls)} calls",
            rehearsal.path[-1],
        )


def _advise(_: MismatchError | RefusedError, rehearsal: Rehearsal | None) -> str | None:
    if rehearsal is None:
        return "refused"
    calls, scenario = rehearsal.calls, rehearsal.scenario.name
    if not calls or any(call.operation != "StopDBCluster" for call in calls):
        return "wrong_calls"
    if scenario in _OUTAGES:
        if rehearsal.status == "FAILED":
            return "never_fires" if len(calls) == 1 else "gave_up_early"
        return "waits_too_long"
    if scenario == "for_ever":
        return "ends_well" if rehearsal.status == "SUCCEEDED" else "without_end"
    return "retries_all" if len(calls) > 1 else "ends_well"


def _scenario(name: str, world: Any, named: str = _CLUSTER) -> Scenario:
    return Scenario(name=name, input={"cluster": named}, world=world, limit=timedelta(hours=2), patience=20)


EXERCISES = {
    1: Exercise(
        scenarios=(
            *(_scenario(name, partial(_world, seconds)) for name, (seconds, _) in _OUTAGES.items()),
            _scenario("for_ever", partial(_world, None)),
            _scenario("typo", partial(_world, 0), "reprots"),
            _scenario("stopped_already", partial(stopped_cluster, name=_CLUSTER)),
        ),
        judge=_judge,
        advise=_advise,
    )
}
