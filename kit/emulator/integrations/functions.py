"""Lambda functions as task states call them: `lambda:invoke`, and a function's ARN as the Resource.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import orjson

from kit.emulator.integrations import arguments
from kit.emulator.integrations.calls import Called, ServiceError, Services
from kit.emulator.integrations.optimized import STYLES, enveloped, operation
from kit.emulator.integrations.resource import Resource
from kit.engine.ports import Done, Failed, Json, Later, Submitted, TaskAnswer, TaskCall
from kit.services.values import compact

STYLE = STYLES["lambda"]


class FunctionIntegration:
    """`flows()` says whether virtual time passes by itself (`real`, `60x`): then a function runs beside the
    engine, and its time limits hold meanwhile. Else time stands still while it runs. `wake()` tells the
    clock's thread that an answer has come."""

    def __init__(self, services: Services, flows: Callable[[], bool], wake: Callable[[], object]) -> None:
        self._services, self._flows, self._wake = services, flows, wake

    def refusal(self, resource: Resource, given: Json) -> Failed | None:
        return None if resource.function else arguments.refusal(_WITH_PAYLOAD, given, opaque=("Payload",))

    def call(self, resource: Resource, task: TaskCall) -> TaskAnswer:
        params = _params(resource, task)
        if not self._flows() or resource.pattern == "waitForTaskToken":
            return self._invoke(resource, task, params)
        return self._beside(resource, task, params)

    def _invoke(self, resource: Resource, task: TaskCall, params: dict[str, Any]) -> TaskAnswer:
        try:
            called = self._services.call_beside(task, _WITH_PAYLOAD, params)
        except ServiceError as error:
            return STYLE.failed(error)
        body = called.result["Payload"]
        if called.result.get("FunctionError"):
            return _function_failed(body)
        answer = _parsed(body)
        if resource.function:
            return Done(answer)
        result = _result(called, answer, len(body))
        return Submitted(result) if resource.pattern == "waitForTaskToken" else Done(result)

    def _beside(self, resource: Resource, task: TaskCall, params: dict[str, Any]) -> Later:
        answers: list[Done | Failed] = []

        def run(tell: Callable[[], object]) -> None:
            answer = self._invoke(resource, task, params)
            assert isinstance(answer, Done | Failed)
            with self._services.lock:
                answers.append(answer)
                tell()
            self._wake()

        def subscribe(tell: Callable[[], object]) -> None:
            name = "small-steps-invocation"
            threading.Thread(target=run, args=(tell,), name=name, daemon=True).start()

        return Later(subscribe=subscribe, answer=lambda: answers[0])


def _params(resource: Resource, task: TaskCall) -> dict[str, Any]:
    if resource.function:
        return {"FunctionName": resource.function, "Payload": compact(task.arguments).encode()}
    given = dict(task.arguments or {})
    payload = given.pop("Payload", None)
    return {**_WITH_PAYLOAD.to_api(given), "Payload": _payload(payload)}


_WITH_PAYLOAD = operation(Resource("lambda", "invoke"))


def _payload(payload: Json) -> bytes:
    """Recorded: a text is sent as it is, a missing or null payload as an empty object."""
    if payload is None:
        return b"{}"
    return payload.encode() if isinstance(payload, str) else compact(payload).encode()


def _parsed(body: bytes) -> Json:
    if not body:
        return None
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return body.decode("utf-8", "replace")


def _function_failed(body: bytes) -> Failed:
    """The function's own error: its type is the name to catch, its whole answer the cause."""
    answer = _parsed(body)
    error = answer.get("errorType") if isinstance(answer, dict) else None
    return Failed(error or "Lambda.Unknown", body.decode("utf-8", "replace"))


def _result(called: Called, payload: Json, body_bytes: int) -> dict[str, Json]:
    result: dict[str, Json] = {}
    if called.result.get("ExecutedVersion"):
        result["ExecutedVersion"] = called.result["ExecutedVersion"]
    if called.result.get("LogResult"):
        result["LogResult"] = called.result["LogResult"]
    result["Payload"] = payload
    result["StatusCode"] = called.result.get("StatusCode", 200)
    return enveloped(result, called, body_bytes)
