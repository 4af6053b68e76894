"""One loopback port for the sandbox's own HTTP services: one thread, started when it is needed."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Callable

import orjson

from kit.emulator.http1 import Connection, Malformed, Received
from kit.emulator.messages import HttpResponse

log = logging.getLogger(__name__)

HOME = "127.0.0.1"


class Listener:
    """Answers requests by `answer`, in a thread of its own, from the moment `url` is asked for until
    `close()`."""

    def __init__(self, answer: Callable[[Received], HttpResponse]) -> None:
        self._answer = answer
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._url = ""
        self._closed = False

    @property
    def url(self) -> str:
        """`http://127.0.0.1:<a free port>`. Raises RuntimeError where it has been closed."""
        with self._lock:
            if self._closed:
                raise RuntimeError("The sandbox is closed, and its HTTP services with it.")
            if self._thread is None:
                self._start()
            return self._url

    def close(self) -> None:
        with self._lock:
            self._closed = True
            thread, loop = self._thread, self._loop
        if thread is not None and loop is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(timeout=10)

    def _start(self) -> None:
        listening = socket.create_server((HOME, 0), backlog=64)
        self._url = f"http://{HOME}:{listening.getsockname()[1]}"
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(self._loop, listening, ready), name="small-steps-http", daemon=True
        )
        self._thread.start()
        ready.wait()

    def _run(self, loop: asyncio.AbstractEventLoop, listening: socket.socket, ready: threading.Event) -> None:
        connections: set[Connection] = set()

        def connect() -> Connection:
            return Connection(self._answered, _complaint, connections)

        server = loop.run_until_complete(loop.create_server(connect, sock=listening))
        ready.set()
        try:
            loop.run_forever()
        finally:
            server.close()
            for connection in list(connections):
                connection.close()
            loop.run_until_complete(asyncio.sleep(0))
            loop.close()

    def _answered(self, request: Received) -> HttpResponse:
        try:
            return self._answer(request)
        except Exception:
            log.exception("A request to the sandbox's HTTP services could not be answered")
            return json_response({"message": "The sandbox failed to answer; its log says why."}, 500)


def json_response(value: object, status: int = 200, **headers: str) -> HttpResponse:
    """`Retry_After="30"` becomes the header `Retry-After`."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return HttpResponse(
        status, {"Content-Type": "application/json; charset=utf-8", **named}, orjson.dumps(value)
    )


def text_response(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(status, {"Content-Type": "text/plain; charset=utf-8"}, text.encode())


def _complaint(malformed: Malformed) -> HttpResponse:
    return json_response({"message": malformed.message}, malformed.status)
