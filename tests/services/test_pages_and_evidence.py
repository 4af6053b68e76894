"""How actions page, and how sure error names are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kit.services import UnknownAction, action
from kit.services.evidence import RECORDED, how_sure
from kit.services.pages import Paging, paging


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("rds:describeDBClusterSnapshots", Paging((("Marker", "Marker"),), "DbClusterSnapshots")),
        ("s3:listObjectsV2", Paging((("ContinuationToken", "NextContinuationToken"),), "Contents")),
        (
            "s3:listObjectVersions",
            Paging((("KeyMarker", "NextKeyMarker"), ("VersionIdMarker", "NextVersionIdMarker")), "Versions"),
        ),
        (
            "cloudfront:listDistributions",
            Paging((("Marker", "DistributionList.NextMarker"),), "DistributionList.Items"),
        ),
    ],
)
def test_pages_are_told_as_a_definition_spells_them(name: str, found: Paging) -> None:
    assert paging(action(name)) == found


@pytest.mark.parametrize("name", ["rds:stopDBCluster", "s3:listObjects", "rdsdata:executeStatement"])
def test_what_gives_no_pages_is_said_to(name: str) -> None:
    with pytest.raises(UnknownAction, match=name):
        paging(action(name))


def test_what_is_called_recorded_is(shared: Path) -> None:
    texts = " ".join(
        file.read_text(encoding="utf-8") for file in (shared / "conformance" / "cases").rglob("*.json")
    )
    assert [name for name in sorted(RECORDED) if not re.search(rf"\b{re.escape(name)}\b", texts)] == []


def test_an_error_nobody_told_of_is_by_rule() -> None:
    assert how_sure("S3.NoSuchKeyException") == "recorded"
    assert how_sure("Rds.RdsException") == "field report"
    assert how_sure("Rds.DbSubnetGroupNotFoundException") == "by rule"
