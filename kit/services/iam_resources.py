"""Which resources a policy must name for an API call, from the call's own parameters.

A call is allowed on a resource of each type that one of its parameters names, on all of that type where
none is given, and on `*` where `resource_types` has nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from kit.services import catalog, iam
from kit.services.resource_types import TYPES, Type


class Unknown:
    """A parameter that is given, with a value that is known only when the call is made."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


@dataclass(frozen=True, slots=True)
class Where:
    """Partition, region and account for ARNs; `*` for what isn't known."""

    partition: str = "aws"
    region: str = "*"
    account: str = "*"

    def arn(self, service: str, rest: str) -> str:
        """S3's buckets and Route 53's zones have neither region nor account, IAM and CloudFront no region,
        images and snapshots of EC2 no account."""
        region = "" if service in ("s3", "route53", "iam", "cloudfront") else self.region
        nobodys = service in ("s3", "route53") or (
            service == "ec2" and rest.startswith(("image", "snapshot"))
        )
        return f"arn:{self.partition}:{service}:{region}:{'' if nobodys else self.account}:{rest}"


EVERYWHERE = Where()

_NAMES = re.compile(r"\{(\w+)\}")
_QUEUE = re.compile(r"https?://(?:sqs\.([a-z0-9-]+)\.)?[^/]+/(\d{12})/([\w.-]+)")
_DEFAULTS = {
    ("ecs", "cluster"): "default",
    ("scheduler", "GroupName"): "default",
    ("events", "EventBusName"): "",
}


@cache
def types(client_name: str, operation: str) -> tuple[Type, ...]:
    """The rows of the table that a call of this operation is allowed by."""
    service = catalog.service(client_name)
    members = {member.api_name for member in service.members(service.input_shape(operation)).values()}
    return tuple(
        row
        for row in TYPES.get(iam.prefix(client_name), ())
        if _NAMES.findall(row.arn)[-1] in members and (not row.of or re.fullmatch(row.of, operation))
    )


def resources(
    client_name: str, operation: str, parameters: Mapping[str, Any], where: Where = EVERYWHERE
) -> tuple[str, ...]:
    """The ARNs that a policy must allow the call on, `("*",)` where it can't be said closer.

    `parameters` are named as the API names them; a value that isn't known yet is UNKNOWN, and stands as
    `*` in the ARNs.
    """
    if client_name == "sns" and "PhoneNumber" in parameters:
        return ("*",)
    named: dict[str, list[str]] = {}
    absent: dict[str, Type] = {}
    for row in types(client_name, operation):
        if _NAMES.findall(row.arn)[-1] in parameters:
            named.setdefault(row.name, []).extend(_arns(client_name, row, parameters, where))
        elif not row.optional:
            absent.setdefault(row.name, row)
    for name, row in absent.items():
        if name not in named:
            named[name] = list(_arns(client_name, row, parameters, where))
    return tuple(dict.fromkeys(arn for arns in named.values() for arn in arns)) or ("*",)


def _arns(client_name: str, row: Type, parameters: Mapping[str, Any], where: Where) -> Iterator[str]:
    service = iam.prefix(client_name)
    *outer, last = _NAMES.findall(row.arn)
    for name in _values(last, parameters.get(last, UNKNOWN)):
        queue = _QUEUE.fullmatch(name) if service == "sqs" else None
        if queue:
            yield f"arn:{where.partition}:sqs:{queue[1] or where.region}:{queue[2]}:{queue[3]}"
        elif name.startswith("arn:") or _is_arn_to_come(last, name):
            yield name
        else:
            rest = row.arn.replace(f"{{{last}}}", _bare(row.name, service, name))
            for member in outer:
                given = parameters.get(member, _DEFAULTS.get((service, member), UNKNOWN))
                rest = rest.replace(f"{{{member}}}", _last_part(next(_values(member, given), "*")))
            yield where.arn(service, rest.replace("rule/default/", "rule/").replace("rule//", "rule/"))


def _is_arn_to_come(member: str, name: str) -> bool:
    """A placeholder, `${TopicArn}`, that an ARN will be filled into."""
    whole = re.fullmatch(r"\$\{[^{}]+\}", name)
    return bool(whole) and ("arn" in name.lower() or member.endswith(("Arn", "ARN")))


def _values(member: str, value: Any) -> Iterator[str]:
    """The names that a parameter gives: one, several, or those inside of it."""
    if isinstance(value, str):
        yield value.lstrip("/") if member == "CopySource" else value
    elif isinstance(value, list):
        if not value:
            yield "*"
        for each in value:
            yield from _inside(member, each)
    elif member == "RequestItems" and isinstance(value, Mapping):
        yield from value
    elif member == "Delete" and isinstance(value, Mapping) and isinstance(value.get("Objects"), list):
        yield from _values("Objects", value["Objects"])
    else:
        yield "*"


def _inside(member: str, value: Any) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield from _values(member, value)
    elif member == "Entries":
        yield from _values("EventBusName", value.get("EventBusName", "default"))
    elif member == "TransactItems":
        for request in value.values():
            name = request.get("TableName", UNKNOWN) if isinstance(request, Mapping) else UNKNOWN
            yield from _values("TableName", name)
    else:
        yield from _values(member, value.get("Key", UNKNOWN))


def _bare(kind: str, service: str, name: str) -> str:
    """The name as it stands in an ARN: `/hostedzone/Z1` -> `Z1`, `/a/b` (a parameter's path) -> `a/b`."""
    if service == "route53":
        return _last_part(name)
    if service == "kms" and name.startswith("alias/"):
        return "*"
    if service == "sqs" and (name.startswith("${") or ":" in name):
        return "*"
    if kind == "task-definition" and ":" not in name and name != "*":
        return f"{name}:*"
    return name.lstrip("/") if service == "ssm" else name


def _last_part(name: str) -> str:
    return name if "{" in name else re.split(r"[:/]", name)[-1]
