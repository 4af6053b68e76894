"""Typical answers to rung 23."""

from __future__ import annotations

from typing import Any

from kit.course.exercise import Case
from kit.machine import Machine
from kit.steps import AwsSdk, Chain, Map, Pass, Succeed

_SDK = "arn:aws:states:::aws-sdk:"
_ITEM = {"id": {"S": "{% $states.input.id %}"}, "name": {"S": "{% $states.input.name %}"}}
_READER = {
    "Resource": "arn:aws:states:::s3:getObject",
    "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
    "Arguments": {"Bucket": "{% $states.input.bucket %}", "Key": "{% $states.input.key %}"},
}
_WRITER = {
    "Resource": "arn:aws:states:::s3:putObject",
    "Arguments": {"Bucket": "{% $states.input.bucket %}", "Prefix": "results"},
}
_COUNTS = {
    "succeeded": "{% $states.result.ItemCounts.Succeeded %}",
    "failed": "{% $states.result.ItemCounts.Failed %}",
}


def _machine(item: Any = _ITEM, counts: Any = _COUNTS, **each: Any) -> dict[str, Any]:
    """A Map that tolerates five percent, and a call that asks how it went; None takes a field away."""
    fields = {
        "Type": "Map",
        "ItemReader": _READER,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "Write",
            "States": {
                "Write": {
                    "Type": "Task",
                    "Resource": f"{_SDK}dynamodb:putItem",
                    "Arguments": {"TableName": "users", "Item": item},
                    "End": True,
                }
            },
        },
        "MaxConcurrency": 10,
        "ToleratedFailurePercentage": 5,
        "ResultWriter": _WRITER,
        "Next": "Ask",
        **each,
    }
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "Each user",
        "States": {
            "Each user": {key: value for key, value in fields.items() if value is not None},
            "Ask": {
                "Type": "Task",
                "Resource": f"{_SDK}sfn:describeMapRun",
                "Arguments": {"MapRunArn": "{% $states.input.MapRunArn %}"},
                "Output": counts,
                "End": True,
            },
        },
    }


def _caught() -> dict[str, Any]:
    machine = _machine(
        Catch=[
            {
                "ErrorEquals": ["States.ALL"],
                "Assign": {"why": "{% $states.errorOutput.Error %}"},
                "Next": "No migration",
            }
        ]
    )
    machine["States"]["No migration"] = {"Type": "Fail", "Error": "{% $why %}", "Cause": "Too many bad rows"}
    return machine


def _counted() -> dict[str, Any]:
    machine = _machine(
        ResultWriter=None,
        Output={"succeeded": "{% $count($states.result) %}", "failed": 0},
        Next=None,
        End=True,
    )
    del machine["States"]["Ask"]
    return machine


def _renamed() -> dict[str, Any]:
    machine = _caught()
    machine["States"]["No migration"]["Error"] = "TooManyBadRows"
    return machine


def _by_steps() -> Machine:
    """Tolerates two rows, keeps the ARN in a variable, and says the counts at the end."""
    each = Map(
        "Each user",
        item_processor=AwsSdk("Write", "dynamodb:putItem", TableName="users", Item=_ITEM),
        processor_config={"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        item_reader=_READER,
        result_writer=_WRITER,
        max_concurrency=5,
        tolerated_failure_count=2,
        assign={"run": "{% $states.result.MapRunArn %}"},
    )
    ask = AwsSdk(
        "Ask",
        "sfn:describeMapRun",
        MapRunArn="{% $run %}",
        assign={"counts": "{% $states.result.ItemCounts %}"},
    )
    say = Pass("Say", output={"succeeded": "{% $counts.Succeeded %}", "failed": "{% $counts.Failed %}"})
    return Machine("move-users", Chain([each, ask, say, Succeed("Moved")]))


def _by_path() -> dict[str, Any]:
    return {
        "StartAt": "Each user",
        "States": {
            "Each user": {
                "Type": "Map",
                "ItemReader": {
                    **{key: value for key, value in _READER.items() if key != "Arguments"},
                    "Parameters": {"Bucket.$": "$.bucket", "Key.$": "$.key"},
                },
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "Write",
                    "States": {
                        "Write": {
                            "Type": "Task",
                            "Resource": f"{_SDK}dynamodb:putItem",
                            "Parameters": {
                                "TableName": "users",
                                "Item": {"id": {"S.$": "$.id"}, "name": {"S.$": "$.name"}},
                            },
                            "End": True,
                        }
                    },
                },
                "MaxConcurrency": 10,
                "ToleratedFailurePercentage": 5,
                "ResultWriter": {
                    "Resource": "arn:aws:states:::s3:putObject",
                    "Parameters": {"Bucket.$": "$.bucket", "Prefix": "results"},
                },
                "Next": "Ask",
            },
            "Ask": {
                "Type": "Task",
                "Resource": f"{_SDK}sfn:describeMapRun",
                "Parameters": {"MapRunArn.$": "$.MapRunArn"},
                "ResultSelector": {
                    "succeeded.$": "$.ItemCounts.Succeeded",
                    "failed.$": "$.ItemCounts.Failed",
                },
                "End": True,
            },
        },
    }


CASES = {
    1: (
        Case(name="the placeholder", outcome="unattempted", answer=lambda: ...),
        Case(
            name="nothing is tolerated",
            outcome="failed",
            advice="not_tolerated",
            answer=lambda: _machine(ToleratedFailurePercentage=None),
        ),
        Case(
            name="everything is tolerated",
            outcome="failed",
            advice="tolerates_all",
            answer=lambda: _machine(ToleratedFailurePercentage=100),
        ),
        Case(
            name="no file of failures",
            outcome="failed",
            advice="undefined",
            answer=lambda: _machine(ResultWriter=None),
        ),
        Case(name="a count of the results", outcome="failed", advice="no_file", answer=_counted),
        Case(
            name="the whole Map again",
            outcome="failed",
            advice="twice",
            answer=lambda: _machine(
                Retry=[{"ErrorEquals": ["States.ALL"], "MaxAttempts": 20, "BackoffRate": 1}]
            ),
        ),
        Case(
            name="more than everything is tolerated",
            outcome="failed",
            advice="refused",
            answer=lambda: _machine(ToleratedFailurePercentage=150),
        ),
        Case(
            name="the Map's own output",
            outcome="failed",
            advice="counts",
            answer=lambda: _machine(counts="{% $states.result.ItemCounts %}"),
        ),
        Case(
            name="the name forgotten",
            outcome="failed",
            advice="rows",
            answer=lambda: _machine({"id": {"S": "{% $states.input.id %}"}}),
        ),
        Case(name="caught, and then a Fail", outcome="failed", advice="fails_again", answer=_caught),
        Case(
            name="a limit by another name",
            outcome="failed",
            advice="other_error",
            answer=_renamed,
        ),
        Case(
            name="an inline Map with a reader",
            outcome="failed",
            advice="not_distributed",
            answer=lambda: _machine(
                ItemProcessor={
                    **_machine()["States"]["Each user"]["ItemProcessor"],
                    "ProcessorConfig": {"Mode": "INLINE"},
                }
            ),
        ),
        Case(name="a count and a variable, by kit.steps", outcome="passed", answer=_by_steps),
        Case(name="a percentage, as ASL", outcome="passed", answer=_machine),
        Case(name="in JSONPath, as ASL", outcome="passed", answer=_by_path),
    )
}
