"""Typical answers to rung 11."""

from __future__ import annotations

from typing import Any

from kit.course.exercise import Case
from kit.machine import Machine
from kit.steps import AwsSdk, Chain, Pass, Succeed

_RDS = "arn:aws:states:::aws-sdk:rds:"
_ALL = "$states.result.DbClusterSnapshots"
_NEWEST = f"[{_ALL}[Status = 'available']^(>SnapshotCreateTime).DbClusterSnapshotIdentifier]"
_KEEP = "[$filter($newest, function($name, $index) { $index < $states.input.keep })]"
_GO = "[$reverse($filter($newest, function($name, $index) { $index >= $states.input.keep }))]"


def _two_states(
    newest: str = _NEWEST, keep: str = _KEEP, go: str = _GO, **arguments: str | None
) -> dict[str, Any]:
    """A look that keeps the names in a variable, and a Pass that splits them."""
    given: dict[str, str | None] = {
        "DbClusterIdentifier": "{% $states.input.cluster %}",
        "SnapshotType": "manual",
        **arguments,
    }
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "List",
        "States": {
            "List": {
                "Type": "Task",
                "Resource": f"{_RDS}describeDBClusterSnapshots",
                "Arguments": {name: value for name, value in given.items() if value is not None},
                "Assign": {"newest": f"{{% {newest} %}}"},
                "Output": "{% $states.input %}",
                "Next": "Say",
            },
            "Say": {
                "Type": "Pass",
                "Output": {"keep": f"{{% {keep} %}}", "delete": f"{{% {go} %}}"},
                "End": True,
            },
        },
    }


def _then_deletes() -> dict[str, Any]:
    machine = _two_states()
    machine["States"]["Say"] |= {"Next": "Delete"}
    del machine["States"]["Say"]["End"]
    machine["States"]["Delete"] = {
        "Type": "Task",
        "Resource": f"{_RDS}deleteDBClusterSnapshot",
        "Arguments": {"DbClusterSnapshotIdentifier": "{% $states.input.delete[0] %}"},
        "Output": "{% $states.input %}",
        "End": True,
    }
    return machine


def _in_one_state() -> Machine:
    """Everything in the Output of the call, by ranges of indexes."""
    names = f"$names := {_NEWEST}; $n := $states.input.keep;"
    look = AwsSdk(
        "List",
        "rds:describeDBClusterSnapshots",
        DbClusterIdentifier="{% $states.input.cluster %}",
        SnapshotType="manual",
        output={
            "keep": f"{{% ({names} [$names[[0..$n - 1]]]) %}}",
            "delete": f"{{% ({names} [$reverse($names[[$n..$count($names) - 1]])]) %}}",
        },
    )
    return Machine("keep-the-newest", Chain([look]))


def _by_steps() -> Machine:
    """The number kept first, the sorting by a function, the answer in the Succeed."""
    number = Pass("How many", assign={"n": "{% $states.input.keep %}"})
    look = AwsSdk(
        "List",
        "rds:describeDBClusterSnapshots",
        DbClusterIdentifier="{% $states.input.cluster %}",
        SnapshotType="manual",
        assign={
            "found": f"{{% [$sort({_ALL}[Status = 'available'], "
            "function($a, $b) { $a.SnapshotCreateTime > $b.SnapshotCreateTime })] %}"
        },
    )
    answer = Succeed(
        "Say",
        output={
            "keep": "{% [$reverse($found)[[0..$n - 1]].DbClusterSnapshotIdentifier] %}",
            "delete": "{% [$found[[0..$count($found) - $n - 1]].DbClusterSnapshotIdentifier] %}",
        },
    )
    return Machine("keep-the-newest", Chain([number, look, answer]))


def _a_guess() -> dict[str, Any]:
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "Say",
        "States": {
            "Say": {"Type": "Pass", "Output": {"keep": ["before-upgrade"], "delete": []}, "End": True}
        },
    }


CASES = {
    1: (
        Case(name="the placeholder", outcome="unattempted", answer=lambda: ...),
        Case(
            name="sorted by their names",
            outcome="failed",
            advice="unsorted",
            answer=lambda: _two_states(_NEWEST.replace("SnapshotCreateTime", "DbClusterSnapshotIdentifier")),
        ),
        Case(
            name="as RDS gives them",
            outcome="failed",
            advice="unsorted",
            answer=lambda: _two_states(_NEWEST.replace("^(>SnapshotCreateTime)", "")),
        ),
        Case(
            name="the oldest first",
            outcome="failed",
            advice="wrong_end",
            answer=lambda: _two_states(_NEWEST.replace(">", "<")),
        ),
        Case(
            name="the rest not turned around",
            outcome="failed",
            advice="order",
            answer=lambda: _two_states(
                keep="[$reverse($filter($newest, function($n, $i) { $i < $states.input.keep }))]"
            ),
        ),
        Case(
            name="no brackets around the answer",
            outcome="failed",
            advice="not_a_list",
            answer=lambda: _two_states(keep=f"$exists({_KEEP[1:-1]}) ? {_KEEP[1:-1]} : []"),
        ),
        Case(
            name="no brackets around the list",
            outcome="failed",
            advice="nothing_found",
            answer=lambda: _two_states(newest=_NEWEST[1:-1]),
        ),
        Case(
            name="boto3's casing of the result",
            outcome="failed",
            advice="undefined",
            answer=lambda: _two_states(
                newest=_NEWEST[1:-1].replace("DbClusterSnapshots[", "DBClusterSnapshots[")
            ),
        ),
        Case(
            name="whole snapshots",
            outcome="failed",
            advice="not_names",
            answer=lambda: _two_states(_NEWEST.replace(".DbClusterSnapshotIdentifier", "")),
        ),
        Case(
            name="the snapshots of all clusters",
            outcome="failed",
            advice="other_clusters",
            answer=lambda: _two_states(DbClusterIdentifier=None),
        ),
        Case(
            name="unfinished ones count",
            outcome="failed",
            advice="unfinished",
            answer=lambda: _two_states(_NEWEST.replace("[Status = 'available']", "")),
        ),
        Case(
            name="automatic ones count",
            outcome="failed",
            advice="automatic",
            answer=lambda: _two_states(SnapshotType=None),
        ),
        Case(
            name="always three",
            outcome="failed",
            advice="wrong_number",
            answer=lambda: _two_states(
                keep=_KEEP.replace("$states.input.keep", "3"), go=_GO.replace("$states.input.keep", "3")
            ),
        ),
        Case(
            name="counted from one",
            outcome="failed",
            advice="wrong_number",
            answer=lambda: _two_states(keep=_KEEP.replace("<", "<="), go=_GO.replace(">=", ">")),
        ),
        Case(
            name="one list only",
            outcome="failed",
            advice="other_shape",
            answer=lambda: {
                **_two_states(),
                "States": {
                    **_two_states()["States"],
                    "Say": {"Type": "Pass", "Output": f"{{% {_GO} %}}", "End": True},
                },
            },
        ),
        Case(name="the example's names, by heart", outcome="failed", advice="no_look", answer=_a_guess),
        Case(name="deletes already", outcome="failed", advice="touches", answer=_then_deletes),
        Case(
            name="a bracket that isn't closed",
            outcome="failed",
            advice="refused",
            answer=lambda: _two_states(keep=_KEEP[:-1]),
        ),
        Case(name="the number first, sorted by a function, by kit.steps", outcome="passed", answer=_by_steps),
        Case(name="all in one state, by kit.steps", outcome="passed", answer=_in_one_state),
        Case(name="a look and a Pass, as ASL", outcome="passed", answer=_two_states),
    )
}
