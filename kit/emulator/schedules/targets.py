"""Calling a target for EventBridge and EventBridge Scheduler.

State machines, Lambda functions, queues, topics, event buses, log groups; Scheduler also any API, by
`arn:aws:scheduler:::aws-sdk:<service>:<action>`. Not modelled: API destinations, ECS tasks as a target of
their own (`aws-sdk:ecs:runTask` is), Kinesis, Batch, CodeBuild, CodePipeline, other accounts.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from kit.emulator.gateway import Caller, Gateway, ServiceCall
from kit.emulator.refusals import Refusal
from kit.services import UnknownAction, UnknownParameter, action


class TargetError(Exception):
    """The target's error: its `code` and `message`; `again` tells whether trying again may help."""

    def __init__(self, code: str, message: str, *, again: bool = True) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.again = code, message, again


class Targets:
    """`deliver(arn, text, ...)` calls a target. `by` in the journal is the schedule or rule."""

    def __init__(self, client: Callable[..., Any], gateway: Gateway, now: Callable[[], float]) -> None:
        self._client, self._gateway, self._now = client, gateway, now
        self._messages = itertools.count(1)

    def deliver(
        self, arn: str, text: str, *, by: str, role_arn: str | None, settings: Mapping[str, Any]
    ) -> str | None:
        """Gives the ARN of the execution that was started, if one was. Raises TargetError."""
        service, operation, params, region = self._call(arn, text, settings)
        with self._gateway.on_behalf_of(Caller(by, None, role_arn)):
            if service == "stepfunctions":
                self._authorize(service, operation, params, region)
            answer = self._send(service, operation, params, region)
        started: str | None = answer.get("executionArn")
        return started if service == "stepfunctions" else None

    def dead_letter(self, queue_arn: str, text: str, attributes: Mapping[str, str], *, by: str) -> None:
        """Puts what could not be delivered into a queue. Raises TargetError."""
        params = {
            "QueueUrl": self._queue_url(queue_arn),
            "MessageBody": text,
            "MessageAttributes": {
                name: {"DataType": "String", "StringValue": value or "-"}
                for name, value in attributes.items()
            },
        }
        with self._gateway.on_behalf_of(Caller(by)):
            self._send("sqs", "SendMessage", params, queue_arn.split(":")[3])

    def _call(self, arn: str, text: str, settings: Mapping[str, Any]) -> tuple[str, str, dict[str, Any], str]:
        parts = arn.split(":", 5)
        if len(parts) < 6:
            raise TargetError("ValidationException", f"{arn} is no ARN of a target.", again=False)
        service, region, rest = parts[2], parts[3], parts[5]
        if service == "scheduler" and rest.startswith("aws-sdk:"):
            return self._any_action(rest.removeprefix("aws-sdk:"), text)
        if service == "states" and rest.startswith("stateMachine:"):
            return "stepfunctions", "StartExecution", {"stateMachineArn": arn, "input": text}, region
        if service == "lambda":
            return (
                "lambda",
                "Invoke",
                {"FunctionName": arn, "InvocationType": "Event", "Payload": text.encode()},
                region,
            )
        if service == "sqs":
            group = (settings.get("SqsParameters") or {}).get("MessageGroupId")
            message: dict[str, Any] = {"QueueUrl": self._queue_url(arn), "MessageBody": text}
            if group:
                message |= {"MessageGroupId": group, "MessageDeduplicationId": str(next(self._messages))}
            return "sqs", "SendMessage", message, region
        if service == "sns":
            return "sns", "Publish", {"TopicArn": arn, "Message": text}, region
        if service == "events" and rest.startswith("event-bus/"):
            return "events", "PutEvents", {"Entries": [_entry(arn, text, settings)]}, region
        if service == "logs":
            return self._log_call(rest, text, region)
        raise TargetError("ValidationException", f"The sandbox can't call the target {arn}.", again=False)

    def _any_action(self, name: str, text: str) -> tuple[str, str, dict[str, Any], str]:
        try:
            called = action(name)
            params = called.to_api(orjson.loads(text) if text else {})
        except (UnknownAction, UnknownParameter, orjson.JSONDecodeError) as error:
            raise TargetError("ValidationException", str(error), again=False) from error
        return called.client_name, called.operation, params, ""

    def _log_call(self, rest: str, text: str, region: str) -> tuple[str, str, dict[str, Any], str]:
        group, stream = rest.removeprefix("log-group:").removesuffix(":*"), f"event-{next(self._messages)}"
        self._send("logs", "CreateLogStream", {"logGroupName": group, "logStreamName": stream}, region)
        events = [{"timestamp": int(self._now() * 1000), "message": text}]
        params = {"logGroupName": group, "logStreamName": stream, "logEvents": events}
        return "logs", "PutLogEvents", params, region

    def _queue_url(self, arn: str) -> str:
        region, account, name = arn.split(":")[3:6]
        return f"https://sqs.{region}.amazonaws.com/{account}/{name}"

    def _send(self, service: str, operation: str, params: dict[str, Any], region: str) -> Any:
        from botocore.exceptions import ClientError, ParamValidationError

        try:
            answer = self._client(service, region or None)._make_api_call(operation, params)
        except ClientError as error:
            told = error.response.get("Error", {})
            code, message = str(told.get("Code", "Unknown")), str(told.get("Message", ""))
            self._note(service, operation, params, code, message)
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
            raise TargetError(code, message, again=status >= 500 or "Throttl" in code) from error
        except ParamValidationError as error:
            raise TargetError("ValidationException", str(error), again=False) from error
        self._note(service, operation, params, None, "")
        return answer

    def _authorize(self, service: str, operation: str, params: dict[str, Any], region: str) -> None:
        """Of Step Functions' own operations, which don't pass the gateway."""
        try:
            self._gateway.authorize(ServiceCall(service, operation, params, region))
        except Refusal as refusal:
            self._note(service, operation, params, refusal.code, refusal.message)
            raise TargetError(refusal.code, refusal.message, again=False) from refusal

    def _note(
        self, service: str, operation: str, params: dict[str, Any], code: str | None, message: str
    ) -> None:
        """The gateway notes all but Step Functions."""
        if service == "stepfunctions":
            self._gateway.record(ServiceCall(service, operation, params, ""), code, message)


def _entry(bus: str, text: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Scheduler names source and type; a rule passes the event on."""
    given = settings.get("EventBridgeParameters")
    if given:
        return {
            "EventBusName": bus,
            "Source": given["Source"],
            "DetailType": given["DetailType"],
            "Detail": text,
        }
    event = orjson.loads(text)
    return {
        "EventBusName": bus,
        "Source": event.get("source", "-"),
        "DetailType": event.get("detail-type", "-"),
        "Detail": orjson.dumps(event.get("detail", {})).decode(),
        "Resources": event.get("resources", []),
    }
