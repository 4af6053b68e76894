"""What a deployed machine and its runs need of their account."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from kit.sandbox.pace import Pace
from kit.view.timeline import Noted


class Hands(Protocol):
    """The hands on a clock that can be stopped. `mode` is its speed."""

    mode: str

    def pause(self) -> object: ...
    def resume(self) -> object: ...
    def step(self) -> object: ...


@dataclass(frozen=True, slots=True)
class Connection:
    """`client` is Step Functions', `make_pace` gives a way to wait for news, `clock` is there where time
    is virtual, `calls` are the calls made to services, where the sandbox keeps them."""

    client: Any
    make_pace: Callable[[], Pace]
    clock: Hands | None = None
    calls: Iterable[Noted] = ()
