"""Versions and aliases of state machines.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-cd-aliasing-versioning.html
"""

from __future__ import annotations

from kit.emulator.api.store import Machine, Store, Version


def publish(store: Store, machine: Machine, now: float, description: str | None) -> Version:
    """Publishes the latest revision; the same one again if it is published already."""
    for version in machine.versions.values():
        if version.revision is machine.revision:
            return version
    machine.last_version += 1
    version = Version(
        number=machine.last_version, revision=machine.revision, created=now, description=description
    )
    machine.versions[version.number] = version
    return version
