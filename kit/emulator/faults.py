"""Failures made on purpose: the next calls of an operation are refused as the service would refuse them.

    sandbox.faults.fail("rds:StopDBCluster", code="InvalidDBClusterStateFault", times=1)

A fault answers before the service sees the call, to whoever makes it. The name that a state machine sees
(`Rds.InvalidDbClusterStateException`) follows from the service's model.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kit.emulator.refusals import Refusal
from kit.services import action, models


@dataclass(slots=True)
class Fault:
    """A refusal that waits for its call. `left` counts down; None means until it is removed."""

    service: str
    operation: str
    code: str
    message: str
    status: int
    left: int | None = 1
    after: int = 0

    @property
    def name(self) -> str:
        return f"{self.service}:{self.operation}"


class Faults:
    """The faults that wait; iterate over it to list them."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def fail(
        self,
        call: str,
        *,
        code: str,
        message: str = "An injected fault of the sandbox.",
        times: int | None = 1,
        at: int = 1,
    ) -> Fault:
        """Lets `call` (`rds:StopDBCluster` or ASL's `rds:stopDBCluster`) fail with the service's own error
        `code`, `times` times (None: until removed), beginning with the `at`th call from now.

        Raises UnknownAction for a call that AWS has not. A `code` that the service's model has not
        (`Throttling`) is taken as it is: a state machine then sees `Rds.RdsException`.
        """
        if times is not None and times < 1:
            raise ValueError(f"times is {times}; it must be at least 1, or None for always")
        if at < 1:
            raise ValueError(f"at is {at}; the first call is number 1")
        service, operation = operation_of(call)
        fault = Fault(service, operation, code, message, _status(service, code), times, at - 1)
        self._faults.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        """Takes a fault away, also one that is used up already."""
        self._faults = [each for each in self._faults if each is not fault]

    def clear(self) -> None:
        self._faults.clear()

    def __iter__(self) -> Iterator[Fault]:
        return iter(tuple(self._faults))

    def __len__(self) -> int:
        return len(self._faults)

    def strike(self, service: str, operation: str) -> Refusal | None:
        """The refusal that this call gets, if a fault waits for it; counts the fault down."""
        for fault in self._faults:
            if (fault.service, fault.operation) != (service, operation):
                continue
            if fault.after:
                fault.after -= 1
                continue
            if fault.left is not None:
                fault.left -= 1
                if not fault.left:
                    self.remove(fault)
            return Refusal(fault.code, fault.message, fault.status, note="fault injected")
        return None


def operation_of(call: str) -> tuple[str, str]:
    """boto3's service name and the API's operation, from either spelling of a call."""
    service, _, called = call.partition(":")
    if models.client_name(service) is None and service in models.all_metadata():
        service = models.integration_name(service)
    found = action(f"{service}:{called[:1].lower()}{called[1:]}")
    return found.client_name, found.operation


def _status(service: str, code: str) -> int:
    shape = models.error_shapes(service).get(code)
    if shape is not None:
        error = models.loader().load_service_model(service, "service-2")["shapes"][shape].get("error", {})
        status: int = error.get("httpStatusCode", 400)
        return status
    return 500 if code in ("InternalFailure", "InternalError") else 503 if "Unavailable" in code else 400
