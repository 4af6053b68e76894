"""What every sandbox has, and what only a local one has."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from fake_aws import FakeAccount

from kit import Sandbox
from kit.sandbox import AccountRefusedError, LocalOnlyError, SandboxError
from kit.sandbox.sandbox import LOCAL_ONLY


def test_a_real_account_has_no_clock_and_says_so_in_a_sentence() -> None:
    sandbox: Any = Sandbox(FakeAccount())
    for name in LOCAL_ONLY:
        with pytest.raises(LocalOnlyError, match=f"sandbox.{name} .* only Sandbox.local"):
            getattr(sandbox, name)
        assert not hasattr(sandbox, name)
    with pytest.raises(AttributeError, match="no attribute 'clocks'"):
        _ = sandbox.clocks


def test_aws_is_a_constructor_on_the_class_and_a_client_on_a_sandbox() -> None:
    account = FakeAccount()
    assert Sandbox(account).aws("iam") is account.iam
    assert list(inspect.signature(Sandbox.aws).parameters) == ["profile", "region", "account"]


def test_a_real_account_must_be_named() -> None:
    with pytest.raises(AccountRefusedError, match="Say which account is meant"):
        Sandbox.aws(region="us-east-1")


def test_a_profile_that_is_not_there_is_named() -> None:
    with pytest.raises(SandboxError, match="nowhere"):
        Sandbox.aws(profile="nowhere", account="123456789012")


def test_a_sandbox_says_where_it_is() -> None:
    assert repr(Sandbox(FakeAccount())) == "<Sandbox: a fake account>"
