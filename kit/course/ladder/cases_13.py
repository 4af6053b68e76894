"""Typical answers to rung 13."""

from __future__ import annotations

from typing import Any

from kit.course.exercise import Case
from kit.machine import Machine
from kit.steps import AwsSdk, Chain, Choice, Fail, Parallel, Pass, Wait

_SDK = "arn:aws:states:::aws-sdk:"
_TAGS = [{"Key": "run", "Value": "{% $states.input.run %}"}]
_CALLS: dict[str, tuple[str, dict[str, Any], str, dict[str, str], str, str]] = {
    "Database": (
        "rds:restoreDBClusterToPointInTime",
        {
            "DbClusterIdentifier": "{% $states.input.name %}",
            "SourceDBClusterIdentifier": "{% $states.input.source %}",
            "RestoreType": "copy-on-write",
            "UseLatestRestorableTime": True,
            "Tags": _TAGS,
        },
        "rds:describeDBClusters",
        {"DbClusterIdentifier": "{% $states.input.name %}"},
        "$states.result.DbClusters[0].Status",
        "$status = 'available'",
    ),
    "Cache": (
        "elasticache:createReplicationGroup",
        {
            "ReplicationGroupId": "{% $states.input.name %}",
            "ReplicationGroupDescription": "Staging's cache",
            "SnapshotName": "{% $states.input.snapshot %}",
            "Tags": _TAGS,
        },
        "elasticache:describeReplicationGroups",
        {"ReplicationGroupId": "{% $states.input.name %}"},
        "$states.result.ReplicationGroups[0].Status",
        "$status = 'available'",
    ),
    "Search": (
        "opensearch:createDomain",
        {
            "DomainName": "{% $states.input.name %}",
            "EngineVersion": "OpenSearch_2.19",
            "ClusterConfig": {"InstanceType": "t3.small.search", "InstanceCount": 1},
            "EbsOptions": {"EbsEnabled": True, "VolumeType": "gp3", "VolumeSize": 10},
            "TagList": _TAGS,
        },
        "opensearch:describeDomain",
        {"DomainName": "{% $states.input.name %}"},
        "$states.result.DomainStatus.DomainProcessingStatus",
        "$status = 'Active'",
    ),
}


def _branch(what: str, *, then: str | None = None, ready: str | None = None) -> dict[str, dict[str, Any]]:
    """The states that make one of the three and wait for it; `then` is where they go, or they end."""
    create, arguments, look, named, status, is_ready = _CALLS[what]
    done: dict[str, Any] = {"Type": "Pass", "Next": then} if then else {"Type": "Succeed"}
    return {
        f"{what}: create": {
            "Type": "Task",
            "Resource": _SDK + create,
            "Arguments": arguments,
            "Assign": {"rounds": 0},
            "Output": "{% $states.input %}",
            "Next": f"{what}: hold",
        },
        f"{what}: hold": {"Type": "Wait", "Seconds": 30, "Next": f"{what}: look"},
        f"{what}: look": {
            "Type": "Task",
            "Resource": _SDK + look,
            "Arguments": named,
            "Assign": {"status": f"{{% {status} %}}", "rounds": "{% $rounds + 1 %}"},
            "Output": "{% $states.input %}",
            "Next": f"{what}: ready?",
        },
        f"{what}: ready?": {
            "Type": "Choice",
            "Choices": [
                {"Condition": f"{{% {ready or is_ready} %}}", "Next": f"{what}: ready"},
                {"Condition": "{% $rounds >= 120 %}", "Next": f"{what}: takes too long"},
            ],
            "Default": f"{what}: hold",
        },
        f"{what}: ready": done,
        f"{what}: takes too long": {"Type": "Fail", "Error": "TooLong", "Cause": "Not ready after an hour"},
    }


def _parallel(branches: dict[str, dict[str, dict[str, Any]]] | None = None, **fields: Any) -> dict[str, Any]:
    branches = branches or {what: _branch(what) for what in _CALLS}
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "Build",
        "States": {
            "Build": {
                "Type": "Parallel",
                "Branches": [
                    {"StartAt": next(iter(states)), "States": states} for states in branches.values()
                ],
                "Next": "Staging is up",
                **fields,
            },
            "Staging is up": {"Type": "Succeed"},
        },
    }


def _one_after_the_other() -> dict[str, Any]:
    states = _branch("Database", then="Cache: create") | _branch("Cache", then="Search: create")
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "Database: create",
        "States": states | _branch("Search"),
    }


def _created(**search: Any) -> dict[str, Any]:
    """With more in the state that creates the domain."""
    machine = _parallel()
    machine["States"]["Build"]["Branches"][2]["States"]["Search: create"] |= search
    return machine


def _no_bound() -> dict[str, Any]:
    """OpenSearch has no status `available`, and nothing counts the rounds."""
    machine = _parallel({what: _branch(what, ready="$status = 'available'") for what in _CALLS})
    search = machine["States"]["Build"]["Branches"][2]["States"]
    del search["Search: ready?"]["Choices"][1], search["Search: takes too long"]
    return machine


def _leftover_counts() -> dict[str, Any]:
    machine = _parallel()
    machine["States"]["Build"]["Branches"][1]["States"]["Cache: create"]["Catch"] = [
        {
            "ErrorEquals": ["ElastiCache.ReplicationGroupAlreadyExistsException"],
            "Assign": {"rounds": 0},
            "Output": "{% $states.input %}",
            "Next": "Cache: hold",
        }
    ]
    return machine


def _caught_to_fail() -> dict[str, Any]:
    machine = _parallel(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "It failed"}])
    machine["States"]["It failed"] = {"Type": "Fail", "Error": "NoStaging", "Cause": "A branch failed"}
    return machine


def _retried_as_a_whole() -> dict[str, Any]:
    return _parallel(Retry=[{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2}])


def _without_tags() -> dict[str, Any]:
    machine = _parallel()
    for branch, field in zip(
        machine["States"]["Build"]["Branches"], ("Tags", "Tags", "TagList"), strict=True
    ):
        first = branch["States"][branch["StartAt"]]
        first["Arguments"] = {key: value for key, value in first["Arguments"].items() if key != field}
    return machine


def _creations_first() -> dict[str, Any]:
    """All three are begun one after the other, which takes no time; the waiting is side by side."""
    states: dict[str, Any] = {}
    waiting = {}
    for what in _CALLS:
        branch = _branch(what)
        create = branch.pop(f"{what}: create")
        states[f"{what}: create"] = create
        waiting[what] = branch
    names = list(states)
    for name, following in zip(names, [*names[1:], "Build"], strict=True):
        states[name]["Next"] = following
    machine = _parallel(waiting)
    for branch in machine["States"]["Build"]["Branches"]:
        look = next(state for state in branch["States"].values() if state["Type"] == "Task")
        look["Assign"] = {**look["Assign"], "rounds": "{% $rounds_of + 1 %}"}
        first = branch["StartAt"]
        branch["StartAt"] = f"{first} first"
        branch["States"][f"{first} first"] = {"Type": "Pass", "Assign": {"rounds_of": 0}, "Next": first}
        look["Assign"]["rounds_of"] = look["Assign"].pop("rounds")
        choice = next(state for state in branch["States"].values() if state["Type"] == "Choice")
        choice["Choices"][1]["Condition"] = "{% $rounds_of >= 120 %}"
    for state in states.values():
        state.pop("Assign", None)
    machine["States"] = states | machine["States"]
    machine["StartAt"] = names[0]
    return machine


def _by_steps() -> Machine:
    """Parallel with a branch each, made by one function; the run's tag from a variable."""

    def branch(what: str) -> Chain:
        create, arguments, look, named, status, is_ready = _CALLS[what]
        hold = Wait(f"{what}: a minute", seconds=60)
        asked = AwsSdk(
            f"{what}: look",
            look,
            arguments=named,
            assign={"status": f"{{% {status} %}}", "rounds": "{% $rounds + 1 %}"},
            output="{% $states.input %}",
        )
        ready = Choice(f"{what}: ready?")
        ready.add_choice(f"{{% {is_ready} %}}", Pass(f"{what}: is ready", output=what))
        ready.add_choice("{% $rounds >= 70 %}", Fail(f"{what}: late", error="TooLong", cause="Not ready"))
        ready.default_choice(hold)
        made = AwsSdk(
            f"{what}: make", create, arguments=arguments, assign={"rounds": 0}, output="{% $states.input %}"
        )
        return Chain([made, hold, asked, ready])

    build = Parallel(
        "All three", branches=[branch(what) for what in _CALLS], output={"ready": "{% $states.result %}"}
    )
    return Machine("staging", Chain([build]))


CASES = {
    1: (
        Case(name="the placeholder", outcome="unattempted", answer=lambda: ...),
        Case(
            name="one after the other",
            outcome="failed",
            advice="one_after_the_other",
            answer=_one_after_the_other,
        ),
        Case(
            name="two branches only",
            outcome="failed",
            advice="missing",
            answer=lambda: _parallel({what: _branch(what) for what in ("Database", "Cache")}),
        ),
        Case(
            name="a domain that is only there",
            outcome="failed",
            advice="not_ready",
            answer=lambda: _parallel(
                {
                    what: _branch(what, ready="$exists($status)" if what == "Search" else None)
                    for what in _CALLS
                }
            ),
        ),
        Case(name="caught, and then a Fail", outcome="failed", advice="fails_again", answer=_caught_to_fail),
        Case(
            name="caught, and on as if nothing was",
            outcome="failed",
            advice="swallowed",
            answer=lambda: _parallel(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Staging is up"}]),
        ),
        Case(name="all branches again", outcome="failed", advice="made_twice", answer=_retried_as_a_whole),
        Case(name="already there is fine", outcome="failed", advice="leftover", answer=_leftover_counts),
        Case(name="no tags", outcome="failed", advice="no_tag", answer=_without_tags),
        Case(
            name="a status that never comes",
            outcome="failed",
            advice="fails_again",
            answer=lambda: _parallel({what: _branch(what, ready="$status = 'available'") for what in _CALLS}),
        ),
        Case(name="a loop without a bound", outcome="failed", advice="no_end", answer=_no_bound),
        Case(
            name="a call without the input's field",
            outcome="failed",
            advice="undefined",
            answer=lambda: _created(Arguments={"DomainName": "{% $states.input.domain %}"}),
        ),
        Case(
            name="an arrow out of the branch",
            outcome="failed",
            advice="refused",
            answer=lambda: _parallel({what: _branch(what, then="Staging is up") for what in _CALLS}),
        ),
        Case(name="a branch each, by kit.steps", outcome="passed", answer=_by_steps),
        Case(name="a branch each, as ASL", outcome="passed", answer=_parallel),
        Case(
            name="begun in a row, waited for side by side, as ASL", outcome="passed", answer=_creations_first
        ),
    )
}
