"""What is reached from inside a VPC only: a database's SQL and a search domain's own API.

A function that is configured with a VpcConfig finds the address in its environment, as
`SMALL_STEPS_PRIVATE_URL`; below it lies each host by the name that the services tell:

- `<url>/<the cluster's endpoint>/sql`: POST `{"sql": "update users set email = ?", "parameters": ["x"]}`,
  answered with `{"rows": [{...}], "count": 1}`. The SQL is SQLite's, whatever the cluster's engine is.
- `<url>/<the domain's endpoint>/_snapshot/...`: OpenSearch's snapshot API, and a little of its others.

Others don't get the address. That is a separation by courtesy, not by force: the port is open on this
machine, and a program that guesses the key in the address gets in.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from typing import Any

import orjson

from kit.emulator.backends import Backends
from kit.emulator.gateway import ServiceCall
from kit.emulator.http.listener import Listener, json_response
from kit.emulator.http1 import Received
from kit.emulator.messages import HttpResponse
from kit.emulator.private.databases import DatabaseError, Databases
from kit.emulator.private.search import Searches

__all__ = ["DatabaseError", "Databases", "PrivateNetwork", "Searches"]


class PrivateNetwork:
    """The hosts of one emulator's VPCs. Watches the gateway's calls, since data goes with clones, snapshots
    and deletions. `settle()` brings what is on its way up to date, under the emulator's lock."""

    def __init__(
        self, backends: Backends, *, region: str, settle: Callable[[], None], lock: threading.RLock
    ) -> None:
        self._backends, self._region, self._settle, self._lock = backends, region, settle, lock
        self.databases = Databases(self._is_reachable)
        self.searches = Searches()
        # In the place of a security group; nothing that is kept or shown depends on it.
        self._key = secrets.token_urlsafe(16)
        self._listener = Listener(self._answer)

    @property
    def url(self) -> str:
        """The address; opens the port when it is first asked for."""
        return f"{self._listener.url}/{self._key}"

    def close(self) -> None:
        self._listener.close()
        self.databases.close()

    def before(self, call: ServiceCall) -> None:
        """Refuses nothing."""

    def after(self, call: ServiceCall, response: HttpResponse) -> HttpResponse:
        if call.service == "rds":
            self.databases.follow(call.operation, call.params)
        elif (call.service, call.operation) == ("opensearch", "DeleteDomain"):
            self.searches.forget(str(call.params["DomainName"]))
        return response

    def _is_reachable(self, cluster: str) -> bool:
        """Whether an instance of the cluster is available."""
        with self._lock, self._backends.inside():
            self._settle()
            found = self._backends.backend("rds", self._region).clusters.get(cluster)
            return found is not None and any(each.status == "available" for each in found.members)

    def _answer(self, request: Received) -> HttpResponse:
        path, _, _ = request.target.partition("?")
        key, host, *rest = [*path.strip("/").split("/"), ""]
        if key != self._key:
            return json_response({"message": "Forbidden"}, 403)
        name = host.partition(".")[0]
        try:
            body: Any = orjson.loads(request.body) if request.body else {}
        except orjson.JSONDecodeError:
            return json_response({"message": "The body is no JSON."}, 400)
        if rest[:1] == ["sql"]:
            return self._sql(name, body)
        if self._is_domain(name):
            return self.searches.answer(name, request.method, [each for each in rest if each], body)
        return json_response({"message": f"There is no host {host} here."}, 404)

    def _sql(self, cluster: str, body: Any) -> HttpResponse:
        if not isinstance(body, dict) or not isinstance(body.get("sql"), str):
            return json_response({"message": 'The body must be like {"sql": "select 1"}.'}, 400)
        try:
            rows = self.databases.execute(cluster, body["sql"], body.get("parameters") or ())
        except DatabaseError as error:
            return json_response({"message": str(error)}, error.status)
        return json_response({"rows": rows, "count": len(rows)})

    def _is_domain(self, name: str) -> bool:
        with self._lock, self._backends.inside():
            self._settle()
            domain = self._backends.backend("opensearch", self._region).domains.get(name)
            return domain is not None and getattr(domain, "small_steps_status", "Active") != "Creating"
