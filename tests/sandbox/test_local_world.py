"""What only a local sandbox has beside the account: its Slack, approvals, permissions, bill, schedules."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest

from kit import Machine, Sandbox
from kit.sandbox.local import LocalSandbox
from kit.steps.patterns import notify_slack

DAY = dt.timedelta(days=1)


@pytest.fixture
def sandbox() -> Iterator[LocalSandbox]:
    with Sandbox.local(clock="instant") as made:
        yield made


def connection(sandbox: LocalSandbox) -> str:
    made = sandbox.aws("events").create_connection(
        Name="slack",
        AuthorizationType="API_KEY",
        AuthParameters={
            "ApiKeyAuthParameters": {"ApiKeyName": "Authorization", "ApiKeyValue": "Bearer xoxb-1"}
        },
    )
    return str(made["ConnectionArn"])


def telling(sandbox: LocalSandbox, **settings: Any) -> Machine:
    steps = notify_slack(
        "tell",
        connection_arn=connection(sandbox),
        channel="#ops",
        text="Staging is up",
        endpoint=f"{sandbox.slack.url}/chat.postMessage",
        **settings,
    )
    return Machine("telling", steps)


def test_a_deployed_machine_tells_the_sandboxs_slack_with_the_role_that_was_made_for_it(
    sandbox: LocalSandbox,
) -> None:
    run = sandbox.deploy(telling(sandbox)).start()
    assert run.wait(20).status == "SUCCEEDED"
    assert [(each.channel, each.text) for each in sandbox.slack.messages] == [("#ops", "Staging is up")]
    assert [call.note for call in sandbox.calls("http:Invoke")] == [None]


def test_a_limited_slack_is_told_after_a_retry(sandbox: LocalSandbox) -> None:
    sandbox.slack.rate_limit(times=2)
    assert sandbox.deploy(telling(sandbox)).start().wait(20).status == "SUCCEEDED"
    assert len(sandbox.slack.messages) == 1


def test_a_slack_that_says_no_is_noticed(sandbox: LocalSandbox) -> None:
    sandbox.slack.channels = {"#general"}
    run = sandbox.deploy(telling(sandbox, must_arrive=True)).start().wait(20)
    assert run.error == "NotifySlack.Refused"


def test_a_permission_taken_away_fails_and_given_back_is_redriven(sandbox: LocalSandbox) -> None:
    machine = Machine.from_asl(
        {
            "StartAt": "Put",
            "States": {
                "Put": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::aws-sdk:ssm:putParameter",
                    "Parameters": {"Name": "day", "Value": "monday", "Type": "String"},
                    "End": True,
                }
            },
        },
        name="put",
    )
    deployed = sandbox.deploy(machine)
    iam, role = sandbox.aws("iam"), deployed.role_arn.rsplit("/", 1)[-1]
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    iam.delete_role_policy(RoleName=role, PolicyName=name)
    run = deployed.start().wait(20)
    assert run.status == "FAILED"
    assert "is not authorized to perform: ssm:PutParameter on resource: " in str(run.cause)
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))
    client = sandbox.aws("stepfunctions")
    client.redrive_execution(executionArn=run.arn)
    assert sandbox.run(run.arn).wait(20).status == "SUCCEEDED"


def test_a_schedule_starts_a_deployed_machine_each_morning_and_the_bill_counts_it(
    sandbox: LocalSandbox,
) -> None:
    machine = Machine.from_asl({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}, name="a")
    arn = sandbox.deploy(machine).arn
    sandbox.aws("scheduler").create_schedule(
        Name="morning",
        ScheduleExpression="cron(0 8 ? * MON-FRI *)",
        ScheduleExpressionTimezone="Asia/Tokyo",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": arn, "RoleArn": "arn:aws:iam::000000000000:role/scheduler", "Input": "{}"},
    )
    sandbox.clock.advance(days=28)
    assert len(sandbox.aws("stepfunctions").list_executions(stateMachineArn=arn)["executions"]) == 20
    (line,) = [each for each in sandbox.bill().lines if each.key == "states:transition"]
    assert line.quantity == 20


def test_an_approval_is_given(sandbox: LocalSandbox) -> None:
    sandbox.clock.mode = "paced"
    sandbox.aws("sqs").create_queue(QueueName="asked")
    url = sandbox.aws("sqs").get_queue_url(QueueName="asked")["QueueUrl"]
    machine = Machine.from_asl(
        {
            "StartAt": "Ask",
            "States": {
                "Ask": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                    "Parameters": {"QueueUrl": url, "MessageBody": {"Token.$": "$$.Task.Token"}},
                    "End": True,
                }
            },
        },
        name="ask",
    )
    run = sandbox.deploy(machine).start({"cluster": "prod"})
    approval = sandbox.approvals.wait()
    assert approval.input == {"cluster": "prod"}
    approval.approve({"by": "Aki"})
    assert run.wait(20).output == {"by": "Aki"}
