"""What the journal doesn't keep: the values of parameters that the service's model calls sensitive, such as
MasterUserPassword, SecretString, ApiKeyValue."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from kit.services import models

HIDDEN: Final = "***"
NO_SERVICE: Final = "http"
"""HTTP Tasks are in the journal, too."""


def redacted(service: str, operation: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same parameters without what is sensitive; what is no AWS call stays as it is."""
    if not _holds_secrets(service, operation):
        return params
    hidden = _hidden(models.service_model(service).operation_model(operation).input_shape, params)
    assert isinstance(hidden, Mapping)
    return hidden


def _hidden(shape: Any, value: Any) -> Any:
    if shape.metadata.get("sensitive"):
        return HIDDEN
    if shape.type_name == "structure" and isinstance(value, Mapping):
        return {
            name: _hidden(shape.members[name], each) if name in shape.members else each
            for name, each in value.items()
        }
    if shape.type_name == "list" and isinstance(value, list | tuple):
        return [_hidden(shape.member, each) for each in value]
    if shape.type_name == "map" and isinstance(value, Mapping):
        return {name: _hidden(shape.value, each) for name, each in value.items()}
    return value


@cache
def _holds_secrets(service: str, operation: str) -> bool:
    if service == NO_SERVICE:
        return False
    model = models.service_model(service)
    if operation not in model.operation_names:
        return False
    return _is_sensitive(model.operation_model(operation).input_shape, set())


def _is_sensitive(shape: Any, seen: set[str]) -> bool:
    if shape is None or shape.name in seen:
        return False
    seen.add(shape.name)
    if shape.metadata.get("sensitive"):
        return True
    if shape.type_name == "structure":
        return any(_is_sensitive(each, seen) for each in shape.members.values())
    if shape.type_name == "list":
        return _is_sensitive(shape.member, seen)
    return shape.type_name == "map" and _is_sensitive(shape.value, seen)
