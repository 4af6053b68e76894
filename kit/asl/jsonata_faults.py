"""How an evaluation fails, and the bounds past which AWS stops it.

Depth, sizes and words were measured by others against the service (August 2026): it takes 100
nested levels, arrays of 873,782 items and texts of 2^22 characters, and refuses one more.
"""

from __future__ import annotations

SECONDS = 5.0
"""No evaluation takes longer. AWS states no number."""
STEPS = 20_000_000
DEPTH = 100
ARRAY = 873_782
TEXT = 2**22

MEMORY = "Expression evaluation memory limit exceeded: Check for excessive memory usage"
STACK = (
    "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive"
)
TIME = "Expression evaluation timeout: Check for infinite loop"

BOUNDS = {"D1011": STACK, "U1001": MEMORY, "D1012": TIME, "U1006": TIME}
"""The words for what an engine says when a bound is passed."""


class EvaluationError(Exception):
    """An expression threw: JSONata's code (`T2001`), None for a bound, and words."""

    def __init__(self, code: str | None, message: str) -> None:
        super().__init__(message)
        self.code = code

    @classmethod
    def told_by(cls, code: str | None, message: str) -> EvaluationError:
        """What an engine reports, in AWS's words."""
        return cls(None, BOUNDS[code]) if code in BOUNDS else cls(code, message)

    def __str__(self) -> str:
        """As it ends AWS's sentence."""
        message = super().__str__()
        return f". {self.code}: {message}" if self.code else f": {message}"
