"""All names of one action side by side: parameters, result, errors, IAM."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from botocore import xform_name
from botocore.model import ListShape, MapShape

from kit.services.evidence import Sureness, how_sure
from kit.services.names import Action
from kit.services.values import Member


@dataclass(frozen=True, slots=True)
class Name:
    """A parameter or a field of the result. `api_name` is boto3's, where it is another."""

    name: str
    api_name: str | None
    type: str
    required: bool


@dataclass(frozen=True, slots=True)
class ErrorName:
    """`code` is the service's own, as boto3 shows it."""

    name: str
    code: str
    sure: Sureness


@dataclass(frozen=True, slots=True)
class Card:
    """All names of one action."""

    action: str
    resource: str
    boto3: str
    iam_action: str
    parameters: tuple[Name, ...]
    result: tuple[Name, ...]
    errors: tuple[ErrorName, ...]


def card(found: Action) -> Card:
    """The names of an action, from botocore's models."""
    errors = [shape.metadata.get("error", {}).get("code", shape.name) for shape in found.model.error_shapes]
    named = {found.error_name(code): code for code in errors}
    general = f"{found.prefix}.{found.prefix}Exception"
    named.setdefault(general, "any other")
    return Card(
        action=f"{found.service}:{found.name}",
        resource=found.resource_arn,
        boto3=f'boto3.client("{found.client_name}").{_snake(found.operation)}',
        iam_action=found.iam_action,
        parameters=tuple(
            sorted(map(_name, found.parameters.values()), key=lambda name: (not name.required, name.name))
        ),
        result=tuple(map(_name, found.result.values())),
        errors=tuple(ErrorName(name, code, how_sure(name)) for name, code in named.items()),
    )


def _name(member: Member) -> Name:
    other = member.api_name if member.api_name != member.name else None
    return Name(member.name, other, _type(member), member.required)


def _type(member: Member) -> str:
    shape, inner = member.shape, _inside(member.members)
    if isinstance(shape, ListShape):
        return f"list of {inner or shape.member.type_name}"
    if isinstance(shape, MapShape):
        return f"map of {inner or shape.value.type_name}"
    if values := getattr(shape, "enum", None):
        return " | ".join(values) if len(values) <= 4 else f"one of {len(values)} words"
    return inner or str(shape.type_name)


def _inside(members: Mapping[str, Member], most: int = 8) -> str:
    listed = list(members)
    more = f", and {len(listed) - most} more" if len(listed) > most else ""
    return f"{{{', '.join(listed[:most])}{more}}}" if listed else ""


def _snake(operation: str) -> str:
    return str(xform_name(operation))
