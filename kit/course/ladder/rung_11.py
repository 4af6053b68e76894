"""Rung 11: a machine that says which snapshots are kept and which may go, whatever the list looks like."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

from kit.course.exercise import Exercise
from kit.course.ladder.scenes import cluster
from kit.testing import MismatchError, RefusedError, Rehearsal, Scenario, assert_succeeded

_CLUSTER, _OTHER = "shop", "reports"
_LOOK = "DescribeDBClusterSnapshots"


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Snapshots of the cluster by name, the oldest first; `unfinished` was begun a moment ago."""

    names: tuple[str, ...]
    keep: int
    unfinished: str | None = None

    @property
    def right(self) -> dict[str, list[str]]:
        newest = self.names[::-1]
        return {"keep": list(newest[: self.keep]), "delete": list(newest[self.keep :][::-1])}


def _generated(seed: int) -> _Shelf:
    """Names without any order, three to eight of them, and any number to keep."""
    random = Random(seed)
    count = random.randint(3, 8)
    words = random.sample(
        ["upgrade", "index", "sale", "migration", "audit", "rename", "charset", "purge"], count
    )
    return _Shelf(tuple(f"before-{word}" for word in words), random.randint(1, count - 1))


_SHELVES = {
    "more": _Shelf(("before-sale", "before-audit", "before-upgrade", "before-index"), 3),
    "one": _Shelf(("before-upgrade",), 2),
    "none": _Shelf((), 2),
    "keep_none": _Shelf(("before-sale", "before-index", "before-upgrade"), 0),
    "unfinished": _Shelf(("before-sale", "before-index", "before-upgrade"), 2, unfinished="before-audit"),
    "generated_1": _generated(1),
}


def shelf(sandbox: Any, names: tuple[str, ...]) -> None:
    """Manual snapshots of the cluster, one a day, and two of another cluster between them."""
    rds = sandbox.aws("rds")
    with sandbox.provisioning.at_once():
        cluster(sandbox, _CLUSTER)
        cluster(sandbox, _OTHER)
        for name in (f"{_OTHER}-first", *names, f"{_OTHER}-last"):
            rds.create_db_cluster_snapshot(
                DBClusterSnapshotIdentifier=name,
                DBClusterIdentifier=_OTHER if name.startswith(_OTHER) else _CLUSTER,
            )
            sandbox.clock.advance(days=1)


def _world(about: _Shelf, sandbox: Any) -> None:
    shelf(sandbox, about.names)
    if about.unfinished is not None:
        sandbox.aws("rds").create_db_cluster_snapshot(
            DBClusterSnapshotIdentifier=about.unfinished, DBClusterIdentifier=_CLUSTER
        )


def _judge(rehearsal: Rehearsal) -> None:
    others = sorted({call.name for call in rehearsal.calls if call.operation != _LOOK})
    if others:
        raise MismatchError("looks only, nothing that changes the account", f"it called {', '.join(others)}")
    assert_succeeded(rehearsal)
    right = _SHELVES[rehearsal.scenario.name].right
    if rehearsal.output != right:
        raise MismatchError(f"the output {right}", f"it was {rehearsal.output}", rehearsal.path[-1])


def _advise(problem: MismatchError | RefusedError, rehearsal: Rehearsal | None) -> str | None:
    if rehearsal is None:
        return "refused"
    if "looks only" in str(problem):
        return "touches"
    if "undefined" in (rehearsal.cause or ""):
        return "undefined" if _SHELVES[rehearsal.scenario.name].names else "nothing_found"
    if not rehearsal.calls:
        return "no_look"
    given = rehearsal.output
    if rehearsal.status != "SUCCEEDED" or not isinstance(given, dict) or set(given) != {"keep", "delete"}:
        return "other_shape"
    return _advise_on_lists(given, _SHELVES[rehearsal.scenario.name])


def _advise_on_lists(given: dict[str, Any], about: _Shelf) -> str | None:
    right = about.right
    if not all(isinstance(given[key], list) for key in right):
        return "not_a_list"
    said = [*given["keep"], *given["delete"]]
    if not all(isinstance(name, str) for name in said):
        return "not_names"
    if any(name.startswith(_OTHER) for name in said):
        return "other_clusters"
    if about.unfinished in said:
        return "unfinished"
    if set(said) - set(about.names):
        return "automatic"
    if len(given["keep"]) != len(right["keep"]):
        return "wrong_number"
    if set(given["keep"]) == set(right["keep"]):
        return "order"
    if set(given["keep"]) == set(about.names[: about.keep]):
        return "wrong_end"
    return "unsorted"


def _lesson_shelf(sandbox: Any) -> dict[str, str]:
    """Half a year of the shop's snapshots; one of the mail cluster's; none of the wiki's."""
    rds = sandbox.aws("rds")
    for name in ("shop", "mail", "wiki"):
        cluster(sandbox, name)
    made = (
        ("before-upgrade", "shop", 41), ("before-new-index", "shop", 25), ("before-sale", "shop", 60),
        ("mail-before-move", "mail", 20), ("before-charset", "shop", 12), ("before-audit", "shop", 9),
    )  # fmt: skip
    for snapshot, whose, days in made:
        rds.create_db_cluster_snapshot(DBClusterSnapshotIdentifier=snapshot, DBClusterIdentifier=whose)
        sandbox.clock.advance(days=days)
    return {"old": "shop", "one": "mail", "none": "wiki"}


WORLDS = {"half a year": _lesson_shelf}

EXERCISES = {
    1: Exercise(
        scenarios=tuple(
            Scenario(
                name=name,
                input={"cluster": _CLUSTER, "keep": about.keep},
                world=partial(_world, about),
            )
            for name, about in _SHELVES.items()
        ),
        judge=_judge,
        advise=_advise,
    )
}
