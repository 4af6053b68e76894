"""Where an HTTP Task may go, and the call itself.

AWS takes https only. Here plain http is taken too, but for this machine (loopback) only: our exception, so
that services need no certificates. Another host is called only where the sandbox's user allows it by name.

The call is made while virtual time stands still. AWS waits 60 seconds for an answer; here so many real
seconds, at most, hold the sandbox up (`REAL_SECONDS`), and 60 virtual seconds are charged for silence.
"""

from __future__ import annotations

import http.client
import ipaddress
import ssl
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from kit.emulator.http.composing import HttpTaskRequest
from kit.emulator.http.errors import HttpTaskError

REAL_SECONDS: Final = 20.0
LIMIT_SECONDS: Final = 60.0
MAX_BYTES: Final = 1024 * 1024
SOCKET: Final = "States.Http.Socket"


@dataclass(frozen=True, slots=True)
class Answered:
    status: int
    phrase: str
    headers: list[tuple[str, str]]
    body: bytes = field(repr=False)


class Sender:
    """Sends requests to this machine and to `allow_hosts`: names without a port, compared as they are."""

    def __init__(self, allow_hosts: tuple[str, ...] = (), *, seconds: float = REAL_SECONDS) -> None:
        self.allow_hosts = frozenset(host.lower().rstrip(".") for host in allow_hosts)
        self.seconds = seconds
        for host in allow_hosts:
            if not host or any(each in host for each in "/:@* "):
                raise ValueError(f"{host!r} is no host's name: give it as in 'api.github.com'")

    def check(self, url: str) -> None:
        """Raises HttpTaskError for an address that is none, is not https, or leads where nobody allowed."""
        try:
            address = urlsplit(url)
            host = (address.hostname or "").rstrip(".")
            _ = address.port
        except ValueError:
            host = ""
        if not host or address.scheme not in ("http", "https") or "@" in address.netloc:
            raise HttpTaskError("States.Runtime", "The ApiEndpoint is not a valid URL.")
        here = is_loopback(host)
        if address.scheme == "http" and not here:
            raise HttpTaskError(
                "States.Runtime",
                "The ApiEndpoint must begin with https://. "
                f"(The sandbox takes http:// for this machine only, not for {host}.)",
            )
        if not here and host not in self.allow_hosts:
            raise HttpTaskError(
                SOCKET,
                f"The sandbox doesn't call {host}. Allow it by its name, "
                f"Sandbox.local(allow_hosts=[{host!r}]) or kit serve --allow-host {host}, "
                "or call the sandbox's own services on this machine.",
            )

    def send(self, request: HttpTaskRequest) -> Answered:
        """Raises HttpTaskError States.Http.Socket where no answer comes. Redirects are not followed."""
        self.check(request.url)
        address = urlsplit(request.url)
        assert address.hostname is not None
        connection: http.client.HTTPConnection
        if address.scheme == "https":
            context = ssl.create_default_context()
            connection = http.client.HTTPSConnection(
                address.hostname, address.port, timeout=self.seconds, context=context
            )
        else:
            connection = http.client.HTTPConnection(address.hostname, address.port, timeout=self.seconds)
        target = f"{address.path}?{address.query}" if address.query else address.path
        try:
            connection.request(request.method, target, request.body or None, dict(request.headers))
            response = connection.getresponse()
            body = response.read(MAX_BYTES + 1)
            return Answered(response.status, response.reason, response.getheaders(), body)
        except TimeoutError:
            raise HttpTaskError(
                SOCKET, f"No answer from {address.hostname} in time.", LIMIT_SECONDS
            ) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            # The error's own words may show the address, which may hold a secret.
            raise HttpTaskError(
                SOCKET, f"No connection with {address.hostname}: {type(error).__name__}"
            ) from None
        finally:
            connection.close()


def is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
