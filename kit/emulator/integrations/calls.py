"""One call of a service for a Task state, whichever style of integration makes it."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kit.emulator.direct import DirectCalls
from kit.emulator.gateway import Caller, Gateway, ServiceCall
from kit.emulator.refusals import Refusal
from kit.engine.ports import TaskCall
from kit.services import Action
from kit.services.casing import service_prefix
from kit.services.models import service_model

_REQUESTS = uuid.UUID("5c8f1f0e-3b59-4a53-9f0c-5b8f6d1b8a11")


class ServiceError(Exception):
    """What the service answered: its own error code and message, the HTTP status and the ids."""

    def __init__(
        self,
        code: str,
        message: str,
        status: int = 400,
        request_id: str | None = None,
        extended_request_id: str | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status
        self.request_id = request_id or str(uuid.uuid4())
        self.extended_request_id = extended_request_id


@dataclass(frozen=True, slots=True)
class Called:
    """The service's answer, as boto3 has it, with what the response said of itself."""

    result: Mapping[str, Any]
    request_id: str
    status: int
    headers: Mapping[str, str]


class Services:
    """Makes calls on behalf of executions: in their names in the journal, under their roles. `beside(work)`
    does what takes real time, without the lock."""

    def __init__(
        self,
        client: Callable[[str], Any],
        gateway: Callable[[], Gateway],
        direct: Callable[[], DirectCalls],
        region: str,
    ) -> None:
        self._region = region
        self._client, self._gateway, self._direct = client, gateway, direct
        self.beside: Callable[[Callable[[], Any]], Any] = lambda work: work()

    def call(self, task: TaskCall, action: Action, params: Mapping[str, Any]) -> Called:
        """Makes one call. `params` have the API's names; those that are null are left out.

        Raises ServiceError.
        """
        caller = Caller(task.execution_arn, task.state_name, task.credentials_role_arn or task.role_arn)
        given = {name: value for name, value in params.items() if value is not None}
        with self._gateway().on_behalf_of(caller):
            missing = [name for name in _required(action) if name not in given]
            if missing:
                error = _missing(action, missing)
                self._note(action, given, error)
                raise error
            if action.client_name != "stepfunctions":
                return self._send(action, given, task)
            try:
                self._authorize(action, given)
                called = self._send(action, given, task)
            except ServiceError as error:
                self._note(action, given, error)
                raise
            self._note(action, given, None)
            return called

    @property
    def lock(self) -> threading.RLock:
        return self._gateway().lock

    def call_beside(self, task: TaskCall, action: Action, params: Mapping[str, Any]) -> Called:
        """One call that the sandbox answers itself and that may take real time: in any thread, and without
        the lock held for it. Raises ServiceError."""
        caller = Caller(task.execution_arn, task.state_name, task.credentials_role_arn or task.role_arn)
        call = ServiceCall(action.client_name, action.operation, params, self._region)
        request_id = str(uuid.uuid5(_REQUESTS, f"{task.token}/{action.operation}"))
        try:
            answer = self.beside(lambda: self._gateway().answer_ourselves(call, caller))
        except Refusal as refusal:
            raise ServiceError(refusal.code, refusal.message, refusal.status, request_id) from refusal
        return Called(answer, request_id, 200, {})

    def quietly(self, task: TaskCall, action: Action, params: Mapping[str, Any]) -> Called:
        """A call of Step Functions' own that no journal shows: how a child, or work, that it waits for
        stands. It needs no permission of the role's."""
        with self._gateway().on_behalf_of(Caller("step functions", task.state_name, noted=False)):
            return self._send(action, dict(params), task)

    def _authorize(self, action: Action, params: Mapping[str, Any]) -> None:
        """Of Step Functions' own operations, which don't pass the gateway. Raises ServiceError."""
        try:
            self._gateway().authorize(ServiceCall(action.client_name, action.operation, params, self._region))
        except Refusal as refusal:
            raise ServiceError(refusal.code, refusal.message, refusal.status) from refusal

    def _send(self, action: Action, params: dict[str, Any], task: TaskCall) -> Called:
        """The request's id follows from the attempt, so that the same seed gives the same history; S3 has
        ids of its own kind."""
        from botocore.exceptions import ClientError, ParamValidationError

        own = action.client_name == "s3"
        request_id = None if own else str(uuid.uuid5(_REQUESTS, f"{task.token}/{action.operation}"))
        if DirectCalls.fit(action):
            return self._send_directly(action, params, request_id)
        try:
            answer = self._client(action.client_name)._make_api_call(action.operation, params)
        except ClientError as error:
            raise _service_error(error, request_id) from error
        except ParamValidationError as error:
            raise ServiceError("ValidationException", str(error)) from error
        metadata = answer.pop("ResponseMetadata", {})
        return Called(
            answer,
            request_id or str(metadata.get("RequestId")),
            metadata.get("HTTPStatusCode", 200),
            metadata.get("HTTPHeaders", {}),
        )

    def _send_directly(self, action: Action, params: dict[str, Any], request_id: str | None) -> Called:
        status, answer = self._direct().call(action, params)
        metadata = answer.pop("ResponseMetadata", {})
        if status >= 300:
            told = answer.get("Error", {})
            raise ServiceError(str(told.get("Code")), str(told.get("Message", "")), status, request_id)
        return Called(answer, request_id or "", status, metadata.get("HTTPHeaders", {}))

    def _note(self, action: Action, params: Mapping[str, Any], error: ServiceError | None) -> None:
        """The gateway notes what passes it; a call of Step Functions, or one that never left, doesn't."""
        call = ServiceCall(action.client_name, action.operation, params, "")
        self._gateway().record(call, *((error.code, error.message) if error else (None, "")))


def _required(action: Action) -> list[str]:
    shape = action.model.input_shape
    return [] if shape is None else list(shape.required_members)


def _missing(action: Action, names: list[str]) -> ServiceError:
    """As the services say it: recorded for DynamoDB (JSON) and SQS; for others by the kind of protocol."""
    protocol = service_model(action.client_name).metadata["protocol"]
    if protocol in ("query", "ec2") or action.client_name == "sqs":
        return ServiceError("MissingParameter", f"The request must contain the parameter {names[0]}.")
    told = "; ".join(
        f"Value null at '{name[:1].lower()}{name[1:]}' failed to satisfy constraint: Member must not be null"
        for name in names
    )
    plural = "s" if len(names) > 1 else ""
    return ServiceError("ValidationException", f"{len(names)} validation error{plural} detected: {told}")


def _service_error(error: Any, request_id: str | None) -> ServiceError:
    described, metadata = error.response.get("Error", {}), error.response.get("ResponseMetadata", {})
    return ServiceError(
        str(described.get("Code", "Unknown")),
        str(described.get("Message", "")),
        metadata.get("HTTPStatusCode", 400),
        request_id or metadata.get("RequestId"),
        metadata.get("HostId"),
    )


def sdk_cause(action: Action, error: ServiceError) -> str:
    """The cause of an SDK integration's failure, as recorded since November 2025."""
    prefix = service_prefix(service_model(action.client_name).metadata["serviceId"])
    told = f"Service: {prefix}, Status Code: {error.status}, Request ID: {error.request_id}"
    if action.client_name == "s3":
        told += f", Extended Request ID: {error.extended_request_id or error.request_id}"
    return f"{error.message} ({told}) (SDK Attempt Count: 1)"
