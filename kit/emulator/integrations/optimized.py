"""The optimized integrations that pass a call on: their own names, envelope and errors around it.

They are older than the SDK integrations and built on the AWS SDK for Java 1, which shows in the spelling
of members, in error names and in causes.
https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kit.emulator.integrations import arguments
from kit.emulator.integrations.calls import Called, ServiceError, Services
from kit.emulator.integrations.resource import Pattern, Resource
from kit.engine.ports import Done, Failed, Json, Submitted, TaskAnswer, TaskCall
from kit.services import Action, optimized_action
from kit.services.casing import exception
from kit.services.models import error_shapes


@dataclass(frozen=True, slots=True)
class Style:
    """How one service's optimized integrations speak.

    `prefix` begins the error names; `unnamed` is the class of errors that the SDK has no class for;
    `service` is the name in causes."""

    client_name: str
    prefix: str
    unnamed: str
    service: str
    patterns: tuple[Pattern, ...] = ("",)

    def failed(self, error: ServiceError, event: str = "TaskFailed") -> Failed:
        shape = error_shapes(self.client_name).get(error.code)
        name = exception(shape) if shape is not None else self.unnamed
        cause = (
            f"{error.message} (Service: {self.service}; Status Code: {error.status}; "
            f"Error Code: {error.code}; Request ID: {error.request_id}; Proxy: null)"
        )
        return Failed(f"{self.prefix}.{name}", cause, event=event)


STYLES = {
    "batch": Style("batch", "Batch", "AWSBatchException", "AWSBatch", ("", "sync", "waitForTaskToken")),
    "codebuild": Style("codebuild", "CodeBuild", "AWSCodeBuildException", "AWSCodeBuild", ("", "sync")),
    "ecs": Style("ecs", "ECS", "AmazonECSException", "AmazonECS", ("", "sync", "waitForTaskToken")),
    "glue": Style("glue", "Glue", "AWSGlueException", "AWSGlue", ("", "sync")),
    "dynamodb": Style("dynamodb", "DynamoDB", "AmazonDynamoDBException", "AmazonDynamoDBv2"),
    "events": Style(
        "events",
        "EventBridge",
        "AmazonEventBridgeException",
        "AmazonEventBridge",
        ("", "waitForTaskToken"),
    ),
    "lambda": Style("lambda", "Lambda", "AWSLambdaException", "AWSLambda", ("", "waitForTaskToken")),
    "sns": Style("sns", "SNS", "AmazonSNSException", "AmazonSNS", ("", "waitForTaskToken")),
    "sqs": Style("sqs", "SQS", "AmazonSQSException", "AmazonSQS", ("", "waitForTaskToken")),
    "states": Style(
        "stepfunctions",
        "StepFunctions",
        "AWSStepFunctionsException",
        "AWSStepFunctions",
        ("", "waitForTaskToken", "sync", "sync:2"),
    ),
}

OPERATIONS = {
    "batch": {"submitJob"},
    "codebuild": {"startBuild"},
    "ecs": {"runTask"},
    "glue": {"startJobRun"},
    "dynamodb": {"getItem", "putItem", "deleteItem", "updateItem"},
    "events": {"putEvents"},
    "lambda": {"invoke"},
    "sns": {"publish"},
    "sqs": {"sendMessage"},
    "states": {"startExecution"},
}


def operation(resource: Resource) -> Action:
    """The action that an optimized integration calls, with the spelling of its members."""
    style = STYLES[resource.service]
    return optimized_action(style.client_name, resource.action[:1].upper() + resource.action[1:])


class OptimizedIntegration:
    """dynamodb, events, sns and sqs: the arguments go to the API, its answer comes back in an envelope."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def refusal(self, resource: Resource, given: Json) -> Failed | None:
        return arguments.refusal(operation(resource), given)

    def call(self, resource: Resource, task: TaskCall) -> TaskAnswer:
        style, called_action = STYLES[resource.service], operation(resource)
        params = called_action.to_api(task.arguments or {})
        try:
            called = self._services.call(task, called_action, params)
        except ServiceError as error:
            return style.failed(error)
        result = enveloped(called_action.from_api(called.result), called)
        if resource.service == "events" and called.result.get("FailedEntryCount"):
            return Failed("EventBridge.FailedEntry", _failed_entries(called.result))
        return Submitted(result) if resource.pattern == "waitForTaskToken" else Done(result)


def _failed_entries(result: Mapping[str, Any]) -> str:
    """Recorded: the answer's entries as JSON."""
    from kit.services.values import compact

    return compact({"Entries": result["Entries"], "FailedEntryCount": result["FailedEntryCount"]})


def enveloped(result: dict[str, Json], called: Called, body_bytes: int | None = None) -> dict[str, Json]:
    """The result with what AWS adds to it: the response's headers, status and request id."""
    headers = {"x-amzn-RequestId": called.request_id, "connection": "keep-alive"}
    wanted = {"content-length": "Content-Length", "content-type": "Content-Type", "date": "Date"}
    for name, value in called.headers.items():
        if name.lower() in wanted:
            headers[wanted[name.lower()]] = str(value)
    if body_bytes is not None:
        headers["Content-Length"] = str(body_bytes)
    return {
        **result,
        "SdkHttpMetadata": {
            "AllHttpHeaders": {name: [value] for name, value in headers.items()},
            "HttpHeaders": headers,
            "HttpStatusCode": called.status,
        },
        "SdkResponseMetadata": {"RequestId": called.request_id},
    }
