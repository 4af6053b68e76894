"""What goes wrong while a state is being written. All of them name the author's line.

StepError
├── UnknownFieldError      a field that this state doesn't have (also a TypeError, as in the SDK)
└── MixedLanguagesError    JSONPath and JSONata in one state
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from kit.steps.origin import origin


class StepError(ValueError):
    """A state, retrier, catcher or rule that can't be what was meant."""

    def __init__(self, message: str) -> None:
        self.origin = origin()
        super().__init__(f"{message}\n  at {self.origin}" if self.origin else message)


class UnknownFieldError(StepError, TypeError):
    """A field that isn't there."""


class MixedLanguagesError(StepError):
    """A state speaks one query language: JSONPath or JSONata."""


def did_you_mean(wrong: str, right: Iterable[str]) -> str:
    """` Did you mean 'seconds'?`, or nothing where no known name is near."""
    known = list(right)
    by_lowered = {name.replace("_", "").lower(): name for name in known}
    near = difflib.get_close_matches(wrong.replace("_", "").lower(), by_lowered, n=1, cutoff=0.6)
    return f" Did you mean {by_lowered[near[0]]!r}?" if near else ""
