"""Lists a page at a time."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from kit.emulator.api.errors import ApiError, validation_error

Item = TypeVar("Item")


def page(
    items: Sequence[Item],
    params: dict[str, Any],
    key: str,
    show: Callable[[Item], Any],
    *,
    default: int = 100,
    most: int = 1000,
) -> dict[str, Any]:
    """The page that `maxResults` and `nextToken` ask for, each item as `show` gives it; `nextToken` if
    there is more. Raises ApiError InvalidToken for a token that this list hasn't given."""
    size = params.get("maxResults") or default
    if not 0 <= size <= most:
        raise validation_error(
            f"1 validation error detected: Value '{size}' at 'maxResults' failed to satisfy constraint: "
            f"Member must have value less than or equal to {most}"
        )
    token = params.get("nextToken")
    begin = 0 if token is None else _begin(token, key)
    end = min(begin + size, len(items))
    answer: dict[str, Any] = {key: [show(item) for item in items[begin:end]]}
    if end < len(items):
        answer["nextToken"] = base64.urlsafe_b64encode(f"{key}:{end}".encode()).decode()
    return answer


def _begin(token: str, key: str) -> int:
    refused = ApiError("InvalidToken", f"Invalid Token: '{token}'")
    try:
        name, _, number = base64.urlsafe_b64decode(token).decode().partition(":")
        begin = int(number)
    except (binascii.Error, ValueError):
        raise refused from None
    if name != key:
        raise refused
    return begin
