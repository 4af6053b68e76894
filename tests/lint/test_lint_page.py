"""docs/lint.md tells of every rule as it is."""

from __future__ import annotations

import re
from pathlib import Path

from kit.lint import RULES


def test_the_page_has_every_rule_with_its_severity_and_why(root: Path) -> None:
    page = (root / "docs" / "lint.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([a-z-]+)` \| (\w+) \| (.+) \|$", page, re.MULTILINE)
    assert told == [(rule.id, rule.severity, rule.why) for rule in RULES]
