"""How sure the spelling of an error's name is."""

from __future__ import annotations

from typing import Literal, TypeAlias

Sureness: TypeAlias = Literal["recorded", "field report", "by rule"]

RECORDED = frozenset(
    {
        "DynamoDb.DynamoDbException",
        "DynamoDb.ResourceNotFoundException",
        "S3.NoSuchBucketException",
        "S3.NoSuchKeyException",
        "SecretsManager.SecretsManagerException",
        "Sfn.InvalidTokenException",
    }
)
"""Names that stand in recorded histories of the service."""

REPORTED = frozenset(
    {
        "DynamoDb.ProvisionedThroughputExceededException",
        "DynamoDb.ThrottlingException",
        "DynamoDb.TransactionCanceledException",
        "Organizations.DuplicateOrganizationalUnitException",
        "Rds.DbClusterNotFoundException",
        "Rds.InvalidDbInstanceStateException",
        "Rds.RdsException",
    }
)
"""Names that stand in definitions of machines that people run."""


def how_sure(error_name: str) -> Sureness:
    """Of the name of an SDK integration's error. What nobody has told follows from `kit.services.casing`."""
    if error_name in RECORDED:
        return "recorded"
    return "field report" if error_name in REPORTED else "by rule"
