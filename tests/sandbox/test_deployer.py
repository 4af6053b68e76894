"""Deploying: what is called, what is told, what is never touched."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from fake_aws import ACCOUNT, FakeAccount

from kit.machine import Machine
from kit.sandbox.deployer import Deployment, deploy
from kit.sandbox.errors import DeployError, NotOursError
from kit.sandbox.roles import POLICY, trust
from kit.steps import AwsSdk, Chain, Pass, Wait

ARN = f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:small-steps-stop"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/small-steps-stop"


class Time:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now, self.naps = 0.0, list[float]()

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds


@pytest.fixture
def account() -> FakeAccount:
    return FakeAccount()


def stop(cluster: str = "dev") -> Machine:
    return Machine("stop", AwsSdk("Stop it", "rds:stopDBCluster", DbClusterIdentifier=cluster))


def bring(account: FakeAccount, machine: Machine, time: Time | None = None, **more: Any) -> Deployment:
    time = time or Time()
    return deploy(account, machine, sleep=time.sleep, now=lambda: time.now, **more)


def test_the_first_deploy_makes_role_policy_and_machine(account: FakeAccount) -> None:
    deployment = bring(account, stop())
    assert deployment == Deployment(
        ARN,
        ROLE,
        (
            "created role small-steps-stop",
            "allowed role small-steps-stop: rds:StopDBCluster",
            "created state machine small-steps-stop",
        ),
    )
    assert account.calls == ["CreateRole", "PutRolePolicy", "CreateStateMachine"]


def test_all_that_is_made_carries_prefix_and_tag(account: FakeAccount) -> None:
    bring(account, stop())
    assert account.states.tags[ARN] == [{"key": "small-steps", "value": "stop"}]
    assert account.iam.roles["small-steps-stop"]["Tags"] == [{"Key": "small-steps", "Value": "stop"}]


def test_the_same_deploy_again_changes_nothing(account: FakeAccount) -> None:
    bring(account, stop())
    account.calls.clear()
    assert bring(account, stop()).changes == ()
    assert account.calls == []


def test_an_update_says_which_states_changed(account: FakeAccount) -> None:
    bring(account, stop())
    nap = Chain([Wait("Nap", seconds=5), AwsSdk("Stop it", "rds:stopDBCluster", DbClusterIdentifier="qa")])
    changes = bring(account, Machine("stop", nap, comment="at night")).changes
    assert changes == (
        "allowed role small-steps-stop: rds:StopDBCluster",
        "updated the definition: added Nap; changed Stop it; changed the machine's own fields",
    )
    assert account.calls[3:] == ["PutRolePolicy", "UpdateStateMachine"]
    (statement,) = account.iam.policies["small-steps-stop", POLICY]["Statement"]
    assert statement["Resource"] == "arn:aws:rds:us-east-1:123456789012:cluster:qa"


def test_the_policy_follows_the_definition(account: FakeAccount) -> None:
    bring(account, stop())
    changes = bring(account, Machine("stop", Pass("Stop it"))).changes
    assert changes[0] == "took the policy away from role small-steps-stop: the machine calls nothing"
    assert ("small-steps-stop", POLICY) not in account.iam.policies


def test_a_role_that_is_given_is_used_and_none_is_made(account: FakeAccount) -> None:
    assert bring(account, stop(), role_arn="arn:mine").role_arn == "arn:mine"
    assert account.calls == ["CreateStateMachine"]
    assert bring(account, stop(), role_arn="arn:other").changes == ("changed the role to arn:other",)


def test_a_role_that_is_not_usable_yet_is_waited_for(account: FakeAccount) -> None:
    account.states.role_refusals = 3
    time = Time()
    bring(account, stop(), time)
    assert time.naps == [0.5, 1.0, 2.0]


def test_patience_with_a_role_ends(account: FakeAccount) -> None:
    account.states.role_refusals = 1000
    time = Time()
    with pytest.raises(ClientError, match="authorized to assume the provided role"):
        bring(account, stop(), time)
    assert 50 < time.now <= 60


def test_other_refusals_are_not_waited_for(account: FakeAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    from fake_aws import refusal

    def refuse(**_given: Any) -> None:
        raise refusal("StateMachineLimitExceeded", "too many", "CreateStateMachine")

    monkeypatch.setattr(account.states, "create_state_machine", refuse)
    time = Time()
    with pytest.raises(ClientError, match="too many"):
        bring(account, stop(), time)
    assert time.naps == []


def test_a_machine_that_is_not_active_yet_is_waited_for(account: FakeAccount) -> None:
    account.states.describes_until_active = 2
    time = Time()
    bring(account, stop(), time)
    assert time.naps == [0.5, 1.0]


def test_a_machine_without_the_tag_is_never_touched(account: FakeAccount) -> None:
    bring(account, stop())
    account.states.tags[ARN] = [{"key": "team", "value": "billing"}]
    account.calls.clear()
    with pytest.raises(NotOursError, match="did not make"):
        bring(account, stop("qa"))
    assert account.calls == []


def test_a_role_without_the_tag_is_never_touched(account: FakeAccount) -> None:
    account.iam.roles["small-steps-stop"] = {"Arn": ROLE, "Tags": []}
    with pytest.raises(NotOursError, match="did not make"):
        bring(account, stop())
    assert account.calls == []


def test_a_machine_that_is_being_deleted_is_left_to_it(account: FakeAccount) -> None:
    bring(account, stop())
    account.states.machines[ARN]["status"] = "DELETING"
    with pytest.raises(DeployError, match="being deleted"):
        bring(account, stop())


def test_a_resource_that_is_still_to_be_filled_in_is_refused(account: FakeAccount) -> None:
    asl = {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${StopArn}", "End": True}}}
    with pytest.raises(DeployError, match=r"calls \$\{StopArn\}, which is still to be filled in"):
        bring(account, Machine("stop", asl))
    assert account.calls == []


def test_a_name_too_long_for_its_role_is_refused(account: FakeAccount) -> None:
    with pytest.raises(DeployError, match="shorten the machine's name to 52"):
        bring(account, Machine("x" * 53, Pass("A")))


def test_step_functions_may_take_the_role_for_this_account_only() -> None:
    (statement,) = trust(ACCOUNT)["Statement"]
    assert statement["Principal"] == {"Service": "states.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
