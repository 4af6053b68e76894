"""Typical answers to rung 09."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from kit.course.exercise import Case
from kit.course.ladder.rung_09 import INPUT, POLICY, ROLE

_PUT = "ssm:PutParameter"


def _allow(sandbox: Any, *actions: str, name: str = "say-it-is-ready") -> None:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    sandbox.aws("iam").put_role_policy(RoleName=ROLE, PolicyName=name, PolicyDocument=json.dumps(document))


def _adds_a_policy(sandbox: Any, run: Any) -> None:
    _allow(sandbox, _PUT)
    run.redrive()


def _writes_the_policy_anew(sandbox: Any, run: Any) -> None:
    """All the permissions in the one policy, and the redrive by boto3."""
    _allow(
        sandbox,
        "rds:CreateDBCluster",
        "rds:AddTagsToResource",
        "rds:DescribeDBClusters",
        _PUT,
        name=POLICY,
    )
    sandbox.aws("stepfunctions").redrive_execution(executionArn=run.arn)


def _only_redrives(_: Any, run: Any) -> None:
    run.redrive()


def _only_repairs(sandbox: Any, _: Any) -> None:
    _allow(sandbox, _PUT)


def _another_permission(sandbox: Any, run: Any) -> None:
    _allow(sandbox, "ssm:GetParameter")
    run.redrive()


def _takes_the_others_away(sandbox: Any, run: Any) -> None:
    _allow(sandbox, "ssm:PutParametr", name=POLICY)
    run.redrive()


def _redrives_twice(sandbox: Any, run: Any) -> None:
    run.redrive()
    run.wait(timeout=20)
    _allow(sandbox, _PUT)
    run.redrive()


def _allows_everything(sandbox: Any, run: Any) -> None:
    _allow(sandbox, "*")
    run.redrive()


def _all_of_ssm(sandbox: Any, run: Any) -> None:
    _allow(sandbox, "ssm:*")
    run.redrive()


def _starts_again(sandbox: Any, run: Any) -> None:
    _allow(sandbox, _PUT)
    states = sandbox.aws("stepfunctions")
    machine = states.describe_execution(executionArn=run.arn)["stateMachineArn"]
    states.start_execution(stateMachineArn=machine, input=json.dumps(INPUT))


def _raises(sandbox: Any, run: Any) -> None:
    sandbox.aws("iam").put_role_policy(RoleName="staging", PolicyName="x", PolicyDocument="{}")
    run.redrive()


def _case(outcome: Any, name: str, deed: Callable[[Any, Any], Any], advice: str | None = None) -> Case:
    return Case(name=name, outcome=outcome, answer=lambda: deed, advice=advice)


CASES = {
    1: (
        Case(name="the placeholder", outcome="unattempted", answer=lambda: ...),
        _case("unattempted", "a function that does nothing yet", lambda _, __: ...),
        _case("failed", "a redrive without a repair", _only_redrives, "not_repaired"),
        _case("failed", "a repair without a redrive", _only_repairs, "no_redrive"),
        _case("failed", "another permission", _another_permission, "not_repaired"),
        _case("failed", "a policy that takes the place of the other", _takes_the_others_away, "not_repaired"),
        _case("failed", "a redrive before the repair", _redrives_twice, "redriven_first"),
        _case("failed", "everything allowed", _allows_everything, "too_wide"),
        _case("failed", "all of a service allowed", _all_of_ssm, "too_wide"),
        _case("failed", "a new execution", _starts_again, "new_execution"),
        _case("broken", "a role that isn't there", _raises),
        Case(name="no function", outcome="broken", answer=lambda: "run.redrive()"),
        _case("passed", "one more policy", _adds_a_policy),
        _case("passed", "the policy written anew, the redrive by boto3", _writes_the_policy_anew),
    )
}
