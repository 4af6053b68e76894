"""Whether a mocked result could be the service's: TestState's field validation.

https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from kit.asl.definition import Json
from kit.services import Action, UnknownAction, action, optimized_action
from kit.services.casing import operation as lowered

PREFIX: Final = "Mock result schema validation error: "
POLLED: Final = {
    ("states", "startExecution"): ("stepfunctions", "DescribeExecution"),
    ("batch", "submitJob"): ("batch", "DescribeJobs"),
    ("codebuild", "startBuild"): ("codebuild", "BatchGetBuilds"),
    ("ecs", "runTask"): ("ecs", "DescribeTasks"),
    ("glue", "startJobRun"): ("glue", "GetJobRun"),
}
"""`.sync` shows the result of the call that asks how the work stands, not of the one that began it."""

OPTIMIZED_CLIENTS: Final = {"states": "stepfunctions"}
NUMBERS: Final = ("integer", "long", "float", "double")
TEXTS: Final = ("string", "timestamp", "blob")


def find_fault(resource: str, result: Json, mode: str) -> str | None:
    """What is wrong with a mocked result, in AWS's words. `mode` is STRICT, PRESENT or NONE.

    A resource whose result isn't known here (a Lambda function's, an HTTP endpoint's) takes any."""
    found = None if mode == "NONE" else _action(resource)
    if found is None or found.model.output_shape is None:
        return None
    if not isinstance(result, dict):
        return PREFIX + "Mock result must be a JSON object"
    opaque = ("Payload",) if (found.client_name, found.operation) == ("lambda", "Invoke") else ()
    faults = _structure(found.model.output_shape, result, found.spell, mode == "STRICT", opaque)
    fault = next(faults, None)
    return None if fault is None else PREFIX + fault


def _action(resource: str) -> Action | None:
    named = resource.partition(":states:::")[2]
    if not named:
        return None
    try:
        if named.startswith("aws-sdk:"):
            return action(named.removeprefix("aws-sdk:").partition(".")[0])
        service, _, called = named.partition(":")
        called, _, pattern = called.partition(".")
        if pattern.startswith("sync") and (service, called) in POLLED:
            return optimized_action(*POLLED[service, called])
        client = OPTIMIZED_CLIENTS.get(service, service)
        names = {lowered(each): each for each in _operation_names(client)}
        return optimized_action(client, names[called]) if called in names else None
    except (UnknownAction, KeyError):
        return None


def _operation_names(client: str) -> list[str]:
    from botocore.exceptions import UnknownServiceError

    from kit.services.models import service_model

    try:
        return list(service_model(client).operation_names)
    except UnknownServiceError:
        return []


def _structure(
    shape: Any,
    value: dict[str, Json],
    spell: Callable[[str], str],
    strict: bool,
    opaque: tuple[str, ...] = (),
) -> Iterator[str]:
    for name, member in shape.members.items():
        spelled = spell(name)
        if spelled in opaque:
            continue
        if spelled in value:
            yield from _value(member, value[spelled], spelled, spell, strict)
        elif strict and name in shape.required_members:
            yield f"Required field '{spelled}' is missing"


def _value(shape: Any, value: Json, name: str, spell: Callable[[str], str], strict: bool) -> Iterator[str]:
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            yield f"Field '{name}' must be an object"
        elif not getattr(shape, "is_document_type", False):
            yield from _structure(shape, value, spell, strict)
    elif kind == "list":
        if not isinstance(value, list):
            yield f"Field '{name}' must be an array"
        else:
            for item in value:
                yield from _value(shape.member, item, name, spell, strict)
    elif kind == "map":
        if not isinstance(value, dict):
            yield f"Field '{name}' must be an object"
        else:
            for item in value.values():
                yield from _value(shape.value, item, name, spell, strict)
    elif kind == "boolean":
        if not isinstance(value, bool):
            yield f"Field '{name}' must be a boolean"
    elif kind in NUMBERS:
        yield from _number(shape, value, name)
    elif kind in TEXTS:
        yield from _text(shape, value, name)


def _number(shape: Any, value: Json, name: str) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield f"Field '{name}' must be a number"
        return
    if "min" in shape.metadata and value < shape.metadata["min"]:
        yield f"Field '{name}' is less than the minimum value"
    if "max" in shape.metadata and value > shape.metadata["max"]:
        yield f"Field '{name}' exceeds the maximum value"


def _text(shape: Any, value: Json, name: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"Field '{name}' must be a string"
        return
    if shape.type_name == "timestamp":
        return
    if getattr(shape, "enum", None) and value not in shape.enum:
        yield f"Field '{name}' is not an expected value"
    if len(value) < shape.metadata.get("min", 0):
        yield f"Field '{name}' is smaller than the minimum length"
    if len(value) > shape.metadata.get("max", len(value)):
        yield f"Field '{name}' exceeds the maximum length"
