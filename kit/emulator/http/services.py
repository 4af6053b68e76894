"""The sandbox's own HTTP services, at one port of this machine."""

from __future__ import annotations

from collections.abc import Callable

from kit.emulator.http.asked import read
from kit.emulator.http.github import GitHub
from kit.emulator.http.listener import Listener, json_response
from kit.emulator.http.slack import Slack
from kit.emulator.http.status_page import StatusPage
from kit.emulator.http1 import Received
from kit.emulator.messages import HttpResponse


class HttpServices:
    """`slack`, `github` and `status_page`. The port is opened when the first address is asked for."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._listener = Listener(self._answer)
        self.slack = Slack(lambda: self._listener.url, now)
        self.github = GitHub(lambda: self._listener.url, now)
        self.status_page = StatusPage(lambda: self._listener.url, now)

    def close(self) -> None:
        """Ends the server, if it was started."""
        self._listener.close()

    def _answer(self, request: Received) -> HttpResponse:
        services: dict[str, Slack | GitHub | StatusPage] = {
            "slack": self.slack,
            "github": self.github,
            "status": self.status_page,
        }
        name = request.target.partition("?")[0].strip("/").partition("/")[0]
        service = services.get(name)
        if service is None:
            return json_response({"message": f"Nothing is at /{name}; there are {', '.join(services)}."}, 404)
        return service.answer(read(request))
