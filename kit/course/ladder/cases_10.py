"""Typical answers to rung 10."""

from __future__ import annotations

from typing import Any

from kit.course.exercise import Case
from kit.machine import Machine
from kit.steps import AwsSdk, Catch, Chain, Choice, Fail, Pass, Retry, Succeed, Wait

_SDK = "arn:aws:states:::aws-sdk:"
_NAMED = {"DbClusterIdentifier": "{% $states.input.name %}"}
_INPUT = "{% $states.input %}"
_CLEAN = [
    {
        "ErrorEquals": ["States.ALL"],
        "Assign": {"why": "{% $states.errorOutput.Error %}"},
        "Output": _INPUT,
        "Next": "Away with it",
    }
]
_BUSY = {
    "ErrorEquals": ["Rds.InvalidDbClusterStateException", "Rds.RdsException"],
    "IntervalSeconds": 60,
    "BackoffRate": 1,
    "MaxAttempts": 30,
}
_CLONE = {
    "DbClusterIdentifier": "{% $states.input.name %}",
    "SourceDBClusterIdentifier": "{% $states.input.source %}",
    "RestoreType": "copy-on-write",
    "UseLatestRestorableTime": True,
}
_MASK = {
    "ResourceArn": "{% $arn %}",
    "SecretArn": "{% $states.input.secret %}",
    "Database": "shop",
    "Sql": "CALL mask_people()",
}
_GROUP = {
    "ReplicationGroupId": "{% $states.input.name %}",
    "ReplicationGroupDescription": "Staging's cache",
    "SnapshotName": "{% $states.input.snapshot %}",
}


def _machine(**changes: dict[str, Any]) -> dict[str, Any]:
    """What may not stay is caught, the rest fails in place; `changes` by state, None takes a field away."""
    states: dict[str, dict[str, Any]] = {
        "Clone": {
            "Type": "Task",
            "Resource": f"{_SDK}rds:restoreDBClusterToPointInTime",
            "Arguments": _CLONE,
            "Assign": {"rounds": 0, "why": "no end", "arn": "{% $states.result.DbCluster.DbClusterArn %}"},
            "Output": _INPUT,
            "Next": "Hold",
        },
        "Hold": {"Type": "Wait", "Seconds": 30, "Next": "Look"},
        "Look": {
            "Type": "Task",
            "Resource": f"{_SDK}rds:describeDBClusters",
            "Arguments": _NAMED,
            "Assign": {
                "status": "{% $states.result.DbClusters[0].Status %}",
                "rounds": "{% $rounds + 1 %}",
            },
            "Output": _INPUT,
            "Catch": _CLEAN,
            "Next": "Ready?",
        },
        "Ready?": {
            "Type": "Choice",
            "Choices": [
                {"Condition": "{% $status = 'available' %}", "Next": "Mask"},
                {"Condition": "{% $status != 'creating' or $rounds >= 60 %}", "Next": "Away with it"},
            ],
            "Default": "Hold",
        },
        "Mask": {
            "Type": "Task",
            "Resource": f"{_SDK}rdsdata:executeStatement",
            "Arguments": _MASK,
            "Output": _INPUT,
            "Catch": _CLEAN,
            "Next": "Cache",
        },
        "Cache": {
            "Type": "Task",
            "Resource": f"{_SDK}elasticache:createReplicationGroup",
            "Arguments": _GROUP,
            "Next": "Up",
        },
        "Up": {"Type": "Succeed"},
        "Away with it": {
            "Type": "Task",
            "Resource": f"{_SDK}rds:deleteDBCluster",
            "Arguments": {**_NAMED, "SkipFinalSnapshot": True},
            "Retry": [_BUSY],
            "Next": "Not masked",
        },
        "Not masked": {"Type": "Fail", "Error": "NotMasked", "Cause": "{% 'Clone deleted after ' & $why %}"},
    }
    for name, fields in changes.items():
        state = states[{"Ready": "Ready?"}.get(name, name.replace("_", " "))]
        state |= fields
    for state in states.values():
        for field in [key for key, value in state.items() if value is None]:
            del state[field]
    used, ahead = set[str](), ["Clone"]
    while ahead:
        name = ahead.pop()
        if name in states and name not in used:
            used.add(name)
            ahead.extend(_targets(states[name]))
    kept = {name: state for name, state in states.items() if name in used}
    return {"QueryLanguage": "JSONata", "StartAt": "Clone", "States": kept}


def _targets(state: dict[str, Any]) -> set[str]:
    rules = [*state.get("Choices", []), *state.get("Catch", [])]
    return {state.get("Next", ""), state.get("Default", ""), *(rule["Next"] for rule in rules)}


def _no_cleanup() -> dict[str, Any]:
    return _machine(
        Look={"Catch": None},
        Mask={"Catch": None},
        Ready={"Choices": [{"Condition": "{% $status = 'available' %}", "Next": "Mask"}]},
    )


def _by_path() -> dict[str, Any]:
    """JSONPath: each look at the end of a fixed way, the statuses asked for one by one."""
    catch = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": "Away with it"}]
    named = {"DbClusterIdentifier.$": "$.name"}
    return {
        "StartAt": "Clone",
        "TimeoutSeconds": 7000,
        "States": {
            "Clone": {
                "Type": "Task",
                "Resource": f"{_SDK}rds:restoreDBClusterToPointInTime",
                "Parameters": {
                    **named,
                    "SourceDBClusterIdentifier.$": "$.source",
                    "RestoreType": "copy-on-write",
                    "UseLatestRestorableTime": True,
                },
                "ResultPath": "$.made",
                "Next": "Look",
            },
            "Look": {
                "Type": "Task",
                "Resource": f"{_SDK}rds:describeDBClusters",
                "Parameters": named,
                "ResultPath": "$.seen",
                "Catch": catch,
                "Next": "Ready?",
            },
            "Ready?": {
                "Type": "Choice",
                "Choices": [
                    {
                        "Variable": "$.seen.DbClusters[0].Status",
                        "StringEquals": "available",
                        "Next": "Mask",
                    },
                    {"Variable": "$.seen.DbClusters[0].Status", "StringEquals": "creating", "Next": "Hold"},
                ],
                "Default": "Away with it",
            },
            "Hold": {"Type": "Wait", "Seconds": 60, "Next": "Look"},
            "Mask": {
                "Type": "Task",
                "Resource": f"{_SDK}rdsdata:executeStatement",
                "Parameters": {
                    "ResourceArn.$": "$.made.DbCluster.DbClusterArn",
                    "SecretArn.$": "$.secret",
                    "Sql": "CALL mask_people()",
                },
                "ResultPath": None,
                "Catch": catch,
                "Next": "Cache",
            },
            "Cache": {
                "Type": "Task",
                "Resource": f"{_SDK}elasticache:createReplicationGroup",
                "Parameters": {
                    "ReplicationGroupId.$": "$.name",
                    "ReplicationGroupDescription": "Staging's cache",
                    "SnapshotName.$": "$.snapshot",
                },
                "End": True,
            },
            "Away with it": {
                "Type": "Task",
                "Resource": f"{_SDK}rds:deleteDBCluster",
                "Parameters": {**named, "SkipFinalSnapshot": True},
                "ResultPath": None,
                "Retry": [_BUSY],
                "Next": "Not masked",
            },
            "Not masked": {"Type": "Fail", "Error": "NotMasked", "Cause": "The clone is deleted"},
        },
    }


def _by_steps() -> Machine:
    """The cause is kept for the Fail; the cache is asked for before the clone is looked at."""
    why = "{% $states.errorOutput.Error %}"
    gone = AwsSdk(
        "Delete the clone",
        "rds:deleteDBCluster",
        DbClusterIdentifier="{% $states.input.name %}",
        SkipFinalSnapshot=True,
        retry=[
            Retry(
                error_equals=["Rds.InvalidDbClusterStateException", "Rds.RdsException"],
                interval_seconds=30,
                backoff_rate=1.0,
                max_attempts=60,
            )
        ],
    )
    gone.next(Fail("No staging", error="NoStaging", cause="{% 'Unmasked, so deleted: ' & $why %}"))

    def caught() -> Catch:
        return Catch(gone, error_equals=["States.ALL"], assign={"why": why}, output=_INPUT)

    begin = Pass("Set out", assign={"rounds": 0, "why": "too long"})
    cache = AwsSdk("Cache", "elasticache:createReplicationGroup", arguments=_GROUP, output=_INPUT)
    clone = AwsSdk(
        "Clone",
        "rds:restoreDBClusterToPointInTime",
        arguments=_CLONE,
        assign={"arn": "{% $states.result.DbCluster.DbClusterArn %}"},
        output=_INPUT,
    )
    hold = Wait("Hold", seconds=45)
    look = AwsSdk(
        "Look",
        "rds:describeDBClusters",
        DbClusterIdentifier="{% $states.input.name %}",
        assign={
            "status": "{% $states.result.DbClusters[0].Status %}",
            "rounds": "{% $rounds + 1 %}",
        },
        output=_INPUT,
        catch=[caught()],
    )
    mask = AwsSdk("Mask", "rdsdata:executeStatement", arguments=_MASK, catch=[caught()])
    mask.next(Succeed("Up"))
    ready = Choice("Ready?")
    ready.add_choice("{% $status = 'available' %}", mask)
    ready.add_choice("{% $rounds > 50 %}", gone)
    ready.default_choice(hold)
    return Machine("masked-copy", Chain([begin, cache, clone, hold, look, ready]))


CASES = {
    1: (
        Case(name="the placeholder", outcome="unattempted", answer=lambda: ...),
        Case(name="no clean-up at all", outcome="failed", advice="stays", answer=_no_cleanup),
        Case(
            name="a clean-up for the mask only",
            outcome="failed",
            advice="look",
            answer=lambda: _machine(Look={"Catch": None}),
        ),
        Case(
            name="everything is cleaned up",
            outcome="failed",
            advice="threw_away",
            answer=lambda: _machine(Cache={"Catch": _CLEAN}),
        ),
        Case(
            name="a failed clone is cleaned up too",
            outcome="failed",
            advice="fails_again",
            answer=lambda: _machine(Clone={"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Not masked"}]}),
        ),
        Case(
            name="a clean-up without a Retry",
            outcome="failed",
            advice="cleanup_refused",
            answer=lambda: _machine(Away_with_it={"Retry": None}),
        ),
        Case(
            name="a clean-up that ends green",
            outcome="failed",
            advice="green",
            answer=lambda: _machine(Away_with_it={"Next": "Up"}),
        ),
        Case(
            name="the mask on production",
            outcome="failed",
            advice="production",
            answer=lambda: _machine(
                Mask={
                    "Arguments": {
                        **_MASK,
                        "ResourceArn": "{% $replace($arn, 'shop-staging', $states.input.source) %}",
                    }
                }
            ),
        ),
        Case(
            name="masked while it is being made",
            outcome="failed",
            advice="too_early",
            answer=lambda: _machine(Clone={"Next": "Mask"}),
        ),
        Case(
            name="no mask",
            outcome="failed",
            advice="not_masked",
            answer=lambda: _machine(
                Ready={
                    "Choices": [
                        {"Condition": "{% $status = 'available' %}", "Next": "Cache"},
                        {"Condition": "{% $rounds >= 60 %}", "Next": "Away with it"},
                    ]
                }
            ),
        ),
        Case(
            name="no cache", outcome="failed", advice="missing", answer=lambda: _machine(Mask={"Next": "Up"})
        ),
        Case(
            name="the clone's ARN lost",
            outcome="failed",
            advice="undefined",
            answer=lambda: _machine(Mask={"Arguments": {**_MASK, "ResourceArn": "{% $states.input.arn %}"}}),
        ),
        Case(
            name="a status that never comes",
            outcome="failed",
            advice="no_end",
            answer=lambda: _machine(
                Ready={"Choices": [{"Condition": "{% $status = 'ready' %}", "Next": "Mask"}]}
            ),
        ),
        Case(
            name="a Fail with a Next",
            outcome="failed",
            advice="refused",
            answer=lambda: _machine(Not_masked={"Next": "Away with it"}),
        ),
        Case(name="the cache first, by kit.steps", outcome="passed", answer=_by_steps),
        Case(name="the lesson's steps, as ASL", outcome="passed", answer=_machine),
        Case(name="in JSONPath, as ASL", outcome="passed", answer=_by_path),
    )
}
