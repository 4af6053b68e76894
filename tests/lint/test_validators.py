"""Typical mistakes against which other validators were tried: ours catches all, and rejects nothing valid.

statelint 3.1.0, asl-validator 4.0.0, cfn-lint's schema and moto let each of the first list pass; statelint
rejects each of the second.
"""

from __future__ import annotations

from typing import Any

import pytest
from lint_mistakes import STOP, flow, jsonata, machine, task

from kit.lint import lint

UNNOTICED = {
    "JSONata that doesn't parse": jsonata("{% $states.input.( %}"),
    "an unknown function": jsonata("{% $uppercse('a') %}"),
    "an undefined variable": jsonata("{% $nowhere %}"),
    "$eval": jsonata("{% $eval('1') %}"),
    "x.$ in a JSONata state": jsonata({"x.$": "$.a"}),
    "States.ALL that isn't last": task(
        Retry=[{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["States.Timeout"]}]
    ),
    "States.ALL that isn't alone": task(Retry=[{"ErrorEquals": ["States.ALL", "States.Timeout"]}]),
    "a dangling Next": flow({"It": {"Type": "Pass", "Next": "Nowhere"}}),
    "boto3's casing of a parameter": task(Parameters={"DBClusterIdentifier": "dev"}),
}

VALID = {
    "JSONata in TimeoutSeconds": {
        **task(Arguments=STOP, TimeoutSeconds="{% $states.input.t %}"),
        "QueryLanguage": "JSONata",
    },
    "a Label": machine(
        {
            "Type": "Map",
            "Label": "Rows",
            "ItemProcessor": {
                **flow({"In": {"Type": "Pass", "End": True}}),
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            },
            "ResultPath": None,
        }
    ),
    "JSONPath's Assign": machine({"Type": "Pass", "Assign": {"x.$": "$.a"}}),
    "TimeoutSecondsPath": task(TimeoutSecondsPath="$.timeout"),
}


@pytest.mark.parametrize("what", UNNOTICED)
def test_what_other_validators_let_pass_is_found(what: str) -> None:
    assert lint(UNNOTICED[what]), what


@pytest.mark.parametrize("what", VALID)
def test_what_other_validators_reject_wrongly_is_left_alone(what: str) -> None:
    definition: Any = VALID[what]
    assert lint(definition) == ()
