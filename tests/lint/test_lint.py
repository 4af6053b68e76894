"""What lint leaves alone, how findings show, and what a Comment keeps quiet."""

from __future__ import annotations

from typing import Any

import pytest
from lint_mistakes import BROKEN, READY, SDK, choice, flow, jsonata, machine, poll, task

from kit.lint import RULES, Findings, lint


def rules(definition: dict[str, Any]) -> list[str]:
    return [finding.rule for finding in lint(definition)]


def test_a_sound_machine_has_no_findings() -> None:
    assert lint(task()) == Findings()
    assert repr(lint(task())) == "Nothing found."


@pytest.mark.parametrize(
    "name",
    [
        "Rds.RdsException", "Rds.DbClusterNotFoundException", "States.ALL", "States.Http.Socket",
        "States.Http.StatusCode.429", "Mine", "com.example.Mine", "Lambda.TooManyRequestsException",
    ],
)  # fmt: skip
def test_right_error_names_are_left_alone(name: str) -> None:
    assert rules(task(Retry=[{"ErrorEquals": [name]}])) == []


def test_the_retry_that_everybody_copies_for_lambda_is_left_alone() -> None:
    names = ["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException",
             "Lambda.ClientExecutionTimeoutException", "Lambda.Unknown"]  # fmt: skip
    invoke = task(
        "arn:aws:states:::lambda:invoke",
        Parameters={"FunctionName": "${FunctionArn}", "Payload.$": "$"},
        OutputPath="$.Payload",
        Retry=[{"ErrorEquals": names, "IntervalSeconds": 2, "MaxAttempts": 6, "BackoffRate": 2}],
    )
    assert rules(invoke) == []


@pytest.mark.parametrize(
    "resource",
    [
        "${StopFunctionArn}", f"{SDK}rds:${{Action}}", "arn:${AWS::Partition}:states:::sns:publish",
        "arn:aws-cn:states:::sns:publish", "arn:aws:lambda:eu-west-1:123456789012:function:a:${Alias}",
    ],
)  # fmt: skip
def test_placeholders_and_partitions_in_a_resource_are_left_alone(resource: str) -> None:
    assert rules(task(resource, Parameters={"TopicArn": "${Topic}", "Message": "a"})) == []


def test_a_literal_iterator_and_a_placeholder_for_a_number_are_left_alone() -> None:
    old = machine(
        {"Type": "Map", "Iterator": flow({"Nap": {"Type": "Wait", "Seconds": "${Nap}", "End": True}})}
    )
    assert rules(old) == []


def test_an_error_name_that_the_machine_raises_itself_is_left_alone() -> None:
    branch = flow({"Enough": {"Type": "Fail", "Error": "States.QuorumMet"}})
    quorum = flow(
        {
            "It": {
                "Type": "Parallel",
                "Branches": [branch],
                "Catch": [{"ErrorEquals": ["States.QuorumMet"], "Next": "Done"}],
                "End": True,
            },
            "Done": {"Type": "Succeed"},
        }
    )
    assert rules(quorum) == []


@pytest.mark.parametrize(
    "choices",
    [
        [{"Variable": "$.a", "IsPresent": True, "Next": "End"},
         {"Variable": "$.a", "IsPresent": False, "Next": "No"}],
        [{"Variable": "$.a", "StringEquals": "x", "Next": "End"},
         {"Not": {"Variable": "$.a", "StringEquals": "x"}, "Next": "No"}],
    ],
)  # fmt: skip
def test_a_choice_whose_rules_leave_nothing_out_needs_no_default(choices: list[Any]) -> None:
    assert rules(choice(choices)) == []


def test_a_field_that_a_choice_asks_for_may_be_missing() -> None:
    definition = flow(
        {
            "List": {
                "Type": "Task",
                "Resource": f"{SDK}rds:describeDBClusters",
                "Parameters": {},
                "Next": "More?",
            },
            "More?": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.Marker", "IsPresent": True, "Next": "Done"},
                            {"Variable": "$.skip", "IsPresent": True, "Next": "Done"}],
                "Default": "Done",
            },
            "Done": {"Type": "Succeed"},
        }
    )  # fmt: skip
    assert rules(definition) == []


def test_a_loop_over_pages_is_no_poll() -> None:
    definition = flow(
        {
            "List": {
                "Type": "Task",
                "Resource": f"{SDK}rds:describeDBSnapshots",
                "Arguments": {"Marker": "{% $marker %}"},
                "Assign": {"marker": "{% $states.result.Marker %}"},
                "Next": "More?",
            },
            "More?": {
                "Type": "Choice",
                "Choices": [{"Condition": "{% $marker != '' %}", "Next": "Pause"}],
                "Default": "Done",
            },
            "Pause": {"Type": "Wait", "Seconds": 1, "Next": "List"},
            "Done": {"Type": "Succeed"},
        },
        QueryLanguage="JSONata",
    )
    assert "poll-without-bound" not in rules(definition)


def test_a_loop_that_looks_at_the_clock_has_a_bound() -> None:
    late = {
        "Condition": "{% $millis() > $toMillis($states.context.Execution.StartTime) + 60000 %}",
        "Next": "Failed",
    }
    assert rules(poll([READY, BROKEN, late], "Wait")) == []


def test_nested_states_are_looked_at() -> None:
    inner = flow({"In": task(f"{SDK}rds:stopDbCluster")["States"]["It"]})
    (finding,) = lint(machine({"Type": "Parallel", "Branches": [inner]}))
    assert finding.place == "/States/It/Branches[0]/States/In/Resource"


def test_rule_ids_are_unique_and_stable() -> None:
    assert sorted(rule.id for rule in RULES) == [
        "callback-without-timeout", "catch-to-fail", "choice-without-default", "first-page-only",
        "forbidden-header", "hopeless-retry", "input-as-arguments", "jsonata-as-text", "lost-error",
        "lost-input", "missing-parameter", "path-as-text", "payload-at-risk", "poll-without-bound",
        "poll-without-failure-exit", "secret-in-definition", "sync-of-sdk", "token-not-sent",
        "unknown-action", "unknown-error-name", "unknown-function", "unknown-integration",
        "unknown-parameter", "unknown-service", "unknown-value", "unknown-variable",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "rule", "said"),
    [
        ("$uppercse($states.input.a)", "unknown-function", "at character 1 of"),
        ("$states.input.a ~> $nonsense", "unknown-function", "at character 20 of"),
        ("1 + $rounds", "unknown-variable", "at character 5 of"),
        ("$state.input.a", "unknown-variable", "$state at character 1"),
        ("$.cluster", "aws-unsupported-jsonata-expression", "top level"),
    ],
)
def test_names_that_are_not_there_are_found_in_jsonata(expression: str, rule: str, said: str) -> None:
    (finding,) = lint(jsonata({"deep": [f"{{% {expression} %}}"]}))
    assert finding.rule == rule
    assert finding.place.startswith("/States/It/Output/deep")
    assert said in finding.found


@pytest.mark.parametrize(
    "expression",
    [
        "$states.input.list[status = 'available'].name",
        "$map($states.input.list, function($item) { $item.name & $mine })",
        "($local := 1; $f := function($x) { $x + $local }; $f(2))",
        "$partition($states.input.list, 2)",
        "$uuid() & $string($random()) & $hash('a', 'MD5')",
        "$sum($states.input.list.(price * amount))",
        "'$nonsense(1) in a text'",
        "/* $nonsense(1) in a comment */ 1",
        "$states.input.list ~> $map(function($v) { $v.a })",
    ],
)
def test_sound_jsonata_is_left_alone(expression: str) -> None:
    definition = flow(
        {
            "Before": {"Type": "Pass", "Assign": {"mine": 1}, "Next": "It"},
            "It": {"Type": "Pass", "Output": f"{{% {expression} %}}", "End": True},
        },
        QueryLanguage="JSONata",
    )
    assert lint(definition) == ()


def test_a_variable_isnt_there_yet_in_the_state_that_assigns_it_nor_outside_of_its_branch() -> None:
    assert rules(jsonata("{% $mine %}", Assign={"mine": 1})) == ["unknown-variable"]
    inner = flow({"In": {"Type": "Pass", "Assign": {"mine": 1}, "End": True}})
    outer = flow(
        {
            "Both": {"Type": "Parallel", "Branches": [inner], "Next": "After"},
            "After": {"Type": "Pass", "Output": "{% $mine %}", "End": True},
        },
        QueryLanguage="JSONata",
    )
    assert rules(outer) == ["unknown-variable"]


def test_a_variable_of_an_outer_flow_is_seen_inside() -> None:
    inner = flow({"In": {"Type": "Pass", "Output": "{% $mine %}", "End": True}})
    outer = flow(
        {
            "Before": {"Type": "Pass", "Assign": {"mine": 1}, "Next": "Both"},
            "Both": {"Type": "Parallel", "Branches": [inner], "End": True},
        },
        QueryLanguage="JSONata",
    )
    assert rules(outer) == []


def test_a_secret_is_named_and_not_shown() -> None:
    token = "xoxb-" + "1234567890-abcdefghij"
    found = lint(machine({"Type": "Pass", "Comment": f"use {token}", "Result": {"token": token}}))
    assert [finding.rule for finding in found] == ["secret-in-definition"] * 2
    assert "a Slack token" in found[0].found
    assert token not in repr(found)


@pytest.mark.parametrize(
    "fields",
    [
        {"MasterUserPassword": "${Password}"}, {"MasterUserPassword": "{{resolve:secretsmanager:a}}"},
        {"MasterUserPassword.$": "$.password"}, {"SecretId": "staging/db"}, {"NextToken": "abcdefgh"},
        {"AuthToken": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a"},
    ],
)  # fmt: skip
def test_references_to_secrets_are_left_alone(fields: dict[str, str]) -> None:
    assert "secret-in-definition" not in rules(machine({"Type": "Pass", "Parameters": fields}))


def test_a_comment_keeps_a_rule_quiet_in_its_state_or_in_the_whole_machine() -> None:
    wrong = machine({"Type": "Task", "Resource": f"{SDK}rds:describeDBClusters"})
    assert rules(wrong) == ["input-as-arguments"]
    in_state = machine(
        {
            **wrong["States"]["It"],
            "Comment": "All of them. lint: allow input-as-arguments, the input is theirs",
        }
    )
    assert rules(in_state) == []
    assert rules({**wrong, "Comment": "lint: allow lost-input, input-as-arguments"}) == []
    assert rules({**wrong, "Comment": "lint: allow lost-input"}) == ["input-as-arguments"]


def test_a_comment_that_allows_a_rule_that_isnt_there_is_told() -> None:
    (finding,) = lint(machine({"Type": "Pass", "Comment": "lint: allow lost-inputs"}))
    assert (finding.rule, finding.place, finding.mend) == (
        "unknown-rule",
        "/States/It/Comment",
        "write lost-input",
    )


def test_what_aws_refuses_cannot_be_allowed() -> None:
    refused = machine({"Type": "Pass", "Nxt": "a", "Comment": "lint: allow aws-schema-validation-failed"})
    assert lint(refused).errors


def test_findings_show_as_text_and_as_a_table() -> None:
    found = lint(task(f"{SDK}rds:stopDbCluster"))
    assert repr(found).startswith("error: /States/It/Resource: rds has no action")
    assert "<th>Mend</th>" in found._repr_html_()
    assert "Nothing found" in Findings()._repr_html_()
    assert found.errors == found


def test_a_jsonata_path_through_the_elements_of_an_array_is_left_alone() -> None:
    inner = flow({"In": {"Type": "Pass", "Output": {"State": "{% $states.input.s %}"}, "End": True}})
    outer = flow(
        {
            "Each": {"Type": "Map", "Items": [{"s": 1}], "ItemProcessor": inner, "Next": "After"},
            "After": {"Type": "Pass", "Output": "{% $states.input.State %}", "End": True},
        },
        QueryLanguage="JSONata",
    )
    assert rules(outer) == []


def test_a_role_that_was_made_a_moment_ago_is_worth_a_retry() -> None:
    made = {"FunctionName": "f", "Role": "${RoleArn}", "Code": {"ZipFile": "a"}}
    retry = [{"ErrorEquals": ["Lambda.InvalidParameterValueException"]}]
    assert rules(task(f"{SDK}lambda:createFunction", Parameters=made, Retry=retry)) == []


def test_a_value_that_may_be_newer_than_the_model_is_left_alone() -> None:
    made = {"FunctionName": "f", "Role": "${RoleArn}", "Code": {"ZipFile": "a"}, "Runtime": "python3.99"}
    assert rules(task(f"{SDK}lambda:createFunction", Parameters=made)) == []


@pytest.mark.parametrize(
    "field",
    [
        {"Parameters": {"a.$": "States.Format('costs $USD {}, see $.price', $.cost)"}},
        {"Parameters": {"Path": "/a/$b", "OutputPath": "$prefix"}},
        {"Parameters": {"a.$": "$.list[?(@.a == '$x')]"}},
    ],
)
def test_a_dollar_in_a_text_is_left_alone(field: dict[str, Any]) -> None:
    before = {"Type": "Pass", "Parameters": {"cost.$": "$.cost", "list.$": "$.list"}, "Next": "It"}
    assert rules(flow({"Before": before, "It": {"Type": "Pass", "End": True, **field}})) == []
