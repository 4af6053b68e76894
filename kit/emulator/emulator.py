"""The emulator, put together: one account in one process, with one clock."""

from __future__ import annotations

import datetime as dt
import threading
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kit.emulator.api import ApiError, StepFunctionsApi
from kit.emulator.approvals import Approvals
from kit.emulator.backends import Backends
from kit.emulator.billing import Billing, Meter
from kit.emulator.census import Census
from kit.emulator.clients import Clients
from kit.emulator.direct import DirectCalls
from kit.emulator.driver import Clock, Driver
from kit.emulator.faults import Faults
from kit.emulator.gateway import Gateway
from kit.emulator.http.connections import Connections
from kit.emulator.http.sending import Sender
from kit.emulator.http.services import HttpServices
from kit.emulator.integrations import ServiceIntegrations
from kit.emulator.integrations.api_gateway import ApiGatewayIntegration
from kit.emulator.integrations.calls import Services
from kit.emulator.integrations.http_task import HttpTaskIntegration
from kit.emulator.journal import Journal
from kit.emulator.lambdas import Lambdas
from kit.emulator.monitoring import Monitoring
from kit.emulator.notices import as_event
from kit.emulator.objects import Objects
from kit.emulator.permissions import Permissions
from kit.emulator.private import PrivateNetwork
from kit.emulator.provisioning import Provisioning
from kit.emulator.repairs import Repairs
from kit.emulator.schedules import Schedules
from kit.emulator.simulation import simulate
from kit.emulator.stand_ins import STAND_INS
from kit.emulator.worlds import load
from kit.engine import Engine, Kind
from kit.engine.ports import Done, Failed, TaskAnswer

if TYPE_CHECKING:
    from kit.emulator.serve import Server

MONDAY = dt.datetime(2026, 4, 6, tzinfo=dt.UTC)


class Emulator:
    """An AWS account that exists only here.

    - `clock`: `instant`, `paced` (the default), `60x`, `real`: how virtual time goes
    - `seed`: the same seed gives the same histories and ids
    - `start`: where virtual time begins, in UTC where it names no zone; a Monday unless given
    - `permissions`: `known` (a role that exists here is evaluated), `strict` (one that doesn't may do
      nothing), `off`
    - `allow_hosts`: names of hosts that HTTP Tasks may call besides this machine

    Several may live in one process; they share nothing. `close()`, or a `with` block, ends its thread.
    """

    def __init__(
        self,
        *,
        clock: str = "paced",
        seed: int = 0,
        account: str = "123456789012",
        region: str = "us-east-1",
        start: dt.datetime | None = None,
        allow_hosts: tuple[str, ...] = (),
        permissions: str = "known",
    ) -> None:
        self.account, self.region, self.seed = account, region, seed
        self.journal, self.faults = Journal(), Faults(lambda: self.driver.now())
        services = Services(self.client, lambda: self.gateway, lambda: self._direct, region)
        integrations = ServiceIntegrations(
            services, self._answer_task, flows=self._time_flows, wake=lambda: self.driver.wake()
        )
        self.engine = Engine(
            integrations, now=_seconds(start or MONDAY), seed=seed, region=region, account=account
        )
        self.engine.on_close.append(lambda execution: integrations.execution_closed(execution.arn))
        self.driver = Driver(self.engine, clock)
        services.beside = self.driver.beside
        self.backends = Backends(account=account, now=self.driver.now, seed=seed)
        self.gateway = Gateway(
            self.backends, now=self.clock.now, lock=self.lock, journal=self.journal, faults=self.faults
        )
        self.api = StepFunctionsApi(self.engine, self.driver)
        self._clients = Clients(
            region=region,
            gateway=self.gateway,
            step_functions=self.api,
            api_error=ApiError,
            sleep=self.clock.sleep,
            entering=self.driver.client_call,
        )
        self._direct = DirectCalls(self.gateway, self.host_of, region)
        self._server: Server | None = None
        self._server_lock = threading.Lock()
        self._lambdas = Lambdas(self.backends, self._aws_url, lambda: self.private.url)
        for operation, stand_in in STAND_INS.items():
            self.gateway.stand_ins[operation] = partial(stand_in, self.backends)
        self.gateway.answerers["lambda", "Invoke"] = self._lambdas.invoke
        self.provisioning = Provisioning(
            self.backends,
            now=self.driver.now,
            seed=seed,
            faults=self.faults,
            later=lambda moment, act: self.engine.scheduler.at(moment, act, Kind.BACKGROUND),
        )
        self.gateway.wardens += [Repairs(self.backends), self.provisioning]
        self.gateway.wardens.append(Monitoring(self.engine, self.backends, self.api.logging_of))
        self.permissions = Permissions(
            self.backends,
            account=account,
            now=self.clock.now,
            caller=lambda: self.gateway.caller,
            mode=permissions,
        )
        self.gateway.authorize, self.gateway.remark = self.permissions.authorize, self.permissions.remark
        self.gateway.wardens.append(self.permissions)
        self.gateway.stand_ins["iam", "SimulatePrincipalPolicy"] = partial(simulate, self.permissions)
        integrations.may_assume = self.permissions.may_assume
        self.approvals = Approvals(self.engine, self.driver, self.client)
        integrations.handed_out = self.approvals.add
        self.census = Census(
            self.backends,
            now=self.clock.now,
            caller=lambda: self.gateway.caller,
            settle=self.provisioning.bring_up_to_date,
        )
        self.private = PrivateNetwork(
            self.backends, region=region, settle=self.provisioning.bring_up_to_date, lock=self.lock
        )
        self.gateway.wardens += [self.census, self.private]
        meter = Meter(self.backends, self.provisioning, self.engine.scheduler, region)
        self.gateway.wardens.append(meter)
        self.billing = Billing(self.engine, self.journal, meter)
        schedules = Schedules(self.engine, self.backends, self.gateway, self.client, self.clock.now, seed)
        self.provisioning.listeners.append(lambda notice: as_event(notice, account, schedules.tell))
        self.http = HttpServices(self.driver.now)
        self.http_sender = Sender(allow_hosts)
        connections = Connections(self.backends, self.http_sender, self.driver.now)
        self.gateway.wardens.append(connections)
        integrations.add(
            "http", HttpTaskIntegration(connections, self.http_sender, self.gateway, self.permissions)
        )
        integrations.add("apigateway", ApiGatewayIntegration(self.http_sender, self.gateway))
        self.engine.objects = Objects(self.client, lambda: self.gateway)

    @property
    def clock(self) -> Clock:
        """The hand on virtual time: `now()`, `advance(hours=9)`, `run_until(...)`, `pause()`, `mode`."""
        return self.driver.clock

    @property
    def lock(self) -> threading.RLock:
        """Held by whoever touches the emulator's state."""
        return self.driver.lock

    def client(self, service_name: str, region: str | None = None) -> Any:
        """A boto3 client of this account, answered in this process. The same for the same service."""
        return self._clients.client(service_name, region)

    def load(self, world: str) -> None:
        """Sets up a world: `production` is the invented team's Aurora cluster `production` with its rows, its
        cache with a snapshot, search domain, ECS services, DNS zone, secrets and topic, all of them ready.
        Raises LookupError for another name."""
        load(self, world)

    def host_of(self, service_name: str, region: str) -> str:
        """The host at which AWS has a service, such as `rds.us-east-1.amazonaws.com`."""
        url: str = self.client(service_name, region).meta.endpoint_url
        return urlsplit(url).netloc

    def move_on_for_a_poller(self, service_name: str, region: str) -> None:
        """After an outside client's look at a service: where nothing else moves the clock, it goes on to the
        next change of status there, so that a client that polls in real time (a boto3 waiter behind
        `kit serve`) sees one. The look itself has shown the status before."""
        if self.clock.mode not in ("instant", "paced"):
            return
        with self.lock:
            change = self.provisioning.next_change(service_name, region) if not self.engine.open else None
        if change is not None:
            self.driver.run_to(change)

    def close(self) -> None:
        """Ends the emulator's thread and forgets its resources."""
        self.driver.close()
        self._lambdas.close()
        self.http.close()
        self.private.close()
        if self._server is not None:
            self._server.close()
        self.backends.close()

    def __enter__(self) -> Emulator:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Emulator of account {self.account} in {self.region}, {self.clock!r}>"

    def _aws_url(self) -> str:
        """Where functions find the sandbox's services; opens a port of this machine when first asked."""
        with self._server_lock:
            if self._server is None:
                from kit.emulator.serve import serve

                self._server = serve(self)
            return self._server.url

    def _time_flows(self) -> bool:
        return self.clock.mode not in ("instant", "paced")

    def _answer_task(self, token: str, answer: TaskAnswer) -> None:
        from kit.engine.tokens import Succeeded, TaskFailure, TokenError

        given = (
            Succeeded(answer.result)
            if isinstance(answer, Done)
            else TaskFailure(answer.error, answer.cause)
            if isinstance(answer, Failed)
            else None
        )
        assert given is not None
        try:
            self.engine.tokens.answer(token, given)
        except TokenError:
            return  # Its state ended meanwhile.


def _seconds(moment: dt.datetime) -> float:
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()
