"""The request of an HTTP Task: from the state's arguments, and what its connection adds and overrides.

https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote_plus, urlencode, urlsplit, urlunsplit

from kit.emulator.http.errors import HttpTaskError
from kit.engine.ports import Json
from kit.services.values import compact

METHODS: Final = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD")
FORM: Final = "application/x-www-form-urlencoded"
RANGE_BYTES: Final = 262_144

FORBIDDEN: Final = frozenset(
    {
        "accept-charset", "accept-encoding", "authorization", "cache-control", "connection",
        "content-encoding", "content-md5", "date", "expect", "forwarded", "from", "host", "if-match",
        "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "max-forwards", "origin",
        "pragma", "proxy-authorization", "referer", "server", "te", "trailer", "transfer-encoding", "upgrade",
        "via", "warning",
    }
)  # fmt: skip
FORBIDDEN_BEGINNINGS: Final = ("x-forwarded-", "x-amz-", "x-amzn-")

_FIELDS: Final[Mapping[str, type | tuple[type, ...]]] = {
    "ApiEndpoint": str,
    "Authentication": Mapping,
    "Headers": Mapping,
    "InvocationConfig": Mapping,
    "Method": str,
    "QueryParameters": Mapping,
    "RequestBody": object,
    "Transform": Mapping,
}
_ARRAYS: Final = ("INDICES", "REPEAT", "COMMAS", "BRACKETS")


@dataclass(frozen=True, slots=True)
class Additions:
    """What a connection puts into each request. None of it is to be shown."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class HttpTaskRequest:
    """What is sent. The address's query, the headers and the body may hold secrets."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def faults(arguments: Json) -> Iterator[str]:
    """What is wrong with the arguments themselves, in words."""
    if not isinstance(arguments, Mapping):
        yield "The value must be an OBJECT"
        return
    for name, value in arguments.items():
        if name not in _FIELDS:
            yield f'The field "{name}" is not supported by Step Functions'
        elif not isinstance(value, _FIELDS[name]):
            kind = "a STRING" if _FIELDS[name] is str else "an OBJECT"
            yield f"The value for the field '{name}' must be {kind}"
    for name in ("ApiEndpoint", "Method"):
        if name not in arguments:
            yield f"The field '{name}' is required but was missing"
    if connection_arn(arguments) is None:
        yield "The field 'ConnectionArn' is required but was missing"
    method = arguments.get("Method")
    if isinstance(method, str) and method not in METHODS:
        yield f"The value for the field 'Method' must be one of {', '.join(METHODS)}"
    headers = arguments.get("Headers")
    if isinstance(headers, Mapping):
        for name in headers:
            if is_forbidden(name):
                yield f"The header '{name}' is not allowed"
    yield from _faults_of_transform(arguments)


def _faults_of_transform(arguments: Mapping[str, Json]) -> Iterator[str]:
    transform = arguments.get("Transform")
    if not isinstance(transform, Mapping):
        return
    encoding = transform.get("RequestBodyEncoding", "NONE")
    if encoding not in ("NONE", "URL_ENCODED"):
        yield "The value for the field 'RequestBodyEncoding' must be one of NONE, URL_ENCODED"
    options = transform.get("RequestEncodingOptions") or {}
    if options.get("ArrayFormat", "INDICES") not in _ARRAYS:
        yield f"The value for the field 'ArrayFormat' must be one of {', '.join(_ARRAYS)}"
    if encoding == "URL_ENCODED" and FORM not in _header(arguments.get("Headers") or {}, "content-type"):
        yield f"RequestBodyEncoding URL_ENCODED needs the header content-type: {FORM}"


def is_forbidden(header: str) -> bool:
    lowered = header.lower()
    return lowered in FORBIDDEN or lowered.startswith(FORBIDDEN_BEGINNINGS)


def connection_arn(arguments: Mapping[str, Json]) -> str | None:
    """InvocationConfig's, or the older Authentication's."""
    for name in ("InvocationConfig", "Authentication"):
        given = arguments.get(name)
        if isinstance(given, Mapping) and isinstance(given.get("ConnectionArn"), str):
            return str(given["ConnectionArn"])
    return None


def compose(arguments: Mapping[str, Json], additions: Additions, region: str) -> HttpTaskRequest:
    """Raises HttpTaskError States.Runtime where the connection has values for a body that takes none."""
    headers = {str(name): _text(value) for name, value in (arguments.get("Headers") or {}).items()}
    body, kind = _body(arguments, additions.body, headers)
    for name, value in additions.headers.items():
        headers = {other: text for other, text in headers.items() if other.lower() != name.lower()}
        headers[name] = value
    if body and not _header(headers, "content-type"):
        headers["Content-Type"] = kind
    headers["User-Agent"] = f"Amazon|StepFunctions|HttpInvoke|{region}"
    headers["Range"] = f"bytes=0-{RANGE_BYTES}"
    for name, value in headers.items():
        if any(each in f"{name}{value}" for each in "\r\n\0") or not name.isascii():
            raise HttpTaskError("States.Runtime", f"The header '{name!r}' is not valid.")
    return HttpTaskRequest(str(arguments["Method"]), _url(arguments, additions.query), headers, body)


def _url(arguments: Mapping[str, Json], added: Mapping[str, str]) -> str:
    url = urlsplit(str(arguments["ApiEndpoint"]))
    given = {str(k): v for k, v in (arguments.get("QueryParameters") or {}).items() if k not in added}
    pairs = [
        (name, _text(each))
        for name, value in given.items()
        for each in (value if isinstance(value, list) else [value])
    ]
    kept = [part for part in url.query.split("&") if part and part.partition("=")[0] not in (*given, *added)]
    told = urlencode([*pairs, *added.items()])
    query = "&".join([*kept, *([told] if told else [])])
    return urlunsplit((url.scheme, url.netloc, url.path or "/", query, ""))


def _body(
    arguments: Mapping[str, Json], added: Mapping[str, str], headers: Mapping[str, str]
) -> tuple[bytes, str]:
    """The body's bytes and the type they have if no header says another."""
    given = arguments.get("RequestBody")
    if added:
        if given is not None and not isinstance(given, Mapping):
            raise HttpTaskError(
                "States.Runtime",
                "The connection has body parameters, so the RequestBody must be a JSON object.",
            )
        given = {**(given or {}), **added}
    if given is None:
        return b"", ""
    transform = arguments.get("Transform") or {}
    if transform.get("RequestBodyEncoding", "NONE") == "URL_ENCODED":
        if not isinstance(given, Mapping):
            raise HttpTaskError("States.Runtime", "Only a JSON object can be URL encoded.")
        array = (transform.get("RequestEncodingOptions") or {}).get("ArrayFormat", "INDICES")
        pairs = [pair for name, value in given.items() for pair in _form(str(name), value, array)]
        return "&".join(f"{quote_plus(name)}={quote_plus(text)}" for name, text in pairs).encode(), FORM
    content_type = _header(headers, "content-type")
    if isinstance(given, str) and content_type and "json" not in content_type:
        return given.encode(), content_type
    return compact(given).encode(), "application/json"


def _form(name: str, value: Json, array: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for inner, each in value.items():
            yield from _form(f"{name}[{inner}]", each, array)
    elif isinstance(value, list):
        if array == "COMMAS":
            yield name, ",".join(_text(each) for each in value)
            return
        for index, each in enumerate(value):
            named = {"INDICES": f"{name}[{index}]", "BRACKETS": f"{name}[]"}.get(array, name)
            yield from _form(named, each, array)
    else:
        yield name, _text(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else compact(value)


def _header(headers: Mapping[str, Any], wanted: str) -> str:
    return next((str(value).lower() for name, value in headers.items() if name.lower() == wanted), "")
