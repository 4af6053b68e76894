"""`kit run`: lessons and solutions executed from the command line."""

from __future__ import annotations


def run() -> None:
    """Execute rungs' lessons and solutions into out/."""
    raise SystemExit("kit run is being built")
