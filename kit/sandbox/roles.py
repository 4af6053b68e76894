"""The role that a machine runs as: made once, trusted by Step Functions, allowed what the machine calls.

https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kit.asl.definition import StateMachine
from kit.lint import policy
from kit.sandbox.account import Account
from kit.sandbox.errors import NotOursError
from kit.sandbox.names import is_ours, tags
from kit.services.iam_resources import Where

POLICY = "what-the-machine-calls"


def ensure_role(
    account: Account, name: str, machine_name: str, definition: StateMachine
) -> tuple[str, list[str]]:
    """The role's ARN, and what was changed to have it. Makes the role where it is missing, and keeps its
    policy in step with the definition. Raises NotOursError where somebody else made a role of that name."""
    iam = account.client("iam")
    arn = _existing(iam, name)
    changes = []
    if arn is None:
        answer = iam.create_role(
            RoleName=name,
            AssumeRolePolicyDocument=json.dumps(trust(account.identity().account)),
            Description=f"What the state machine {machine_name} may do. Made by Small Steps.",
            Tags=[{"Key": key, "Value": value} for key, value in tags(machine_name).items()],
        )
        arn = answer["Role"]["Arn"]
        changes.append(f"created role {name}")
    where = Where(region=account.region, account=account.identity().account)
    wanted = policy(definition, name=name, where=where).document
    changes.extend(_ensure_policy(iam, name, wanted))
    return arn, changes


def trust(account: str) -> dict[str, Any]:
    """Step Functions may take the role, on behalf of this account only (against the confused deputy)."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "states.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"aws:SourceAccount": account}},
            }
        ],
    }


def _existing(iam: Any, name: str) -> str | None:
    try:
        role = iam.get_role(RoleName=name)["Role"]
    except iam.exceptions.NoSuchEntityException:
        return None
    if not is_ours(name, iam.list_role_tags(RoleName=name)["Tags"]):
        raise NotOursError(f"There is a role {name} that Small Steps did not make. It is left as it is.")
    return str(role["Arn"])


def _ensure_policy(iam: Any, name: str, wanted: Mapping[str, Any]) -> list[str]:
    try:
        present = iam.get_role_policy(RoleName=name, PolicyName=POLICY)["PolicyDocument"]
    except iam.exceptions.NoSuchEntityException:
        present = None
    if present == (wanted or None):
        return []
    if not wanted:
        iam.delete_role_policy(RoleName=name, PolicyName=POLICY)
        return [f"took the policy away from role {name}: the machine calls nothing"]
    iam.put_role_policy(RoleName=name, PolicyName=POLICY, PolicyDocument=json.dumps(wanted))
    allowed = [action for statement in wanted["Statement"] for action in statement["Action"]]
    return [f"allowed role {name}: {', '.join(allowed)}"]
