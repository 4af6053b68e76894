"""The guard inside of botocore: no client of the account's session makes a call that it hasn't seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from kit.sandbox.account import guarded, served
from kit.sandbox.errors import AccountRefusedError, SandboxError

OURS, OTHER = "123456789012", "210987654321"
IDENTITY = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<GetCallerIdentityResult><Arn>arn:aws:sts::{0}:assumed-role/ops/me</Arn><UserId>U</UserId>
<Account>{0}</Account></GetCallerIdentityResult>
<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>"""
CLUSTERS = """<DescribeDBClustersResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/">
<DescribeDBClustersResult><DBClusters/></DescribeDBClustersResult>
<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></DescribeDBClustersResponse>"""


EXPIRED = """<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
<Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error>
<RequestId>r</RequestId></ErrorResponse>"""


class _Body:
    def __init__(self, text: str) -> None:
        self.data = text.encode()

    def stream(self, **_options: Any) -> list[bytes]:
        return [self.data]


class Wire:
    """Answers in place of the network, and keeps what was sent to whom."""

    def __init__(self) -> None:
        self.account, self.expired = OURS, False
        self.sent: list[str] = []
        self.session: Any = boto3.Session(
            aws_access_key_id="AKIAONE", aws_secret_access_key="s", region_name="us-east-1"
        )
        events: Any = self.session.events
        events.register("before-send", self.answer)

    def answer(self, request: Any, **_event: Any) -> AWSResponse:
        service = request.url.split("//")[1].split(".")[0]
        self.sent.append(service)
        text = IDENTITY.format(self.account) if service == "sts" else CLUSTERS
        if self.expired:
            return AWSResponse(request.url, 403, HTTPHeaders(), _Body(EXPIRED))
        return AWSResponse(request.url, 200, HTTPHeaders(), _Body(text))


@pytest.fixture
def wire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Wire:
    file = tmp_path / "accounts.toml"
    file.write_text(f'[accounts]\n{OURS} = "sandbox"\n', encoding="utf-8")
    monkeypatch.setenv("SMALL_STEPS_ACCOUNTS", str(file))
    return Wire()


def test_sts_is_asked_before_any_other_call(wire: Wire) -> None:
    account = guarded(wire.session, OURS)
    account.client("rds").describe_db_clusters()
    account.client("rds").describe_db_clusters()
    assert wire.sent == ["sts", "rds", "rds"]
    assert account.description == f"AWS account {OURS} in us-east-1, as assumed-role/ops/me"


def test_the_wrong_account_is_refused_before_a_client_exists(wire: Wire) -> None:
    wire.account = OTHER
    with pytest.raises(AccountRefusedError, match=OTHER):
        guarded(wire.session, OURS)
    assert wire.sent == ["sts"]


def test_a_client_made_before_a_switch_of_credentials_is_stopped(wire: Wire) -> None:
    client = guarded(wire.session, OURS).client("rds")
    wire.account = OTHER
    credentials = wire.session.get_credentials()
    credentials.access_key = "AKIATWO"
    with pytest.raises(AccountRefusedError, match="Switch the profile back"):
        client.describe_db_clusters()
    assert wire.sent == ["sts", "sts"]


def test_paginators_pass_the_guard_too(wire: Wire) -> None:
    client = guarded(wire.session, OURS).client("rds")
    wire.account = OTHER
    wire.session.get_credentials().access_key = "AKIATWO"
    with pytest.raises(AccountRefusedError):
        list(client.get_paginator("describe_db_clusters").paginate())
    assert "rds" not in wire.sent


def test_expired_credentials_are_told_with_what_to_do(wire: Wire) -> None:
    wire.expired = True
    with pytest.raises(AccountRefusedError, match=r"request is expired\). Sign in again"):
        guarded(wire.session, OURS)


def test_an_account_off_the_list_is_never_asked(wire: Wire) -> None:
    with pytest.raises(AccountRefusedError, match="not on your list"):
        guarded(wire.session, OTHER)
    assert wire.sent == []


def test_a_region_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    session = boto3.Session(aws_access_key_id="a", aws_secret_access_key="b")
    with pytest.raises(SandboxError, match="There is no Region"):
        guarded(session, OURS)


def test_a_served_account_that_does_not_answer_says_how_to_start_it() -> None:
    with pytest.raises(SandboxError, match=r"Nothing answers .* kit serve --port 1"):
        served("http://127.0.0.1:1", "us-east-1")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("https://states.us-east-1.amazonaws.com", "is AWS itself"),
        ("127.0.0.1:4566", "is not the URL"),
        ("file:///etc/passwd", "is not the URL"),
    ],
)
def test_a_served_account_has_a_url_that_is_not_aws(url: str, message: str) -> None:
    with pytest.raises(SandboxError, match=message):
        served(url, "us-east-1")
