"""A small status page: what is up, and incidents. Reading is free; writing needs an OAuth token.

The addresses are those of Atlassian's Statuspage, as far as they go; the token comes from `/oauth/token` by
client credentials, which is this page's own way, so that an EventBridge connection of type OAuth has
something to talk to. What it doesn't model: scheduled maintenance, subscribers, templates, several pages.
https://metastatuspage.com/api
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kit.emulator.http.asked import Asked
from kit.emulator.http.limiting import Limiting
from kit.emulator.http.listener import json_response
from kit.emulator.messages import HttpResponse

STATUSES = ("operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance")
TOKEN_SECONDS = 3600


@dataclass(slots=True)
class Incident:
    """An incident that was told on the page; `status` is investigating, identified, monitoring, resolved."""

    id: str
    name: str
    status: str
    body: str
    created_at: str


class StatusPage(Limiting):
    """`url` is the page's API, `token_url` where a client gets its token.

    `set("api", "partial_outage")` changes a component, which is made where it is new. A client is who
    gives an id and a secret; `clients` (id: secret), if set, says which are right.
    """

    def __init__(self, base: Callable[[], str], now: Callable[[], float]) -> None:
        super().__init__()
        self._base, self._now = base, now
        self._components: dict[str, str] = {"website": "operational", "api": "operational"}
        self._incidents: list[Incident] = []
        self._tokens: dict[str, float] = {}
        self.clients: dict[str, str] | None = None
        self.token_seconds = TOKEN_SECONDS

    @property
    def url(self) -> str:
        return f"{self._base()}/status/api/v2"

    @property
    def token_url(self) -> str:
        return f"{self._base()}/status/oauth/token"

    @property
    def incidents(self) -> list[Incident]:
        """What was told, the oldest first."""
        return list(self._incidents)

    @property
    def components(self) -> dict[str, str]:
        """The status of each component."""
        return dict(self._components)

    @property
    def tokens_given(self) -> int:
        """How many tokens clients have fetched."""
        return len(self._tokens)

    def set(self, component: str, status: str) -> None:
        if status not in STATUSES:
            raise ValueError(f"no status {status!r}: use one of {', '.join(STATUSES)}")
        self._components[component] = status

    def revoke_tokens(self) -> None:
        """No token that was given is good any more."""
        self._tokens = dict.fromkeys(self._tokens, 0.0)

    def answer(self, asked: Asked) -> HttpResponse:
        limited = self.refuse({"error": "rate limited"})
        if limited is not None:
            return limited
        if asked.path == ("oauth", "token"):
            return self._token(asked)
        if asked.path[:2] != ("api", "v2"):
            return json_response({"error": "not found"}, 404)
        match asked.method, asked.path[2:]:
            case "GET", ("status.json",):
                return json_response({"status": self._overall()})
            case "GET", ("summary.json" | "components.json",):
                listed = [{"name": name, "status": each} for name, each in self._components.items()]
                open_ones = [self._told(each) for each in self._incidents if each.status != "resolved"]
                told = {"status": self._overall(), "components": listed, "incidents": open_ones}
                return json_response(told)
            case "GET", ("incidents.json",):
                return json_response({"incidents": [self._told(each) for each in self._incidents[::-1]]})
            case "POST", ("incidents",):
                return self._tell(asked)
            case "PATCH", ("incidents", str() as identifier):
                return self._change(asked, identifier)
        return json_response({"error": "not found"}, 404)

    # Writing.

    def _tell(self, asked: Asked) -> HttpResponse:
        if (refused := self._refused(asked)) is not None:
            return refused
        fields = asked.fields or {}
        if not fields.get("name"):
            return json_response({"error": "name can't be blank"}, 422)
        incident = Incident(
            f"incident-{len(self._incidents) + 1}",
            str(fields["name"]),
            str(fields.get("status") or "investigating"),
            str(fields.get("body") or ""),
            dt.datetime.fromtimestamp(self._now(), dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        self._incidents.append(incident)
        return json_response(self._told(incident), 201)

    def _change(self, asked: Asked, identifier: str) -> HttpResponse:
        if (refused := self._refused(asked)) is not None:
            return refused
        found = next((each for each in self._incidents if each.id == identifier), None)
        if found is None:
            return json_response({"error": "not found"}, 404)
        fields = asked.fields or {}
        found.status = str(fields.get("status") or found.status)
        found.body = str(fields.get("body") or found.body)
        return json_response(self._told(found))

    def _refused(self, asked: Asked) -> HttpResponse | None:
        if asked.scheme == "bearer" and self._tokens.get(asked.token, 0) > self._now():
            return None
        return json_response({"error": "invalid_token"}, 401)

    def _token(self, asked: Asked) -> HttpResponse:
        """https://datatracker.ietf.org/doc/html/rfc6749#section-4.4"""
        fields = asked.query | (asked.fields or {})
        if fields.get("grant_type") != "client_credentials":
            return json_response({"error": "unsupported_grant_type"}, 400)
        client, secret = _client(asked, fields)
        if not client or not secret or (self.clients is not None and self.clients.get(client) != secret):
            return json_response({"error": "invalid_client"}, 401)
        token = f"status-token-{len(self._tokens) + 1}"
        self._tokens[token] = self._now() + self.token_seconds
        return json_response(
            {"access_token": token, "token_type": "Bearer", "expires_in": self.token_seconds}
        )

    # Telling.

    def _overall(self) -> dict[str, str]:
        worst = max(self._components.values(), key=lambda each: STATUSES.index(each) % 4, default=STATUSES[0])
        told = {
            "operational": ("none", "All Systems Operational"),
            "degraded_performance": ("minor", "Partially Degraded Service"),
            "partial_outage": ("major", "Partial System Outage"),
            "major_outage": ("critical", "Major Service Outage"),
        }
        indicator, description = told.get(worst, ("maintenance", "Service Under Maintenance"))
        return {"indicator": indicator, "description": description}

    def _told(self, incident: Incident) -> dict[str, Any]:
        return {name: getattr(incident, name) for name in ("id", "name", "status", "body", "created_at")}

    def __repr__(self) -> str:
        return f"<StatusPage: {self._overall()['description']}, {len(self._incidents)} incidents>"


def _client(asked: Asked, fields: dict[str, Any]) -> tuple[str, str]:
    if asked.scheme != "basic":
        return str(fields.get("client_id") or ""), str(fields.get("client_secret") or "")
    try:
        client, _, secret = base64.b64decode(asked.token, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return client, secret
