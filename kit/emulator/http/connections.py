"""EventBridge connections: what they add to the requests of HTTP Tasks, and the OAuth tokens they fetch.

moto keeps the connections. Of OAuth, client credentials are done as RFC 6749 has them: id and secret in a
Basic header, the parameters as a form (by rule: AWS doesn't say). A token is fetched again when it is within
60 seconds of its end; and when a request was refused with 401 or 407, for the next one.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection-auth.html
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

import orjson

from kit.emulator.backends import Backends
from kit.emulator.gateway import ServiceCall
from kit.emulator.http.composing import Additions, HttpTaskRequest
from kit.emulator.http.errors import HttpTaskError
from kit.emulator.http.sending import Sender
from kit.emulator.messages import HttpResponse

EARLY_SECONDS: Final = 60.0
DEFAULT_TOKEN_SECONDS: Final = 3600.0
RESOURCE: Final = "Events.ConnectionResource"
_ARN = re.compile(r"arn:[a-z-]+:events:(?P<region>[a-z0-9-]+):\d{12}:connection/(?P<name>[^/]+)/[^/]+")


@dataclass(frozen=True, slots=True)
class _Token:
    value: str = field(repr=False)
    until: float
    made_for: Any = field(repr=False)


class Connections:
    """The connections of one emulator, with the tokens in force."""

    def __init__(self, backends: Backends, sender: Sender, now: Callable[[], float]) -> None:
        self._backends, self._sender, self._now = backends, sender, now
        self._tokens: dict[str, _Token] = {}

    def before(self, call: ServiceCall) -> None:
        """Nothing is refused."""

    def after(self, call: ServiceCall, response: HttpResponse) -> HttpResponse:
        """Takes the secrets out of DescribeConnection's answer, as AWS does and moto doesn't."""
        if (call.service, call.operation) != ("events", "DescribeConnection"):
            return response
        told = orjson.loads(response.body)
        told["AuthParameters"] = _without_secrets(told.get("AuthParameters", {}))
        return HttpResponse(response.status, response.headers, orjson.dumps(told))

    def additions(self, arn: str) -> Additions:
        """What the connection adds. Raises HttpTaskError `Events.ConnectionResource.…`."""
        kind, parameters = self._find(arn)
        plain = _http_parameters(parameters.get("InvocationHttpParameters"))
        headers = dict(plain.headers)
        if kind == "API_KEY":
            given = parameters["ApiKeyAuthParameters"]
            headers[given["ApiKeyName"]] = given["ApiKeyValue"]
        elif kind == "BASIC":
            given = parameters["BasicAuthParameters"]
            headers["Authorization"] = _basic(given["Username"], given["Password"])
        else:
            headers["Authorization"] = f"Bearer {self._token(arn, parameters['OAuthParameters'])}"
        return Additions(headers, plain.query, plain.body)

    def refused(self, arn: str) -> None:
        """The API answered 401 or 407: an OAuth token is fetched anew for the next request."""
        self._tokens.pop(arn, None)

    def secret_arn(self, arn: str) -> str | None:
        """The secret in which the connection's credentials are."""
        found = self._connection(arn)
        return None if found is None else str(found.secret_arn)

    def _connection(self, arn: str) -> Any:
        named = _ARN.fullmatch(arn)
        if named is None:
            return None
        with self._backends.inside():
            found = self._backends.backend("events", named["region"]).connections.get(named["name"])
        return found if found is not None and found.arn == arn else None

    def _find(self, arn: str) -> tuple[str, Mapping[str, Any]]:
        found = self._connection(arn)
        if found is None:
            raise HttpTaskError(f"{RESOURCE}.ResourceNotFound", f"The connection {arn} was not found.")
        if found.state == "AUTHORIZING":
            raise HttpTaskError(f"{RESOURCE}.AuthInProgress", f"The connection {arn} is being authorized.")
        if found.state != "AUTHORIZED":
            raise HttpTaskError(
                f"{RESOURCE}.InvalidConnectionState",
                f"The connection {arn} is in the state {found.state}, not AUTHORIZED.",
            )
        return found.authorization_type, found.auth_parameters

    def _token(self, arn: str, parameters: Mapping[str, Any]) -> str:
        kept = self._tokens.get(arn)
        if kept is not None and kept.made_for == parameters and kept.until - EARLY_SECONDS > self._now():
            return kept.value
        value, seconds = self._fetch(arn, parameters)
        self._tokens[arn] = _Token(value, self._now() + seconds, parameters)
        return value

    def _fetch(self, arn: str, parameters: Mapping[str, Any]) -> tuple[str, float]:
        client, extra = (
            parameters["ClientParameters"],
            _http_parameters(parameters.get("OAuthHttpParameters")),
        )
        method = parameters.get("HttpMethod", "POST")
        fields = {"grant_type": "client_credentials", **extra.body}
        query = {**extra.query, **(fields if method == "GET" else {})}
        endpoint = parameters["AuthorizationEndpoint"]
        url = f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}" if query else endpoint
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Authorization": _basic(client["ClientID"], client["ClientSecret"]),
            **extra.headers,
        }
        body = b"" if method == "GET" else urlencode(fields).encode()
        self._sender.check(url)
        answered = self._sender.send(HttpTaskRequest(method, url, headers, body))
        try:
            told = orjson.loads(answered.body) if answered.status == 200 else {}
            return str(told["access_token"]), float(told.get("expires_in", DEFAULT_TOKEN_SECONDS))
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
            raise HttpTaskError(
                f"{RESOURCE}.InvalidConnectionState",
                f"The connection {arn} could not be authorized: its authorization endpoint answered "
                f"{answered.status} without an access token.",
            ) from None


def _http_parameters(given: Mapping[str, Any] | None) -> Additions:
    def named(kind: str) -> dict[str, str]:
        return {each["Key"]: each.get("Value", "") for each in (given or {}).get(kind) or ()}

    return Additions(named("HeaderParameters"), named("QueryStringParameters"), named("BodyParameters"))


_SECRET_FIELDS: Final = {"ApiKeyValue", "Password", "ClientSecret"}


def _without_secrets(given: Any) -> Any:
    if isinstance(given, list):
        return [_without_secrets(each) for each in given]
    if not isinstance(given, Mapping):
        return given
    hidden = _SECRET_FIELDS | ({"Value"} if given.get("IsValueSecret") else set())
    return {name: _without_secrets(value) for name, value in given.items() if name not in hidden}


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
