"""The names that AWS gives to what a call made, out of its answer."""

from __future__ import annotations

from typing import Any

from kit.emulator.clients import parsed_answer
from kit.emulator.gateway import ServiceCall
from kit.emulator.messages import HttpResponse
from kit.services.models import service_model


def names_in(call: ServiceCall, response: HttpResponse, path: str) -> list[str]:
    """`build.id` is one, `tasks[].taskArn` that of each task."""
    answer = parsed_answer(service_model(call.service).operation_model(call.operation), response)
    found: list[Any] = [answer]
    for step in path.split("."):
        name = step.removesuffix("[]")
        found = [each[name] for each in found if isinstance(each, dict) and name in each]
        if name != step:
            found = [item for each in found for item in each]
    return [str(each) for each in found]
