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


def _of_aws(diagnostic: Diagnostic) -> Finding:
    refused = diagnostic.severity == "ERROR"
    return Finding(
        rule=f"aws-{diagnostic.code.lower().replace('_', '-')}",
        severity="error" if refused else "warning",
        place=diagnostic.location or "/",
        found=diagnostic.message,
        expected="what the Amazon States Language allows there",
        why="AWS refuses the definition." if refused else "AWS accepts the definition, and warns.",
        mend="change it as the message says; https://states-language.net/spec.html has the fields",
    )
