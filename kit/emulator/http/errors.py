"""How an HTTP Task fails before or without an answer."""

from __future__ import annotations


class HttpTaskError(Exception):
    """`error` is the name to catch; `seconds` of virtual time went by until it was there."""

    def __init__(self, error: str, cause: str, seconds: float = 0.0) -> None:
        super().__init__(f"{error}: {cause}")
        self.error, self.cause, self.seconds = error, cause, seconds
