"""All rules, family by family. What AWS itself refuses isn't among them: see `acceptance`."""

from __future__ import annotations

from kit.lint import data, expressions, failures, flows, names, secrets
from kit.lint.rule import Rule

RULES: tuple[Rule, ...] = (
    *names.RULES,
    *failures.RULES,
    *flows.RULES,
    *data.RULES,
    *expressions.RULES,
    *secrets.RULES,
)
"""Every rule that teaches, in the order of a report."""
