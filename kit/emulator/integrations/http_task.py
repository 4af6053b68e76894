"""The HTTP Task: `arn:aws:states:::http:invoke`.

https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from kit.emulator.gateway import Caller, Gateway, ServiceCall
from kit.emulator.http.composing import compose, connection_arn, faults
from kit.emulator.http.connections import RESOURCE, Connections
from kit.emulator.http.errors import HttpTaskError
from kit.emulator.http.sending import Answered, Sender
from kit.emulator.integrations.resource import Resource
from kit.emulator.permissions import Permissions, principal
from kit.engine.ports import Done, Failed, Json, TaskAnswer, TaskCall
from kit.services.values import compact

SECONDS: Final = 0.2
"""What a call takes in virtual time (a guess)."""

_BINARY: Final = ("application/octet-stream", "image/", "video/", "audio/")


class HttpTaskIntegration:
    """Sends the state's request with what its connection adds. The journal shows `http:Invoke` with the
    state's own arguments; nothing of the connection's is shown anywhere."""

    def __init__(
        self, connections: Connections, sender: Sender, gateway: Gateway, permissions: Permissions
    ) -> None:
        self._connections, self._sender, self._gateway = connections, sender, gateway
        self._permissions = permissions

    def refusal(self, resource: Resource, given: Json) -> Failed | None:  # noqa: ARG002
        found = list(faults(given))
        if not found:
            return None
        told = ", ".join(found)
        cause = f"The Parameters '{compact(given)}' could not be used to start the Task: [{told}]"
        return Failed("States.Runtime", cause)

    def call(self, resource: Resource, task: TaskCall) -> TaskAnswer:  # noqa: ARG002
        arguments: Mapping[str, Json] = task.arguments
        try:
            answered = self._ask(arguments, task)
        except HttpTaskError as error:
            self._note(task, arguments, error.error, error.cause)
            return Failed(error.error, error.cause, seconds=error.seconds or SECONDS)
        if 200 <= answered.status < 300:
            self._note(task, arguments, None, "")
            return _result(answered)
        name = f"States.Http.StatusCode.{answered.status}"
        self._note(task, arguments, name, answered.phrase)
        # A field report: the cause is the reason phrase, the body is lost.
        return Failed(name, answered.phrase, seconds=SECONDS)

    def _ask(self, arguments: Mapping[str, Json], task: TaskCall) -> Answered:
        connection = connection_arn(arguments)
        assert connection is not None
        self._authorize(arguments, connection, task)
        self._sender.check(str(arguments["ApiEndpoint"]))
        region = task.execution_arn.split(":")[3]
        request = compose(arguments, self._connections.additions(connection), region)
        answered = self._sender.send(request)
        if answered.status in (401, 407):
            self._connections.refused(connection)
        return answered

    def _authorize(self, arguments: Mapping[str, Json], connection: str, task: TaskCall) -> None:
        """Names and words of these errors are a guess: none was recorded."""
        role = task.credentials_role_arn or task.role_arn
        asked = {"states:HTTPMethod": arguments["Method"], "states:HTTPEndpoint": arguments["ApiEndpoint"]}
        self._require(
            role, "states:InvokeHTTPEndpoint", task.state_machine_arn, task, "States.TaskFailed", asked
        )
        denied = f"{RESOURCE}.AccessDenied"
        self._require(role, "events:RetrieveConnectionCredentials", connection, task, denied, {})
        secret = self._connections.secret_arn(connection)
        if secret is not None:
            for action in ("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"):
                self._require(role, action, secret, task, denied, {})

    def _require(
        self, role: str, action: str, resource: str, task: TaskCall, error: str, asked: Mapping[str, str]
    ) -> None:
        decision = self._permissions.decide(role, action, resource, extra=asked)
        if not decision.allowed:
            who = principal(role, task.execution_arn)
            told = f"User: {who} is not authorized to perform: {action} on resource: {resource}"
            raise HttpTaskError(error, f"{told} {decision.reason}")

    def _note(self, task: TaskCall, arguments: Mapping[str, Json], error: str | None, message: str) -> None:
        call = ServiceCall("http", "Invoke", arguments, "")
        with self._gateway.on_behalf_of(Caller(task.execution_arn, task.state_name, task.role_arn)):
            self._gateway.record(call, error, message)


def _result(answered: Answered) -> TaskAnswer:
    headers: dict[str, list[str]] = {}
    for name, value in answered.headers:
        headers.setdefault(name.lower(), []).append(value)
    try:
        body = _parsed(answered.body, ",".join(headers.get("content-type", ())))
    except ValueError as error:
        return Failed("States.Runtime", str(error), seconds=SECONDS)
    result: dict[str, Any] = {
        "Headers": headers,
        "ResponseBody": body,
        "StatusCode": answered.status,
        "StatusText": answered.phrase,
    }
    return Done(result, seconds=SECONDS)


def _parsed(body: bytes, content_type: str) -> Json:
    """JSON where it is said to be JSON, else text. Raises ValueError for what is neither."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind.startswith(_BINARY):
        raise ValueError(f"The response's content type {kind} is not supported: it is binary.")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise ValueError("The response can't be read: it is no UTF-8 text.") from None
    if kind == "application/json" or kind.endswith("+json"):
        try:
            return orjson.loads(body) if body else ""
        except orjson.JSONDecodeError:
            return text
    return text
