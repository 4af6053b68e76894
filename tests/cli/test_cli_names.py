"""`kit names`."""

from __future__ import annotations

import json

import pytest

from kit.cli import main


def kit(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["names", *words])
    told = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, told.out, told.err


def test_the_card_has_the_three_spellings_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = kit(capsys, "rds:createDBInstance")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert code == 0
    assert "Resource arn:aws:states:::aws-sdk:rds:createDBInstance" in lines
    assert "IAM action rds:CreateDBInstance" in lines
    assert "DbInstanceIdentifier * DBInstanceIdentifier string" in lines
    assert "Rds.DbInstanceAlreadyExistsException DBInstanceAlreadyExists by rule" in lines
    assert "Rds.RdsException any other field report" in lines


def test_the_apis_own_spelling_finds_the_action_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert kit(capsys, "RDS:CreateDBInstance", "--json") == kit(capsys, "rds:createDBInstance", "--json")
    assert kit(capsys, "stepfunctions:StartExecution", "--json") == kit(
        capsys, "sfn:startExecution", "--json"
    )


def test_as_json_it_is_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(kit(capsys, "s3:getObject", "--json")[1])
    assert found["boto3"] == 'boto3.client("s3").get_object'
    assert {"name": "S3.NoSuchKeyException", "code": "NoSuchKey", "sure": "recorded"} in found["errors"]
    assert [each["name"] for each in found["parameters"] if each["required"]] == ["Bucket", "Key"]


def test_a_service_alone_lists_its_actions(capsys: pytest.CaptureFixture[str]) -> None:
    assert "rds:stopDBCluster" in kit(capsys, "rds")[1].splitlines()


@pytest.mark.parametrize(
    ("what", "words"),
    [("rds:createDBInstanc", "did you mean createDBInstance"), ("rdz", "did you mean rds"),
     ("sfn:startExecutions", "did you mean startExecution")],
)  # fmt: skip
def test_an_unknown_name_is_told_with_the_nearest(
    capsys: pytest.CaptureFixture[str], what: str, words: str
) -> None:
    code, _, err = kit(capsys, what)
    assert code == 2
    assert words in err
