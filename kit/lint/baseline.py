"""Old findings that are known: a file that keeps them quiet, so that new ones are seen.

A finding is known by its file, rule and place, not by its line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from kit.lint.configuration import ConfigurationError
from kit.lint.finding import Finding

Known = frozenset[tuple[str, str, str]]


def key(file: str, finding: Finding) -> tuple[str, str, str]:
    return file, finding.rule, finding.place


def read(path: Path) -> Known:
    """The findings that a baseline file knows. Raises ConfigurationError."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return frozenset((each["file"], each["rule"], each["place"]) for each in document["findings"])
    except OSError as error:
        raise ConfigurationError(
            f"The baseline {path} can't be read: {error.strerror}. kit lint --write-baseline makes it."
        ) from None
    except (ValueError, KeyError, TypeError):
        raise ConfigurationError(
            f"{path} is no baseline of kit lint. kit lint --write-baseline makes it anew."
        ) from None


def write(path: Path, found: Iterable[tuple[str, Finding]]) -> None:
    """Writes findings, sorted, with what was found beside them for whoever reads the file."""
    findings = [
        {"file": file, "rule": each.rule, "place": each.place, "found": each.found}
        for file, each in sorted(found, key=lambda pair: key(*pair))
    ]
    text = json.dumps({"version": 1, "findings": findings}, indent=1, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8")
