"""Rung 04: a machine that starts a cluster, and ends when it is available."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from kit.course.exercise import Exercise
from kit.course.ladder.looking import (
    after,
    assert_one_call_and_looks,
    assert_patient,
    begun,
    is_wrong,
    looks,
)
from kit.course.ladder.scenes import cluster, stopped_cluster, takes
from kit.testing import MismatchError, RefusedError, Rehearsal, Scenario, assert_succeeded

_CALL = "StartDBCluster"
_CLUSTER = "reports"
_NOTICED_WITHIN = timedelta(minutes=2)
_LIMIT = timedelta(hours=2)

# What a start shows on its way, with minutes. AWS has more than twenty statuses.
_STARTS: dict[str, tuple[tuple[str, float], ...]] = {
    "quick": (("starting", 4.2),),
    "slow": (("starting", 17.7),),
    "very_slow": (("starting", 47.3),),
    "other_status": (("starting", 3.4), ("upgrading", 5.2), ("backing-up", 2.1)),
}


def _world(steps: tuple[tuple[str, float], ...], sandbox: Any) -> None:
    """The cluster is stopped, and another one is up."""
    cluster(sandbox, "shop")
    stopped_cluster(sandbox, _CLUSTER)
    takes(sandbox, f"rds:{_CALL}", *steps)


def _judge(rehearsal: Rehearsal) -> None:
    assert_one_call_and_looks(rehearsal, _CALL, _CLUSTER)
    assert_succeeded(rehearsal)
    asked, ended = begun(rehearsal, _CALL), rehearsal.ended
    assert asked is not None
    assert ended is not None
    ready = _ready(rehearsal, asked)
    happened = f"the run ended {after(rehearsal, ended)} after its start"
    if ended < ready:
        raise MismatchError(
            f"an end when the cluster is available, {after(rehearsal, ready)} after the start of the run",
            happened,
            rehearsal.path[-1],
        )
    if ended > ready + _NOTICED_WITHIN:
        raise MismatchError(
            f"an end within two minutes after {after(rehearsal, ready)}, when the cluster is available",
            happened,
            rehearsal.path[-1],
        )
    assert_patient(rehearsal)


def _ready(rehearsal: Rehearsal, asked: datetime) -> datetime:
    return asked + timedelta(minutes=sum(minutes for _, minutes in _STARTS[rehearsal.scenario.name]))


def _advise(problem: MismatchError | RefusedError, rehearsal: Rehearsal | None) -> str | None:
    if rehearsal is None:
        return "refused"
    if is_wrong(rehearsal, _CALL, _CLUSTER):
        return "wrong_calls"
    if rehearsal.error is not None:
        return _advise_on_error(rehearsal)
    if begun(rehearsal, _CALL) is None:
        return "wrong_calls"
    if rehearsal.ended is None:
        return "never_true"
    if "the call before" in str(problem):
        return "too_often"
    if not looks(rehearsal):
        return "no_look"
    return "not_the_end_yet" if "an end when" in str(problem) else "seldom"


def _advise_on_error(rehearsal: Rehearsal) -> str | None:
    if sum(call.operation == _CALL for call in rehearsal.calls) > 1:
        return "starts_again"
    if "undefined" in (rehearsal.cause or ""):
        return "lost_input" if looks(rehearsal) else "undefined"
    return None


EXERCISES = {
    1: Exercise(
        scenarios=tuple(
            Scenario(
                name=name,
                input={"cluster": _CLUSTER},
                world=partial(_world, steps),
                limit=_LIMIT,
                patience=20,
            )
            for name, steps in _STARTS.items()
        ),
        judge=_judge,
        advise=_advise,
        mended_later=frozenset({"poll-without-bound"}),
    )
}
