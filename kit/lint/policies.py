"""What a machine's role must allow, seen from its definition.

Actions only: each statement is for every resource (`*`). Step Functions makes no policy for SDK
integrations: https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html
"""

from __future__ import annotations

from typing import Any

from kit import services
from kit.asl.definition import Map, StateMachine, Task
from kit.services import iam

_SYNC_EVENTS = ("events:PutTargets", "events:PutRule", "events:DescribeRule")

_OPTIMIZED = {
    "lambda:invoke": ("lambda:InvokeFunction",),
    "sns:publish": ("sns:Publish",),
    "sqs:sendMessage": ("sqs:SendMessage",),
    "dynamodb:getItem": ("dynamodb:GetItem",),
    "dynamodb:putItem": ("dynamodb:PutItem",),
    "dynamodb:updateItem": ("dynamodb:UpdateItem",),
    "dynamodb:deleteItem": ("dynamodb:DeleteItem",),
    "events:putEvents": ("events:PutEvents",),
    "states:startExecution": ("states:StartExecution",),
    "states:startExecution.sync": (
        "states:StartExecution", "states:DescribeExecution", "states:StopExecution", *_SYNC_EVENTS,
    ),
    "ecs:runTask": ("ecs:RunTask", "iam:PassRole"),
    "ecs:runTask.sync": ("ecs:RunTask", "ecs:StopTask", "ecs:DescribeTasks", "iam:PassRole", *_SYNC_EVENTS),
    "batch:submitJob": ("batch:SubmitJob",),
    "batch:submitJob.sync": ("batch:SubmitJob", "batch:DescribeJobs", "batch:TerminateJob", *_SYNC_EVENTS),
    "codebuild:startBuild": ("codebuild:StartBuild",),
    "codebuild:startBuild.sync": (
        "codebuild:StartBuild", "codebuild:StopBuild", "codebuild:BatchGetBuilds", *_SYNC_EVENTS,
    ),
    "http:invoke": (
        "states:InvokeHTTPEndpoint", "events:RetrieveConnectionCredentials",
        "secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret",
    ),
}  # fmt: skip


def policy(machine: StateMachine) -> dict[str, Any]:
    """The IAM policy document of a machine's role; empty where the machine calls nothing.

    A call that another role makes (Credentials) needs sts:AssumeRole only.
    """
    actions: dict[str, None] = {}
    for state in machine.walk():
        if isinstance(state, Map) and state.distributed:
            needed: tuple[str, ...] = (
                "states:StartExecution", "states:DescribeExecution", "states:StopExecution",
            )  # fmt: skip
        elif not isinstance(state, Task):
            continue
        elif "Credentials" in state.fields:
            needed = ("sts:AssumeRole",)
        else:
            needed = _needed(state.resource)
        actions.update(dict.fromkeys(needed))
    if not actions:
        return {}
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": sorted(actions), "Resource": "*"}],
    }


def _needed(resource: str) -> tuple[str, ...]:
    if ":lambda:" in resource and ":function:" in resource:
        return ("lambda:InvokeFunction",)
    name = resource.removeprefix("arn:aws:states:::").removesuffix(".waitForTaskToken").removesuffix(":2")
    if name.startswith("aws-sdk:"):
        try:
            action = services.action(resource)
        except services.UnknownAction:
            return ()
        return iam.actions(action.client_name, action.operation)
    return _OPTIMIZED.get(name, ())
