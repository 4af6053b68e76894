"""Failures made on purpose: what goes wrong in an account on a bad day.

    sandbox.faults.fail("rds:StopDBCluster", code="InvalidDBClusterStateFault", times=1)
    sandbox.faults.stuck("rds:RestoreDBClusterToPointInTime")
    sandbox.faults.slow("rds:StartDBCluster", minutes=40)
    sandbox.faults.spoil("codebuild:StartBuild")
    sandbox.faults.vanish("elasticache:CreateReplicationGroup", minutes=20)
    sandbox.faults.quota("rds:CreateDBCluster", 3)

A refusal answers before the service sees the call, to whoever makes it. The name that a state machine sees
(`Rds.InvalidDbClusterStateException`) follows from the service's model. The others bend what a call begins.
Each stays in the list until it is used up or removed, and the journal notes the calls that it has struck.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import EllipsisType
from typing import Final, Literal

from kit.emulator.refusals import Refusal
from kit.services import action, models

Effect = Literal["stuck", "slow", "vanish", "spoil"]

FAR: Final = 100 * 365 * 86_400.0
"""Seconds that nobody waits for."""

_QUOTA_CODES: Final = {
    "ec2:CreateSnapshot": "SnapshotLimitExceeded",
    "elasticache:CreateReplicationGroup": "NodeQuotaForCustomerExceeded",
    "elasticache:CreateSnapshot": "SnapshotQuotaExceededFault",
    "opensearch:CreateDomain": "LimitExceededException",
    "rds:CreateDBCluster": "DBClusterQuotaExceededFault",
    "rds:CreateDBClusterSnapshot": "SnapshotQuotaExceeded",
    "rds:CreateDBInstance": "InstanceQuotaExceeded",
    "rds:CreateDBSnapshot": "SnapshotQuotaExceeded",
    "rds:RestoreDBClusterFromSnapshot": "DBClusterQuotaExceededFault",
    "rds:RestoreDBClusterToPointInTime": "DBClusterQuotaExceededFault",
    "rds:RestoreDBInstanceFromDBSnapshot": "InstanceQuotaExceeded",
}


@dataclass(slots=True, eq=False)
class Fault:
    """A refusal that waits for its call. `left` counts down; None means until it is removed. It strikes
    between `since` and `until` (virtual time, seconds since 1970), with a probability."""

    service: str
    operation: str
    code: str
    message: str
    status: int
    left: int | None = 1
    after: int = 0
    since: float | None = None
    until: float | None = None
    probability: float = 1.0
    chance: random.Random = field(default_factory=lambda: random.Random(0), repr=False)

    @property
    def name(self) -> str:
        return f"{self.service}:{self.operation}"


@dataclass(slots=True, eq=False)
class Bend:
    """What becomes of what the next calls begin."""

    service: str
    operation: str
    effect: Effect
    left: int | None = 1
    status: str | None = None
    seconds: float | None = None
    factor: float = 1.0

    @property
    def name(self) -> str:
        return f"{self.service}:{self.operation}"


@dataclass(slots=True, eq=False)
class Quota:
    """At most `limit` resources of the kind that a call makes."""

    service: str
    operation: str
    limit: int
    code: str

    @property
    def name(self) -> str:
        return f"{self.service}:{self.operation}"

    def check(self, there: int) -> None:
        """Raises Refusal where so many are there already."""
        if there >= self.limit:
            message = f"The account may have {self.limit} of these, and has {there}."
            raise Refusal(self.code, message, _status(self.service, self.code), note="quota of the sandbox")


@dataclass(frozen=True, slots=True)
class Bent:
    """The statuses on the way with their seconds, as the faults leave them."""

    steps: Sequence[tuple[str, float]]
    final: str | None
    vanishes: bool = False


class Faults:
    """The faults that wait; iterate over it to list them. `now` gives virtual time, seconds since 1970."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._faults: list[Fault | Bend | Quota] = []
        self._note: str | None = None

    def fail(
        self,
        call: str,
        *,
        code: str,
        message: str = "An injected fault of the sandbox.",
        times: int | EllipsisType | None = ...,
        at: int = 1,
        since: dt.datetime | None = None,
        until: dt.datetime | None = None,
        probability: float = 1.0,
        seed: int = 0,
    ) -> Fault:
        """Lets `call` (`rds:StopDBCluster` or ASL's `rds:stopDBCluster`) fail with the service's own error
        `code`, `times` times (None: until removed), beginning with the `at`th call from now. `since` and
        `until` bound it in virtual time; with a `probability` below 1 it strikes by chance, the same for the
        same `seed`. `times` is 1, unless there is an end or a chance: then it is without limit.

        Raises UnknownAction for a call that AWS has not. A `code` that the service's model has not
        (`Throttling`) is taken as it is: a state machine then sees `Rds.RdsException`.
        """
        if isinstance(times, EllipsisType):
            times = 1 if until is None and probability == 1.0 else None
        _check_times(times)
        if at < 1:
            raise ValueError(f"at is {at}; the first call is number 1")
        if not 0 < probability <= 1:
            raise ValueError(f"probability is {probability}; it must be above 0 and at most 1")
        service, operation = operation_of(call)
        fault = Fault(
            service,
            operation,
            code,
            message,
            _status(service, code),
            times,
            at - 1,
            _seconds(since),
            _seconds(until),
            probability,
            random.Random(f"{seed}/{service}:{operation}"),
        )
        self._faults.append(fault)
        return fault

    def stuck(self, call: str, *, status: str | None = None, times: int | None = 1) -> Bend:
        """What the call begins never gets beyond `status` (the first one, unless given)."""
        return self._bend(call, "stuck", times, status=status)

    def slow(
        self, call: str, *, minutes: float | None = None, factor: float | None = None, times: int | None = 1
    ) -> Bend:
        """What the call begins takes so many minutes in all, or so many times as long as usual."""
        if (minutes is None) == (factor is None):
            raise ValueError("say either minutes or factor")
        if (minutes if minutes is not None else factor or 0) <= 0:
            raise ValueError(f"minutes or factor is {minutes or factor}; it must be above 0")
        seconds = None if minutes is None else minutes * 60
        return self._bend(call, "slow", times, seconds=seconds, factor=factor or 1.0)

    def spoil(self, call: str, *, status: str | None = None, times: int | None = 1) -> Bend:
        """What the call begins ends badly: in `status`, or the service's usual one for that (a build in
        FAILED, a clone in cloning-failed)."""
        return self._bend(call, "spoil", times, status=status)

    def vanish(self, call: str, *, minutes: float, times: int | None = 1) -> Bend:
        """What the call makes is gone so many minutes later, without anybody's having deleted it here."""
        if minutes < 0:
            raise ValueError(f"minutes is {minutes}; it must be 0 or more")
        return self._bend(call, "vanish", times, seconds=minutes * 60)

    def quota(self, call: str, limit: int, *, code: str | None = None) -> Quota:
        """The call is refused where `limit` resources of the kind that it makes are there already, with the
        service's own error for it. Raises ValueError for a call whose error isn't known here, and that
        has no `code`."""
        service, operation = operation_of(call)
        code = code or _QUOTA_CODES.get(f"{service}:{operation}")
        if code is None:
            raise ValueError(f"name the error that {service}:{operation} gives beyond its quota by code=...")
        quota = Quota(service, operation, limit, code)
        self._faults.append(quota)
        return quota

    def remove(self, fault: Fault | Bend | Quota) -> None:
        """Takes a fault away, also one that is used up already. What it has bent stays so."""
        self._faults = [each for each in self._faults if each is not fault]

    def clear(self) -> None:
        self._faults.clear()

    def __iter__(self) -> Iterator[Fault | Bend | Quota]:
        return iter(tuple(self._faults))

    def __len__(self) -> int:
        return len(self._faults)

    def __repr__(self) -> str:
        return f"<Faults: {', '.join(f'{type(each).__name__} of {each.name}' for each in self) or 'none'}>"

    # For those who ask.

    def strike(self, service: str, operation: str) -> Refusal | None:
        """The refusal that this call gets, if a fault waits for it; counts the fault down."""
        for fault in self:
            if not isinstance(fault, Fault) or (fault.service, fault.operation) != (service, operation):
                continue
            if fault.until is not None and self._now() >= fault.until:
                self.remove(fault)
                continue
            if fault.since is not None and self._now() < fault.since:
                continue
            if fault.after:
                fault.after -= 1
                continue
            if fault.probability < 1 and fault.chance.random() >= fault.probability:
                continue
            self._use(fault)
            return Refusal(fault.code, fault.message, fault.status, note="fault injected")
        return None

    def bend(self, call: str, steps: list[tuple[str, float]], final: str | None, failed: str | None) -> Bent:
        """What becomes of what this call begins; counts the faults down."""
        vanishes = False
        for fault in self:
            if not isinstance(fault, Bend) or fault.name != call or not steps:
                continue
            if fault.effect == "spoil" and not (fault.status or failed):
                continue
            self._use(fault)
            self._note = f"fault injected: {fault.effect}"
            if fault.effect == "slow":
                total = sum(seconds for _, seconds in steps)
                factor = fault.factor if fault.seconds is None else fault.seconds / (total or 1)
                steps = [(status, seconds * factor) for status, seconds in steps]
            elif fault.effect == "spoil":
                final = fault.status or failed
            elif fault.effect == "stuck":
                names = [status for status, _ in steps]
                where = names.index(fault.status) if fault.status in names else 0
                steps = [*steps[:where], (fault.status or names[where], FAR)]
            else:
                steps, final, vanishes = _cut(steps, final, fault.seconds or 0.0), None, True
        return Bent(steps, final, vanishes)

    def quota_of(self, call: str) -> Quota | None:
        return next((each for each in self._faults if isinstance(each, Quota) and each.name == call), None)

    def take_note(self) -> str | None:
        """What the call that is being answered was done to, for the journal."""
        note, self._note = self._note, None
        return note

    def _bend(
        self,
        call: str,
        effect: Effect,
        times: int | None,
        *,
        status: str | None = None,
        seconds: float | None = None,
        factor: float = 1.0,
    ) -> Bend:
        _check_times(times)
        service, operation = operation_of(call)
        bend = Bend(service, operation, effect, times, status, seconds, factor)
        self._faults.append(bend)
        return bend

    def _use(self, fault: Fault | Bend) -> None:
        if fault.left is not None:
            fault.left -= 1
            if not fault.left:
                self.remove(fault)


def _cut(steps: list[tuple[str, float]], final: str | None, seconds: float) -> list[tuple[str, float]]:
    """The statuses of the first so many seconds."""
    cut: list[tuple[str, float]] = []
    for status, lasts in steps:
        cut.append((status, min(lasts, seconds)))
        seconds -= cut[-1][1]
    return [*cut, (final, seconds)] if final is not None and seconds > 0 else cut


def operation_of(call: str) -> tuple[str, str]:
    """boto3's service name and the API's operation, from either spelling of a call."""
    service, _, called = call.partition(":")
    if models.client_name(service) is None and service in models.all_metadata():
        service = models.integration_name(service)
    found = action(f"{service}:{called[:1].lower()}{called[1:]}")
    return found.client_name, found.operation


def _check_times(times: int | None) -> None:
    if times is not None and times < 1:
        raise ValueError(f"times is {times}; it must be at least 1, or None for always")


def _seconds(moment: dt.datetime | None) -> float | None:
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()


def _status(service: str, code: str) -> int:
    shape = models.error_shapes(service).get(code)
    if shape is not None:
        error = models.loader().load_service_model(service, "service-2")["shapes"][shape].get("error", {})
        status: int = error.get("httpStatusCode", 400)
        return status
    return 500 if code in ("InternalFailure", "InternalError") else 503 if "Unavailable" in code else 400
