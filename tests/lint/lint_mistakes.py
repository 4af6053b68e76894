"""Typical mistakes, each with the finding that it must get, and its mended twin, which must get none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

SDK = "arn:aws:states:::aws-sdk:"
STOP = {"DbClusterIdentifier": "dev"}
TOKEN = {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/q", "MessageBody.$": "$$.Task.Token"}


class Mistake(NamedTuple):
    rule: str
    place: str
    mend: str
    wrong: Mapping[str, Any]
    right: Mapping[str, Any]


def machine(state: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"StartAt": "It", "States": {"It": {"End": True, **state}}, **more}


def flow(states: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"StartAt": next(iter(states)), "States": dict(states), **more}


def task(resource: str = f"{SDK}rds:stopDBCluster", **fields: Any) -> dict[str, Any]:
    given = {} if {"Parameters", "Arguments"} & set(fields) else {"Parameters": STOP}
    return machine({"Type": "Task", "Resource": resource, **given, **fields})


def jsonata(output: Any, **more: Any) -> dict[str, Any]:
    return machine({"Type": "Pass", "Output": output, **more}, QueryLanguage="JSONata")


def poll(choices: list[Any], default: str, machine_fields: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A loop of Wait, describe and Choice, in JSONata."""
    fails = any(rule["Next"] == "Failed" for rule in choices)
    return flow(
        {
            "Start": {"Type": "Pass", "Assign": {"rounds": 0}, "Next": "Wait"},
            "Wait": {"Type": "Wait", "Seconds": 30, "Next": "Look"},
            "Look": {
                "Type": "Task",
                "Resource": f"{SDK}rds:describeDBClusters",
                "Arguments": STOP,
                "Assign": {
                    "status": "{% $states.result.DbClusters[0].Status %}",
                    "rounds": "{% $rounds + 1 %}",
                },
                "Next": "Ready?",
            },
            "Ready?": {"Type": "Choice", "Choices": choices, "Default": default},
            "Done": {"Type": "Succeed"},
            **({"Failed": {"Type": "Fail", "Error": "Failed"}} if fails else {}),
        },
        QueryLanguage="JSONata",
        **(machine_fields or {}),
    )


READY = {"Condition": "{% $status = 'available' %}", "Next": "Done"}
BROKEN = {"Condition": "{% $status = 'failed' %}", "Next": "Failed"}
ENOUGH = {"Condition": "{% $rounds > 60 %}", "Next": "Failed"}


def after_call(second: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    """A call whose input has a cluster, and a state after it."""
    return flow(
        {
            "It": {
                "Type": "Task",
                "Resource": f"{SDK}rds:stopDBCluster",
                "Parameters": {"DbClusterIdentifier.$": "$.cluster"},
                "Next": "After",
                **fields,
            },
            "After": {"End": True, **second},
        }
    )


NOTIFY = {
    "Type": "Task",
    "Resource": "arn:aws:states:::sns:publish",
    "Parameters": {"TopicArn": "${TopicArn}", "Message.$": "$.cluster"},
}


def caught(next_state: Mapping[str, Any], **catcher: Any) -> dict[str, Any]:
    return flow(
        {
            "It": {
                "Type": "Task",
                "Resource": f"{SDK}rds:stopDBCluster",
                "Parameters": STOP,
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Then", **catcher}],
                "End": True,
            },
            "Then": next_state,
        }
    )


CLEAN_UP = {
    "Type": "Task",
    "Resource": f"{SDK}rds:deleteDBCluster",
    "Parameters": {"DbClusterIdentifier": "copy", "SkipFinalSnapshot": True},
    "End": True,
}


def over(items: Mapping[str, Any], *, loop: bool) -> dict[str, Any]:
    """A list of snapshots, and a Map over it; with `loop` it goes on to the next page."""
    states: dict[str, Any] = {
        "List": {
            "Type": "Task",
            "Resource": f"{SDK}rds:describeDBSnapshots",
            "Parameters": {"SnapshotType": "manual", **({"Marker.$": "$.page.Marker"} if loop else {})},
            "ResultPath": "$.page",
            "Next": "Each",
        },
        "Each": {
            "Type": "Map",
            "ItemProcessor": flow({"Look": {"Type": "Pass", "End": True}}),
            "ResultPath": None,
            **items,
        },
    }
    if loop:
        states["Each"]["Next"] = "More?"
        states["More?"] = {
            "Type": "Choice",
            "Choices": [{"Variable": "$.page.Marker", "IsPresent": True, "Next": "List"}],
            "Default": "Done",
        }
        states["Done"] = {"Type": "Succeed"}
    else:
        states["Each"]["End"] = True
    return flow(states)


def distributed(**fields: Any) -> dict[str, Any]:
    return machine(
        {
            "Type": "Map",
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "JSON"},
                "Parameters": {"Bucket": "b", "Key": "k"},
            },
            "ItemProcessor": {
                **flow({"Look": {"Type": "Pass", "End": True}}),
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            },
            **fields,
        }
    )


def http(**fields: Any) -> dict[str, Any]:
    return machine(
        {
            "Type": "Task",
            "Resource": "arn:aws:states:::http:invoke",
            "Parameters": {
                "ApiEndpoint": "https://api.github.com/repos/a/b/issues",
                "Method": "POST",
                "InvocationConfig": {"ConnectionArn": "${ConnectionArn}"},
                **fields,
            },
        }
    )


def choice(rules: list[Any], **more: Any) -> dict[str, Any]:
    return flow(
        {
            "It": {"Type": "Choice", "Choices": rules, **more},
            "End": {"Type": "Succeed"},
            "No": {"Type": "Fail"},
        }
    )


IS_NULL = {"Variable": "$.a", "IsNull": True, "Next": "End"}

MISTAKES = (
    Mistake(
        "unknown-service", "/States/It/Resource", "write rds",
        task(f"{SDK}rdss:stopDBCluster"), task(),
    ),
    Mistake(
        "unknown-service", "/States/It/Resource", "retired",
        task(f"{SDK}lookoutvision:startModel"), task(),
    ),
    Mistake(
        "unknown-action", "/States/It/Resource", "write stopDBCluster",
        task(f"{SDK}rds:stopDbCluster"), task(),
    ),
    Mistake(
        "unknown-integration", "/States/It/Resource", "aws-sdk:rds:stopDBCluster",
        task("arn:aws:states:::rds:stopDBCluster"), task(),
    ),
    Mistake(
        "sync-of-sdk", "/States/It/Resource", "take .sync away",
        task(f"{SDK}rds:stopDBCluster.sync"), task(),
    ),
    Mistake(
        "unknown-parameter", "/States/It/Parameters/DBClusterIdentifier", "write DbClusterIdentifier",
        task(Parameters={"DbClusterIdentifier": "a", "DBClusterIdentifier": "dev"}), task(),
    ),
    Mistake(
        "unknown-parameter", "/States/It/Parameters/TopicARN", "write TopicArn",
        task("arn:aws:states:::sns:publish", Parameters={"TopicARN": "${TopicArn}", "Message": "a"}),
        task("arn:aws:states:::sns:publish", Parameters={"TopicArn": "${TopicArn}", "Message": "a"}),
    ),
    Mistake(
        "unknown-parameter", "/States/It/Arguments/Tags[0]/Name", "write one of Key, Value",
        {**task(f"{SDK}rds:createDBSnapshot", Arguments={
            "DbSnapshotIdentifier": "s", "DbInstanceIdentifier": "d", "Tags": [{"Name": "a", "Value": "b"}]}),
         "QueryLanguage": "JSONata"},
        {**task(f"{SDK}rds:createDBSnapshot", Arguments={
            "DbSnapshotIdentifier": "s", "DbInstanceIdentifier": "d", "Tags": [{"Key": "a", "Value": "b"}]}),
         "QueryLanguage": "JSONata"},
    ),
    Mistake(
        "unknown-value", "/States/It/Parameters/LaunchType", "write FARGATE",
        task("arn:aws:states:::ecs:runTask", Parameters={"TaskDefinition": "t", "LaunchType": "Fargate"}),
        task("arn:aws:states:::ecs:runTask", Parameters={"TaskDefinition": "t", "LaunchType": "FARGATE"}),
    ),
    Mistake(
        "missing-parameter", "/States/It/Parameters", "add DbClusterIdentifier",
        task(Parameters={}), task(),
    ),
    Mistake(
        "missing-parameter", "/States/It/Parameters", "add Method",
        machine({"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": {
            "ApiEndpoint": "https://a.example/b", "InvocationConfig": {"ConnectionArn": "${Arn}"}}}),
        http(),
    ),
    Mistake(
        "input-as-arguments", "/States/It", '"Parameters": {}',
        machine({"Type": "Task", "Resource": f"{SDK}rds:describeDBClusters"}),
        machine({"Type": "Task", "Resource": f"{SDK}rds:describeDBClusters", "Parameters": {}}),
    ),
    Mistake(
        "token-not-sent", "/States/It/Parameters", "$$.Task.Token",
        task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", TimeoutSeconds=60,
             Parameters={"QueueUrl": TOKEN["QueueUrl"], "MessageBody": "a"}),
        task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", TimeoutSeconds=60, Parameters=TOKEN),
    ),
    Mistake(
        "unknown-error-name", "/States/It/Retry[0]/ErrorEquals", "write Rds.DbClusterNotFoundException",
        task(Retry=[{"ErrorEquals": ["Rds.DBClusterNotFoundFault"]}]),
        task(Retry=[{"ErrorEquals": ["Rds.DbClusterNotFoundException"]}]),
    ),
    Mistake(
        "unknown-error-name", "/States/It/Retry[0]/ErrorEquals", "write Rds.DbClusterNotFoundException",
        task(Retry=[{"ErrorEquals": ["rds.DbClusterNotFoundException"]}]),
        task(Retry=[{"ErrorEquals": ["Rds.DbClusterNotFoundException"]}]),
    ),
    Mistake(
        "unknown-error-name", "/States/It/Catch[0]/ErrorEquals", "write States.Timeout",
        caught(CLEAN_UP, ErrorEquals=["States.TimeOut"]), caught(CLEAN_UP, ErrorEquals=["States.Timeout"]),
    ),
    Mistake(
        "unknown-error-name", "/States/It/Retry[0]/ErrorEquals",
        "write DynamoDB.ConditionalCheckFailedException",
        task("arn:aws:states:::dynamodb:getItem", Parameters={"TableName": "t", "Key": {"id": {"S": "a"}}},
             Retry=[{"ErrorEquals": ["DynamoDb.ConditionalCheckFailedException"]}]),
        task("arn:aws:states:::dynamodb:getItem", Parameters={"TableName": "t", "Key": {"id": {"S": "a"}}},
             Retry=[{"ErrorEquals": ["DynamoDB.ConditionalCheckFailedException"]}]),
    ),
    Mistake(
        "hopeless-retry", "/States/It/Retry[0]/ErrorEquals", "take the name away",
        task(Retry=[{"ErrorEquals": ["States.Runtime", "States.Timeout"]}]),
        task(Retry=[{"ErrorEquals": ["States.Timeout"]}]),
    ),
    Mistake(
        "hopeless-retry", "/States/It/Retry[0]/ErrorEquals", "mend its cause",
        task(f"{SDK}dynamodb:deleteTable", Parameters={"TableName": "t"},
             Retry=[{"ErrorEquals": ["Lambda.AccessDeniedException"]}]),
        task(f"{SDK}dynamodb:deleteTable", Parameters={"TableName": "t"},
             Retry=[{"ErrorEquals": ["DynamoDb.ResourceInUseException"]}]),
    ),
    Mistake(
        "lost-error", "/States/It/Catch[0]", '"ResultPath": "$.error"',
        caught(CLEAN_UP, ResultPath=None), caught(CLEAN_UP, ResultPath="$.error"),
    ),
    Mistake(
        "lost-error", "/States/It/Catch[0]", "catch only the errors that mean success",
        caught({"Type": "Succeed"}),
        caught({"Type": "Succeed"}, ErrorEquals=["Rds.DbClusterNotFoundException"]),
    ),
    Mistake(
        "catch-to-fail", "/States/It/Catch[0]", "take the catcher away",
        caught({"Type": "Fail"}), caught(CLEAN_UP),
    ),
    Mistake(
        "poll-without-bound", "/States/Wait", "count the rounds",
        poll([READY, BROKEN], "Wait"), poll([READY, BROKEN, ENOUGH], "Wait"),
    ),
    Mistake(
        "poll-without-bound", "/States/Wait", "TimeoutSeconds",
        poll([READY, BROKEN], "Wait"), poll([READY, BROKEN], "Wait", {"TimeoutSeconds": 3600}),
    ),
    Mistake(
        "poll-without-failure-exit", "/States/Wait", "add a rule to the Choice",
        poll([READY], "Wait", {"TimeoutSeconds": 3600}),
        poll([READY, BROKEN], "Wait", {"TimeoutSeconds": 3600}),
    ),
    Mistake(
        "choice-without-default", "/States/It", 'add "Default"',
        choice([IS_NULL, {"Variable": "$.a", "StringEquals": "x", "Next": "No"}]),
        choice([IS_NULL], Default="No"),
    ),
    Mistake(
        "callback-without-timeout", "/States/It", 'add "TimeoutSeconds"',
        task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", Parameters=TOKEN),
        task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", Parameters=TOKEN, HeartbeatSeconds=60),
    ),
    Mistake(
        "callback-without-timeout", "/States/It", 'add "TimeoutSeconds"',
        machine({"Type": "Task", "Resource": "arn:aws:states:eu-west-1:123456789012:activity:mask"}),
        machine({"Type": "Task", "Resource": "arn:aws:states:eu-west-1:123456789012:activity:mask"},
                TimeoutSeconds=60),
    ),
    Mistake(
        "lost-input", "/States/It", '"ResultPath": "$.result"',
        after_call(NOTIFY), after_call(NOTIFY, ResultPath=None),
    ),
    Mistake(
        "lost-input", "/States/It", "$merge",
        {**flow({
            "It": {"Type": "Task", "Resource": f"{SDK}rds:stopDBCluster",
                   "Arguments": {"DbClusterIdentifier": "{% $states.input.cluster %}"}, "Next": "After"},
            "After": {"Type": "Pass", "Output": "{% $states.input.cluster %}", "End": True}}),
         "QueryLanguage": "JSONata"},
        {**flow({
            "It": {"Type": "Task", "Resource": f"{SDK}rds:stopDBCluster", "Output": "{% $states.input %}",
                   "Arguments": {"DbClusterIdentifier": "{% $states.input.cluster %}"}, "Next": "After"},
            "After": {"Type": "Pass", "Output": "{% $states.input.cluster %}", "End": True}}),
         "QueryLanguage": "JSONata"},
    ),
    Mistake(
        "lost-input", "/States/It/Catch[0]", '"ResultPath": "$.error"',
        caught({**NOTIFY, "End": True}), caught({**NOTIFY, "End": True}, ResultPath="$.error"),
    ),
    Mistake(
        "first-page-only", "/States/Each", "until there is none",
        over({"ItemsPath": "$.page.DbSnapshots"}, loop=False),
        over({"ItemsPath": "$.page.DbSnapshots"}, loop=True),
    ),
    Mistake(
        "payload-at-risk", "/States/It", '"ResultWriter"',
        distributed(), distributed(ResultPath=None),
    ),
    Mistake(
        "payload-at-risk", "/States/It/Parameters", "add Limit",
        task(f"{SDK}dynamodb:scan", Parameters={"TableName": "t"}),
        task(f"{SDK}dynamodb:scan", Parameters={"TableName": "t", "Limit": 50}),
    ),
    Mistake(
        "jsonata-as-text", "/States/It/Parameters/DbClusterIdentifier", "JSONata",
        task(Parameters={"DbClusterIdentifier": "{% $states.input.c %}"}),
        task(Parameters={"DbClusterIdentifier.$": "$.c"}),
    ),
    Mistake(
        "path-as-text", "/States/It/Output", '"a"',
        jsonata({"a.$": "$.b"}), jsonata({"a": "{% $states.input.b %}"}),
    ),
    Mistake(
        "unknown-function", "/States/It/Output", "write $uppercase",
        jsonata("{% $uppercse($states.input.a) %}"), jsonata("{% $uppercase($states.input.a) %}"),
    ),
    Mistake(
        "unknown-function", "/States/It/Output/a", "use $parse",
        jsonata({"a": "{% $eval('1') %}"}), jsonata({"a": "{% $parse('1') %}"}),
    ),
    Mistake(
        "unknown-variable", "/States/It/Output", '"Assign": {"rounds": …}',
        jsonata("{% $rounds + 1 %}"), jsonata("{% $states.input.rounds + 1 %}"),
    ),
    Mistake(
        "unknown-variable", "/States/It/Parameters/DbClusterIdentifier.$", '"Assign": {"cluster.$": …}',
        task(Parameters={"DbClusterIdentifier.$": "$cluster"}),
        flow({"Before": {"Type": "Pass", "Assign": {"cluster.$": "$.c"}, "Next": "It"},
              "It": {"Type": "Task", "Resource": f"{SDK}rds:stopDBCluster", "End": True,
                     "Parameters": {"DbClusterIdentifier.$": "$cluster"}}}),
    ),
    Mistake(
        "secret-in-definition", "/States/It/Parameters/MasterUserPassword", "change the secret",
        task(f"{SDK}rds:modifyDBCluster",
             Parameters={"DbClusterIdentifier": "dev", "MasterUserPassword": "correct-horse"}),
        task(f"{SDK}rds:modifyDBCluster",
             Parameters={"DbClusterIdentifier": "dev", "ManageMasterUserPassword": True}),
    ),
    Mistake(
        "secret-in-definition", "/States/It/Result/webhook", "take it out",
        machine({"Type": "Pass", "Result": {"webhook": "https://hooks.slack.com/" + "services/T0/B0/abc"}}),
        machine({"Type": "Pass", "Result": {"webhook": "${WebhookSecretArn}"}}),
    ),
    Mistake(
        "forbidden-header", "/States/It/Parameters/Headers/Authorization.$", "EventBridge connection",
        http(Headers={"Authorization.$": "$.header"}), http(Headers={"Accept": "application/json"}),
    ),
    Mistake(
        "forbidden-header", "/States/It/Parameters/Headers/Cache-Control", "take the header away",
        http(Headers={"Cache-Control": "no-cache"}), http(Headers={"Accept": "application/json"}),
    ),
)  # fmt: skip

REFUSED = (
    ("a heartbeat that is longer than its timeout", "make HeartbeatSeconds smaller",
     task(TimeoutSeconds=10, HeartbeatSeconds=20)),
    ("States.ALL that isn't last", "entry of its own at the end",
     task(Retry=[{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["States.Timeout"]}])),
    ("a state that nothing leads to", "take the state away",
     flow({"It": {"Type": "Succeed"}, "Left": {"Type": "Succeed"}})),
    ("a Next without a state", "write After, if that is meant",
     flow({"It": {"Type": "Pass", "Next": "Aftr"}, "After": {"Type": "Succeed"}})),
    ("no end", '"End": true', flow({"It": {"Type": "Pass", "Next": "It"}})),
    ("a field that isn't there", "write Parameters, if that is meant",
     machine({"Type": "Pass", "Paramters": {}})),
    ("JSONata's field in JSONPath", '"QueryLanguage": "JSONata"', machine({"Type": "Pass", "Output": 1})),
    ("JSONPath's field in JSONata", "use its JSONata counterpart",
     machine({"Type": "Pass", "ResultPath": "$.a"}, QueryLanguage="JSONata")),
    ("JSONata that doesn't parse", "look at the position", jsonata("{% $states.input.( %}")),
    ("the input by its bare name", "write $states.input", jsonata("{% cluster %}")),
)  # fmt: skip
"""What AWS itself refuses: what it is, and words of the mend."""
