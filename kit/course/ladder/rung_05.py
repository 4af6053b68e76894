"""Rung 05: a machine that starts a cluster and ends in time, whatever becomes of the cluster."""

from __future__ import annotations

from dataclasses import dataclass
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
)
from kit.course.ladder.scenes import stopped_cluster, takes
from kit.testing import MismatchError, RefusedError, Rehearsal, Scenario, assert_succeeded

_CALL = "StartDBCluster"
_CLUSTER = "reports"
_FOR_EVER = 1e6
_NOTICED_WITHIN = timedelta(minutes=2)
_PATIENCE = (timedelta(minutes=30), timedelta(minutes=35))
_LIMIT = timedelta(minutes=65)


@dataclass(frozen=True, slots=True)
class _Start:
    """What becomes of a start: the statuses on its way with their minutes, the status then, and what
    somebody calls a second later. `ends` is how the run is to end: None for well, else the error."""

    steps: tuple[tuple[str, float], ...]
    ends: str | None = None
    final: str = "available"
    meddling: str | None = None

    @property
    def minutes(self) -> float:
        return sum(minutes for _, minutes in self.steps)


_STARTS = {
    "last_minute": _Start((("starting", 20.2), ("upgrading", 9.5))),
    "manual_stop": _Start((("starting", 4.2),), ends="NotComing", meddling="stop_db_cluster"),
    "key_lost": _Start((("starting", 3.3),), ends="NotComing", final="inaccessible-encryption-credentials"),
    "deleted": _Start((("starting", 2.2),), ends="NotComing", meddling="delete_db_cluster"),
    "given_up": _Start((("starting", 6.1),), ends="NotComing", final="stopped"),
    "stuck": _Start((("starting", _FOR_EVER),), ends="TooLong"),
}


def _world(start: _Start, sandbox: Any) -> None:
    """The cluster is stopped; where somebody meddles, they do so a second after the cluster is up."""
    stopped_cluster(sandbox, _CLUSTER)
    takes(sandbox, f"rds:{_CALL}", *start.steps, final=start.final)
    takes(sandbox, "rds:StopDBCluster", ("stopping", _FOR_EVER), final="stopped")
    takes(sandbox, "rds:DeleteDBCluster", ("deleting", _FOR_EVER), final=None)
    if start.meddling is None:
        return
    rds, journal, meddling = sandbox.aws("rds"), sandbox.calls, start.meddling
    named: dict[str, Any] = {"DBClusterIdentifier": _CLUSTER}
    if meddling == "delete_db_cluster":
        named["SkipFinalSnapshot"] = True

    def meddle() -> None:
        """A second after the cluster is up, however late the machine called."""
        started = [call.at for call in journal if call.operation == _CALL]
        up = started[0] + timedelta(minutes=start.minutes, seconds=1) if started else None
        now = sandbox.clock.now()
        if up is not None and now >= up:
            getattr(rds, meddling)(**named)
        else:
            sandbox.at(up or now + timedelta(seconds=1), meddle)

    sandbox.at(sandbox.clock.now() + timedelta(seconds=1), meddle)


def _judge(rehearsal: Rehearsal) -> None:
    assert_one_call_and_looks(rehearsal, _CALL, _CLUSTER)
    start, asked = _STARTS[rehearsal.scenario.name], begun(rehearsal, _CALL)
    assert asked is not None
    known = asked + timedelta(minutes=start.minutes)
    if start.ends is None:
        assert_succeeded(rehearsal)
        _assert_ends_between(rehearsal, known, known + _NOTICED_WITHIN)
    else:
        _assert_fails(rehearsal, start.ends)
        if start.ends == "TooLong":
            known = asked
            _assert_ends_between(rehearsal, asked + _PATIENCE[0], asked + _PATIENCE[1])
        else:
            _assert_ends_between(rehearsal, known, known + _NOTICED_WITHIN)
    assert_patient(rehearsal)


def _assert_fails(rehearsal: Rehearsal, error: str) -> None:
    place = rehearsal.path[-1] if rehearsal.path else None
    if rehearsal.ended is None:
        raise MismatchError(f"an end with the error {error}", "the run went on and on", place)
    if (rehearsal.status, rehearsal.error) != ("FAILED", error):
        ended = rehearsal.status + (f" with {rehearsal.error}" if rehearsal.error else "")
        raise MismatchError(f"an end with the error {error}", f"the run ended {ended}", place)


def _assert_ends_between(rehearsal: Rehearsal, first: datetime, last: datetime) -> None:
    ended = rehearsal.ended
    assert ended is not None
    if not first <= ended <= last + timedelta(seconds=1):
        raise MismatchError(
            f"an end between {after(rehearsal, first)} and {after(rehearsal, last)} after the run's start",
            f"it ended after {after(rehearsal, ended)}",
            rehearsal.path[-1],
        )


def _advise(problem: MismatchError | RefusedError, rehearsal: Rehearsal | None) -> str | None:
    if rehearsal is None:
        return "refused"
    if rehearsal.error == "States.QueryEvaluationError":
        return "undefined"
    if is_wrong(rehearsal, _CALL, _CLUSTER) or begun(rehearsal, _CALL) is None:
        return "wrong_calls"
    if "the call before" in str(problem):
        return "too_often"
    wanted = _STARTS[rehearsal.scenario.name].ends
    if wanted is None:
        return _advise_on_a_good_start(rehearsal)
    return _advise_on_a_bad_start(rehearsal, wanted)


def _advise_on_a_good_start(rehearsal: Rehearsal) -> str | None:
    if rehearsal.status == "TIMED_OUT" or rehearsal.error == "TooLong":
        return "gave_up_early"
    if rehearsal.status == "FAILED":
        return "still_on_its_way"
    return "not_available_yet" if rehearsal.ended is not None else "no_end"


def _advise_on_a_bad_start(rehearsal: Rehearsal, wanted: str) -> str | None:
    if rehearsal.ended is None:
        return "no_end" if wanted == "TooLong" else "waits_for_nothing"
    if rehearsal.status == "SUCCEEDED":
        return "ends_well"
    if rehearsal.status == "TIMED_OUT":
        return "timed_out"
    if wanted == "NotComing" and rehearsal.error == "TooLong":
        return "waits_for_nothing"
    if rehearsal.error != wanted:
        return "other_name"
    return "counts_wrong"


EXERCISES = {
    1: Exercise(
        scenarios=tuple(
            Scenario(
                name=name,
                input={"cluster": _CLUSTER},
                world=partial(_world, start),
                limit=_LIMIT,
                patience=20,
            )
            for name, start in _STARTS.items()
        ),
        judge=_judge,
        advise=_advise,
    )
}
