"""botocore's service models, found by the names that Step Functions uses and loaded once a process."""

from __future__ import annotations

import gzip
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import botocore
from botocore.loaders import Loader
from botocore.model import ServiceModel

from kit.services import casing

_METADATA = re.compile(r'"metadata"\s*:\s*\{')
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
def all_metadata() -> dict[str, dict[str, Any]]:
    """The metadata of every service's model, by boto3's names. Only the heads of the models are read:
    all 400 take a fifth of a second so."""
    found = {name: _metadata(name) for name in loader().list_available_services("service-2")}
    return {name: each for name, each in found.items() if each}


def _metadata(client_name: str) -> dict[str, Any]:
    version = loader().determine_latest_version(client_name, "service-2")
    for root in loader().search_paths:
        packed = Path(root, client_name, version, "service-2.json.gz")
        plain = packed.with_suffix("")
        if packed.exists():
            with gzip.open(packed) as file:
                return _metadata_in(file.read(_HEAD_BYTES))
        if plain.exists():
            with plain.open("rb") as file:
                return _metadata_in(file.read(_HEAD_BYTES))
    return {}


def _metadata_in(head: bytes) -> dict[str, Any]:
    text = head.decode("utf-8", "replace")
    begin = _METADATA.search(text)
    if begin is None:
        return {}
    metadata: dict[str, Any] = json.JSONDecoder().raw_decode(text, begin.end() - 1)[0]
    return metadata


@cache
def _by_integration_name() -> dict[str, str]:
    names: dict[str, str] = {}
    for client_name, metadata in all_metadata().items():
        if "serviceId" in metadata:
            names.setdefault(casing.service_prefix(metadata["serviceId"]).lower(), client_name)
    return names


@cache
def clients_signing_as(signing_name: str) -> tuple[str, ...]:
    """The services, by boto3's names, whose requests are signed for `signing_name` (`es` -> `es` and
    `opensearch`)."""
    return tuple(
        name
        for name, metadata in all_metadata().items()
        if metadata.get("signingName", metadata["endpointPrefix"]) == signing_name
    )


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
