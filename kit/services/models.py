"""botocore's service models, found by the names that Step Functions uses and loaded once a process."""

from __future__ import annotations

import gzip
import re
from functools import cache
from pathlib import Path

import botocore
from botocore.loaders import Loader
from botocore.model import ServiceModel

from kit.services import casing

_SERVICE_ID = re.compile(r'"serviceId"\s*:\s*"([^"]+)"')
_HEAD_BYTES = 8_192


@cache
def loader() -> Loader:
    """One loader for all sessions of the process, so that no model is read twice."""
    return Loader(extra_search_paths=[str(Path(botocore.__file__).parent / "data")])


@cache
def service_model(client_name: str) -> ServiceModel:
    """The model of the service that boto3 calls `client_name`, such as `stepfunctions` or `rds`."""
    return ServiceModel(loader().load_service_model(client_name, "service-2"), client_name)


@cache
def integration_name(client_name: str) -> str:
    """boto3's `stepfunctions` -> `sfn`, `logs` -> `cloudwatchlogs`: as in `aws-sdk:<service>`."""
    return casing.service_prefix(service_model(client_name).metadata["serviceId"]).lower()


@cache
def _by_integration_name() -> dict[str, str]:
    names: dict[str, str] = {}
    for client_name in loader().list_available_services("service-2"):
        service_id = _service_id(client_name)
        if service_id:
            names.setdefault(casing.service_prefix(service_id).lower(), client_name)
    return names


def _service_id(client_name: str) -> str | None:
    """Reads only the head of the model's file: all 400 models take a tenth of a second so."""
    version = loader().determine_latest_version(client_name, "service-2")
    for root in loader().search_paths:
        packed = Path(root, client_name, version, "service-2.json.gz")
        plain = packed.with_suffix("")
        if packed.exists():
            with gzip.open(packed) as file:
                found = _SERVICE_ID.search(file.read(_HEAD_BYTES).decode("utf-8", "replace"))
        elif plain.exists():
            with plain.open("rb") as file:
                found = _SERVICE_ID.search(file.read(_HEAD_BYTES).decode("utf-8", "replace"))
        else:
            continue
        if found:
            return found[1]
        service_id: str | None = service_model(client_name).metadata.get("serviceId")
        return service_id
    return None


def client_name(integration: str) -> str | None:
    """`sfn` -> `stepfunctions`, `rds` -> `rds`; None where botocore has no such service."""
    if integration in _direct() and integration_name(integration) == integration:
        return integration
    return _by_integration_name().get(integration)


@cache
def _direct() -> frozenset[str]:
    return frozenset(loader().list_available_services("service-2"))


def integration_names() -> list[str]:
    """All services that an SDK integration may name, as `aws-sdk:<service>` spells them."""
    return sorted(_by_integration_name())


@cache
def error_shapes(client_name: str) -> dict[str, str]:
    """The names of the service's modelled errors, by the codes that the service sends and by themselves."""
    names: dict[str, str] = {}
    for name, shape in loader().load_service_model(client_name, "service-2")["shapes"].items():
        if shape.get("exception"):
            names.setdefault(shape.get("error", {}).get("code", name), name)
            names.setdefault(name, name)
    return names
