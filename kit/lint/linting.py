"""From a definition to its findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kit.asl import DefinitionError, StateMachine
from kit.asl.building import build_machine
from kit.asl.diagnosis import diagnose_json
from kit.asl.reading import read_definition
from kit.lint import acceptance, suppression
from kit.lint.finding import Findings
from kit.lint.rules import RULES
from kit.lint.subject import Subject


def lint(
    source: str | bytes | Mapping[str, Any], *, substitutions: Mapping[str, str] | None = None
) -> Findings:
    """The findings about a definition: JSON or YAML text, or a mapping. What AWS refuses comes first;
    as long as there is any of that, the other rules have no machine to look at."""
    try:
        fields = read_definition(source, substitutions=substitutions)
    except DefinitionError as unreadable:
        return Findings(acceptance.finding(each, source) for each in unreadable.diagnostics)
    of_aws = diagnose_json(fields, severity="WARNING")
    refused = any(diagnostic.severity == "ERROR" for diagnostic in of_aws)
    ours = Findings() if refused else lint_machine(build_machine(fields))
    return Findings((*(acceptance.finding(each, fields) for each in of_aws), *ours))


def lint_machine(machine: StateMachine) -> Findings:
    """The findings about a definition that AWS accepts, those aside that a Comment allows."""
    subject = Subject(machine)
    found = (finding for rule in RULES for finding in rule.findings(subject))
    return Findings(suppression.kept(found, machine))
