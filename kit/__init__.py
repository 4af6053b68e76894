"""Small Steps: learn and prototype AWS Step Functions, one small state machine at a time.

from kit import Machine, Sandbox, rung
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.course import rung
    from kit.machine import Machine
    from kit.sandbox import Sandbox

__all__ = ["Machine", "Sandbox", "rung"]

_HOMES = {"Machine": "kit.machine", "Sandbox": "kit.sandbox", "rung": "kit.course"}


def __getattr__(name: str) -> Any:
    # Loaded when asked for: `kit --help` needs none of them.
    if name not in _HOMES:
        raise AttributeError(f"module 'kit' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
