"""HTTP/1.1 as AWS clients speak it, on asyncio: a connection's bytes become requests, one after another.

Made for many small requests: no stream objects, no header objects, one write a response. Understands
Content-Length and chunked bodies, keep-alive, pipelining, and `Expect: 100-continue`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from kit.emulator.messages import HttpResponse

HEAD_BYTES: Final = 64 * 1024
BODY_BYTES: Final = 256 * 1024 * 1024
METHODS: Final = frozenset({"GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came; header names are lower-cased."""

    method: str
    target: str
    headers: dict[str, str]
    named: list[tuple[str, str]]
    body: bytes

    @property
    def keeps_alive(self) -> bool:
        return "close" not in self.headers.get("connection", "").lower()


class Malformed(Exception):  # noqa: N818
    """What came is no request that can be answered; the connection is closed after telling so."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


Answer = Callable[[Received], "HttpResponse | Awaitable[HttpResponse]"]
Complain = Callable[[Malformed], HttpResponse]


class Connection(asyncio.Protocol):
    """One client's connection. Requests are answered in the order in which they came."""

    def __init__(self, answer: Answer, complain: Complain, open_connections: set[Connection]) -> None:
        self._answer, self._complain = answer, complain
        self._open = open_connections
        self._buffer = bytearray()
        self._head: tuple[str, str, dict[str, str], list[tuple[str, str]], int] | None = None
        self._transport: Any = None
        self._task: asyncio.Task[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._open.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._open.discard(self)
        self._writable.set()
        if self._task is not None:
            self._task.cancel()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._task is None:
            self._go_on()

    def _go_on(self) -> None:
        """Answers what is complete, as long as answers come at once."""
        while self._task is None and not self._transport.is_closing():
            try:
                request = self._next_request()
            except Malformed as malformed:
                self._send(self._complain(malformed), None)
                self._transport.close()
                return
            if request is None:
                return
            answer = self._answer(request)
            if isinstance(answer, HttpResponse):
                self._send(answer, request)
            else:
                self._task = asyncio.ensure_future(self._send_later(answer, request))

    async def _send_later(self, answer: Awaitable[HttpResponse], request: Received) -> None:
        response = await answer
        await self._writable.wait()
        self._task = None
        if not self._transport.is_closing():
            self._send(response, request)
            self._go_on()

    def _send(self, response: HttpResponse, request: Received | None) -> None:
        status = response.status
        try:
            phrase = HTTPStatus(status).phrase
        except ValueError:
            phrase = "Unknown"
        head = [f"HTTP/1.1 {status} {phrase}"]
        bare = request is not None and request.method == "HEAD"
        told = None
        for name, value in response.headers.items():
            lowered = name.lower()
            if lowered == "content-length":
                told = value
            elif lowered not in ("connection", "transfer-encoding"):
                head.append(f"{name}: {value}".replace("\r", " ").replace("\n", " "))
        head.append(f"Content-Length: {told if bare and told else len(response.body)}")
        keeps = request is not None and request.keeps_alive
        if not keeps:
            head.append("Connection: close")
        text = "\r\n".join(head).encode("latin-1", "replace") + b"\r\n\r\n"
        self._transport.write(text if bare else text + response.body)
        if not keeps:
            self._transport.close()

    # Reading.

    def _next_request(self) -> Received | None:
        if self._head is None and not self._read_head():
            return None
        assert self._head is not None
        method, target, headers, named, length = self._head
        body = self._read_body(length)
        if body is None:
            return None
        self._head = None
        return Received(method, target, headers, named, body)

    def _read_head(self) -> bool:
        while self._buffer[:2] == b"\r\n":
            del self._buffer[:2]
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > HEAD_BYTES:
                raise _too_large_a_head()
            if self._buffer and not _may_begin_a_request(self._buffer):
                raise _no_request()
            return False
        if end > HEAD_BYTES:
            raise _too_large_a_head()
        lines = self._buffer[:end].decode("latin-1").split("\r\n")
        del self._buffer[: end + 4]
        method, target = _request_line(lines[0])
        headers: dict[str, str] = {}
        named: list[tuple[str, str]] = []
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            if not colon or not name or name != name.strip():
                raise Malformed(400, "BadRequest", f"{line[:80]!r} is no header.")
            value = value.strip()
            named.append((name, value))
            key = name.lower()
            headers[key] = f"{headers[key]},{value}" if key in headers else value
        self._head = (method, target, headers, named, _length(headers))
        if headers.get("expect", "").lower() == "100-continue":
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return True

    def _read_body(self, length: int) -> bytes | None:
        """The body, when all of it is there; `length` below zero means chunked."""
        if length < 0:
            return self._read_chunks()
        if len(self._buffer) < length:
            return None
        body = bytes(self._buffer[:length])
        del self._buffer[:length]
        return body

    def _read_chunks(self) -> bytes | None:
        body, at = bytearray(), 0
        while True:
            line_end = self._buffer.find(b"\r\n", at)
            if line_end < 0:
                self._refuse_endless_bodies()
                return None
            try:
                size = int(bytes(self._buffer[at:line_end]).split(b";")[0], 16)
            except ValueError:
                raise Malformed(400, "BadRequest", "The chunked body is malformed.") from None
            at = line_end + 2
            if size == 0:
                end = self._buffer.find(b"\r\n", at)
                if end < 0:
                    return None
                del self._buffer[: end + 2]
                return bytes(body)
            if len(body) + size > BODY_BYTES:
                raise _too_large_a_body()
            if len(self._buffer) < at + size + 2:
                self._refuse_endless_bodies()
                return None
            body += self._buffer[at : at + size]
            at += size + 2

    def _refuse_endless_bodies(self) -> None:
        if len(self._buffer) > 2 * BODY_BYTES:
            raise _too_large_a_body()


def _request_line(line: str) -> tuple[str, str]:
    parts = line.split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1") or parts[0] not in METHODS:
        raise _no_request()
    target = parts[1]
    if target.startswith(("http://", "https://")):
        target = "/" + target.split("/", 3)[3] if target.count("/") > 2 else "/"
    if not target.startswith("/"):
        raise _no_request()
    return parts[0], target


def _may_begin_a_request(data: bytearray) -> bool:
    begin = bytes(data[:8]).decode("latin-1")
    return any(begin.startswith(f"{each} "[: len(begin)]) or f"{each} ".startswith(begin) for each in METHODS)


def _length(headers: dict[str, str]) -> int:
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return -1
    text = headers.get("content-length", "0")
    if not text.isdigit():
        raise Malformed(400, "BadRequest", f"Content-Length is {text[:40]!r}.")
    if int(text) > BODY_BYTES:
        raise _too_large_a_body()
    return int(text)


def _no_request() -> Malformed:
    return Malformed(400, "BadRequest", "This is no HTTP/1.1 request.")


def _too_large_a_head() -> Malformed:
    return Malformed(431, "RequestHeaderSectionTooLarge", f"The header is larger than {HEAD_BYTES} bytes.")


def _too_large_a_body() -> Malformed:
    return Malformed(413, "RequestEntityTooLarge", f"The body is larger than {BODY_BYTES} bytes.")
