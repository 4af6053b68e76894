"""Rung 09: a morning that failed for want of a permission; the answer is what a person does about it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kit.course.exercise import Deed
from kit.machine import Machine
from kit.sandbox import Run
from kit.testing import MismatchError, RefusedError, Rehearsal

ROLE = "staging-morning"
POLICY = "what-the-morning-calls"
INPUT = {"name": "shop-staging", "day": "2026-04-06"}

_CREATE = "CreateDBCluster"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "states.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
_ALLOWED = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": ["rds:CreateDBCluster", "rds:AddTagsToResource", "rds:DescribeDBClusters"],
            "Resource": "*",
        },
    ],
}


def _machine() -> Machine:
    from kit.course.ladder import rung

    return rung("09").machine("small-morning")


def _stage(sandbox: Any) -> tuple[Run, Machine]:
    """The role lacks one permission, and the morning has failed for it."""
    iam = sandbox.aws("iam")
    role = iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(_TRUST))["Role"]
    iam.put_role_policy(RoleName=ROLE, PolicyName=POLICY, PolicyDocument=json.dumps(_ALLOWED))
    machine = _machine()
    run: Run = sandbox.deploy(machine, role_arn=role["Arn"]).start(INPUT, name=INPUT["day"])
    run.wait(timeout=60)
    return run, machine


def failed_morning(sandbox: Any) -> dict[str, str]:
    """A morning that has failed for want of a permission: the ARN of its run, its role and the role's
    policy by name."""
    run, _ = _stage(sandbox)
    return {"run": run.arn, "role": ROLE, "policy": POLICY}


WORLDS = {"failed morning": failed_morning}


def _look(sandbox: Any, run: Run) -> dict[str, Any]:
    states = sandbox.aws("stepfunctions")
    described = states.describe_execution(executionArn=run.arn)
    executions = states.list_executions(stateMachineArn=described["stateMachineArn"])["executions"]
    return {
        "redrives": described.get("redriveCount", 0),
        "executions": len(executions),
        "wide": sorted(_wide(sandbox.aws("iam"))),
    }


def _wide(iam: Any) -> set[str]:
    """Actions with a star that the role is allowed, and policies of AWS's that are attached."""
    found = {
        each["PolicyName"] for each in iam.list_attached_role_policies(RoleName=ROLE)["AttachedPolicies"]
    }
    for name in iam.list_role_policies(RoleName=ROLE)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=ROLE, PolicyName=name)["PolicyDocument"]
        statements = document["Statement"]
        for statement in [statements] if isinstance(statements, Mapping) else statements:
            actions = statement.get("Action", [])
            found |= {each for each in ([actions] if isinstance(actions, str) else actions) if "*" in each}
    return found


def _judge(rehearsal: Rehearsal) -> None:
    seen, place = rehearsal.seen, rehearsal.path[-1] if rehearsal.path else None
    if seen["executions"] > 1:
        raise MismatchError("the failed execution, gone on with", "there is another execution now", None)
    if seen["redrives"] == 0:
        raise MismatchError("a redrive", f"the execution was not redriven; it is {rehearsal.status}", place)
    if rehearsal.status != "SUCCEEDED":
        cause = f"{rehearsal.error}: {rehearsal.cause}" if rehearsal.error else "without an error"
        raise MismatchError("an execution that succeeds", f"it is {rehearsal.status}, {cause}", place)
    if seen["redrives"] > 1:
        raise MismatchError("one redrive", f"there were {seen['redrives']}", place)
    if seen["wide"]:
        raise MismatchError("the one permission that was missing", f"the role may now {seen['wide']}", place)
    made = [call for call in rehearsal.calls if call.operation == _CREATE]
    if len(made) != 1:
        raise MismatchError("one CreateDBCluster in all", f"there were {len(made)}", place)


def _advise(problem: MismatchError | RefusedError, rehearsal: Rehearsal | None) -> str | None:
    assert rehearsal is not None
    seen = rehearsal.seen
    if seen["executions"] > 1:
        return "new_execution"
    if seen["redrives"] == 0:
        return "no_redrive"
    if rehearsal.status != "SUCCEEDED":
        return "not_repaired"
    if seen["redrives"] > 1:
        return "redriven_first"
    return "too_wide" if "permission" in str(problem) else None


EXERCISES = {1: Deed(stage=_stage, judge=_judge, look=_look, advise=_advise)}
