"""OpenSearch domains, which tell by flags how they stand."""

from __future__ import annotations

from typing import Any, Final

import orjson

from kit.emulator.provisioning.kind import Kind


def _show(domain: Any, status: str, _since: float) -> None:
    """While it is being created it has no endpoint."""
    domain.processing = status != "Active"
    domain.deleted = status == "Deleting"
    domain.small_steps_status = status
    domain.to_dict = lambda: _described(domain)


def _described(domain: Any) -> dict[str, Any]:
    told: dict[str, Any] = type(domain).to_dict(domain)
    status = domain.small_steps_status
    told["DomainProcessingStatus"] = status
    told["UpgradeProcessing"] = status == "UpgradingEngineVersion"
    if status == "Creating":
        told["Created"] = False
        told.pop("Endpoint", None)
        told.pop("Endpoints", None)
    return told


def _tell(domain: Any, body: bytes) -> bytes:
    told = orjson.loads(body)
    if "DomainStatus" in told:
        told["DomainStatus"] = _described(domain)
    return orjson.dumps(told)


KINDS: Final = {
    "opensearch domain": Kind(
        "opensearch",
        lambda search: search.domains,
        _show,
        lambda each: getattr(each, "small_steps_status", "Active"),
        tell=_tell,
    )
}
