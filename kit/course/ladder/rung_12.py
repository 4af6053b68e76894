"""Rung 12: a machine that deletes a cluster's old snapshots, page by page, and none that is protected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from kit.course.exercise import Exercise
from kit.course.ladder.scenes import cluster
from kit.testing import MismatchError, RefusedError, Rehearsal, Scenario, assert_succeeded

_CLUSTER, _OTHER = "shop", "reports"
_LOOK, _DELETE = "DescribeDBClusterSnapshots", "DeleteDBClusterSnapshot"
_DAYS, _PAGE, _AT_ONCE = 30, 20, 5
_KEEP = {"Key": "keep", "Value": "until the audit"}
_TEAM = {"Key": "team", "Value": "keep"}  # A value that looks like the key protects nothing.


@dataclass(frozen=True, slots=True)
class _Shelf:
    """How many old ones there are, the places among them that are protected, how many young ones; whether it
    is a dry run (None: the input doesn't say), and whether somebody deletes one at the same time."""

    old: int
    protected: tuple[int, ...] = ()
    young: int = 0
    dry: bool | None = False
    gone: bool = False

    @property
    def names(self) -> list[str]:
        return [f"shop-{number:03d}" for number in range(self.old)]

    @property
    def kept(self) -> list[str]:
        return [name for place, name in enumerate(self.names) if place in self.protected]

    @property
    def going(self) -> list[str]:
        return [name for place, name in enumerate(self.names) if place not in self.protected]

    @property
    def new(self) -> list[str]:
        return [f"shop-new-{number}" for number in range(self.young)]

    @property
    def input(self) -> dict[str, Any]:
        said = {} if self.dry is None else {"dry_run": self.dry}
        return {"cluster": _CLUSTER, "days": _DAYS, **said}


_SHELVES = {
    "one": _Shelf(2, protected=(0,), young=1),
    "none": _Shelf(0),
    "dry": _Shelf(3, protected=(0,), dry=True),
    "not_said": _Shelf(3, dry=None),
    "gone": _Shelf(12, gone=True),
    "pages": _Shelf(41, protected=(3, 24, 40)),
}


def _world(shelf: _Shelf, sandbox: Any) -> None:
    rds = sandbox.aws("rds")

    def snapshot(name: str, of: str, *tags: dict[str, str]) -> None:
        rds.create_db_cluster_snapshot(
            DBClusterSnapshotIdentifier=name, DBClusterIdentifier=of, Tags=list(tags)
        )

    with sandbox.provisioning.at_once():
        cluster(sandbox, _CLUSTER)
        cluster(sandbox, _OTHER)
        snapshot(f"{_OTHER}-old", _OTHER)
        for place, name in enumerate(shelf.names):
            snapshot(name, _CLUSTER, _KEEP if place in shelf.protected else _TEAM)
        sandbox.clock.advance(days=_DAYS + 1)
        for name in shelf.new:
            snapshot(name, _CLUSTER)
        sandbox.clock.advance(hours=1)
    if shelf.gone:

        def meanwhile() -> None:
            if shelf.names[-1] in left(sandbox):
                rds.delete_db_cluster_snapshot(DBClusterSnapshotIdentifier=shelf.names[-1])

        sandbox.at(sandbox.clock.now() + timedelta(milliseconds=500), meanwhile)


def left(sandbox: Any) -> list[str]:
    """The names of all manual snapshots."""
    pages = sandbox.aws("rds").get_paginator("describe_db_cluster_snapshots")
    return [
        snapshot["DBClusterSnapshotIdentifier"]
        for page in pages.paginate(SnapshotType="manual")
        for snapshot in page["DBClusterSnapshots"]
    ]


def _judge(rehearsal: Rehearsal) -> None:
    shelf = _SHELVES[rehearsal.scenario.name]
    may_not = sorted(set(_asked(rehearsal)) - (set() if shelf.dry is not False else set(shelf.going)))
    if may_not:
        raise MismatchError(
            "no deletion in a dry run"
            if shelf.dry is not False
            else "only old, unprotected ones to be deleted",
            f"it called {_DELETE} for {_few(may_not)}",
            next(call.state for call in rehearsal.calls if call.operation == _DELETE),
        )
    assert_succeeded(rehearsal)
    sizes = {call.params.get("MaxRecords") for call in rehearsal.calls if call.operation == _LOOK}
    if sizes - {_PAGE}:
        raise MismatchError(f"pages of {_PAGE}", f"it asked for pages of {sizes}", rehearsal.path[-1])
    still = sorted(set(rehearsal.seen) & set(shelf.going))
    if still and shelf.dry is False:
        raise MismatchError(
            "all old, unprotected ones to be gone", f"{_few(still)} are still there", rehearsal.path[-1]
        )
    _assert_calm(rehearsal)
    named = rehearsal.output.get("names") if isinstance(rehearsal.output, dict) else None
    if not isinstance(named, list) or sorted(map(str, named)) != sorted(shelf.going):
        raise MismatchError(
            f"`names` in the output with {_few(shelf.going)}", f"it was {_short(named)}", rehearsal.path[-1]
        )


def _assert_calm(rehearsal: Rehearsal) -> None:
    """No more than so many deletions are begun within a second."""
    at = [call.at for call in rehearsal.calls if call.operation == _DELETE]
    for first, later in zip(at, at[_AT_ONCE:], strict=False):
        if later - first < timedelta(seconds=1):
            many = sum(first <= moment < first + timedelta(seconds=1) for moment in at)
            raise MismatchError(
                f"at most {_AT_ONCE} deletions in a second",
                f"there were {many}",
                next(call.state for call in rehearsal.calls if call.operation == _DELETE),
            )


def _advise(problem: MismatchError | RefusedError, rehearsal: Rehearsal | None) -> str | None:
    if rehearsal is None:
        return "refused"
    shelf = _SHELVES[rehearsal.scenario.name]
    asked = set(_asked(rehearsal))
    if shelf.dry is not False and asked:
        return "dry_run_deletes" if shelf.dry else "not_said"
    for names, advice in ((shelf.kept, "protected"), (shelf.new, "young")):
        if asked & set(names):
            return advice
    if asked - set(shelf.names):
        return "other_cluster"
    if rehearsal.error is not None:
        return _advise_on_error(rehearsal)
    return _advise_on_what_is_left(str(problem), rehearsal, shelf)


def _advise_on_error(rehearsal: Rehearsal) -> str | None:
    if rehearsal.error == "Rds.DbClusterSnapshotNotFoundException":
        return "gone"
    cause = rehearsal.cause or ""
    return "undefined" if "undefined" in cause or "Expected 'array'" in cause else None


def _advise_on_what_is_left(words: str, rehearsal: Rehearsal, shelf: _Shelf) -> str | None:
    if "pages of" in words:
        return "page_size"
    if "in a second" in words:
        return "all_at_once"
    if "still there" not in words:
        return "names"
    looks = [call for call in rehearsal.calls if call.operation == _LOOK]
    if shelf.old > _PAGE and len(looks) == 1:
        return "first_page"
    return "too_careful"


def _asked(rehearsal: Rehearsal) -> list[str]:
    """The snapshots for which the run called a deletion."""
    return [
        str(call.params.get("DBClusterSnapshotIdentifier"))
        for call in rehearsal.calls
        if call.operation == _DELETE
    ]


def _few(names: Sequence[str]) -> str:
    if not names:
        return "no name"
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 200 else f"{text[:200]} ..."


def _two_years(sandbox: Any) -> dict[str, str]:
    """Two clusters: 25 old snapshots of the shop's and 6 of the wiki's, and a young one of each."""
    rds = sandbox.aws("rds")
    with sandbox.provisioning.at_once():
        for name, count in (("shop", 25), ("wiki", 6)):
            cluster(sandbox, name)
            for number in range(count):
                rds.create_db_cluster_snapshot(
                    DBClusterSnapshotIdentifier=f"{name}-{number:02d}", DBClusterIdentifier=name
                )
        sandbox.clock.advance(days=45)
        for name in ("shop", "wiki"):
            rds.create_db_cluster_snapshot(
                DBClusterSnapshotIdentifier=f"{name}-new", DBClusterIdentifier=name
            )
    return {"many": "shop", "few": "wiki"}


WORLDS = {"two years": _two_years}

EXERCISES = {
    1: Exercise(
        scenarios=tuple(
            Scenario(
                name=name,
                input=shelf.input,
                world=partial(_world, shelf),
                look=left,
                limit=timedelta(hours=1),
                patience=20,
            )
            for name, shelf in _SHELVES.items()
        ),
        judge=_judge,
        advise=_advise,
    )
}
