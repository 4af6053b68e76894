"""An account in a few dictionaries, for tests of what a deploy calls and in which order."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from kit.sandbox.guard import Identity

ACCOUNT = "123456789012"
NOT_YET = (
    "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to "
    "assume the provided role."
)


def refusal(code: str, message: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


class NotThereError(Exception):
    """Both services' error for a thing that isn't there."""


class _Exceptions:
    StateMachineDoesNotExist = NotThereError
    NoSuchEntityException = NotThereError


class FakeStepFunctions:
    exceptions = _Exceptions

    def __init__(self, calls: list[str]) -> None:
        self.calls = calls
        self.machines: dict[str, dict[str, Any]] = {}
        self.tags: dict[str, list[dict[str, str]]] = {}
        self.role_refusals = 0
        self.describes_until_active = 0

    def describe_state_machine(self, stateMachineArn: str) -> dict[str, Any]:  # noqa: N803
        if stateMachineArn not in self.machines:
            raise NotThereError
        machine = self.machines[stateMachineArn]
        if self.describes_until_active:
            self.describes_until_active -= 1
            return {**machine, "status": "CREATING"}
        return machine

    def list_tags_for_resource(self, resourceArn: str) -> dict[str, Any]:  # noqa: N803
        return {"tags": self.tags.get(resourceArn, [])}

    def create_state_machine(self, **given: Any) -> dict[str, str]:
        self._role("CreateStateMachine")
        arn = f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:{given['name']}"
        self.machines[arn] = {"stateMachineArn": arn, "status": "ACTIVE", **given}
        self.tags[arn] = given["tags"]
        self.calls.append("CreateStateMachine")
        return {"stateMachineArn": arn}

    def update_state_machine(self, stateMachineArn: str, **given: Any) -> dict[str, str]:  # noqa: N803
        self._role("UpdateStateMachine")
        self.machines[stateMachineArn].update(given)
        self.calls.append("UpdateStateMachine")
        return {}

    def _role(self, operation: str) -> None:
        if self.role_refusals:
            self.role_refusals -= 1
            raise refusal("AccessDeniedException", NOT_YET, operation)


class FakeIam:
    exceptions = _Exceptions

    def __init__(self, calls: list[str]) -> None:
        self.calls = calls
        self.roles: dict[str, dict[str, Any]] = {}
        self.policies: dict[tuple[str, str], Any] = {}

    def get_role(self, RoleName: str) -> dict[str, Any]:  # noqa: N803
        if RoleName not in self.roles:
            raise NotThereError
        return {"Role": self.roles[RoleName]}

    def create_role(self, RoleName: str, **given: Any) -> dict[str, Any]:  # noqa: N803
        self.roles[RoleName] = {"Arn": f"arn:aws:iam::{ACCOUNT}:role/{RoleName}", **given}
        self.calls.append("CreateRole")
        return {"Role": self.roles[RoleName]}

    def list_role_tags(self, RoleName: str) -> dict[str, Any]:  # noqa: N803
        return {"Tags": self.roles[RoleName].get("Tags", [])}

    def get_role_policy(self, RoleName: str, PolicyName: str) -> dict[str, Any]:  # noqa: N803
        if (RoleName, PolicyName) not in self.policies:
            raise NotThereError
        return {"PolicyDocument": self.policies[RoleName, PolicyName]}

    def put_role_policy(self, RoleName: str, PolicyName: str, PolicyDocument: str) -> None:  # noqa: N803
        self.policies[RoleName, PolicyName] = json.loads(PolicyDocument)
        self.calls.append("PutRolePolicy")

    def delete_role_policy(self, RoleName: str, PolicyName: str) -> None:  # noqa: N803
        del self.policies[RoleName, PolicyName]
        self.calls.append("DeleteRolePolicy")


class FakeAccount:
    """Its `calls` are those that change something."""

    region = "us-east-1"
    description = "a fake account"

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.states = FakeStepFunctions(self.calls)
        self.iam = FakeIam(self.calls)

    def identity(self) -> Identity:
        return Identity(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/me")

    def client(self, service: str, region: str | None = None) -> Any:
        assert region is None
        return {"stepfunctions": self.states, "iam": self.iam}[service]
