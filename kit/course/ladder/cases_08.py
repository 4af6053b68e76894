"""Typical answers to rung 08."""

from __future__ import annotations

from typing import Any

from kit.course.exercise import Case
from kit.machine import Machine
from kit.steps import AwsSdk, Catch, Chain, Choice, ChoiceRule, Fail, Succeed

_RDS = "arn:aws:states:::aws-sdk:rds:"
_TAKEN = "Rds.DbClusterAlreadyExistsException"
_INPUT = "{% $states.input %}"
_NEW = {
    "DbClusterIdentifier": "{% $states.input.name %}",
    "Engine": "aurora-mysql",
    "MasterUsername": "admin",
    "ManageMasterUserPassword": True,
    "Tags": [{"Key": "run", "Value": "{% $states.input.day %}"}],
}
_OF_TODAY = "$found.TagList[Key = 'run'].Value = $states.input.day"
_READY = "$found.Status = 'available'"


def _by_steps() -> Machine:
    """Looks first, and creates only where nothing is found."""
    look = AwsSdk(
        "Look",
        "rds:describeDBClusters",
        DbClusterIdentifier="{% $states.input.name %}",
        assign={"found": "{% $states.result.DbClusters[0] %}"},
        output=_INPUT,
    )
    create = AwsSdk("Create it", "rds:createDBCluster", arguments=_NEW)
    fit = Choice("Today's, and ready?")
    fit.add_choice(ChoiceRule.Condition(f"{{% {_OF_TODAY} and {_READY} %}}"), Succeed("It is there"))
    fit.default_choice(Fail("It is stale", error="Stale", cause="There is a cluster that is not of today"))
    look.add_catch(Catch(error_equals=["Rds.DbClusterNotFoundException"], next_step=create, output=_INPUT))
    return Machine("create-once", Chain([look, fit]))


def _machine(
    condition: str = f"{_OF_TODAY} and {_READY}",
    catch: list[dict[str, Any]] | None = None,
    **changes: dict[str, Any],
) -> dict[str, Any]:
    """Creates first, and looks where the name is taken; `changes` by state, with _ for a space."""
    states: dict[str, dict[str, Any]] = {
        "Create it": {
            "Type": "Task",
            "Resource": f"{_RDS}createDBCluster",
            "Arguments": _NEW,
            "Catch": catch or [{"ErrorEquals": [_TAKEN], "Output": _INPUT, "Next": "Look"}],
            "Next": "Done",
        },
        "Look": {
            "Type": "Task",
            "Resource": f"{_RDS}describeDBClusters",
            "Arguments": {"DbClusterIdentifier": "{% $states.input.name %}"},
            "Assign": {"found": "{% $states.result.DbClusters[0] %}"},
            "Output": _INPUT,
            "Next": "Fit?",
        },
        "Fit?": {
            "Type": "Choice",
            "Choices": [{"Condition": f"{{% {condition} %}}", "Next": "Done"}],
            "Default": "Stale",
        },
        "Done": {"Type": "Succeed"},
        "Stale": {"Type": "Fail", "Error": "Stale"},
    }
    for name, fields in changes.items():
        states[name.replace("_", " ")] |= fields
    return {"QueryLanguage": "JSONata", "StartAt": "Create it", "States": states}


def _by_path() -> dict[str, Any]:
    """JSONPath: a filter finds the tag, and two Choices ask one thing each."""
    return {
        "StartAt": "Create it",
        "States": {
            "Create it": {
                "Type": "Task",
                "Resource": f"{_RDS}createDBCluster",
                "Parameters": {
                    "DbClusterIdentifier.$": "$.name",
                    "Engine": "aurora-mysql",
                    "MasterUsername": "admin",
                    "ManageMasterUserPassword": True,
                    "Tags": [{"Key": "run", "Value.$": "$.day"}],
                },
                "Catch": [{"ErrorEquals": [_TAKEN], "ResultPath": "$.taken", "Next": "Look"}],
                "Next": "Done",
            },
            "Look": {
                "Type": "Task",
                "Resource": f"{_RDS}describeDBClusters",
                "Parameters": {"DbClusterIdentifier.$": "$.name"},
                "ResultSelector": {
                    "status.$": "$.DbClusters[0].Status",
                    "runs.$": "$.DbClusters[0].TagList[?(@.Key == 'run')].Value",
                },
                "ResultPath": "$.found",
                "Next": "Ready?",
            },
            "Ready?": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.found.status", "StringEquals": "available", "Next": "Tagged?"}],
                "Default": "Stale",
            },
            "Tagged?": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.found.runs[0]", "IsPresent": True, "Next": "Of today?"}],
                "Default": "Stale",
            },
            "Of today?": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.found.runs[0]", "StringEqualsPath": "$.day", "Next": "Done"}],
                "Default": "Stale",
            },
            "Done": {"Type": "Succeed"},
            "Stale": {"Type": "Fail", "Error": "Stale"},
        },
    }


def _only_create(**fields: Any) -> dict[str, Any]:
    task = {"Type": "Task", "Resource": f"{_RDS}createDBCluster", "Arguments": _NEW, "Next": "Done", **fields}
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "Create it",
        "States": {"Create it": task, "Done": {"Type": "Succeed"}},
    }


def _deletes_what_is_stale() -> dict[str, Any]:
    machine = _machine()
    machine["States"]["Stale"] = {
        "Type": "Task",
        "Resource": f"{_RDS}deleteDBCluster",
        "Arguments": {"DbClusterIdentifier": "{% $states.input.name %}", "SkipFinalSnapshot": True},
        "End": True,
    }
    return machine


def _assigns_the_tag() -> dict[str, Any]:
    return _machine(
        "$run = $states.input.day and $found.Status = 'available'",
        Look={
            "Assign": {
                "found": "{% $states.result.DbClusters[0] %}",
                "run": "{% $states.result.DbClusters[0].TagList[Key = 'run'].Value %}",
            }
        },
    )


CASES = {
    1: (
        Case(name="the placeholder", outcome="unattempted", answer=lambda: ...),
        Case(name="create, and nothing else", outcome="failed", advice="not_caught", answer=_only_create),
        Case(
            name="the name of boto3's error",
            outcome="failed",
            advice="not_caught",
            answer=lambda: _machine(
                catch=[{"ErrorEquals": ["Rds.DBClusterAlreadyExistsFault"], "Output": _INPUT, "Next": "Look"}]
            ),
        ),
        Case(
            name="there already is success",
            outcome="failed",
            advice="leftover_passes",
            answer=lambda: _only_create(Catch=[{"ErrorEquals": [_TAKEN], "Next": "Done"}]),
        ),
        Case(
            name="the tag alone",
            outcome="failed",
            advice="not_ready_passes",
            answer=lambda: _machine(_OF_TODAY),
        ),
        Case(
            name="a day compared with itself",
            outcome="failed",
            advice="leftover_passes",
            answer=lambda: _machine("$states.input.day = $states.input.day and " + _READY),
        ),
        Case(
            name="a tag of another name",
            outcome="failed",
            advice="today_is_stale",
            answer=lambda: _machine(_OF_TODAY.replace("'run'", "'Run'") + " and " + _READY),
        ),
        Case(
            name="no tag on the new one",
            outcome="failed",
            advice="no_tag",
            answer=lambda: _machine(Create_it={"Arguments": {**_NEW, "Tags": []}}),
        ),
        Case(
            name="every error caught",
            outcome="failed",
            advice="catches_too_much",
            answer=lambda: _machine(
                catch=[
                    {"ErrorEquals": [_TAKEN], "Output": _INPUT, "Next": "Look"},
                    {"ErrorEquals": ["States.ALL"], "Next": "Stale"},
                ]
            ),
        ),
        Case(
            name="an error of another name",
            outcome="failed",
            advice="other_name",
            answer=lambda: _machine(Stale={"Error": "stale"}),
        ),
        Case(
            name="a Catch without an Output",
            outcome="failed",
            advice="nothing_found",
            answer=lambda: _machine(catch=[{"ErrorEquals": [_TAKEN], "Next": "Look"}]),
        ),
        Case(
            name="a tag put into a variable",
            outcome="failed",
            advice="nothing_found",
            answer=_assigns_the_tag,
        ),
        Case(
            name="what is stale is deleted",
            outcome="failed",
            advice="wrong_calls",
            answer=_deletes_what_is_stale,
        ),
        Case(
            name="a Catch without a Next",
            outcome="failed",
            advice="refused",
            answer=lambda: _machine(catch=[{"ErrorEquals": [_TAKEN]}]),
        ),
        Case(name="a look first, by kit.steps", outcome="passed", answer=_by_steps),
        Case(name="create first, as ASL", outcome="passed", answer=_machine),
        Case(name="three Choices in JSONPath, as ASL", outcome="passed", answer=_by_path),
    )
}
