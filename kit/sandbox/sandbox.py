"""The account one deploys to: the emulator on this machine, a `kit serve`, or a real account."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, Self, overload

from kit.asl import parse
from kit.machine import Machine
from kit.sandbox.account import LOCAL_ACCOUNT, Account, real, served
from kit.sandbox.connection import Connection
from kit.sandbox.deployed import Deployed
from kit.sandbox.deployer import deploy
from kit.sandbox.errors import LocalOnlyError
from kit.sandbox.guard import Identity
from kit.sandbox.names import PREFIX
from kit.sandbox.pace import Pace, Polling
from kit.sandbox.run import Run
from kit.sandbox.single_state import StateTest, ask

if TYPE_CHECKING:
    from kit.sandbox.local import LocalSandbox

LOCAL_ONLY = {
    "clock": "moves virtual time",
    "calls": "lists the calls made",
    "faults": "lets calls fail on purpose",
    "provisioning": "says how long things take",
    "resources": "lists what exists in the account",
    "load": "sets up a world",
    "databases": "shows the rows of database clusters",
    "searches": "shows the indices of search domains",
    "at": "lets something happen at a virtual time",
    "permissions": "says how roles are evaluated",
    "approvals": "lists what waits for an answer",
    "bill": "tells what the virtual time would have cost",
    "slack": "shows what arrived in a Slack of its own",
    "github": "shows the issues of a GitHub of its own",
    "status_page": "shows a status page of its own",
}


class _RealAccount(Protocol):
    def __call__(
        self, profile: str | None = None, region: str | None = None, *, account: str = ""
    ) -> Sandbox: ...


class _ClientFactory(Protocol):
    def __call__(self, service: str, region: str | None = None) -> Any: ...


class _Aws:
    """One name with two uses: on the class it makes a sandbox in a real account, on a sandbox it makes a
    boto3 client of that sandbox's account."""

    @overload
    def __get__(self, sandbox: None, owner: type[Sandbox]) -> _RealAccount: ...
    @overload
    def __get__(self, sandbox: Sandbox, owner: type[Sandbox]) -> _ClientFactory: ...
    def __get__(self, sandbox: Sandbox | None, owner: type[Sandbox]) -> _RealAccount | _ClientFactory:
        return _in_real_account if sandbox is None else sandbox.account.client


class Sandbox:
    """Where machines are deployed and run. Made by one of three constructors:

    - `Sandbox.local()`: on this machine, in virtual time. Nothing is installed, nothing costs anything.
    - `Sandbox.connect(url)`: a `kit serve`, which keeps its account while your kernel restarts.
    - `Sandbox.aws(profile=..., account="123456789012")`: a real account, which you have allowed by id.

    `sandbox.aws("rds")` is a boto3 client of its account.
    """

    aws = _Aws()

    def __init__(self, account: Account, make_pace: Callable[[], Pace] = Polling) -> None:
        self.account, self._make_pace = account, make_pace

    @staticmethod
    def local(
        clock: str = "paced",
        seed: int = 0,
        start: datetime | None = None,
        region: str = "us-east-1",
        *,
        allow_hosts: Sequence[str] = (),
        permissions: str = "known",
    ) -> LocalSandbox:
        """A fresh account on this machine, in virtual time.

        `clock` says how time goes: `paced` (idle time is compressed so that a person can follow), `instant`,
        `real`, or a factor such as `60x`. `seed` makes what is random come out the same each time. `start`
        is where virtual time begins: a datetime with a time zone, as a rule Monday 2026-04-06T00:00:00Z.
        HTTP Tasks call this machine only, and what `allow_hosts` names: `["api.github.com"]`. A machine's
        calls are refused where its role doesn't allow them, unless `permissions="off"`.
        """
        from kit.sandbox.local import LocalSandbox

        return LocalSandbox(
            clock=clock,
            seed=seed,
            start=start,
            region=region,
            account=LOCAL_ACCOUNT,
            allow_hosts=tuple(allow_hosts),
            permissions=permissions,
        )

    @staticmethod
    def connect(url: str, region: str = "us-east-1") -> Sandbox:
        """The account behind a `kit serve`. Raises SandboxError where nothing answers there."""
        return Sandbox(served(url, region), lambda: Polling(0.1, 0.2))

    def deploy(self, machine: Machine, *, role_arn: str | None = None) -> Deployed:
        """Creates or updates the machine in the account, and waits until it can be started. The same
        machine again changes nothing. A role is made for it, unless `role_arn` names one.

        Raises DeployError, NotOursError, and botocore's ClientError with AWS's own words.
        """
        deployment = deploy(self.account, machine, role_arn=role_arn)
        return Deployed(self._connection(), machine, deployment)

    def test_state(
        self,
        machine: Machine,
        state: str,
        input: Any = None,
        *,
        mock: Any = None,
        error: str | tuple[str, str] | None = None,
        variables: Mapping[str, Any] | None = None,
        context: Mapping[str, Any] | None = None,
        retries: int = 0,
        role_arn: str | None = None,
    ) -> StateTest:
        """Runs one state of a machine by itself, and says what it made of its input.

            sandbox.test_state(machine, "Stop it", {"cluster": "dev"},
                               mock={"DbCluster": {"Status": "stopping"}})

        `mock` is the answer of what the state calls, `error` the error that it gives instead (a name, or a
        pair of name and cause). Without either the call is really made, as the machine's role. `retries` is
        how often it was tried before; `variables` and `context` are what the state finds.

        Raises ValueError for a state that isn't there, and botocore's ClientError with AWS's own words.
        https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html
        """
        return ask(
            self.account,
            machine,
            state,
            input,
            mock=mock,
            error=error,
            variables=variables,
            context=context,
            retries=retries,
            role_arn=role_arn,
        )

    def run(self, arn: str) -> Run:
        """An execution by its ARN, such as one that was started before the kernel's restart."""
        connection = self._connection()
        found = connection.client.describe_state_machine_for_execution(executionArn=arn)
        return Run(connection, arn, parse(found["definition"]), found["name"].removeprefix(PREFIX))

    def import_machine(self, arn: str) -> Machine:
        """A machine of the account, as it stands there, by its ARN (or that of a version or an alias).

        Raises botocore's ClientError with AWS's own words where there is none, or it may not be read.
        https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html
        """
        found = self._connection().client.describe_state_machine(stateMachineArn=arn)
        return Machine(found["name"].removeprefix(PREFIX), found["definition"])

    @property
    def identity(self) -> Identity:
        """Whose account it is."""
        return self.account.identity()

    def close(self) -> None:
        """Gives back what the sandbox holds."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _connection(self) -> Connection:
        return Connection(self.account.client("stepfunctions"), self._make_pace)

    def __getattr__(self, name: str) -> Any:
        if name in LOCAL_ONLY:
            raise LocalOnlyError(
                f"sandbox.{name} {LOCAL_ONLY[name]}, which only Sandbox.local() can do, "
                f"not {self.account.description}."
            )
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __repr__(self) -> str:
        return f"<Sandbox: {self.account.description}>"


def _in_real_account(profile: str | None = None, region: str | None = None, *, account: str = "") -> Sandbox:
    """A real account. Its id must be given and stand on your allow-list file
    (`~/.config/small-steps/accounts.toml`, or `$SMALL_STEPS_ACCOUNTS`), and STS must say that the
    credentials belong to it. Raises AccountRefusedError.
    """
    return Sandbox(real(account, profile, region))
