"""The one exception with which a part of the emulator refuses a call, as the service would."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818
    """A service's error: its `code`, `message` and HTTP `status`. `note` says what the sandbox did."""

    def __init__(self, code: str, message: str, status: int = 400, note: str | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status, self.note = code, message, status, note
