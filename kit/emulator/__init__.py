"""AWS on this machine, in virtual time: Step Functions by our own engine, the other services by moto."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.emulator.faults import Fault, Faults
from kit.emulator.journal import Call, Journal

if TYPE_CHECKING:
    from kit.emulator.emulator import Emulator

__all__ = ["Call", "Emulator", "Fault", "Faults", "Journal"]


def __getattr__(name: str) -> object:
    """The emulator itself is loaded when it is asked for: it brings the engine."""
    if name == "Emulator":
        from kit.emulator.emulator import Emulator

        return Emulator
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
