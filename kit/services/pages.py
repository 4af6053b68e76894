"""How an action gives its answer page by page, from botocore's paginators, in ASL's casing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore.exceptions import DataNotFoundError, UnknownServiceError

from kit.services import models
from kit.services.names import Action, UnknownAction


@dataclass(frozen=True, slots=True)
class Paging:
    """`next` are pairs: a parameter that says which page, and the field of the answer that gives it for the
    page after. S3 has two where others have one. `items` is the field with the page's list."""

    next: tuple[tuple[str, str], ...]
    items: str


def paging(action: Action) -> Paging:
    """Raises UnknownAction where the action gives no pages, or none that fields alone lead through."""
    label = f"{action.service}:{action.name}"
    found = _paginators(action.client_name).get(action.operation)
    if found is None:
        raise UnknownAction(f"{label} gives its answer in one page", action.name, None)
    inputs, outputs = _listed(found["input_token"]), _listed(found["output_token"])
    if any("||" in output for output in outputs):
        raise UnknownAction(f"{label} tells its next page in more than one way", action.name, None)
    return Paging(
        tuple(
            (_spelled(action, one), _spelled(action, other))
            for one, other in zip(inputs, outputs, strict=True)
        ),
        _spelled(action, _listed(found["result_key"])[0]),
    )


@cache
def _paginators(client_name: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = models.loader().load_service_model(client_name, "paginators-1")["pagination"]
    except (DataNotFoundError, UnknownServiceError):
        return {}
    return found


def _listed(names: str | list[str]) -> list[str]:
    return names if isinstance(names, list) else [names]


def _spelled(action: Action, path: str) -> str:
    return ".".join(action.spell(step) for step in path.split("."))
