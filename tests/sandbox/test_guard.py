"""The guard of a real account. Each test here was seen to fail with its guard taken out."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.sandbox.errors import AccountRefusedError
from kit.sandbox.guard import Credentials, Guard, Identity, allow_list_file, check_allowed

OURS, OTHER = "123456789012", "210987654321"


@pytest.fixture
def allowed(tmp_path: Path) -> Path:
    file = tmp_path / "accounts.toml"
    file.write_text(f'[accounts]\n{OURS} = "sandbox of the platform team"\n', encoding="utf-8")
    return file


class Sts:
    """Credentials that may change, and the account they belong to."""

    def __init__(self, account: str = OURS) -> None:
        self.account, self.key, self.asked = account, "A", 0

    def credentials(self) -> Credentials | None:
        return Credentials(self.key, "secret", None) if self.key else None

    def identify(self) -> Identity:
        self.asked += 1
        return Identity(self.account, f"arn:aws:sts::{self.account}:assumed-role/ops/me")

    def guard(self, file: Path) -> Guard:
        return Guard(OURS, file=file, credentials=self.credentials, identify=self.identify)


def test_the_allowed_account_passes_and_sts_is_asked_once(allowed: Path) -> None:
    sts = Sts()
    guard = sts.guard(allowed)
    guard.before_call(model=None)
    guard.before_call(model=None)
    assert (guard.verify().account, sts.asked) == (OURS, 1)


def test_another_account_is_refused(allowed: Path) -> None:
    with pytest.raises(AccountRefusedError, match=f"belong to account {OTHER}, but {OURS} was asked for"):
        Sts(OTHER).guard(allowed).before_call()


def test_a_switch_of_credentials_is_noticed(allowed: Path) -> None:
    sts = Sts()
    guard = sts.guard(allowed)
    guard.verify()
    sts.key, sts.account = "B", OTHER
    with pytest.raises(AccountRefusedError, match=OTHER):
        guard.before_call()


def test_renewed_credentials_of_the_same_account_pass(allowed: Path) -> None:
    sts = Sts()
    guard = sts.guard(allowed)
    guard.verify()
    sts.key = "B"
    assert (guard.verify().account, sts.asked) == (OURS, 2)


def test_credentials_that_change_while_sts_answers_are_asked_about_again(allowed: Path) -> None:
    sts = Sts()

    def identify() -> Identity:
        identity = sts.identify()
        sts.key, sts.account = "B", OTHER
        return identity

    guard = Guard(OURS, file=allowed, credentials=sts.credentials, identify=identify)
    with pytest.raises(AccountRefusedError, match=OTHER):
        guard.verify()


def test_credentials_that_never_rest_are_refused(allowed: Path) -> None:
    sts = Sts()

    def identify() -> Identity:
        sts.key += "x"
        return sts.identify()

    guard = Guard(OURS, file=allowed, credentials=sts.credentials, identify=identify)
    with pytest.raises(AccountRefusedError, match="faster than STS"):
        guard.verify()


def test_no_credentials_are_refused(allowed: Path) -> None:
    sts = Sts()
    sts.key = ""
    with pytest.raises(AccountRefusedError, match="no AWS credentials"):
        sts.guard(allowed).verify()


def test_an_account_off_the_list_is_refused_before_sts_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "accounts.toml"
    file.write_text(f'[accounts]\n{OTHER} = "another"\n', encoding="utf-8")
    sts = Sts()
    with pytest.raises(AccountRefusedError, match=f'{OURS} = "what this account is for"'):
        sts.guard(file)
    assert sts.asked == 0


def test_without_a_list_no_account_is_allowed(tmp_path: Path) -> None:
    with pytest.raises(AccountRefusedError, match="No account is allowed yet"):
        check_allowed(OURS, tmp_path / "missing.toml")


@pytest.mark.parametrize("text", ["[accounts", "accounts = 1", f'accounts = "{OURS}"'])
def test_a_list_that_cannot_be_understood_allows_nothing(tmp_path: Path, text: str) -> None:
    file = tmp_path / "accounts.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(AccountRefusedError):
        check_allowed(OURS, file)


@pytest.mark.parametrize("account", ["", "12345678901", "1234567890123", "my-account", None])
def test_an_account_is_named_by_twelve_digits(allowed: Path, account: str) -> None:
    with pytest.raises(AccountRefusedError, match="12 digits"):
        check_allowed(account, allowed)


def test_the_list_is_where_the_environment_says(tmp_path: Path) -> None:
    assert allow_list_file({"SMALL_STEPS_ACCOUNTS": str(tmp_path / "a.toml")}) == tmp_path / "a.toml"
    assert allow_list_file({}).parts[-3:] == (".config", "small-steps", "accounts.toml")


def test_secrets_are_never_shown() -> None:
    assert "secret" not in repr(Credentials("AKIA", "secret", "token"))
    assert "AKIA" not in str(Credentials("AKIA", "secret", "token"))
