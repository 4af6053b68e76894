"""ACM, CloudFront and Route 53: changes that spread over the world, and certificates that expire."""

from __future__ import annotations

from typing import Any, Final

from kit.emulator import virtual_time
from kit.emulator.provisioning.kind import Kind, moment


def _show_certificate(certificate: Any, status: str, _since: float) -> None:
    certificate.status = status
    certificate.check = lambda: _expire(certificate)


def _expire(certificate: Any) -> None:
    """A certificate that nobody renews; moto's own check also ends its validation after a minute."""
    if certificate._not_valid_after(certificate._cert) <= moment(virtual_time.seconds()):
        certificate.status = "EXPIRED"


def _show_distribution(distribution: Any, status: str, _since: float) -> None:
    distribution.small_steps_status = status


def _show(resource: Any, status: str, _since: float) -> None:
    resource.status = status


def _invalidations(cloudfront: Any) -> dict[str, Any]:
    return {each.id: each for those in cloudfront.invalidations.values() for each in those}


KINDS: Final = {
    "acm certificate": Kind(
        "acm", lambda acm: acm._certificates, _show_certificate, lambda each: each.status
    ),
    "cloudfront distribution": Kind(
        "cloudfront",
        lambda cloudfront: cloudfront.distributions,
        _show_distribution,
        lambda each: each.status,
    ),
    "cloudfront invalidation": Kind(
        "cloudfront",
        _invalidations,
        _show,
        lambda each: each.status,
        lasts=lambda status: status == "InProgress",
        forgettable=False,
    ),
    "route53 change": Kind(
        "route53",
        lambda route53: vars(route53).setdefault("small_steps_changes", {}),
        _show,
        lambda each: each.status,
        name=lambda identifier: identifier.rpartition("/")[2],
        lasts=lambda status: status == "PENDING",
    ),
}
