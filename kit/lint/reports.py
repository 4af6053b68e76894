"""Findings about files, as text for people, as JSON for programs, and as SARIF for code hosts.

SARIF is the Static Analysis Results Interchange Format, which GitHub and others show beside the lines:
https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from kit.lint.configuration import SEVERITIES
from kit.lint.finding import Finding
from kit.lint.rules import RULES

_LEVELS = {"error": "error", "warning": "warning", "advice": "note"}


@dataclass(frozen=True, slots=True)
class Located:
    """A finding at its line and column, both from 1, of a file."""

    file: str
    line: int
    column: int
    finding: Finding


def as_text(found: Sequence[Located], files: int) -> str:
    """`file:line:column: severity: …`, as editors read it, with the rest of each finding below."""
    parts = [f"{each.file}:{each.line}:{each.column}: {each.finding}\n" for each in found]
    return "\n".join([*parts, summary(found, files)])


def summary(found: Sequence[Located], files: int) -> str:
    """`3 findings in 2 files: 1 error, 2 warnings.`"""
    where = f"{files} file{'' if files == 1 else 's'}"
    if not found:
        return f"Nothing found in {where}."
    counts = {name: sum(each.finding.severity == name for each in found) for name in SEVERITIES}
    plural = {"error": "errors", "warning": "warnings", "advice": "advice"}
    parts = [f"{count} {name if count == 1 else plural[name]}" for name, count in counts.items() if count]
    return f"{len(found)} finding{'' if len(found) == 1 else 's'} in {where}: {', '.join(parts)}."


def as_json(found: Sequence[Located], files: int) -> str:
    """`{"version": 1, "files": 2, "findings": [{"file", "line", "column", "rule", "severity", …}]}`."""
    findings = [
        {"file": each.file, "line": each.line, "column": each.column, **asdict(each.finding)}
        for each in found
    ]
    return json.dumps({"version": 1, "files": files, "findings": findings}, indent=2, ensure_ascii=False)


def as_sarif(found: Sequence[Located]) -> str:
    """SARIF 2.1.0, with a fingerprint of file, rule and place, so that a moved line is no new result."""
    described = {
        rule.id: {
            "id": rule.id,
            "shortDescription": {"text": rule.why},
            "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        }
        for rule in RULES
    }
    for each in found:
        described.setdefault(
            each.finding.rule, {"id": each.finding.rule, "shortDescription": {"text": each.finding.why}}
        )
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "kit lint", "rules": list(described.values())}},
                "columnKind": "unicodeCodePoints",
                "results": [_result(each, list(described)) for each in found],
            }
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _result(each: Located, rules: list[str]) -> dict[str, Any]:
    finding = each.finding
    said = f"{finding.found}. Expected: {finding.expected}."
    known = f"{each.file}\n{finding.rule}\n{finding.place}"
    return {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{said} {finding.why} To mend it: {finding.mend}."},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(each.file)},
                    "region": {"startLine": each.line, "startColumn": each.column},
                },
                "logicalLocations": [{"fullyQualifiedName": finding.place}],
            }
        ],
        "partialFingerprints": {"place/v1": sha256(known.encode()).hexdigest()},
    }
