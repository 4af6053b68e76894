"""A request to one of the sandbox's HTTP services, read: its path, its fields, its token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson

from kit.emulator.http1 import Received


@dataclass(frozen=True, slots=True)
class Asked:
    """`path` has the parts of the path below the service, `fields` the body's JSON object or form (None
    where the body is neither), `query` the query's parameters."""

    method: str
    path: tuple[str, ...]
    query: dict[str, str]
    fields: dict[str, Any] | None
    headers: dict[str, str]

    @property
    def scheme(self) -> str:
        """`bearer`, `token` or `basic`, lower-cased; empty without an Authorization header."""
        return self.headers.get("authorization", "").partition(" ")[0].lower()

    @property
    def token(self) -> str:
        """What follows the scheme in the Authorization header."""
        return self.headers.get("authorization", "").partition(" ")[2].strip()


def read(request: Received) -> Asked:
    path, _, query = request.target.partition("?")
    parts = tuple(unquote(part) for part in path.split("/") if part)
    return Asked(request.method, parts[1:], dict(parse_qsl(query)), _fields(request), dict(request.headers))


def _fields(request: Received) -> dict[str, Any] | None:
    if not request.body:
        return {}
    if "x-www-form-urlencoded" in request.headers.get("content-type", ""):
        return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        found = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None
