"""Chance that repeats: every draw comes from a stream of its own, named by what it is for.

One more draw somewhere changes nothing elsewhere, because streams are told apart by their names (seed,
execution, state, attempt) and not by their order.
"""

from __future__ import annotations

import hashlib
import random
import uuid
from base64 import b64encode


class Randomness:
    """All chance of one sandbox. The same seed gives the same draws."""

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self._counts: dict[str, int] = {}

    def stream(self, *names: object) -> random.Random:
        """A generator of random numbers for one purpose: `stream(arn, "Stop", "jitter", 2)`."""
        return random.Random(self._digest(*names))

    def uuid(self, purpose: str) -> str:
        """The next UUID (version 4) for this purpose."""
        count = self._counts[purpose] = self._counts.get(purpose, 0) + 1
        return str(uuid.UUID(bytes=self._digest(purpose, count)[:16], version=4))

    def token(self, *names: object) -> str:
        """A task token: long, opaque, and safe in JSON and on a command line."""
        return "AQC" + b64encode(self._digest("token", *names) * 6).decode().rstrip("=")

    def _digest(self, *names: object) -> bytes:
        return hashlib.blake2b("\0".join(map(str, (self.seed, *names))).encode(), digest_size=32).digest()
