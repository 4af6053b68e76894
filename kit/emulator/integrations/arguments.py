"""What Step Functions itself refuses before it calls a service: names and types of a task's arguments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from kit.engine.ports import Failed, Json
from kit.services import Action
from kit.services.values import Member, compact

_KINDS = {"integer": "NUMBER", "long": "NUMBER", "float": "NUMBER", "double": "NUMBER", "boolean": "BOOLEAN"}


def refusal(action: Action, arguments: Json, opaque: Sequence[str] = ()) -> Failed | None:
    """The States.Runtime error of arguments that the action hasn't or that are of the wrong type, in AWS's
    words as reported (not recorded); None where nothing is wrong. What stands in the fields `opaque` may be
    anything."""
    looked_at = arguments if arguments is not None else {}
    if isinstance(looked_at, Mapping):
        looked_at = {name: value for name, value in looked_at.items() if name not in opaque}
    found = list(_problems(action.parameters, looked_at, ""))
    if not found:
        return None
    told = ", ".join(found)
    cause = f"The Parameters '{compact(arguments)}' could not be used to start the Task: [{told}]"
    return Failed("States.Runtime", cause)


def _problems(known: Mapping[str, Member], arguments: Json, path: str) -> Iterator[str]:
    if not isinstance(arguments, Mapping):
        yield f'The value for the field "{path.rstrip(".")}" must be an OBJECT'
        return
    for name, value in arguments.items():
        if name not in known:
            yield f'The field "{name}" is not supported by Step Functions'
        elif value is not None:
            yield from _problems_of(known[name], known[name].shape, value, f"{path}{name}")


def _problems_of(member: Member, shape: Shape, value: Any, path: str) -> Iterator[str]:
    if isinstance(shape, StructureShape):
        if not getattr(shape, "is_document_type", False):
            yield from _problems(member.members, value, f"{path}.")
    elif isinstance(shape, ListShape):
        if not isinstance(value, list):
            yield f"The value for the field '{path}' must be an ARRAY"
            return
        for each in value:
            yield from _problems_of(member, shape.member, each, path)
    elif isinstance(shape, MapShape):
        if not isinstance(value, Mapping):
            yield f"The value for the field '{path}' must be an OBJECT"
            return
        for each in value.values():
            yield from _problems_of(member, shape.value, each, path)
    elif shape.type_name in _KINDS:
        kind = _KINDS[shape.type_name]
        is_boolean = isinstance(value, bool)
        if is_boolean != (kind == "BOOLEAN") or not isinstance(value, int | float):
            yield f"The value for the field '{path}' must be a {kind}"
