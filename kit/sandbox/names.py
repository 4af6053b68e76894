"""How to tell what the kit made from what others made: a prefix and a tag, both of them.

Whatever lacks one of the two is never updated or deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kit.sandbox.errors import DeployError

PREFIX = "small-steps-"
TAG = "small-steps"
LONGEST = 64
"""IAM's limit for a role's name, which is shorter than Step Functions' 80 for a machine's."""


def resource_name(machine_name: str) -> str:
    """The name of a machine, and of its role, in the account. Raises DeployError where it is too long."""
    name = machine_name if machine_name.startswith(PREFIX) else PREFIX + machine_name
    if len(name) > LONGEST:
        raise DeployError(
            f"{machine_name!r} becomes {name!r}, which has {len(name)} characters. "
            f"The role's name may have {LONGEST}: shorten the machine's name to {LONGEST - len(PREFIX)}."
        )
    return name


def tags(machine_name: str) -> dict[str, str]:
    """The tags on all that is made for a machine."""
    return {TAG: machine_name}


def is_ours(name: str, tagged: Iterable[Mapping[str, str]]) -> bool:
    """Whether both marks are there. `tagged` is a list of tags as Step Functions (`key`) or IAM
    (`Key`) gives it."""
    keys = {tag.get("key", tag.get("Key")) for tag in tagged}
    return name.startswith(PREFIX) and TAG in keys
