"""The sandbox on this machine: the emulator in this process, and what only it can do."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from datetime import datetime
from typing import Any

from kit.emulator import Emulator
from kit.engine import Kind
from kit.sandbox.connection import Connection
from kit.sandbox.guard import Identity
from kit.sandbox.pace import Notified, Pace
from kit.sandbox.sandbox import Sandbox


class LocalAccount:
    """An account of the emulator."""

    def __init__(self, emulator: Emulator, *, account: str, region: str, description: str) -> None:
        self._emulator, self._id, self._region, self._description = emulator, account, region, description
        self._clients: dict[tuple[str, str], Any] = {}

    @property
    def region(self) -> str:
        return self._region

    @property
    def description(self) -> str:
        return self._description

    def identity(self) -> Identity:
        return Identity(self._id, f"arn:aws:iam::{self._id}:user/you")

    def client(self, service: str, region: str | None = None) -> Any:
        key = (service, region or self._region)
        if key not in self._clients:
            self._clients[key] = self._emulator.client(service, region=key[1])
        return self._clients[key]


class LocalSandbox(Sandbox):
    """`Sandbox.local()`: an account of its own, in virtual time.

    `clock` moves time, `calls` lists the calls made to AWS services, `faults` lets calls fail,
    `provisioning` says how long things take, `at(moment, act)` lets somebody do something meanwhile.
    `permissions.mode` says whether roles are evaluated (`known`, `strict`, `off`).
    `resources()` lists what exists, since when and by which run, `load("production")` sets up a world.
    `databases.execute("production", "select ...")` shows a cluster's rows, `searches` a domain's indices.
    `approvals` lists the tasks that wait for an answer, and answers them.
    `bill()` tells what it would have cost in AWS.
    `slack`, `github` and `status_page` are small services that HTTP Tasks can call at their `url`.
    """

    def __init__(
        self,
        *,
        clock: str,
        seed: int,
        start: datetime | None,
        region: str,
        account: str,
        allow_hosts: tuple[str, ...] = (),
        permissions: str = "known",
    ) -> None:
        self._emulator = Emulator(
            clock=clock,
            seed=seed,
            account=account,
            region=region,
            start=start,
            allow_hosts=allow_hosts,
            permissions=permissions,
        )
        self._paces: weakref.WeakSet[Notified] = weakref.WeakSet()
        self._emulator.driver.subscribe(self._spread_news)
        super().__init__(
            LocalAccount(
                self._emulator,
                account=account,
                region=region,
                description=f"account {account} in {region} on this machine, clock {clock}",
            ),
            self._notified,
        )
        self.clock = self._emulator.clock
        self.calls = self._emulator.journal
        self.faults = self._emulator.faults
        self.provisioning = self._emulator.provisioning
        self.permissions = self._emulator.permissions
        self.resources = self._emulator.census.resources
        self.load = self._emulator.load
        self.databases = self._emulator.private.databases
        self.searches = self._emulator.private.searches
        self.approvals = self._emulator.approvals
        self.bill = self._emulator.billing.bill
        self.slack = self._emulator.http.slack
        self.github = self._emulator.http.github
        self.status_page = self._emulator.http.status_page

    def at(self, moment: datetime, act: Callable[[], object]) -> None:
        """Lets `act()` happen when the virtual clock passes `moment` (with a time zone): what a colleague
        does while a machine runs, say. The clock doesn't jump there for its sake."""
        with self._emulator.lock:
            self._emulator.engine.scheduler.at(moment.timestamp(), act, Kind.BACKGROUND)

    def close(self) -> None:
        """Ends the sandbox: its clock stops and all in it is gone."""
        self._emulator.close()

    def _connection(self) -> Connection:
        return Connection(self.account.client("stepfunctions"), self._notified, self.clock, self.calls)

    def _notified(self) -> Pace:
        pace = Notified()
        self._paces.add(pace)
        return pace

    def _spread_news(self, *_what: object) -> None:
        for pace in list(self._paces):
            pace.notify()
