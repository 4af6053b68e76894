"""What a run made in the account and did not delete, told from its calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from kit.services import models

MAKING = ("Create", "Restore", "Copy")


def leftovers(calls: Iterable[Any]) -> list[Any]:
    """The calls that made a thing which no later call of the run deletes.

    Making are Create…, Restore… and Copy…; deleting is the Delete… of the same noun, of a thing of the same
    name or of an ARN that ends in it. What a service deletes with another thing is not known here.
    """
    left: list[Any] = []
    for call in calls:
        if call.outcome != "succeeded":
            continue
        if call.operation.startswith("Delete"):
            left = [made for made in left if not _deletes(call, made)]
        elif call.operation.startswith(MAKING) and deletion_of(call.service, call.operation) is not None:
            left.append(call)
    return left


@cache
def deletion_of(service: str, operation: str) -> str | None:
    """`RestoreDBClusterToPointInTime` -> `DeleteDBCluster`: the longest noun that stands in the name."""
    bare = next((operation.removeprefix(verb) for verb in MAKING if operation.startswith(verb)), operation)
    nouns = [
        name.removeprefix("Delete")
        for name in models.service_model(service).operation_names
        if name.startswith("Delete") and name.removeprefix("Delete") in bare
    ]
    return f"Delete{max(nouns, key=len)}" if nouns else None


def _deletes(deletion: Any, made: Any) -> bool:
    if deletion.service != made.service or deletion_of(made.service, made.operation) != deletion.operation:
        return False
    names = set(_texts(made.params))
    return any(
        gone == name or gone.endswith((f":{name}", f"/{name}"))
        for gone in _texts(deletion.params)
        for name in names
    )


def _texts(params: Mapping[str, Any]) -> Iterator[str]:
    return (value for value in params.values() if isinstance(value, str) and value)
