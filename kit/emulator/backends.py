"""moto in this process, with resources and a present of its own for each emulator.

moto keeps its resources in registries that are global to the process, keyed by account: two emulators of
the same account would see each other's, and S3 names would collide even between accounts. So each
emulator holds its registries' contents itself and puts them in place only while a call of its runs, under
one lock of the process. What was there before (moto used by somebody else) is put back afterwards.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import unquote_to_bytes

from kit.emulator import moto_fixes, virtual_time
from kit.emulator.messages import HttpRequest, HttpResponse
from kit.emulator.session import new_session

_process_lock = threading.RLock()
_OWN_ATTRIBUTES = {"backend", "service_name", "_use_boto3_regions", "_additional_regions", "_id"}


class NotServed(LookupError):  # noqa: N818
    """No backend serves this host and path."""


@dataclass
class _Registries:
    """The contents of moto's registries, one entry a registry in use."""

    contents: dict[int, tuple[Any, dict[str, Any], dict[str, Any]]] = field(default_factory=dict)

    def take_away(self) -> None:
        """Empties moto's registries into this."""
        in_use = _registries_in_use()
        self.contents = {}
        for registry in in_use:
            extras = {k: v for k, v in vars(registry).items() if k not in _OWN_ATTRIBUTES}
            self.contents[id(registry)] = (registry, dict(registry.items()), extras)
            registry.clear()
            for name, value in extras.items():
                setattr(registry, name, type(value)())
        in_use.clear()

    def put_in_place(self) -> None:
        """Fills moto's registries, which must be empty, from this."""
        in_use = _registries_in_use()
        for registry, accounts, extras in self.contents.values():
            registry.update(accounts)
            vars(registry).update(extras)
            in_use.append(registry)


@cache
def _registry(service: str) -> Any:
    """moto's registry of a service's backends; moto itself looks for it anew each time."""
    from moto.backends import get_backend

    return get_backend(service)  # type: ignore[call-overload]


@cache
def _session() -> Any:
    return new_session("us-east-1")


def _registries_in_use() -> list[Any]:
    """moto's list of those registries that hold anything."""
    from moto.core.base_backend import BackendDict

    registries: Any = BackendDict
    in_use: list[Any] = registries._instances
    return in_use


class Backends:
    """The AWS services of one emulator, but Step Functions.

    `now` gives the present in seconds since 1970. A call runs with this emulator's resources in place;
    `inside()` opens them for code that looks at moto's objects themselves.
    """

    def __init__(self, *, account: str, now: Callable[[], float], seed: int = 0) -> None:
        self.account, self._now, self._seed = account, now, seed
        self._registries = _Registries()
        self._depth = 0
        self._calls = 0

    @contextmanager
    def inside(self) -> Iterator[None]:
        """This emulator's resources are moto's, and its time moto's time, while it is open."""
        with _process_lock, virtual_time.shown(self._now):
            moto_fixes.install(_session)
            self._depth += 1
            if self._depth == 1:
                others = _Registries()
                others.take_away()
                self._registries.put_in_place()
                self._calls += 1
                _seed_moto(f"{self._seed}:{self._calls}")
            try:
                yield
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._registries.take_away()
                    others.put_in_place()

    def backend(self, service: str, region: str) -> Any:
        """moto's backend object of a service, of a Region or `aws` for those without; to be used
        `inside()`."""
        return _registry(service)[self.account][region]

    def regions_in_use(self, service: str) -> list[str]:
        """The Regions in which a service has been used, `aws` for those without; `inside()`."""
        registry = _registry(service)
        return list(registry[self.account]) if self.account in registry else []

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Answers a request. Raises NotServed where moto has no such service."""
        with self.inside():
            environ = environ_of(request)
            environ["HTTP_X_MOTO_ACCOUNT_ID"] = self.account
            return _dispatch(request.host, environ["RAW_URI"], environ)

    def close(self) -> None:
        """Forgets all resources, and closes the files of S3's objects."""
        if not self._calls:
            return  # Nothing is there, and moto need not be loaded to find that.
        with self.inside():
            for registry in _registries_in_use():
                if registry.service_name == "s3":
                    for _, _, backend in registry.iter_backends():
                        for bucket in backend.buckets.values():
                            bucket.keys.clear()
                registry.clear()
        self._registries = _Registries()


def _seed_moto(seed: str) -> None:
    """moto's ids follow from the sandbox's seed and the number of the call."""
    from moto.moto_api._internal import mock_random

    mock_random.seed(seed)


def environ_of(request: HttpRequest) -> dict[str, Any]:
    """The request as a WSGI environment, which is what moto's Request reads."""
    path, _, query = request.target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "RAW_URI": path,
        "QUERY_STRING": query,
        "SERVER_NAME": request.host,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    kept: dict[str, str] = {}
    for name, value in request.headers:
        key = name.upper().replace("-", "_")
        if key in ("HOST", "TRANSFER_ENCODING"):
            continue
        if "_" in name and name.lower().startswith("x-amz-meta-"):
            kept[f"HTTP_{key}"] = name
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    environ["HTTP_HOST"] = request.host
    environ["CONTENT_LENGTH"] = str(len(request.body))
    if kept:
        environ["moto.preserved_header_names"] = kept
    return environ


def _dispatch(host: str, path: str, environ: dict[str, Any]) -> HttpResponse:
    from moto.core.request import Request
    from werkzeug.exceptions import HTTPException

    for pattern, handler in _routes(host):
        if pattern.match(path):
            request = Request(environ)
            try:
                result = handler(request, request.raw_url, request.headers)
            except HTTPException as error:
                result = error.code, dict(error.get_headers()), error.get_body()
            status, headers, body = result if len(result) == 3 else (200, {}, result)
            return HttpResponse(int(status or 500), _texts(headers), _bytes(body))
    raise NotServed(f"no service of the sandbox answers at {host}{path}")


def _texts(headers: Any) -> dict[str, str]:
    return {str(k): str(v) for k, v in headers.items() if k.lower() != "status"}


def _bytes(body: Any) -> bytes:
    if hasattr(body, "read"):
        body = body.read()
    return body.encode() if isinstance(body, str) else bytes(body or b"")


@cache
def _routes(host: str) -> list[tuple[re.Pattern[str], Callable[..., Any]]]:
    """The paths that the services at a host answer, and what answers them. Kept for each host, since moto
    makes the list anew from some 200 services whenever it is asked."""
    from moto import backend_index
    from moto.core.base_backend import BackendDict

    routes = []
    for service, pattern in backend_index.backend_url_patterns:
        if not pattern.match(f"https://{host}"):
            continue
        registry = _registry(service)
        if isinstance(registry, BackendDict):
            regions = registry["000000000000"]
            backend = regions["us-east-1" if "us-east-1" in regions else "aws"]
            del registry["000000000000"]
        else:
            backend = registry["global"]
        routes += [(re.compile(path), handler) for path, handler in backend.url_paths.items()]
        moto_fixes.install_for(service)
    virtual_time.install()
    return routes
