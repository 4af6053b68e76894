"""The policy that a deploy gives to a machine's role: enough for the run, and no statement too many."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from kit import Machine, Sandbox
from kit.sandbox.roles import POLICY

SDK = "arn:aws:states:::aws-sdk:"
ACCOUNT = "123456789012"


def flow(states: dict[str, Any], **more: Any) -> dict[str, Any]:
    names = list(states)
    for name, after in zip(names, [*names[1:], None], strict=True):
        if states[name]["Type"] not in ("Choice", "Succeed"):
            states[name].update({"Next": after} if after else {"End": True})
    return {"StartAt": names[0], "States": states, **more}


def call(resource: str, **parameters: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": resource, "Parameters": parameters, "ResultPath": None}


def a_table(sandbox: Sandbox) -> None:
    sandbox.aws("dynamodb").create_table(
        TableName="locks",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def a_topic_and_a_queue(sandbox: Sandbox) -> None:
    sandbox.aws("sns").create_topic(Name="ops")
    sandbox.aws("sqs").create_queue(QueueName="jobs")


def a_child(sandbox: Sandbox) -> None:
    sandbox.deploy(Machine("child", {"StartAt": "It", "States": {"It": {"Type": "Succeed"}}}))


def nothing(_sandbox: Sandbox) -> None:
    """The machine makes what it needs itself."""


TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:ops"
KEY = {"id": {"S": "staging"}}
MACHINES: dict[str, tuple[dict[str, Any], Callable[[Sandbox], None]]] = {
    "clusters": (
        flow(
            {
                "Make": call(
                    f"{SDK}rds:createDBCluster",
                    DbClusterIdentifier="copy",
                    Engine="aurora-mysql",
                    MasterUsername="admin",
                    ManageMasterUserPassword=True,
                    Tags=[{"Key": "run", "Value": "today"}],
                ),
                "Wait": {"Type": "Wait", "Seconds": 3600},
                "Look": call(f"{SDK}rds:describeDBClusters", DbClusterIdentifier="copy"),
                "Delete": call(
                    f"{SDK}rds:deleteDBCluster", DbClusterIdentifier="copy", SkipFinalSnapshot=True
                ),
            }
        ),
        nothing,
    ),
    "table": (
        flow(
            {
                "Put": call("arn:aws:states:::dynamodb:putItem", TableName="locks", Item=KEY),
                "Get": call("arn:aws:states:::dynamodb:getItem", TableName="locks", Key=KEY),
                "Scan": call(f"{SDK}dynamodb:scan", TableName="locks", Limit=5),
                "Delete": call("arn:aws:states:::dynamodb:deleteItem", TableName="locks", Key=KEY),
            }
        ),
        a_table,
    ),
    "messages": (
        flow(
            {
                "Tell": call(
                    "arn:aws:states:::sns:publish",
                    TopicArn=f"arn:aws:sns:us-east-1:{ACCOUNT}:ops",
                    Message="a",
                ),
                "Queue": call(
                    "arn:aws:states:::sqs:sendMessage",
                    QueueUrl=f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/jobs",
                    MessageBody="a",
                ),
                "Event": call(
                    "arn:aws:states:::events:putEvents",
                    Entries=[{"Source": "ops", "DetailType": "done", "Detail": {"a": 1}}],
                ),
            }
        ),
        a_topic_and_a_queue,
    ),
    "parent": (
        flow(
            {
                "Child": call(
                    "arn:aws:states:::states:startExecution",
                    StateMachineArn=f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:small-steps-child",
                )
            }
        ),
        a_child,
    ),
}


def ready(name: str) -> tuple[Sandbox, Any]:
    """A sandbox in which nobody may do what no policy allows, with the machine deployed."""
    definition, prepare = MACHINES[name]
    sandbox = Sandbox.local(clock="instant", permissions="strict")
    prepare(sandbox)
    return sandbox, sandbox.deploy(Machine(name, definition))


@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_runs_with_the_policy_that_its_deploy_made(name: str) -> None:
    sandbox, deployed = ready(name)
    run = deployed.start({}).wait()
    assert run.status == "SUCCEEDED", (run.error, run.cause)
    sandbox.close()


@pytest.mark.parametrize(
    ("name", "sid"),
    [
        (name, statement.sid)
        for name, (definition, _) in MACHINES.items()
        for statement in Machine(name, definition).policy().statements
    ],
)
def test_without_one_of_its_statements_the_run_fails(name: str, sid: str) -> None:
    sandbox, deployed = ready(name)
    iam = sandbox.aws("iam")
    role = deployed.role_arn.rpartition("/")[2]
    document = iam.get_role_policy(RoleName=role, PolicyName=POLICY)["PolicyDocument"]
    kept = [each for each in document["Statement"] if each["Sid"] != sid]
    assert len(kept) == len(document["Statement"]) - 1
    document["Statement"] = kept or [{"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"}]
    iam.put_role_policy(RoleName=role, PolicyName=POLICY, PolicyDocument=json.dumps(document))
    run = deployed.start({}).wait()
    assert run.status == "FAILED"
    assert "not authorized" in run.cause
    sandbox.close()
