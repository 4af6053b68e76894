"""What is true of AWS services: resource ARNs, the three casings, error names, IAM actions.

All of it is derived from botocore's service models; nothing here calls AWS.
"""

from __future__ import annotations

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
