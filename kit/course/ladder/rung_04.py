"""Rung 04: a machine that starts a cluster, and ends when it is available."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

from kit.course.exercise import Exercise
from kit.course.ladder.scenes import cluster, stopped_cluster, takes
from kit.testing import MismatchError, RefusedError, Rehearsal, Scenario, assert_succeeded

_CLUSTER = "reports"
_BETWEEN_LOOKS = timedelta(seconds=15)
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
    takes(sandbox, "rds:StartDBCluster", *steps)


def _judge(rehearsal: Rehearsal) -> None:
    begun = _begun(rehearsal)
    if begun is None or any(_is_wrong(call) for call in rehearsal.calls):
        made = ", ".join(f"{call.operation} {call.params}" for call in rehearsal.calls) or "none"
        raise MismatchError(
            f"one StartDBCluster of {_CLUSTER!r}, and looks at it",
            f"the calls were: {made[:300]}",
            _last(rehearsal),
        )
    assert_succeeded(rehearsal)
    assert rehearsal.ended is not None
    ready = _ready(rehearsal, begun)
    if rehearsal.ended < ready:
        raise MismatchError(
            f"an end when the cluster is available, {_after(rehearsal, ready)} after the start of the run",
            f"the run ended {_after(rehearsal, rehearsal.ended)} after its start",
            _last(rehearsal),
        )
    if rehearsal.ended > ready + _NOTICED_WITHIN:
        raise MismatchError(
            f"an end within two minutes after {_after(rehearsal, ready)}, when the cluster is available",
            f"the run ended {_after(rehearsal, rehearsal.ended)} after its start",
            _last(rehearsal),
        )
    closest = min((later - sooner for sooner, later in pairwise(_looks(rehearsal))), default=_BETWEEN_LOOKS)
    if closest < _BETWEEN_LOOKS:
        raise MismatchError(
            "looks that are at least 15 s apart",
            f"two are {closest.total_seconds():g} s apart, of {len(_looks(rehearsal))}",
            next((call.state for call in rehearsal.calls if call.operation == "DescribeDBClusters"), None),
        )


def _advise(problem: MismatchError | RefusedError, rehearsal: Rehearsal | None) -> str | None:
    if rehearsal is None:
        return "refused"
    if any(_is_wrong(call) for call in rehearsal.calls):
        return "wrong_calls"
    if rehearsal.error is not None:
        return _advise_on_error(rehearsal)
    if _begun(rehearsal) is None:
        return "wrong_calls"
    looks = len(_looks(rehearsal))
    if rehearsal.ended is None:
        return "never_true"
    if isinstance(problem, MismatchError) and "apart" in problem.expected:
        return "too_often"
    if not looks:
        return "no_look"
    early = "an end when" in str(problem)
    return "not_the_end_yet" if early else "seldom"


def _advise_on_error(rehearsal: Rehearsal) -> str | None:
    starts = [call for call in rehearsal.calls if call.operation == "StartDBCluster"]
    if len(starts) > 1:
        return "starts_again"
    if "undefined" in (rehearsal.cause or ""):
        return "lost_input" if _looks(rehearsal) else "undefined"
    return None


def _begun(rehearsal: Rehearsal) -> datetime | None:
    """When the start was asked for; None unless it was asked for once."""
    starts = [call for call in rehearsal.calls if call.operation == "StartDBCluster"]
    return starts[0].at if len(starts) == 1 else None


def _is_wrong(call: Any) -> bool:
    wanted = ("StartDBCluster", "DescribeDBClusters")
    return call.operation not in wanted or call.params.get("DBClusterIdentifier") != _CLUSTER


def _ready(rehearsal: Rehearsal, begun: datetime) -> datetime:
    return begun + timedelta(minutes=sum(minutes for _, minutes in _STARTS[rehearsal.scenario.name]))


def _looks(rehearsal: Rehearsal) -> list[datetime]:
    return [call.at for call in rehearsal.calls if call.operation == "DescribeDBClusters"]


def _last(rehearsal: Rehearsal) -> str | None:
    return rehearsal.path[-1] if rehearsal.path else None


def _after(rehearsal: Rehearsal, moment: datetime) -> str:
    seconds = round((moment - rehearsal.started).total_seconds())
    return f"{seconds // 60} min {seconds % 60} s"


def _scenario(name: str, steps: tuple[tuple[str, float], ...]) -> Scenario:
    world: Callable[[Any], None] = partial(_world, steps)
    return Scenario(name=name, input={"cluster": _CLUSTER}, world=world, limit=_LIMIT, patience=20)


def _slow_stops(sandbox: Any) -> dict[str, str]:
    """From now on, stopping a cluster takes more than half an hour."""
    takes(sandbox, "rds:StopDBCluster", ("stopping", 36.5), final="stopped")
    return {}


WORLDS = {"slow stops": _slow_stops}

EXERCISES = {
    1: Exercise(
        scenarios=tuple(_scenario(name, steps) for name, steps in _STARTS.items()),
        judge=_judge,
        advise=_advise,
        mended_later=frozenset({"poll-without-bound"}),
    )
}
