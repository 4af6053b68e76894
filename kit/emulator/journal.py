"""The calls made to the sandbox's services: who called what, when, and what came of it.

The history tells what AWS tells; this is what only a sandbox knows. Step Functions' own API is not in it
where a client calls it, only where a state machine does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, overload


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `by` is the ARN of the execution that made it, or `client` for a person's own; `state`
    the execution's state. `service` is boto3's name, `operation` the API's, `params` as the API takes
    them. `outcome` is `succeeded` or `failed`, then with `error`, the service's own code, and `message`.
    `note` says what the sandbox did to it (a fault injected), if anything."""

    at: dt.datetime
    by: str
    service: str
    operation: str
    params: Mapping[str, Any] = field(repr=False)
    outcome: str = "succeeded"
    error: str | None = None
    message: str | None = None
    state: str | None = None
    note: str | None = None

    @property
    def name(self) -> str:
        """`rds:StopDBCluster`."""
        return f"{self.service}:{self.operation}"


class Journal(Sequence[Call]):
    """All calls in their order; `journal("rds:StopDBCluster")` picks those of one operation, and
    `journal("rds")` those of one service."""

    def __init__(self) -> None:
        self._calls: list[Call] = []

    def record(self, call: Call) -> None:
        self._calls.append(call)

    def clear(self) -> None:
        self._calls.clear()

    def __call__(self, name: str, *, by: str | None = None) -> list[Call]:
        wanted = name.lower()
        return [
            call
            for call in self._calls
            if wanted in (call.name.lower(), call.service) and (by is None or call.by == by)
        ]

    @overload
    def __getitem__(self, index: int) -> Call: ...
    @overload
    def __getitem__(self, index: slice) -> list[Call]: ...
    def __getitem__(self, index: int | slice) -> Call | list[Call]:
        return self._calls[index]

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[Call]:
        return iter(tuple(self._calls))

    def __repr__(self) -> str:
        return f"<Journal of {len(self)} calls>"
