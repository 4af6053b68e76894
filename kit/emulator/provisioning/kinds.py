"""Where moto keeps the resources that take their time, and how each shows its status."""

from __future__ import annotations

from typing import Final

from kit.emulator.provisioning import compute, databases, edge, search
from kit.emulator.provisioning.kind import Kind

__all__ = ["GLOBAL", "KINDS", "Kind"]

GLOBAL: Final = frozenset({"cloudfront", "iam", "route53"})
"""Services that have no Regions."""

KINDS: Final = {**databases.KINDS, **search.KINDS, **compute.KINDS, **edge.KINDS}
