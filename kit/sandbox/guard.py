"""The guard of a real account: nothing is called in an account that the user has not allowed by id.

The account's id must be named by the caller, must stand on the user's allow-list file, and must be
what STS says of the credentials in use. The guard sits in the botocore session from which every
client of the sandbox is made, so that a client can't get round it; it asks STS again whenever the
credentials have changed.
"""

from __future__ import annotations

import os
import re
import threading
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from kit.sandbox.errors import AccountRefusedError

ALLOW_LIST_VARIABLE = "SMALL_STEPS_ACCOUNTS"
_ATTEMPTS = 3


class Identity(NamedTuple):
    """Who the credentials belong to, as STS says."""

    account: str
    arn: str


class Credentials(NamedTuple):
    """What a request is signed with. Never shown."""

    access_key: str
    secret_key: str
    token: str | None

    def __repr__(self) -> str:
        return "Credentials(…)"


class Events(Protocol):
    """botocore's event system, as far as it is used here."""

    def register_first(self, event_name: str, handler: Callable[..., Any]) -> None: ...


def allow_list_file(environment: Mapping[str, str] | None = None) -> Path:
    """`$SMALL_STEPS_ACCOUNTS`, else `~/.config/small-steps/accounts.toml`."""
    given = (os.environ if environment is None else environment).get(ALLOW_LIST_VARIABLE)
    return Path(given).expanduser() if given else Path.home() / ".config" / "small-steps" / "accounts.toml"


def check_allowed(account: str, file: Path) -> None:
    """Raises AccountRefusedError unless the file's table `accounts` has the id."""
    if not isinstance(account, str) or not re.fullmatch(r"\d{12}", account):
        raise AccountRefusedError(
            f"An account's id is a text of 12 digits, but was {account!r}. "
            'Say which account is meant: Sandbox.aws(account="123456789012").'
        )
    how_to = f'To allow it, write into {file}:\n\n[accounts]\n{account} = "what this account is for"\n'
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise AccountRefusedError(f"No account is allowed yet: there is no {file}. {how_to}") from None
    try:
        allowed = tomllib.loads(text).get("accounts", {})
    except tomllib.TOMLDecodeError as error:
        raise AccountRefusedError(f"{file} can't be read as TOML: {error}. No account is allowed.") from None
    if not isinstance(allowed, dict) or account not in allowed:
        raise AccountRefusedError(f"Account {account} is not on your list. {how_to}")


class Guard:
    """Lets calls through only while the credentials in use belong to the one allowed account.

    `credentials` gives those in use now (None: there are none), `identify` asks STS whose they are.
    """

    def __init__(
        self,
        account: str,
        *,
        file: Path,
        credentials: Callable[[], Credentials | None],
        identify: Callable[[], Identity],
    ) -> None:
        check_allowed(account, file)
        self.account, self._file = account, file
        self._credentials, self._identify = credentials, identify
        self._lock = threading.Lock()
        self._known: tuple[Credentials, Identity] | None = None

    def watch(self, events: Events) -> None:
        """Sees to it that every call of every client made from these events passes here first."""
        events.register_first("before-call", self.before_call)

    def before_call(self, **_event: Any) -> None:
        """botocore's hook. Raises AccountRefusedError, and the call is not made."""
        self.verify()

    def verify(self) -> Identity:
        """The identity of the credentials in use. Asks STS once, and again when they change.

        Raises AccountRefusedError where they belong to another account, or where there are none.
        """
        with self._lock:
            for _ in range(_ATTEMPTS):
                now = self._credentials()
                if now is None:
                    raise AccountRefusedError(
                        "There are no AWS credentials. Set AWS_PROFILE, give profile=..., or sign in "
                        "(aws sso login). Nothing was called."
                    )
                if self._known is not None and self._known[0] == now:
                    return self._known[1]
                identity = self._identify()
                if identity.account != self.account:
                    raise AccountRefusedError(
                        f"The credentials belong to account {identity.account}, but {self.account} was "
                        "asked for. Nothing was called there. Switch the profile back, or name the right "
                        "account."
                    )
                # Credentials renewed while STS answered may belong to somebody else: ask about them.
                if self._credentials() == now:
                    self._known = (now, identity)
        raise AccountRefusedError("The credentials change faster than STS can say whose they are.")
