"""What is true of AWS services: resource ARNs, the three casings, error names, IAM actions.

All of it is derived from botocore's service models; nothing here calls AWS. The names are loaded when
they are asked for: `kit.services.catalog` and `kit.services.iam` do without botocore itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.services.names import (
        Action,
        UnknownAction,
        UnknownName,
        UnknownParameter,
        action,
        action_of,
        error_name,
        optimized_action,
    )

__all__ = [
    "Action",
    "UnknownAction",
    "UnknownName",
    "UnknownParameter",
    "action",
    "action_of",
    "error_name",
    "optimized_action",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from kit.services import names

    return getattr(names, name)
