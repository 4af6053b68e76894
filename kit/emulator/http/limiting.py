"""Too many requests, on purpose: the next so many calls of a service are refused with 429."""

from __future__ import annotations

from kit.emulator.http.listener import json_response
from kit.emulator.messages import HttpResponse


class Limiting:
    """A service that can be told to refuse: `slack.rate_limit(times=2)`."""

    def __init__(self) -> None:
        self._refusals = 0
        self._retry_after = 1

    def rate_limit(self, *, times: int = 1, retry_after: int = 1) -> None:
        """Lets the next `times` requests fail with 429, `Retry-After: <retry_after seconds>`."""
        if times < 0 or retry_after < 0:
            raise ValueError("times and retry_after must not be negative")
        self._refusals, self._retry_after = times, retry_after

    def refuse(self, body: object) -> HttpResponse | None:
        """The refusal of this request, if one is left."""
        if not self._refusals:
            return None
        self._refusals -= 1
        return json_response(body, 429, Retry_After=str(self._retry_after))
