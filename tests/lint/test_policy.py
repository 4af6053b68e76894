"""The policy of a machine's role: the least that its calls need, and why."""

from __future__ import annotations

from typing import Any

import pytest
from lint_mistakes import SDK, distributed, flow, http, machine, task

from kit import Machine
from kit.asl import parse
from kit.lint import Policy, Statement, policy
from kit.services.iam_resources import Where

EVENTS = ["events:PutTargets", "events:PutRule", "events:DescribeRule"]
RULE = "arn:aws:events:*:*:rule/StepFunctionsGet"


def of(definition: dict[str, Any], **more: Any) -> Policy:
    return policy(parse(definition), **more)


def allowed(definition: dict[str, Any], **more: Any) -> list[tuple[list[str], Any]]:
    """Pairs of actions and resource of each statement."""
    document = of(definition, **more).document
    return [(each["Action"], each["Resource"]) for each in document.get("Statement", [])]


def test_a_policy_allows_the_call_on_what_the_definition_names() -> None:
    assert of(task()).document == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "RdsStopDBCluster",
                "Effect": "Allow",
                "Action": ["rds:StopDBCluster"],
                "Resource": "arn:aws:rds:*:*:cluster:dev",
            }
        ],
    }


def test_a_machine_that_calls_nothing_needs_no_policy() -> None:
    nothing = of(machine({"Type": "Pass"}))
    assert not nothing
    assert nothing.document == {}
    assert nothing.words == repr(nothing) == "It calls nothing, so its role needs no policy."


def test_region_and_account_narrow_what_the_definition_leaves_open() -> None:
    where = Where(region="eu-west-1", account="123456789012")
    assert of(task(), where=where).statements[0].resources == (
        "arn:aws:rds:eu-west-1:123456789012:cluster:dev",
    )


@pytest.mark.parametrize(
    ("arguments", "resource"),
    [
        ({"DbClusterIdentifier.$": "$.cluster"}, "arn:aws:rds:*:*:cluster:*"),
        (
            {"DbClusterIdentifier.$": "States.Format('staging-{}', $.day)"},
            "arn:aws:rds:*:*:cluster:staging-*",
        ),
        ({"DbClusterIdentifier": "${Cluster}"}, "arn:aws:rds:*:*:cluster:${Cluster}"),
    ],
)
def test_what_is_known_only_at_run_time_is_left_open_as_little_as_can_be(
    arguments: dict[str, str], resource: str
) -> None:
    assert allowed(task(Parameters=arguments)) == [(["rds:StopDBCluster"], resource)]


def test_a_jsonata_text_that_begins_with_known_letters_keeps_them() -> None:
    definition = task(Arguments={"DbClusterIdentifier": "{% 'staging-' & $states.input.day %}"})
    definition["QueryLanguage"] = "JSONata"
    assert allowed(definition) == [(["rds:StopDBCluster"], "arn:aws:rds:*:*:cluster:staging-*")]


def test_arguments_by_one_expression_leave_the_name_open() -> None:
    definition = {**task(Arguments="{% $states.input %}"), "QueryLanguage": "JSONata"}
    assert allowed(definition) == [(["rds:StopDBCluster"], "arn:aws:rds:*:*:cluster:*")]


def test_a_call_that_knows_no_resources_is_allowed_on_all() -> None:
    described = task(f"{SDK}ec2:describeInstances", Parameters={})
    assert allowed(described) == [(["ec2:DescribeInstances"], "*")]


def test_states_that_need_the_same_share_a_statement_that_names_them() -> None:
    one = task()["States"]["It"]
    definition = flow(
        {
            "One": {**{k: v for k, v in one.items() if k != "End"}, "Next": "Two"},
            "Two": {**one, "Parameters": {"DbClusterIdentifier": "qa"}},
        }
    )
    (statement,) = of(definition).statements
    assert statement.resources == ("arn:aws:rds:*:*:cluster:dev", "arn:aws:rds:*:*:cluster:qa")
    assert statement.why == "“One” and “Two” need it to call rds:stopDBCluster."


def test_a_resource_that_another_covers_is_left_out() -> None:
    one = task()["States"]["It"]
    definition = flow(
        {
            "One": {**{k: v for k, v in one.items() if k != "End"}, "Next": "Two"},
            "Two": {**one, "Parameters": {"DbClusterIdentifier.$": "$.c"}},
        }
    )
    assert allowed(definition) == [(["rds:StopDBCluster"], "arn:aws:rds:*:*:cluster:*")]


def test_starting_an_execution_and_waiting_for_it_needs_five_actions_and_a_rule() -> None:
    child = "arn:aws:states:eu-west-1:123456789012:stateMachine:child"
    started = {"Parameters": {"StateMachineArn": child}}
    assert allowed(task("arn:aws:states:::states:startExecution", **started)) == [
        (["states:StartExecution"], child)
    ]
    assert allowed(task("arn:aws:states:::states:startExecution.sync:2", **started)) == [
        (["states:StartExecution"], child),
        (
            ["states:DescribeExecution", "states:StopExecution"],
            "arn:aws:states:eu-west-1:123456789012:execution:child:*",
        ),
        (EVENTS, f"{RULE}EventsForStepFunctionsExecutionRule"),
    ]


def test_a_container_that_is_waited_for_needs_its_roles_passed() -> None:
    definition = task(
        "arn:aws:states:::ecs:runTask.sync", Parameters={"TaskDefinition": "mask", "Cluster": "ops"}
    )
    assert allowed(definition) == [
        (["ecs:RunTask"], "arn:aws:ecs:*:*:task-definition/mask:*"),
        (["ecs:StopTask", "ecs:DescribeTasks"], "arn:aws:ecs:*:*:task/ops/*"),
        (EVENTS, f"{RULE}EventsForECSTaskRule"),
        (["iam:PassRole"], "arn:aws:iam::*:role/*"),
    ]
    assert of(definition).statements[-1].condition == {
        "StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}
    }


def test_a_role_in_the_arguments_is_passed_and_no_other() -> None:
    role = "arn:aws:iam::123456789012:role/schedule"
    definition = task(
        f"{SDK}scheduler:createSchedule",
        Parameters={
            "Name": "nightly",
            "ScheduleExpression": "rate(1 day)",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": "arn:aws:sqs:eu-west-1:123456789012:q", "RoleArn": role},
        },
    )
    assert allowed(definition) == [
        (["scheduler:CreateSchedule"], "arn:aws:scheduler:*:*:schedule/default/nightly"),
        (["iam:PassRole"], role),
    ]


def test_a_thing_that_is_made_with_tags_needs_the_right_to_tag() -> None:
    made = {"DbSnapshotIdentifier": "s", "DbInstanceIdentifier": "d"}
    plain = task(f"{SDK}rds:createDBSnapshot", Parameters=made)
    tagged = task(f"{SDK}rds:createDBSnapshot", Parameters={**made, "Tags": [{"Key": "a", "Value": "b"}]})
    assert of(plain).actions == ("rds:CreateDBSnapshot",)
    assert of(tagged).actions == ("rds:AddTagsToResource", "rds:CreateDBSnapshot")


def test_an_http_task_needs_its_endpoint_connection_and_secret() -> None:
    connection = "arn:aws:events:eu-west-1:123456789012:connection/slack/0a1b"
    definition = http(InvocationConfig={"ConnectionArn": connection})
    secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:events!connection/slack/*"
    assert allowed(definition, name="notify") == [
        (["states:InvokeHTTPEndpoint"], "arn:aws:states:*:*:stateMachine:notify"),
        (["events:RetrieveConnectionCredentials"], connection),
        (["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"], secret),
    ]
    assert of(definition).statements[0].condition == {
        "StringEquals": {"states:HTTPMethod": "POST"},
        "StringLike": {"states:HTTPEndpoint": "https://api.github.com/repos/a/b/issues"},
    }


def test_a_call_under_another_role_needs_to_take_that_role_and_nothing_else() -> None:
    role = "arn:aws:iam::210987654321:role/copy"
    assert allowed(task(Credentials={"RoleArn": role})) == [(["sts:AssumeRole"], role)]


def test_a_distributed_map_needs_its_children_its_items_and_its_results() -> None:
    definition = distributed(
        ResultWriter={
            "Resource": "arn:aws:states:::s3:putObject",
            "Parameters": {"Bucket": "out", "Prefix": "runs"},
        }
    )
    assert allowed(definition, name="copy") == [
        (["states:StartExecution"], "arn:aws:states:*:*:stateMachine:copy"),
        (
            ["states:DescribeExecution", "states:StopExecution", "states:RedriveExecution"],
            ["arn:aws:states:*:*:execution:copy/*:*", "arn:aws:states:*:*:execution:copy:*"],
        ),
        (["s3:GetObject"], "arn:aws:s3:::b/k"),
        (
            ["s3:PutObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"],
            "arn:aws:s3:::out/runs/*",
        ),
    ]


def test_logs_and_traces_are_asked_for_by_name() -> None:
    actions = of(machine({"Type": "Pass"}), logging=True, tracing=True).actions
    assert "logs:CreateLogDelivery" in actions
    assert "xray:PutTraceSegments" in actions


@pytest.mark.parametrize(
    ("resource", "parameters", "expected"),
    [
        ("arn:aws:lambda:eu-west-1:123456789012:function:mask", {},
         (["lambda:InvokeFunction"], "arn:aws:lambda:eu-west-1:123456789012:function:mask")),
        ("arn:aws:states:::lambda:invoke", {"FunctionName": "mask"},
         (["lambda:InvokeFunction"], "arn:aws:lambda:*:*:function:mask")),
        ("arn:aws:states:::sns:publish", {"TopicArn": "${Topic}", "Message": "a"},
         (["sns:Publish"], "${Topic}")),
        ("arn:aws:states:::sns:publish", {"PhoneNumber": "+4412345", "Message": "a"}, (["sns:Publish"], "*")),
        ("arn:aws:states:::sqs:sendMessage",
         {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs", "MessageBody": "a"},
         (["sqs:SendMessage"], "arn:aws:sqs:eu-west-1:123456789012:jobs")),
        ("arn:aws:states:::events:putEvents", {"Entries": [{"Source": "a", "EventBusName": "ops"}]},
         (["events:PutEvents"], "arn:aws:events:*:*:event-bus/ops")),
        (f"{SDK}dynamodb:transactWriteItems", {"TransactItems": [{"Put": {"TableName": "locks"}}]},
         (["dynamodb:PutItem"], "arn:aws:dynamodb:*:*:table/locks")),
        (f"{SDK}s3:copyObject", {"Bucket": "b", "Key": "k", "CopySource": "a/x"},
         (["s3:PutObject", "s3:GetObject"], ["arn:aws:s3:::b/k", "arn:aws:s3:::a/x"])),
        (f"{SDK}route53:changeResourceRecordSets", {"HostedZoneId": "/hostedzone/Z1", "ChangeBatch": {}},
         (["route53:ChangeResourceRecordSets"], "arn:aws:route53:::hostedzone/Z1")),
        ("arn:${AWS::Partition}:states:::sns:publish", {"TopicArn": "${TopicArn}", "Message": "a"},
         (["sns:Publish"], "${TopicArn}")),
    ],
)  # fmt: skip
def test_what_other_integrations_need(resource: str, parameters: dict[str, Any], expected: Any) -> None:
    assert allowed(task(resource, Parameters=parameters)) == [expected]


def test_a_policy_says_why_as_text_and_as_a_table() -> None:
    found = Machine("stop", task()).policy()
    assert found.words == "rds:StopDBCluster: “It” needs it to call rds:stopDBCluster."
    assert repr(found).endswith(found.words)
    table = found._repr_html_()
    assert "<th>Why</th>" in table
    assert "“It” needs it to call rds:stopDBCluster." in table
    assert '"Version": "2012-10-17"'.replace('"', "&quot;") in table


def test_policies_of_the_same_statements_are_equal() -> None:
    one = Policy([Statement(sid="A", actions=("a:B",), resources=("*",), why="So.")])
    assert one == Policy(one.statements)
    assert hash(one) == hash(Policy(one.statements))
    assert one != Policy()
