"""From a definition to its findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kit.asl import Diagnostic, StateMachine, parse
from kit.asl.diagnosis import diagnose
from kit.lint.finding import Finding, Findings
from kit.lint.rules import RULES


def lint(source: str | bytes | Mapping[str, Any]) -> Findings:
    """The findings about a definition: JSON or YAML text, or a mapping. What AWS refuses comes first;
    as long as there is any of that, the other rules have no machine to look at."""
    of_aws = diagnose(source, severity="WARNING")
    refused = any(diagnostic.severity == "ERROR" for diagnostic in of_aws)
    ours = Findings() if refused else lint_machine(parse(source))
    return Findings((*map(_of_aws, of_aws), *ours))


def lint_machine(machine: StateMachine) -> Findings:
    """The findings about a definition that AWS accepts."""
    return Findings(finding for rule in RULES for finding in rule.findings(machine))


_OF_CODES = {
    "MISSING_TRANSITION_TARGET": (
        "that every Next and Default names a state, and every state is reached",
        "name a state of the same flow, or take the state away",
    ),
    "MISSING_END_STATE": (
        "a state that ends the flow",
        'give the last state "End": true, or lead to a Succeed or a Fail',
    ),
    "DUPLICATE_STATE_NAME": ("names that are used once in the whole machine", "rename one of them"),
    "INVALID_JSONATA_EXPRESSION": (
        "JSONata 2.0.6 between {% and %}",
        "look at the position it names; https://docs.jsonata.org has the syntax",
    ),
    "UNSUPPORTED_JSONATA_EXPRESSION": (
        "$states.input, where Step Functions keeps the state's input, or a variable",
        "write $states.input before the name",
    ),
    "INVALID_JSON_DESCRIPTION": ("JSON, or YAML", "look at the line and column it names"),
    "MISSING_DESCRIPTION": ("a definition", "give one with StartAt and States"),
}
"""What each of AWS's codes expects, and what mends it."""


def _of_aws(diagnostic: Diagnostic) -> Finding:
    refused = diagnostic.severity == "ERROR"
    expected, mend = _OF_CODES.get(
        diagnostic.code,
        (
            "what the Amazon States Language allows there",
            "change it as the message says; https://states-language.net/spec.html has the fields",
        ),
    )
    return Finding(
        rule=f"aws-{diagnostic.code.lower().replace('_', '-')}",
        severity="error" if refused else "warning",
        place=diagnostic.location or "/",
        found=diagnostic.message,
        expected=expected,
        why="AWS refuses the definition." if refused else "AWS accepts the definition, and warns.",
        mend=mend,
    )
