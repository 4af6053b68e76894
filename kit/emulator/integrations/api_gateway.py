"""`apigateway:invoke`: a call to an API's own address.

The API is one on this machine (loopback, plain http), or at a host that the sandbox's user allows by name.
APIs that are made in the sandbox's own API Gateway are kept, and have no address. Signing (IAM_ROLE) is not
done: `AuthType` is checked, and no more.
https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

import orjson

from kit.emulator.gateway import Caller, Gateway, ServiceCall
from kit.emulator.http.composing import HttpTaskRequest
from kit.emulator.http.errors import HttpTaskError
from kit.emulator.http.sending import Answered, Sender, is_loopback
from kit.emulator.integrations.resource import Resource
from kit.engine.ports import Done, Failed, Json, Submitted, TaskAnswer, TaskCall
from kit.services.values import compact

SECONDS: Final = 0.2
"""What a call takes in virtual time (a guess)."""

_FIELDS: Final = {
    "AllowNullValues", "ApiEndpoint", "AuthType", "Headers", "Method", "Path", "QueryParameters",
    "RequestBody", "Stage",
}  # fmt: skip
_METHODS: Final = {"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"}
_AUTH_TYPES: Final = {"NO_AUTH", "IAM_ROLE", "RESOURCE_POLICY"}


class ApiGatewayIntegration:
    """The journal shows `apigateway:Invoke` with the state's own arguments."""

    def __init__(self, sender: Sender, gateway: Gateway) -> None:
        self._sender, self._gateway = sender, gateway

    def refusal(self, resource: Resource, given: Json) -> Failed | None:  # noqa: ARG002
        found = list(_faults(given))
        if not found:
            return None
        told = ", ".join(found)
        cause = f"The Parameters '{compact(given)}' could not be used to start the Task: [{told}]"
        return Failed("States.Runtime", cause)

    def call(self, resource: Resource, task: TaskCall) -> TaskAnswer:
        try:
            answered = self._sender.send(_request(task.arguments))
        except HttpTaskError as error:
            self._note(task, "SdkClientException", error.cause)
            return Failed("ApiGateway.SdkClientException", error.cause, seconds=error.seconds or SECONDS)
        if not 200 <= answered.status < 300:
            # Recorded: the name is the status, the cause the answer's body.
            self._note(task, str(answered.status), answered.phrase)
            cause = answered.body.decode("utf-8", "replace")
            return Failed(f"ApiGateway.{answered.status}", cause, seconds=SECONDS)
        self._note(task, None, "")
        result = _result(answered)
        return Submitted(result) if resource.pattern == "waitForTaskToken" else Done(result, seconds=SECONDS)

    def _note(self, task: TaskCall, error: str | None, message: str) -> None:
        call = ServiceCall("apigateway", "Invoke", task.arguments, "")
        with self._gateway.on_behalf_of(Caller(task.execution_arn, task.state_name, task.role_arn)):
            self._gateway.record(call, error, message)


def _faults(given: Json) -> Iterator[str]:
    if not isinstance(given, Mapping):
        yield "The Parameters must be an OBJECT"
        return
    for name in given:
        if name not in _FIELDS:
            yield f'The field "{name}" is not supported by Step Functions'
    for name in ("ApiEndpoint", "Method"):
        if name not in given:
            yield f"The field '{name}' is required but was missing"
    if str(given.get("Method", "GET")) not in _METHODS:
        yield f"The value for the field 'Method' must be one of {', '.join(sorted(_METHODS))}"
    if str(given.get("AuthType", "NO_AUTH")) not in _AUTH_TYPES:
        yield f"The value for the field 'AuthType' must be one of {', '.join(sorted(_AUTH_TYPES))}"


def _request(given: Mapping[str, Any]) -> HttpTaskRequest:
    host = str(given["ApiEndpoint"])
    scheme = "http" if is_loopback(host.partition(":")[0]) else "https"
    parts = [str(given[name]).strip("/") for name in ("Stage", "Path") if given.get(name)]
    url = f"{scheme}://{host}/{quote('/'.join(parts))}"
    if given.get("QueryParameters"):
        url += "?" + urlencode(given["QueryParameters"], doseq=True)
    body, headers = given.get("RequestBody"), {}
    for name, value in (given.get("Headers") or {}).items():
        headers[name] = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    if body is not None and "content-type" not in {name.lower() for name in headers}:
        headers["Content-Type"] = "application/json"
    encoded = b"" if body is None else body.encode() if isinstance(body, str) else compact(body).encode()
    return HttpTaskRequest(str(given["Method"]), url, headers, encoded)


def _result(answered: Answered) -> dict[str, Json]:
    headers: dict[str, list[str]] = {}
    for name, value in answered.headers:
        headers.setdefault(name, []).append(value)
    try:
        body: Json = orjson.loads(answered.body) if answered.body else ""
    except orjson.JSONDecodeError:
        body = answered.body.decode("utf-8", "replace")
    return {
        "Headers": headers,
        "ResponseBody": body,
        "StatusCode": answered.status,
        "StatusText": answered.phrase,
    }
