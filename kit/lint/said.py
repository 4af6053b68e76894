"""What a rule says of a state."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule found at a place inside of its state (`/Retry[0]`, or nothing), and what helps."""

    found: str
    expected: str
    mend: str
    inside: str = ""
