"""How the AWS SDK for Java 2 spells names, which is how Step Functions' SDK integrations spell them.

The rules are those of the SDK's code generator (`DefaultNamingStrategy`, `CodegenNamingUtils`); Step
Functions raises the first letter of what they give. See
https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

import re
from functools import cache

_RULES = (
    (re.compile(r"[^A-Za-z0-9]+"), " "),
    (re.compile(r"([^a-z]{2,})v([0-9]+)"), r"\1 v\2 "),
    (re.compile(r"([^A-Z]{2,})V([0-9]+)"), r"\1 V\2 "),
    (re.compile(r"(?<=[a-z])(?=[A-Z](?:[a-zA-Z]|[0-9]))"), " "),
    (re.compile(r"([A-Z]+)([A-Z][a-z])"), r"\1 \2"),
    (re.compile(r"([0-9])([a-zA-Z])"), r"\1 \2"),
)


@cache
def pascal(name: str) -> str:
    """`DBClusterNotFound` -> `DbClusterNotFound`, `Secrets Manager` -> `SecretsManager`: every word
    lowered, then its first letter raised."""
    for pattern, replacement in _RULES:
        name = pattern.sub(replacement, name)
    return "".join(word[:1].upper() + word[1:].lower() for word in name.split())


@cache
def member(name: str) -> str:
    """`DBClusterIdentifier` -> `DbClusterIdentifier`, `desiredCount` -> `DesiredCount`: a run of
    capitals at the start collapses, one further in stays."""
    end = 1
    while end < len(name) and name[end].isupper() and not (end < len(name) - 1 and name[end + 1].islower()):
        end += 1
    return name[:1].upper() + name[1:end].lower() + name[end:]


@cache
def raised(name: str) -> str:
    """`stateMachineArn` -> `StateMachineArn`, `MD5OfBody` stays: how the optimized integrations, which
    are older, spell members."""
    return name[:1].upper() + name[1:]


@cache
def operation(name: str) -> str:
    """`StopDBCluster` -> `stopDBCluster`: only the first letter is lowered."""
    return name[:1].lower() + name[1:]


@cache
def service_prefix(service_id: str) -> str:
    """The service's name in error names, from its model's serviceId: `RDS` -> `Rds`, `SFN` -> `Sfn`,
    `Elasticsearch Service` -> `Elasticsearch`."""
    return pascal(service_id).removeprefix("Amazon").removeprefix("Aws").removesuffix("Service")


@cache
def exception(shape_name: str) -> str:
    """`DBClusterNotFoundFault` -> `DbClusterNotFoundException`."""
    for suffix in ("Fault", "Exception"):
        if shape_name.endswith(suffix):
            shape_name = shape_name.removesuffix(suffix)
            break
    return pascal(shape_name) + "Exception"
