"""Looking at a definition without running it: findings that teach, and the policy its role needs."""

from kit.lint.deriving import policy
from kit.lint.finding import Finding, Findings, Severity
from kit.lint.linting import lint, lint_machine
from kit.lint.policies import Policy, Statement
from kit.lint.rule import Rule
from kit.lint.rules import RULES

__all__ = [
    "RULES",
    "Finding",
    "Findings",
    "Policy",
    "Rule",
    "Severity",
    "Statement",
    "lint",
    "lint_machine",
    "policy",
]
