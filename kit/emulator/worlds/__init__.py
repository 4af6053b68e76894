"""Worlds that can be set up in an emulator with one call: `emulator.load("production")`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from kit.emulator.worlds.production import production

if TYPE_CHECKING:
    from kit.emulator.emulator import Emulator

__all__ = ["WORLDS", "load"]

WORLDS: Final[dict[str, Callable[[Emulator], None]]] = {"production": production}


def load(emulator: Emulator, name: str) -> None:
    """Sets up a world. What it makes is ready at once: it was there before the story begins.

    Raises LookupError for a world that isn't there."""
    world = WORLDS.get(name)
    if world is None:
        raise LookupError(f"there is no world {name!r}; there are: {', '.join(sorted(WORLDS))}")
    with emulator.provisioning.at_once():
        world(emulator)
