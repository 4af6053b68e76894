"""Where every call to a service passes, whoever makes it: faults, what is refused, the journal, moto.

A call comes in two forms: as an operation with its parameters (from a client in this process or a Task
state) and as an HTTP request, which moto answers. A served client sends only the latter; then the former
is read from it.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from kit.emulator import wire
from kit.emulator.backends import Backends, NotServed
from kit.emulator.faults import Faults
from kit.emulator.journal import Call, Journal
from kit.emulator.messages import HttpRequest, HttpResponse
from kit.emulator.redaction import redacted
from kit.emulator.refusals import Refusal


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """A call as the API has it: `service` is boto3's name, `params` have the API's names."""

    service: str
    operation: str
    params: Mapping[str, Any]
    region: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the ARN of an execution and its state, or a client. The journal shows no calls of one that
    isn't `noted`."""

    by: str = "client"
    state: str | None = None
    role_arn: str | None = None
    noted: bool = True


class Warden(Protocol):
    """Something that watches the calls of a service: refuses some, and sees what others began."""

    def before(self, call: ServiceCall) -> None:
        """May raise Refusal."""

    def after(self, call: ServiceCall, response: HttpResponse) -> HttpResponse:
        """Sees a call that succeeded; gives its response, changed or not."""


log = logging.getLogger(__name__)

Answerer = Callable[[ServiceCall], Mapping[str, Any]]


class Gateway:
    """Answers the calls to all services but Step Functions, one at a time, under the emulator's lock."""

    def __init__(
        self,
        backends: Backends,
        *,
        now: Callable[[], dt.datetime],
        lock: threading.RLock,
        journal: Journal,
        faults: Faults,
    ) -> None:
        self.backends, self.journal, self.faults = backends, journal, faults
        self.lock, self._now = lock, now
        self._caller = Caller()
        self.wardens: list[Warden] = []
        self.answerers: dict[tuple[str, str], Answerer] = {}
        self.authorize: Callable[[ServiceCall], None] = lambda _: None
        """Raises Refusal where the present caller may not make the call."""
        self.remark: Callable[[Caller], str | None] = lambda _: None
        """What the journal says of a caller's call besides."""
        self.stand_ins: dict[tuple[str, str], Answerer] = {}
        """Operations that moto doesn't have; answered under the lock, as moto's are."""

    @property
    def caller(self) -> Caller:
        """Whose calls are being answered; to be asked under the lock."""
        return self._caller

    @contextmanager
    def on_behalf_of(self, caller: Caller) -> Iterator[None]:
        """Calls are the caller's while it is open. Holds the lock."""
        with self.lock:
            before, self._caller = self._caller, caller
            try:
                yield
            finally:
                self._caller = before

    def is_ours(self, call: ServiceCall) -> bool:
        """Whether the sandbox answers this operation itself, and may take real time for it."""
        return (call.service, call.operation) in self.answerers

    def answer(self, call: ServiceCall, request: HttpRequest) -> HttpResponse:
        """The service's response, an error of the service included."""
        content_type = next((v for k, v in request.headers if k.lower() == "content-type"), "")
        try:
            if self.is_ours(call):
                result = self.answer_ourselves(call)
                return wire.result(call.service, call.operation, result, content_type)
            return self._answer_by_moto(call, request)
        except Refusal as refusal:
            return wire.refusal(call.service, call.operation, refusal, content_type)

    def answer_ourselves(self, call: ServiceCall, caller: Caller | None = None) -> Mapping[str, Any]:
        """The result of an operation that the sandbox answers itself. It may take real time (a function's
        run), for which the lock isn't taken. Raises Refusal."""
        caller = caller or self._caller
        try:
            with self.on_behalf_of(caller):
                self._ask_before(call)
            result = self.answerers[call.service, call.operation](call)
        except Refusal as refusal:
            self.record(call, refusal.code, refusal.message, refusal.note, caller)
            raise
        self.record(call, None, "", None, caller)
        return result

    def _answer_by_moto(self, call: ServiceCall, request: HttpRequest) -> HttpResponse:
        with self.lock:
            try:
                self._ask_before(call)
                response = self._from_moto(call, request)
            except Refusal as refusal:
                self.record(call, refusal.code, refusal.message, refusal.note)
                raise
            if response.status >= 300:
                self.record(call, *_error_in(response))
                return response
            for warden in self.wardens:
                response = warden.after(call, response)
            self.record(call, None, "", self.faults.take_note())
            return response

    def _ask_before(self, call: ServiceCall) -> None:
        """Raises Refusal where the caller may not call, a fault waits for it, or a warden refuses it."""
        self.authorize(call)
        fault = self.faults.strike(call.service, call.operation)
        if fault is not None:
            raise fault
        for warden in self.wardens:
            warden.before(call)

    def _from_moto(self, call: ServiceCall, request: HttpRequest) -> HttpResponse:
        stand_in = self.stand_ins.get((call.service, call.operation))
        if stand_in is not None:
            with self.backends.inside():
                return wire.result(call.service, call.operation, stand_in(call))
        try:
            return self.backends.answer(request)
        except NotServed as error:
            raise Refusal("NotImplemented", f"The sandbox has no {call.service}.", 501) from error
        except NotImplementedError as error:
            message = f"The sandbox's {call.service} doesn't do {call.operation} yet."
            raise Refusal("NotImplemented", message, 501) from error
        except Exception as error:
            log.exception("The sandbox's %s failed at %s", call.service, call.operation)
            message = (
                f"The sandbox's {call.service} failed at {call.operation}, which AWS may answer: "
                f"{type(error).__name__}: {error}"
            )
            raise Refusal("InternalFailure", message, 500) from error

    def record(
        self,
        call: ServiceCall,
        code: str | None,
        message: str,
        note: str | None = None,
        caller: Caller | None = None,
    ) -> None:
        """Writes a call into the journal; it is the present caller's, unless another is named."""
        caller = caller or self._caller
        if not caller.noted:
            return
        self.journal.record(
            Call(
                at=self._now(),
                by=caller.by,
                service=call.service,
                operation=call.operation,
                params=redacted(call.service, call.operation, call.params),
                outcome="failed" if code else "succeeded",
                error=code,
                message=message or None,
                state=caller.state,
                note=note or self.remark(caller),
            )
        )


def _error_in(response: HttpResponse) -> tuple[str, str]:
    """The code and message of a service's error response, whatever its protocol."""
    from botocore.awsrequest import HeadersDict
    from botocore.model import Shape
    from botocore.parsers import ResponseParserError, create_parser

    text = response.body.lstrip()[:1]
    protocol = "json" if text == b"{" else "rest-xml" if b"<Errors>" not in response.body else "ec2"
    if b"<ErrorResponse" in response.body:
        protocol = "query"
    described = {
        "status_code": response.status,
        "headers": HeadersDict(response.headers),
        "body": response.body,
        "context": {},
    }
    try:
        error = (
            create_parser(protocol).parse(described, Shape("Nothing", {"type": "structure"})).get("Error", {})
        )
    except ResponseParserError:
        error = {}
    return str(error.get("Code") or response.status), str(error.get("Message", ""))
