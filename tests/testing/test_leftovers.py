"""What a run made and didn't delete, told from its calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from kit.testing.leftovers import deletion_of, leftovers


@dataclass
class FakeCall:
    service: str
    operation: str
    params: dict[str, Any] = field(default_factory=dict)
    outcome: str = "succeeded"


CLONE = FakeCall(
    "rds",
    "RestoreDBClusterToPointInTime",
    {"DBClusterIdentifier": "copy", "SourceDBClusterIdentifier": "prod"},
)
GONE = FakeCall("rds", "DeleteDBCluster", {"DBClusterIdentifier": "copy", "SkipFinalSnapshot": True})


@pytest.mark.parametrize(
    ("service", "operation", "deletion"),
    [
        ("rds", "RestoreDBClusterToPointInTime", "DeleteDBCluster"),
        ("rds", "CreateDBInstance", "DeleteDBInstance"),
        ("rds", "CopyDBClusterSnapshot", "DeleteDBClusterSnapshot"),
        ("elasticache", "CreateReplicationGroup", "DeleteReplicationGroup"),
        ("opensearch", "CreateDomain", "DeleteDomain"),
        ("sns", "CreateTopic", "DeleteTopic"),
        ("cloudfront", "CreateInvalidation", None),
    ],
)
def test_what_deletes_a_thing_is_found_by_its_noun(
    service: str, operation: str, deletion: str | None
) -> None:
    assert deletion_of(service, operation) == deletion


def test_what_is_deleted_later_is_not_left() -> None:
    assert leftovers([CLONE, GONE]) == []
    assert leftovers([CLONE]) == [CLONE]
    assert leftovers([GONE, CLONE]) == [CLONE], "deleted before it was made"


def test_another_things_deletion_and_a_failed_one_do_not_count() -> None:
    other = FakeCall("rds", "DeleteDBCluster", {"DBClusterIdentifier": "copy-2"})
    failed = FakeCall(GONE.service, GONE.operation, GONE.params, "failed")
    assert leftovers([CLONE, other, failed]) == [CLONE]


def test_a_thing_that_was_not_made_is_not_left() -> None:
    assert leftovers([FakeCall(CLONE.service, CLONE.operation, CLONE.params, "failed")]) == []


def test_a_deletion_by_arn_is_one_of_the_thing_of_that_name() -> None:
    made = FakeCall("sns", "CreateTopic", {"Name": "news"})
    gone = FakeCall("sns", "DeleteTopic", {"TopicArn": "arn:aws:sns:us-east-1:123456789012:news"})
    assert leftovers([made, gone]) == []
