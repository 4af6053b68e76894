"""botocore's service models as plain JSON, read without importing botocore.

For tools that must start fast: botocore brings its HTTP client along, half a second of imports, where only
names are wanted. `kit.services.models` has the same models as botocore's own objects.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kit.services import casing

SDK_PREFIX = "arn:aws:states:::aws-sdk:"

_HINTS = {
    "sfn": "stepfunctions",
    "eventbridge": "events",
    "cloudwatchlogs": "logs",
    "costexplorer": "ce",
    "cognitoidentityprovider": "cognito-idp",
    "elasticloadbalancing": "elb",
    "elasticloadbalancingv2": "elbv2",
    "elasticsearch": "es",
    "databasemigration": "dms",
}
"""Where boto3's name is far from the integration's. What isn't here is looked for in all models."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a structure: `name` as ASL spells it, `api_name` as the API, `shape` its shape's name."""

    name: str
    api_name: str
    shape: str
    required: bool


class Service:
    """One service's model. Made by `service`, once a process."""

    def __init__(self, client_name: str, model: Mapping[str, Any]) -> None:
        self.client_name = client_name
        self.metadata: Mapping[str, Any] = model["metadata"]
        self.shapes: Mapping[str, Any] = model["shapes"]
        self._operations: Mapping[str, Any] = model["operations"]

    @cached_property
    def prefix(self) -> str:
        """What the service's error names begin with: `Rds`, `DynamoDb`."""
        return casing.service_prefix(self.metadata["serviceId"])

    @property
    def integration(self) -> str:
        """The name in `aws-sdk:<service>`."""
        return self.prefix.lower()

    @cached_property
    def operations(self) -> Mapping[str, str]:
        """The API's operations (`StopDBCluster`) by the names in a Resource (`stopDBCluster`)."""
        return {casing.operation(each): each for each in self._operations}

    @cached_property
    def error_shapes(self) -> Mapping[str, str]:
        """Names of modelled errors, by the codes that the service sends and by themselves."""
        names: dict[str, str] = {}
        for name, shape in self.shapes.items():
            if shape.get("exception"):
                names.setdefault(shape.get("error", {}).get("code", name), name)
                names.setdefault(name, name)
        return names

    def method(self, operation: str) -> str:
        """The HTTP method of an operation: `GET`."""
        return str(self._operations[operation]["http"]["method"])

    def input_shape(self, operation: str) -> str | None:
        """The name of the shape of an operation's parameters; None where it takes none."""
        found: str | None = self._operations[operation].get("input", {}).get("shape")
        return found

    def output_shape(self, operation: str) -> str | None:
        found: str | None = self._operations[operation].get("output", {}).get("shape")
        return found

    def members(self, shape: str | None, spell: Any = casing.member) -> Mapping[str, Member]:
        """A structure's members by ASL's names (`casing.raised` spells as optimized integrations do)."""
        described = self.shapes.get(shape, {}) if shape else {}
        required = set(described.get("required", ()))
        return {
            spell(name): Member(spell(name), name, each["shape"], name in required)
            for name, each in described.get("members", {}).items()
        }

    @cached_property
    def paginators(self) -> Mapping[str, Mapping[str, Any]]:
        """botocore's paginators by operation: `input_token`, `output_token`, `result_key`, `limit_key`."""
        found = _read(self.client_name, "paginators-1")
        pagination: Mapping[str, Mapping[str, Any]] = found.get("pagination", {}) if found else {}
        return pagination


@cache
def service(client_name: str) -> Service:
    """The model of the service that boto3 calls `client_name`. Raises KeyError where there is none."""
    model = _read(client_name, "service-2")
    if model is None:
        raise KeyError(client_name)
    return Service(client_name, model)


@cache
def find(integration: str) -> Service | None:
    """The service that `aws-sdk:<integration>` names; None where botocore has none."""
    return next((each for each in _candidates(integration) if each.integration == integration), None)


def integration_names() -> list[str]:
    """All services that an SDK integration may name. Reads the head of each model."""
    from kit.services import models

    return models.integration_names()


def _candidates(integration: str) -> Iterator[Service]:
    known = _client_names()
    if integration in _HINTS:
        yield service(_HINTS[integration])
    joined = {name.replace("-", ""): name for name in known}
    if integration in joined:
        yield service(joined[integration])
    # Only for rare names: this reads the head of each model, a fifth of a second in all.
    from kit.services import models

    name = models.client_name(integration)
    if name is not None:
        yield service(name)


@cache
def _client_names() -> tuple[str, ...]:
    return tuple(sorted(each.name for each in _data().iterdir() if each.is_dir()))


@cache
def _data() -> Path:
    found = find_spec("botocore")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("botocore, which has the models of AWS's services, isn't installed")
    return Path(found.submodule_search_locations[0]) / "data"


def _read(client_name: str, kind: str) -> Any:
    """The newest document of a kind, with what botocore's own additions (sdk-extras) merge into it."""
    folder = _data() / client_name
    versions = sorted(folder.iterdir(), reverse=True) if folder.is_dir() else []
    for version in versions:
        document = _load(version / f"{kind}.json")
        if document is not None:
            extras = _load(version / f"{kind}.sdk-extras.json") or {}
            _merge(document, extras.get("merge", {}))
            return document
    return None


def _load(path: Path) -> Any:
    packed = path.with_name(f"{path.name}.gz")
    if packed.exists():
        return json.loads(gzip.decompress(packed.read_bytes()))
    return json.loads(path.read_bytes()) if path.exists() else None


def _merge(base: dict[str, Any], extra: Mapping[str, Any]) -> None:
    for key, value in extra.items():
        if isinstance(value, Mapping) and isinstance(base.get(key), dict):
            _merge(base[key], value)
        else:
            base[key] = value
