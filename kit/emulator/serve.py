"""The emulator behind a port of this machine, for the AWS CLI and clients in any language.

One process, all services at one port. Requests for Step Functions are answered on the event loop itself
when the emulator is free at that moment, else in the clock's thread between two slices of its work. What
waits (GetActivityTask, StartSyncExecution, a Lambda's run) and the other services are answered in threads, so
that none blocks another. Only the loopback interface is bound, and requests
that a web page elsewhere could have caused (a foreign Host or Origin header) are refused.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import threading
import time
import uuid
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

from kit.emulator import routing, wire
from kit.emulator.api import ApiError, Pending
from kit.emulator.driver import Driver
from kit.emulator.emulator import Emulator
from kit.emulator.http1 import Connection, Malformed, Received
from kit.emulator.messages import HttpRequest, HttpResponse
from kit.emulator.refusals import Refusal
from kit.services import models

__all__ = ["Server", "serve"]

log = logging.getLogger(__name__)

TARGET: Final = "AWSStepFunctions."
JSON_TYPE: Final = "application/x-amz-json-1.0"
THREADS: Final = 16
HOME: Final = "127.0.0.1"


def serve(emulator: Emulator, port: int = 0) -> Server:
    """Listens at a port of 127.0.0.1 (0: any that is free). Raises OSError where it can't be had."""
    return Server(emulator, port)


class Server:
    """A running server. `url` is its address; `close()` ends it, but not the emulator."""

    def __init__(self, emulator: Emulator, port: int) -> None:
        self._service = _Service(emulator)
        self._socket = socket.create_server((HOME, port), backlog=512)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{HOME}:{self.port}"
        self._loop = asyncio.new_event_loop()
        self._closed = False
        ready = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(ready,), name="small-steps-server", daemon=True
        )
        self._thread.start()
        ready.wait()

    def close(self) -> None:
        """Stops listening and hangs up."""
        if self._closed:
            return
        self._closed = True
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Server at {self.url}>"

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        connections: set[Connection] = set()

        def connect() -> Connection:
            return Connection(self._service.answer, _complaint, connections)

        listening = self._loop.run_until_complete(self._loop.create_server(connect, sock=self._socket))
        self._service.begin(self._loop)
        ready.set()
        try:
            self._loop.run_forever()
        finally:
            self._service.end()
            self._loop.run_until_complete(_hang_up(listening, connections))
            self._loop.close()


async def _hang_up(listening: asyncio.Server, connections: set[Connection]) -> None:
    """Also on those whose connection has just been taken up."""
    listening.close()
    await asyncio.sleep(0)
    for connection in list(connections):
        connection.close()
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0)


class _Service:
    """Answers requests: who may ask, which service is meant, and in which thread it is answered."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._api, self._driver, self._lock = emulator.api, emulator.driver, emulator.lock
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="small-steps-call")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news = asyncio.Event()
        self._waiting = 0
        self._unsubscribe = emulator.driver.subscribe(self._tell)

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def end(self) -> None:
        self._unsubscribe()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def answer(self, request: Received) -> HttpResponse | Awaitable[HttpResponse]:
        try:
            return self._answer(request)
        except Exception:
            log.exception("A request could not be answered")
            return _internal_failure()

    def _answer(self, request: Received) -> HttpResponse | Awaitable[HttpResponse]:
        refused = _refusal_of_strangers(request)
        if refused is not None:
            return refused
        target = request.headers.get("x-amz-target", "")
        if target.startswith(TARGET):
            return self._answer_step_functions(target.removeprefix(TARGET), request.body)
        return self._in_thread(self._answer_service, request)

    async def _in_thread(self, function: Any, *arguments: Any) -> HttpResponse:
        try:
            answered: HttpResponse = await asyncio.get_running_loop().run_in_executor(
                self._threads, function, *arguments
            )
        except Exception:
            log.exception("A request could not be answered")
            return _internal_failure()
        return answered

    # Step Functions.

    def _answer_step_functions(self, operation: str, body: bytes) -> HttpResponse | Awaitable[HttpResponse]:
        try:
            params = orjson.loads(body) if body else {}
        except orjson.JSONDecodeError:
            return _failure("SerializationException", None)
        if not isinstance(params, dict):
            return _failure("SerializationException", "Start of structure or map found where not expected.")
        if not self._lock.acquire(blocking=False):
            return self._in_turn(operation, params)
        try:
            answer = self._begin(operation, params)
        finally:
            self._lock.release()
        return answer if isinstance(answer, HttpResponse) else self._when_ready(answer)

    async def _in_turn(self, operation: str, params: dict[str, Any]) -> HttpResponse:
        """Lets the clock's thread answer, which holds the emulator just now; the event loop goes on."""
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[HttpResponse | Pending] = loop.create_future()

        def begin() -> None:
            try:
                given = self._begin(operation, params)
            except Exception:
                log.exception("%s could not be answered", operation)
                given = _internal_failure()
            _tell_loop(loop, answered, given, self._driver)

        self._driver.visit(begin)
        answer = await answered
        return answer if isinstance(answer, HttpResponse) else await self._when_ready(answer)

    def _begin(self, operation: str, params: dict[str, Any]) -> HttpResponse | Pending:
        try:
            answer = self._api.begin(operation, params)
        except ApiError as error:
            return _failure(error.code, error.message, error.status, error.members)
        except (TypeError, AttributeError, KeyError):
            log.debug("%s could not be read", operation, exc_info=True)
            return _failure("SerializationException", None)
        return answer if isinstance(answer, Pending) else _success(answer)

    async def _when_ready(self, pending: Pending) -> HttpResponse:
        """Looks again whenever something has happened in the emulator, and when the time is up."""
        seconds, begin = pending.seconds, self._driver.now()
        late = None if seconds is None else time.monotonic() + seconds
        self._waiting += 1
        try:
            while True:
                self._news.clear()
                answer = await asyncio.get_running_loop().run_in_executor(
                    self._threads, self._look, pending, begin, late
                )
                if answer is not None:
                    return answer
                left = None if late is None else max(0.0, late - time.monotonic())
                try:
                    await asyncio.wait_for(self._news.wait(), left)
                except TimeoutError:
                    continue
        except asyncio.CancelledError:
            self._driver.visit(pending.cancel)
            raise
        finally:
            self._waiting -= 1

    def _look(self, pending: Pending, begin: float, late: float | None) -> HttpResponse | None:
        with self._lock:
            over = late is not None and time.monotonic() >= late
            if pending.seconds is not None and self._driver.now() >= begin + pending.seconds:
                over = True
            if not over and not pending.ready():
                return None
            try:
                return _success(pending.answer())
            except ApiError as error:
                return _failure(error.code, error.message, error.status, error.members)

    def _tell(self) -> None:
        if self._waiting and self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._news.set)

    # The other services.

    def _answer_service(self, request: Received) -> HttpResponse:
        path, _, query = request.target.partition("?")
        signed = routing.scope(request.headers.get("authorization", ""), query)
        host = request.headers.get("host", HOME).rsplit(":", 1)[0]
        sent = HttpRequest(request.method, host, request.target, request.named, request.body)
        try:
            found = routing.route(sent, signed, self._emulator.host_of)
        except routing.NoRoute as error:
            return _failure("MissingAuthenticationTokenException", f"{error} Path: {path}", 403)
        except LookupError as error:
            return _unknown_operation(signed, str(error))
        except ValueError as error:
            return _failure("SerializationException", str(error))
        gateway = self._emulator.gateway
        if gateway.is_ours(found.call):
            with self._driver.client_call():
                pass
            return _with_request_id(gateway.answer(found.call, found.request))
        with self._lock, self._driver.client_call():
            response = _with_request_id(gateway.answer(found.call, found.request))
        if found.call.operation.startswith(("Describe", "Get", "List")):
            self._emulator.move_on_for_a_poller(found.call.service, found.call.region)
        return response


def _tell_loop(
    loop: asyncio.AbstractEventLoop,
    answered: asyncio.Future[HttpResponse | Pending],
    given: HttpResponse | Pending,
    driver: Driver,
) -> None:
    """Gives an answer to the event loop, unless its client has hung up or the server has ended."""

    def give() -> None:
        if not answered.done():
            answered.set_result(given)
        elif isinstance(given, Pending):
            driver.visit(given.cancel)

    with contextlib.suppress(RuntimeError):  # The loop is closed.
        loop.call_soon_threadsafe(give)


def _refusal_of_strangers(request: Received) -> HttpResponse | None:
    """A web page may make a browser call this port: by its own name for this machine (Host), or across
    origins (Origin)."""
    host = request.headers.get("host", "")
    if not _is_home(urlsplit(f"//{host}").hostname if _is_plain(host) else None):
        return _failure("AccessDeniedException", "The sandbox answers to localhost only.", 403)
    origin = request.headers.get("origin")
    if origin is not None and not _is_home(urlsplit(origin).hostname if _is_plain(origin) else None):
        return _failure("AccessDeniedException", "The sandbox answers no web page of elsewhere.", 403)
    return None


def _is_plain(text: str) -> bool:
    return bool(text) and not any(each in text for each in "[@\\ ")


def _is_home(name: str | None) -> bool:
    return name is not None and (name in ("localhost", HOME) or name.endswith(".localhost"))


def _success(answer: dict[str, Any]) -> HttpResponse:
    body = orjson.dumps(answer, default=_epoch, option=orjson.OPT_PASSTHROUGH_DATETIME)
    return HttpResponse(200, _headers(), body)


def _epoch(value: Any) -> Any:
    """Times are seconds since 1970 in this protocol."""
    if isinstance(value, datetime):
        return round(value.timestamp(), 3)
    raise TypeError(f"{type(value).__name__} is nothing that the API answers")


def _failure(
    code: str, message: str | None, status: int = 400, members: dict[str, object] | None = None
) -> HttpResponse:
    told: dict[str, object] = {"__type": code, **(members or {})}
    if message is not None:
        told["message"] = message
    return HttpResponse(status, _headers(), orjson.dumps(told))


def _headers() -> dict[str, str]:
    return {"x-amzn-RequestId": str(uuid.uuid4()), "Content-Type": JSON_TYPE}


def _internal_failure() -> HttpResponse:
    return _failure("InternalFailure", "The sandbox failed to answer; its log says why.", 500)


def _complaint(malformed: Malformed) -> HttpResponse:
    return _failure(malformed.code, malformed.message, malformed.status)


def _unknown_operation(signed: tuple[str, str] | None, message: str) -> HttpResponse:
    """In the service's own protocol, as far as it can be told."""
    services = models.clients_signing_as(signed[0]) if signed else ()
    for service in services:
        protocol = models.service_model(service).metadata["protocol"]
        if protocol in ("query", "ec2", "rest-xml"):
            any_operation = models.service_model(service).operation_names[0]
            return wire.refusal(service, any_operation, Refusal("InvalidAction", message))
    return _failure("UnknownOperationException", message)


def _with_request_id(response: HttpResponse) -> HttpResponse:
    if any(name.lower() in ("x-amzn-requestid", "x-amz-request-id") for name in response.headers):
        return response
    headers = {**response.headers, "x-amzn-RequestId": str(uuid.uuid4())}
    return HttpResponse(response.status, headers, response.body)
