"""What lint finds, and what it leaves alone."""

from __future__ import annotations

from typing import Any

import pytest

from kit.lint import RULES, Findings, lint

SDK = "arn:aws:states:::aws-sdk:"


def machine(state: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"StartAt": "It", "States": {"It": {"End": True, **state}}, **more}


def task(resource: str = f"{SDK}rds:stopDBCluster", **fields: Any) -> dict[str, Any]:
    given = (
        {} if {"Parameters", "Arguments"} & set(fields) else {"Parameters": {"DbClusterIdentifier": "dev"}}
    )
    return machine({"Type": "Task", "Resource": resource, **given, **fields})


def rules(definition: dict[str, Any]) -> list[str]:
    return [finding.rule for finding in lint(definition)]


def test_a_sound_machine_has_no_findings() -> None:
    assert lint(task()) == Findings()
    assert repr(lint(task())) == "Nothing found."


@pytest.mark.parametrize(
    ("definition", "rule", "place", "mend"),
    [
        (
            {
                "StartAt": "It",
                "States": {
                    "It": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": True, "Next": "End"}]},
                    "End": {"Type": "Succeed"},
                },
            },
            "choice-without-default",
            "/States/It",
            'add "Default"',
        ),
        (
            task(
                "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                Parameters={"MessageBody.$": "$$.Task.Token"},
            ),
            "callback-without-timeout",
            "/States/It",
            'add "TimeoutSeconds"',
        ),
        (task(f"{SDK}rdss:stopDBCluster"), "unknown-service", "/States/It", "write rds"),
        (task(f"{SDK}lookoutvision:startModel"), "unknown-service", "/States/It", "retired"),
        (task(f"{SDK}rds:stopDbCluster"), "unknown-action", "/States/It", "write stopDBCluster"),
        (
            task(Parameters={"DbClusterIdentifier": "a", "DBInstanceIdentifier": "dev"}),
            "unknown-parameter",
            "/States/It/Parameters",
            "write DbClusterIdentifier",
        ),
        (task(Parameters={}), "missing-parameter", "/States/It", "add DbClusterIdentifier"),
        (
            machine({"Type": "Task", "Resource": f"{SDK}rds:describeDBClusters"}),
            "input-as-arguments",
            "/States/It",
            '"Parameters": {}',
        ),
        (
            task(Retry=[{"ErrorEquals": ["Rds.DBClusterNotFoundFault"]}]),
            "unknown-error-name",
            "/States/It/Retry[0]/ErrorEquals",
            "write Rds.DbClusterNotFoundException",
        ),
        (
            task(Retry=[{"ErrorEquals": ["rds.DbClusterNotFoundException"]}]),
            "unknown-error-name",
            "/States/It/Retry[0]/ErrorEquals",
            "write Rds.DbClusterNotFoundException",
        ),
        (
            task(Parameters={"DbClusterIdentifier": "{% $states.input.c %}"}),
            "jsonata-as-text",
            "/States/It/Parameters",
            "JSONata",
        ),
        (
            {
                **task(Arguments={"DbClusterIdentifier": "dev"}, Output={"a.$": "$.b"}),
                "QueryLanguage": "JSONata",
            },
            "path-as-text",
            "/States/It/Output",
            '"a"',
        ),
    ],
)
def test_a_typical_mistake_is_found_with_its_place_and_what_to_do(
    definition: dict[str, Any], rule: str, place: str, mend: str
) -> None:
    (finding,) = lint(definition)
    assert (finding.rule, finding.place) == (rule, place)
    assert mend in finding.mend
    assert finding.found
    assert finding.expected
    assert finding.why


@pytest.mark.parametrize("name", ["Rds.RdsException", "Rds.DbClusterNotFoundException", "States.ALL", "Mine"])
def test_right_error_names_are_left_alone(name: str) -> None:
    assert rules(task(Retry=[{"ErrorEquals": [name]}])) == []


def test_a_placeholder_in_a_resource_is_left_alone() -> None:
    assert rules(task("${StopFunctionArn}")) == []
    assert rules(task(f"{SDK}rds:${{Action}}")) == []


def test_nested_states_are_looked_at() -> None:
    inner = task(f"{SDK}rds:stopDbCluster")
    (finding,) = lint(machine({"Type": "Parallel", "Branches": [inner]}))
    assert finding.place == "/States/It/Branches[0]/States/It"


def test_rule_ids_are_unique_and_stable() -> None:
    assert [rule.id for rule in RULES] == [
        "choice-without-default",
        "callback-without-timeout",
        "unknown-service",
        "unknown-action",
        "unknown-parameter",
        "missing-parameter",
        "input-as-arguments",
        "unknown-error-name",
        "jsonata-as-text",
        "path-as-text",
        "unknown-function",
        "unknown-variable",
    ]


def jsonata(output: Any, **more: Any) -> dict[str, Any]:
    return machine({"Type": "Pass", "Output": output, **more}, QueryLanguage="JSONata")


@pytest.mark.parametrize(
    ("expression", "rule", "mend"),
    [
        ("$uppercse($states.input.a)", "unknown-function", "write $uppercase"),
        ("$states.input.a ~> $nonsense", "unknown-function", "docs.jsonata.org"),
        ("$eval('1')", "unknown-function", "use $parse"),
        ("$rounds + 1", "unknown-variable", '"Assign": {"rounds": …}'),
        ("$state.input.a", "unknown-variable", "write $states"),
        ("cluster", "aws-unsupported-jsonata-expression", "write $states.input"),
        ("$.cluster", "aws-unsupported-jsonata-expression", "write $states.input"),
    ],
)
def test_names_that_are_not_there_are_found_in_jsonata(expression: str, rule: str, mend: str) -> None:
    (finding,) = lint(jsonata({"deep": [f"{{% {expression} %}}"]}))
    assert finding.rule == rule
    assert finding.place.startswith("/States/It/Output/deep")
    assert mend in finding.mend


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
        "$states.input.list ~> $map(function($v) { $v.a })",
    ],
)
def test_sound_jsonata_is_left_alone(expression: str) -> None:
    assert lint(jsonata(f"{{% {expression} %}}", Assign={"mine": 1})) == ()


def test_jsonata_that_cannot_be_read_is_told_once() -> None:
    (finding,) = lint(jsonata("{% $states.input.( %}"))
    assert finding.rule == "aws-invalid-jsonata-expression"


@pytest.mark.parametrize(
    "definition",
    [
        task(TimeoutSecondsPath="$.timeout"),
        {
            **task(Arguments={"DbClusterIdentifier": "dev"}, TimeoutSeconds="{% $states.input.t %}"),
            "QueryLanguage": "JSONata",
        },
        machine({"Type": "Pass", "Assign": {"x.$": "$.a"}}),
    ],
)
def test_what_other_validators_reject_wrongly_is_left_alone(definition: dict[str, Any]) -> None:
    assert lint(definition) == ()


def test_findings_show_as_text_and_as_a_table() -> None:
    found = lint(task(f"{SDK}rds:stopDbCluster"))
    assert repr(found).startswith("error: /States/It: rds has no action")
    assert "<th>Mend</th>" in found._repr_html_()
    assert "Nothing found" in Findings()._repr_html_()
    assert found.errors == found
