"""Answers to tasks that wait for somebody: SendTaskSuccess, SendTaskFailure, SendTaskHeartbeat.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
"""

from __future__ import annotations

from typing import Any

from kit.asl.encoding import decode
from kit.emulator.api.errors import ApiError
from kit.emulator.api.operations import Operations
from kit.engine.tokens import Answer, Succeeded, TaskFailure, TokenError


class Callbacks(Operations):
    def send_task_success(self, params: dict[str, Any]) -> dict[str, Any]:
        try:
            result = decode(params["output"])
        except ValueError as error:
            raise ApiError("InvalidOutput", f"Invalid Output: '{error}'") from None
        return self._answer(params["taskToken"], Succeeded(result))

    def send_task_failure(self, params: dict[str, Any]) -> dict[str, Any]:
        return self._answer(params["taskToken"], TaskFailure(params.get("error"), params.get("cause")))

    def send_task_heartbeat(self, params: dict[str, Any]) -> dict[str, Any]:
        try:
            self.engine.tokens.heartbeat(params["taskToken"])
        except TokenError as error:
            raise ApiError(error.code, str(error)) from None
        return {}

    def _answer(self, token: str, answer: Answer) -> dict[str, Any]:
        try:
            self.engine.tokens.answer(token, answer)
        except TokenError as error:
            raise ApiError(error.code, str(error)) from None
        return {}
