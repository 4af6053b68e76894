"""The policies of a role, as moto's IAM keeps them, read once for each change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from kit.emulator.backends import Backends


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `actions` and `resources` are patterns; where `not_actions` or `not_resources`, those
    that it is not about. `condition` as IAM has it."""

    allows: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    not_actions: bool = False
    not_resources: bool = False
    condition: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RolePolicies:
    """What a role's own policies say, and its boundary (None: it has none); whom it trusts; its tags."""

    name: str
    own: tuple[Statement, ...]
    boundary: tuple[Statement, ...] | None = None
    trust: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


def read_role(backends: Backends, arn: str) -> RolePolicies | None:
    """None where the sandbox has no such role."""
    with backends.inside():
        iam = _iam(backends)
        role = next((each for each in iam.roles.values() if each.arn == arn), None)
        if role is None:
            return None
        texts = [*role.policies.values(), *(_document(each) for each in role.managed_policies.values())]
        boundary = role.permissions_boundary_arn
        bound = iam.managed_policies.get(boundary) if boundary else None
        tags = role.tags.values() if isinstance(role.tags, dict) else role.tags or ()
        return RolePolicies(
            role.name,
            tuple(statement for text in texts for statement in statements(text)),
            None if not boundary else () if bound is None else tuple(statements(_document(bound))),
            _parsed(role.assume_role_policy_document),
            {each["Key"]: each["Value"] for each in tags},
        )


def statements(text: Any) -> list[Statement]:
    """The statements of a policy document."""
    given = _parsed(text).get("Statement", [])
    return [_statement(each) for each in (given if isinstance(given, list) else [given])]


def _statement(given: Mapping[str, Any]) -> Statement:
    return Statement(
        given.get("Effect") == "Allow",
        listed(given.get("Action", given.get("NotAction"))),
        listed(given.get("Resource", given.get("NotResource", "*"))),
        "NotAction" in given,
        "NotResource" in given,
        given.get("Condition") or {},
    )


def listed(value: Any) -> tuple[str, ...]:
    return () if value is None else (value,) if isinstance(value, str) else tuple(map(str, value))


def _document(policy: Any) -> Any:
    return next(each.document for each in policy.versions if each.version_id == policy.default_version_id)


def _parsed(text: Any) -> Mapping[str, Any]:
    if isinstance(text, Mapping):
        return text
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, Mapping) else {}


def _iam(backends: Backends) -> Any:
    """IAM is in no Region."""
    return backends.backend("iam", "aws")
