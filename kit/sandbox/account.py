"""Accounts: where boto3 clients come from, and who is asking.

Three kinds, one use: `client(service)` and `identity()`. Everything else in this room talks to Step
Functions and IAM through those clients and doesn't know which kind it has.
"""

from __future__ import annotations

from typing import Any, Protocol
from urllib.parse import urlsplit

from kit.sandbox.errors import AccountRefusedError, SandboxError
from kit.sandbox.guard import Credentials, Guard, Identity, allow_list_file

LOCAL_ACCOUNT = "123456789012"


class Account(Protocol):
    """Where one deploys to."""

    @property
    def region(self) -> str: ...

    @property
    def description(self) -> str:
        """Who and where, in a few words."""

    def identity(self) -> Identity:
        """Whose account it is."""

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client; the same one each time."""


class SessionAccount:
    """An account reached by a boto3 session: a real one, or a `kit serve`."""

    def __init__(
        self,
        session: Any,
        *,
        description: str,
        endpoint_url: str | None = None,
        config: Any = None,
        guard: Guard | None = None,
    ) -> None:
        self._session, self._endpoint_url, self._config, self._guard = session, endpoint_url, config, guard
        self._description = description
        self._clients: dict[tuple[str, str], Any] = {}
        self._identity: Identity | None = None

    @property
    def region(self) -> str:
        return str(self._session.region_name)

    @property
    def description(self) -> str:
        return self._description

    def identity(self) -> Identity:
        if self._guard is not None:
            return self._guard.verify()
        if self._identity is None:
            answer = self.client("sts").get_caller_identity()
            self._identity = Identity(answer["Account"], answer["Arn"])
        return self._identity

    def client(self, service: str, region: str | None = None) -> Any:
        key = (service, region or self.region)
        if key not in self._clients:
            self._clients[key] = self._session.client(
                service, region_name=key[1], endpoint_url=self._endpoint_url, config=self._config
            )
        return self._clients[key]


def served(url: str, region: str) -> SessionAccount:
    """The account behind a `kit serve`. Its credentials are made up, so that none of yours are sent.

    Raises SandboxError for an address of AWS, for one that is no URL, and where nothing answers.
    """
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SandboxError(f"{url!r} is not the URL of a `kit serve`, such as http://127.0.0.1:4566.")
    if parts.hostname.endswith((".amazonaws.com", ".api.aws", ".amazonaws.com.cn")):
        raise SandboxError(f"{url} is AWS itself. For a real account use Sandbox.aws(account=...).")
    session = boto3.Session(
        aws_access_key_id="local", aws_secret_access_key="local", aws_session_token="", region_name=region
    )
    config = Config(
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        connect_timeout=5,
        retries={"mode": "standard", "total_max_attempts": 1},
    )
    account = SessionAccount(session, description=f"kit serve at {url}", endpoint_url=url, config=config)
    try:
        account.identity()
    except BotoCoreError:
        raise SandboxError(
            f"Nothing answers at {url}. Start it in a terminal, and leave it open: "
            f"kit serve --port {parts.port or 4566}"
        ) from None
    return account


def real(account: str, profile: str | None, region: str | None) -> SessionAccount:
    """A real account, behind its guard. Asks STS who the credentials belong to before anything else.

    Raises AccountRefusedError where the account isn't allowed or isn't the one of the credentials.
    """
    import boto3
    from botocore.exceptions import ProfileNotFound

    try:
        session = boto3.Session(profile_name=profile, region_name=region)
    except ProfileNotFound as error:
        raise SandboxError(f"{error}. `aws configure list-profiles` shows those there are.") from None
    return guarded(session, account)


def guarded(session: Any, account: str) -> SessionAccount:
    """The account of a session, its clients made only after the guard sits in the session's events."""
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    if not session.region_name:
        raise SandboxError('There is no Region. Give one: Sandbox.aws(..., region="eu-west-1").')
    # A client copies the session's events as it is made: this one is from before the guard.
    sts = session.client("sts")

    def identify() -> Identity:
        try:
            answer = sts.get_caller_identity()
        except (ClientError, BotoCoreError) as error:
            raise _unknown(error) from None
        return Identity(answer["Account"], answer["Arn"])

    def credentials() -> Credentials | None:
        try:
            found = session.get_credentials()
            frozen = None if found is None else found.get_frozen_credentials()
        except BotoCoreError as error:
            raise _unknown(error) from None
        if frozen is None:
            return None
        return Credentials(frozen.access_key, frozen.secret_key, frozen.token)

    guard = Guard(account, file=allow_list_file(), credentials=credentials, identify=identify)
    guard.watch(session.events)
    identity = guard.verify()
    return SessionAccount(
        session,
        description=f"AWS account {account} in {session.region_name}, as {identity.arn.rsplit(':', 1)[-1]}",
        config=Config(retries={"mode": "adaptive", "max_attempts": 8}),
        guard=guard,
    )


def _unknown(error: Exception) -> AccountRefusedError:
    return AccountRefusedError(
        f"AWS doesn't say whose the credentials are ({error}). Sign in again (aws sso login), or look at the "
        "profile and the network. Nothing was called."
    )
