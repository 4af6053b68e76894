"""Bringing a machine into an account: created or updated, the same each time, telling what changed.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kit.asl.definition import Task
from kit.machine import Machine
from kit.sandbox.account import Account
from kit.sandbox.errors import DeployError, NotOursError
from kit.sandbox.names import is_ours, resource_name, tags
from kit.sandbox.roles import ensure_role

PATIENCE = 60.0
"""Real seconds that a new role or a new machine may take until it can be used."""

_ROLE_NOT_YET = "authorized to assume the provided role"


@dataclass(frozen=True, slots=True)
class Deployment:
    """What stands in the account now, and what was changed for it (nothing: it stood so already)."""

    arn: str
    role_arn: str
    changes: tuple[str, ...]


def deploy(
    account: Account,
    machine: Machine,
    *,
    role_arn: str | None = None,
    sleep: Callable[[float], None] = time.sleep,
    now: Callable[[], float] = time.monotonic,
) -> Deployment:
    """Creates the machine, or updates it where it differs, and waits until it can be used.

    A role is made and kept for it, unless `role_arn` names one. Raises DeployError for a machine with a
    Resource that is still to be filled in, and NotOursError where a machine or role of that name was made by
    somebody else.
    """
    for state in machine.definition.walk():
        if isinstance(state, Task) and "${" in state.resource:
            raise DeployError(
                f"State {state.name!r} calls {state.resource}, which is still to be filled in. "
                f"Give its value: Machine.from_asl(..., substitutions={{...}})."
            )
    name = resource_name(machine.name)
    patience = _Patience(sleep, now)
    client = account.client("stepfunctions")
    existing = _existing(client, account, name)
    changes: list[str] = []
    if role_arn is None:
        role_arn, changes = ensure_role(account, name, machine.name, machine.definition)
    if existing is None:
        arn = _create(client, name, machine, role_arn, patience)
        changes.append(f"created state machine {name}")
    else:
        arn = existing["stateMachineArn"]
        changed = _differences(existing, machine, role_arn)
        if changed:
            _update(client, arn, machine, role_arn, patience)
            changes.extend(changed)
    if changes:
        _wait_until_usable(client, arn, patience)
    return Deployment(arn, role_arn, tuple(changes))


def _existing(client: Any, account: Account, name: str) -> dict[str, Any] | None:
    """The machine of that name as it stands, or None. Raises NotOursError where it isn't the kit's."""
    identity = account.identity()
    partition = identity.arn.split(":")[1]
    arn = f"arn:{partition}:states:{account.region}:{identity.account}:stateMachine:{name}"
    try:
        found: dict[str, Any] = client.describe_state_machine(stateMachineArn=arn)
    except client.exceptions.StateMachineDoesNotExist:
        return None
    if found["status"] == "DELETING":
        raise DeployError(f"State machine {name} is being deleted. Deploy again when that is done.")
    if not is_ours(name, client.list_tags_for_resource(resourceArn=arn)["tags"]):
        raise NotOursError(
            f"There is a state machine {name} that Small Steps did not make. It is left as it is: "
            "choose another name."
        )
    return found


def _create(client: Any, name: str, machine: Machine, role_arn: str, patience: _Patience) -> str:
    answer = patience.with_role(
        client.create_state_machine,
        name=name,
        definition=machine.to_json(),
        roleArn=role_arn,
        type="STANDARD",
        tags=[{"key": key, "value": value} for key, value in tags(machine.name).items()],
    )
    return str(answer["stateMachineArn"])


def _update(client: Any, arn: str, machine: Machine, role_arn: str, patience: _Patience) -> None:
    patience.with_role(
        client.update_state_machine, stateMachineArn=arn, definition=machine.to_json(), roleArn=role_arn
    )


def _differences(existing: dict[str, Any], machine: Machine, role_arn: str) -> list[str]:
    found = []
    present, wanted = json.loads(existing["definition"]), machine.asl
    if present != wanted:
        found.append(f"updated the definition: {_in_words(present, wanted)}")
    if existing["roleArn"] != role_arn:
        found.append(f"changed the role to {role_arn}")
    return found


def _in_words(present: dict[str, Any], wanted: dict[str, Any]) -> str:
    before, after = present.get("States", {}), wanted.get("States", {})
    parts = [
        ("added", [name for name in after if name not in before]),
        ("changed", [name for name in after if name in before and after[name] != before[name]]),
        ("removed", [name for name in before if name not in after]),
    ]
    words = [f"{verb} {', '.join(names)}" for verb, names in parts if names]
    if {key: value for key, value in present.items() if key != "States"} != {
        key: value for key, value in wanted.items() if key != "States"
    }:
        words.append("changed the machine's own fields")
    return "; ".join(words)


def _wait_until_usable(client: Any, arn: str, patience: _Patience) -> None:
    while client.describe_state_machine(stateMachineArn=arn)["status"] != "ACTIVE":
        if not patience.pause():
            raise DeployError(f"{arn} is still not ACTIVE after {PATIENCE:.0f} s. Deploy again.")


class _Patience:
    """Pauses that grow, until the time is up."""

    def __init__(self, sleep: Callable[[float], None], now: Callable[[], float]) -> None:
        self._sleep, self._now = sleep, now
        self._until = now() + PATIENCE
        self._pause = 0.5

    def pause(self) -> bool:
        """Waits a little. False where the time is up, without waiting."""
        if self._now() + self._pause > self._until:
            return False
        self._sleep(self._pause)
        self._pause = min(self._pause * 2, 5.0)
        return True

    def with_role(self, call: Callable[..., Any], **arguments: Any) -> Any:
        """Makes a call that needs a role which IAM may not have spread yet."""
        from botocore.exceptions import ClientError

        while True:
            try:
                return call(**arguments)
            except ClientError as error:
                if _ROLE_NOT_YET not in str(error) or not self.pause():
                    raise
