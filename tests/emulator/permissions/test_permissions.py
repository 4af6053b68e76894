from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from kit.emulator import Emulator

Run = Callable[..., Any]
ROLE = "arn:aws:iam::123456789012:role/machine"
TRUST = {
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]
}
STOP = {
    "Resource": "arn:aws:states:::aws-sdk:rds:stopDBCluster",
    "Parameters": {"DbClusterIdentifier": "dev"},
}
CLUSTER = "arn:aws:rds:us-east-1:123456789012:cluster:dev"


def role(emulator: Emulator, *statements: dict[str, Any], name: str = "machine", **fields: Any) -> str:
    iam = emulator.client("iam")
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST), **fields)
    allow(emulator, *statements, name=name)
    return str(made["Role"]["Arn"])


def allow(emulator: Emulator, *statements: dict[str, Any], name: str = "machine") -> None:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    emulator.client("iam").put_role_policy(
        RoleName=name, PolicyName="own", PolicyDocument=json.dumps(document)
    )


def statement(action: Any, resource: Any = "*", effect: str = "Allow", **fields: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource, **fields}


NOTHING = statement("sts:GetCallerIdentity")


def cluster(emulator: Emulator, **tags: str) -> None:
    with emulator.provisioning.at_once():
        emulator.client("rds").create_db_cluster(
            DBClusterIdentifier="dev",
            Engine="aurora-mysql",
            MasterUsername="admin",
            MasterUserPassword="not-a-real-one",
            Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
        )


def test_what_no_policy_allows_fails_in_aws_words(emulator: Emulator, run: Run) -> None:
    cluster(emulator)
    role(emulator, statement("rds:Describe*"))
    ran = run(emulator, STOP)
    assert ran.error == "Rds.RdsException"
    assert ran.cause.startswith("User: arn:aws:sts::123456789012:assumed-role/machine/")
    assert (
        f" is not authorized to perform: rds:StopDBCluster on resource: {CLUSTER} because no identity-based "
        "policy allows the rds:StopDBCluster action (Service: Rds, Status Code: 403, Request ID: "
    ) in ran.cause
    (call,) = emulator.journal("rds:StopDBCluster")
    assert call.error == "AccessDenied"


def test_a_permission_that_is_given_back_is_in_force(emulator: Emulator, run: Run) -> None:
    cluster(emulator)
    role(emulator, NOTHING)
    assert run(emulator, STOP).status == "FAILED"
    allow(emulator, statement("rds:StopDBCluster", CLUSTER))
    assert run(emulator, STOP).status == "SUCCEEDED"


@pytest.mark.parametrize(
    "given",
    [
        statement("rds:*"),
        statement("RDS:stopdbcluster", CLUSTER),
        statement(["ec2:*", "rds:Stop*"], "arn:aws:rds:*:*:cluster:d?v"),
        {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
        {"Effect": "Allow", "Action": "*", "NotResource": f"{CLUSTER}-other"},
    ],
)
def test_a_statement_allows(emulator: Emulator, run: Run, given: dict[str, Any]) -> None:
    cluster(emulator)
    role(emulator, given)
    assert run(emulator, STOP).status == "SUCCEEDED"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ([statement("rds:StopDBInstance")], "no identity-based policy allows"),
        ([statement("rds:*", f"{CLUSTER}x")], "no identity-based policy allows"),
        ([statement("rds:*", CLUSTER.replace(":dev", ":DEV"))], "no identity-based policy allows"),
        ([{"Effect": "Allow", "NotAction": "rds:*", "Resource": "*"}], "no identity-based policy allows"),
        (
            [statement("*"), statement("rds:Stop*", CLUSTER, "Deny")],
            "with an explicit deny in an identity-based policy",
        ),
    ],
)
def test_a_statement_does_not_allow(
    emulator: Emulator, run: Run, given: list[dict[str, Any]], why: str
) -> None:
    cluster(emulator)
    role(emulator, *given)
    ran = run(emulator, STOP)
    assert why in ran.cause


def test_an_attached_policy_counts(emulator: Emulator, run: Run) -> None:
    cluster(emulator)
    role(emulator, NOTHING)
    iam = emulator.client("iam")
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement("rds:StopDBCluster")]})
    arn = iam.create_policy(PolicyName="stopping", PolicyDocument=document)["Policy"]["Arn"]
    assert run(emulator, STOP).status == "FAILED"
    iam.attach_role_policy(RoleName="machine", PolicyArn=arn)
    assert run(emulator, STOP).status == "SUCCEEDED"


def test_a_boundary_limits_what_is_allowed(emulator: Emulator, run: Run) -> None:
    cluster(emulator)
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement("rds:Describe*")]})
    arn = emulator.client("iam").create_policy(PolicyName="limit", PolicyDocument=document)["Policy"]["Arn"]
    role(emulator, statement("rds:*"), PermissionsBoundary=arn)
    assert "because no permissions boundary allows the rds:StopDBCluster action" in run(emulator, STOP).cause


# Conditions.


@pytest.mark.parametrize(
    ("tags", "condition", "allowed"),
    [
        ({"env": "dev"}, {"StringEquals": {"aws:ResourceTag/env": "dev"}}, True),
        ({"env": "prod"}, {"StringEquals": {"aws:ResourceTag/env": "dev"}}, False),
        ({}, {"StringEquals": {"aws:ResourceTag/env": "dev"}}, False),
        ({}, {"StringEqualsIfExists": {"aws:ResourceTag/env": "dev"}}, True),
        ({"env": "prod"}, {"StringNotEquals": {"aws:ResourceTag/env": "prod"}}, False),
        ({}, {"StringNotEquals": {"aws:ResourceTag/env": "prod"}}, True),
        ({"env": "dev-7"}, {"StringLike": {"rds:cluster-tag/env": ["qa-*", "dev-*"]}}, True),
        ({}, {"Null": {"aws:ResourceTag/env": "true"}}, True),
        ({"env": "x"}, {"Null": {"aws:ResourceTag/env": "true"}}, False),
        ({"team": "ops"}, {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}, True),
        ({"team": "dev"}, {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}, False),
        ({}, {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}, True),
        ({}, {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, False),
        ({}, {"DateLessThan": {"aws:CurrentTime": "2026-04-07T00:00:00Z"}}, True),
        ({}, {"DateLessThan": {"aws:CurrentTime": "2026-04-05T00:00:00Z"}}, False),
        ({}, {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/machine"}}, True),
        ({}, {"Bool": {"aws:SecureTransport": "false"}}, False),
    ],
)
def test_a_condition_is_evaluated(
    emulator: Emulator, run: Run, tags: dict[str, str], condition: dict[str, Any], allowed: bool
) -> None:
    cluster(emulator, **tags)
    role(
        emulator,
        statement("rds:StopDBCluster", CLUSTER, Condition=condition),
        Tags=[{"Key": "team", "Value": "ops"}],
    )
    assert run(emulator, STOP).status == ("SUCCEEDED" if allowed else "FAILED")


def test_tags_of_the_request_are_evaluated(emulator: Emulator, run: Run) -> None:
    only_dev = {
        "StringEquals": {"aws:RequestTag/env": "dev"},
        "ForAllValues:StringEquals": {"aws:TagKeys": ["env", "owner"]},
    }
    role(
        emulator,
        statement("sqs:CreateQueue", Condition=only_dev),
        statement("sqs:TagQueue"),
    )

    def create(**tags: str) -> str:
        call = {
            "Resource": "arn:aws:states:::aws-sdk:sqs:createQueue",
            "Parameters": {"QueueName": "q", "Tags": tags},
        }
        return str(run(emulator, call).status)

    assert create(env="dev") == "SUCCEEDED"
    assert create(env="prod") == "FAILED"
    assert create(env="dev", cost="x") == "FAILED"


def test_giving_tags_needs_an_action_of_its_own(emulator: Emulator, run: Run) -> None:
    role(emulator, statement("sqs:CreateQueue"))
    call = {
        "Resource": "arn:aws:states:::aws-sdk:sqs:createQueue",
        "Parameters": {"QueueName": "q", "Tags": {"a": "b"}},
    }
    assert "is not authorized to perform: sqs:TagQueue" in run(emulator, call).cause


def test_a_key_that_is_not_evaluated_is_named_in_the_journal(emulator: Emulator, run: Run) -> None:
    cluster(emulator)
    condition = {"StringEquals": {"rds:Vpc": "x"}}
    role(emulator, statement("rds:StopDBCluster", Condition=condition))
    assert run(emulator, STOP).status == "SUCCEEDED"
    (call,) = emulator.journal("rds:StopDBCluster")
    assert "rds:Vpc" in str(call.note)


# Each service in its own words.


@pytest.mark.parametrize(
    ("resource", "parameters", "error", "words"),
    [
        ("aws-sdk:s3:listObjectsV2", {"Bucket": "b"},
         "S3.AccessDeniedException", 's3:ListBucket on resource: "arn:aws:s3:::b"'),
        ("aws-sdk:ssm:getParameter", {"Name": "p"}, None, "ssm:GetParameter"),
        ("aws-sdk:dynamodb:getItem", {"TableName": "t", "Key": {}},
         "DynamoDb.DynamoDbException", "dynamodb:GetItem"),
        ("aws-sdk:ec2:stopInstances", {"InstanceIds": ["i-1"]},
         "Ec2.Ec2Exception", "You are not authorized to perform"),
        ("aws-sdk:sfn:listStateMachines", {}, "Sfn.SfnException", "states:ListStateMachines"),
        ("sns:publish", {"TopicArn": "arn:aws:sns:us-east-1:123456789012:t", "Message": "x"},
         "SNS.AuthorizationErrorException", "SNS:Publish on resource: arn:aws:sns:us-east-1:123456789012:t"),
        ("states:startExecution", {"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:x"},
         "StepFunctions.AWSStepFunctionsException", "states:StartExecution"),
        ("lambda:invoke", {"FunctionName": "f"}, "Lambda.AWSLambdaException",
         "lambda:InvokeFunction on resource: arn:aws:lambda:us-east-1:123456789012:function:f"),
    ],
)  # fmt: skip
def test_each_service_refuses_in_its_own_words(
    emulator: Emulator, run: Run, resource: str, parameters: dict[str, Any], error: str | None, words: str
) -> None:
    role(emulator, NOTHING)
    ran = run(emulator, {"Resource": f"arn:aws:states:::{resource}", "Parameters": parameters})
    assert ran.status == "FAILED"
    assert words in ran.cause
    if error is not None:
        assert ran.error == error


# Modes.


def test_a_role_that_is_not_here_may_do_everything_and_the_journal_says_so(
    emulator: Emulator, run: Run
) -> None:
    cluster(emulator)
    assert run(emulator, STOP).status == "SUCCEEDED"
    (call,) = emulator.journal("rds:StopDBCluster")
    assert call.note == f"the role {ROLE} is not in the sandbox, so it may do everything"


def test_strict_lets_no_unknown_role_do_anything(run: Run) -> None:
    with Emulator(clock="instant", permissions="strict") as emulator:
        cluster(emulator)
        assert run(emulator, STOP).status == "FAILED"
        emulator.permissions.mode = "off"
        assert run(emulator, STOP).status == "SUCCEEDED"


def test_off_evaluates_nothing(emulator: Emulator, run: Run) -> None:
    cluster(emulator)
    role(emulator, NOTHING)
    emulator.permissions.mode = "off"
    assert run(emulator, STOP).status == "SUCCEEDED"


def test_a_mode_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="known, strict, off"):
        Emulator(clock="instant", permissions="loose")


def test_a_clients_own_calls_may_do_everything(emulator: Emulator) -> None:
    role(emulator, NOTHING)
    assert emulator.client("sqs").create_queue(QueueName="q")["QueueUrl"]


# Other roles.


def test_a_task_takes_another_role_only_where_both_agree(emulator: Emulator, run: Run) -> None:
    cluster(emulator)
    other = role(emulator, statement("rds:StopDBCluster"), name="other")
    call = {**STOP, "Credentials": {"RoleArn": other}}
    role(emulator, NOTHING)
    ran = run(emulator, call)
    assert ran.error == "States.TaskFailed"
    assert ran.cause == f"The role {ROLE} is not authorized to assume the task state's role, {other}."
    allow(emulator, statement("sts:AssumeRole", other))
    assert run(emulator, call).error == "States.TaskFailed"
    trust = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "sts:AssumeRole"},
    }
    emulator.client("iam").update_assume_role_policy(RoleName="other", PolicyDocument=json.dumps(trust))
    assert run(emulator, call).status == "SUCCEEDED"


def test_an_http_task_needs_its_permissions(emulator: Emulator, run: Run) -> None:
    url = f"{emulator.http.slack.url}/auth.test"
    arn = emulator.client("events").create_connection(
        Name="slack",
        AuthorizationType="API_KEY",
        AuthParameters={
            "ApiKeyAuthParameters": {"ApiKeyName": "Authorization", "ApiKeyValue": "Bearer xoxb-1"}
        },
    )["ConnectionArn"]
    call = {
        "Resource": "arn:aws:states:::http:invoke",
        "Parameters": {"ApiEndpoint": url, "Method": "POST", "InvocationConfig": {"ConnectionArn": arn}},
    }
    invoke = statement(
        "states:InvokeHTTPEndpoint",
        Condition={"StringLike": {"states:HTTPEndpoint": f"{emulator.http.slack.url}/*"}},
    )
    role(emulator, invoke)
    assert run(emulator, call).error == "Events.ConnectionResource.AccessDenied"
    allow(emulator, invoke, statement(["events:RetrieveConnectionCredentials", "secretsmanager:*"]))
    assert run(emulator, call).output["ResponseBody"]["ok"] is True
    elsewhere = {"StringEquals": {"states:HTTPMethod": "GET"}}
    allow(emulator, statement("*", Condition=elsewhere))
    assert "states:InvokeHTTPEndpoint" in run(emulator, call).cause


def test_a_schedules_role_is_evaluated(emulator: Emulator) -> None:
    emulator.client("sqs").create_queue(QueueName="q")
    arn = role(emulator, NOTHING, name="scheduler")
    emulator.clock.pause()
    emulator.client("scheduler").create_schedule(
        Name="s",
        ScheduleExpression="at(2026-04-06T01:00:00)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": "arn:aws:sqs:us-east-1:123456789012:q", "RoleArn": arn, "Input": "{}"},
    )
    emulator.clock.advance(hours=2)
    (call,) = emulator.journal("sqs:SendMessage")
    assert call.error == "AccessDenied"
