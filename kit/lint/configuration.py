"""`kit.toml`: what a repository asks of lint.

[lint]
disable = ["payload-at-risk"]             # rules that are not looked at
fail_on = "warning"                       # the least severity that fails: error, warning, advice, never
baseline = "lint-baseline.json"           # old findings that are known
exclude = ["vendor/**"]                   # files that a folder or a glob leaves out
[lint.severity]
catch-to-fail = "advice"                  # another severity for a rule
[lint.substitutions]
TopicArn = "arn:aws:sns:eu-west-1:123456789012:t"   # for ${TopicArn}
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from kit.lint.finding import Finding, Findings, Severity
from kit.lint.rules import RULES

NAME = "kit.toml"
SEVERITIES = ("error", "warning", "advice")
FAIL_ON = (*SEVERITIES, "never")


class ConfigurationError(Exception):
    """A kit.toml, a baseline or an option that can't be used: what was found, and what is expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """`folder` is where paths of the file begin: the file's own folder."""

    folder: Path = Path()
    disable: frozenset[str] = frozenset()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    fail_on: str = "warning"
    baseline: Path | None = None
    exclude: tuple[str, ...] = ()
    substitutions: Mapping[str, str] = field(default_factory=dict)

    def apply(self, findings: Iterable[Finding]) -> Findings:
        """The findings that are wanted, with the severities that are wanted."""
        return Findings(
            replace(each, severity=self.severity.get(each.rule, each.severity))
            for each in findings
            if each.rule not in self.disable
        )

    def fails(self, findings: Iterable[Finding]) -> bool:
        """Whether any finding is as grave as `fail_on`."""
        if self.fail_on == "never":
            return False
        grave = SEVERITIES[: SEVERITIES.index(self.fail_on) + 1]
        return any(each.severity in grave for each in findings)


def find(start: Path) -> Path | None:
    """The kit.toml of a folder, or of the nearest one above it."""
    return next((path for each in (start, *start.parents) if (path := each / NAME).is_file()), None)


def read(path: Path) -> Configuration:
    """The [lint] table of a kit.toml. Raises ConfigurationError."""
    try:
        with path.open("rb") as file:
            document = tomllib.load(file)
    except OSError as error:
        raise ConfigurationError(f"{path} can't be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is no TOML: {error}.") from None
    table = document.get("lint", {})
    if not isinstance(table, dict):
        raise ConfigurationError(f"{path}: lint is a table, [lint], but was {table!r}.")
    try:
        return _configuration(table, path.parent)
    except ConfigurationError as error:
        raise ConfigurationError(f"{path}: {error}") from None


def _configuration(table: dict[str, Any], folder: Path) -> Configuration:
    known = ("disable", "severity", "fail_on", "baseline", "exclude", "substitutions")
    for name in table:
        if name not in known:
            raise ConfigurationError(f"[lint] has no {name}{_near(name, known)}. It has {', '.join(known)}.")
    baseline = table.get("baseline")
    if baseline is not None and not isinstance(baseline, str):
        raise ConfigurationError(f"baseline is the path of a file, but was {baseline!r}.")
    fail_on = table.get("fail_on", "warning")
    if fail_on not in FAIL_ON:
        raise ConfigurationError(f"fail_on is one of {', '.join(FAIL_ON)}, but was {fail_on!r}.")
    severity = _texts_by_name(table, "severity")
    for rule, wanted in severity.items():
        _check_rule(rule)
        if wanted not in SEVERITIES:
            raise ConfigurationError(
                f"The severity of {rule} is one of {', '.join(SEVERITIES)}, but was {wanted!r}."
            )
    disable = _texts(table, "disable")
    for rule in disable:
        _check_rule(rule)
    return Configuration(
        folder=folder,
        disable=frozenset(disable),
        severity=cast(Mapping[str, Severity], severity),
        fail_on=fail_on,
        baseline=folder / baseline if baseline else None,
        exclude=tuple(_texts(table, "exclude")),
        substitutions=_texts_by_name(table, "substitutions"),
    )


def _check_rule(rule: str) -> None:
    known = [each.id for each in RULES]
    if rule.startswith("aws-"):
        raise ConfigurationError(f"{rule} is AWS's own word, which stays as it is.")
    if rule not in known:
        raise ConfigurationError(
            f"There is no rule {rule!r}{_near(rule, known)}. kit lint --rules lists them."
        )


def _texts(table: Mapping[str, Any], name: str) -> list[str]:
    value = table.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ConfigurationError(f"{name} is a list of texts, but was {value!r}.")
    return value


def _texts_by_name(table: Mapping[str, Any], name: str) -> dict[str, str]:
    value = table.get(name, {})
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise ConfigurationError(f"[lint.{name}] has a text for each name, but was {value!r}.")
    return value


def _near(name: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {found[0]}?" if found else ""
