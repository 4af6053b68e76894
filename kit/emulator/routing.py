"""Which service an HTTP request to the one port is for.

Clients say so in the credential scope of their signature; Step Functions also in `X-Amz-Target`. What is
signed for one name may be for one of several services (`es`: Elasticsearch or OpenSearch): then its
models tell which has such an operation.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from kit.emulator import wire
from kit.emulator.backends import environ_of
from kit.emulator.gateway import ServiceCall
from kit.emulator.messages import HttpRequest
from kit.services import models

_SCOPE = re.compile(
    r"Credential=[^/,\s]*/(?P<date>[^/,]*)/(?P<region>[^/,]*)/(?P<service>[^/,]*)/aws4_request"
)


@dataclass(frozen=True, slots=True)
class Route:
    """The call that a request makes, and the request as moto wants it, at the service's own host."""

    call: ServiceCall
    request: HttpRequest


class NoRoute(LookupError):  # noqa: N818
    """The request doesn't say which service it is for."""


def scope(authorization: str, query: str) -> tuple[str, str] | None:
    """The signed service and Region, from the Authorization header or a presigned URL's query."""
    found = _SCOPE.search(authorization)
    if found is None and "X-Amz-Credential" in query:
        found = _SCOPE.search(
            "Credential=" + unquote(query.partition("X-Amz-Credential=")[2].partition("&")[0])
        )
    return (found["service"].lower(), found["region"]) if found else None


def route(request: HttpRequest, signed: tuple[str, str] | None, host_of: Callable[[str, str], str]) -> Route:
    """Finds the service, the operation and its parameters. `host_of(service, region)` gives a service's own
    host. Raises NoRoute; LookupError where the service has no such operation; ValueError where the request
    can't be read."""
    if signed is None:
        raise NoRoute("The request is not signed, so it names no service.")
    name, region = signed
    candidates = models.clients_signing_as(name)
    if not candidates:
        raise NoRoute(f"There is no service {name}.")
    if name == "s3" and request.host.endswith(".localhost"):
        # A bucket as part of the host's name.
        target = f"/{request.host.removesuffix('.localhost')}{request.target}"
        request = HttpRequest(request.method, request.host, target, request.headers, request.body)
    call = _call(request, _by_likelihood(candidates), region)
    at_home = HttpRequest(
        request.method, host_of(call.service, region), request.target, request.headers, request.body
    )
    return Route(call, at_home)


def _by_likelihood(candidates: tuple[str, ...]) -> list[str]:
    """Those that moto has come first: `rds` before `docdb`."""
    return sorted(candidates, key=lambda name: (name in ("docdb", "neptune", "es", "elb", "ses"), name))


def _call(request: HttpRequest, candidates: list[str], region: str) -> ServiceCall:
    environ = environ_of(request)
    problem: Exception | None = None
    for service in candidates:
        try:
            operation, params = wire.operation(request, environ, service)
        except (LookupError, ValueError) as error:
            problem = problem or error
            continue
        if operation in models.service_model(service).operation_names:
            return ServiceCall(service, operation, params, region)
        problem = problem or LookupError(f"{service} has no operation {operation or '(none)'}")
    assert problem is not None
    raise problem
