"""From a text to plain JSON: definitions in JSON or YAML, with `${Name}` placeholders.

AWS's API takes JSON only; editors and SAM also take YAML. Placeholders are what SAM, CDK and
CloudFormation fill in at deployment.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-stepfunctions-statemachine.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kit.asl.definition import Json
from kit.asl.encoding import decode
from kit.asl.errors import DefinitionError, Diagnostic
from kit.asl.json_faults import describe_fault

MAX_DEPTH = 200
"""How deep a definition may nest: far beyond what AWS takes, and safely within Python's stack."""
MAX_VALUES = 500_000
"""How many values a definition may hold, YAML aliases counted each time."""

_PLACEHOLDER = re.compile(r"\$\{([^{}$]+)\}")


def read_definition(
    source: str | bytes | Mapping[str, Json],
    *,
    substitutions: Mapping[str, str] | None = None,
    yaml_too: bool = True,
) -> Json:
    """The JSON of a definition. Raises DefinitionError where the text is neither JSON nor YAML.

    `${Name}` is replaced by `substitutions["Name"]`, and stays where there is none.
    """
    if isinstance(source, Mapping):
        found: Json = source
    else:
        text = source.decode("utf-8", errors="replace") if isinstance(source, bytes) else source
        found = _read_text(_fill(text, substitutions or {}) if substitutions else text, yaml_too)
    return _Plain(substitutions or {}).copy(found, 0)


def has_placeholder(text: str) -> bool:
    """Whether a text holds a `${Name}` that is still to be filled in."""
    return _PLACEHOLDER.search(text) is not None


def _fill(text: str, substitutions: Mapping[str, str]) -> str:
    """Fills placeholders that stand outside of quotes: `"Seconds": ${Pause}`."""
    return re.sub(
        r"(?<=[:,\[])(\s*)\$\{([^{}$\"]+)\}(?=\s*[,}\]\n])",
        lambda found: found[1] + substitutions.get(found[2], found[0].strip()),
        text,
    )


def _read_text(text: str, yaml_too: bool) -> Json:
    if not text.strip():
        raise _refused("MISSING_DESCRIPTION", "The definition is empty", "/")
    try:
        return decode(text)
    except (ValueError, RecursionError) as wrong:
        if yaml_too and not text.lstrip().startswith(("{", "[", '"')):
            found = _read_yaml(text)
            if isinstance(found, dict):
                return found
        if "ecursion" in str(wrong) or "nests deeper" in str(wrong):
            raise _too_deep() from None
        message, location = describe_fault(text)
        raise _refused("INVALID_JSON_DESCRIPTION", message, location) from None


def _read_yaml(text: str) -> Any:
    from kit.asl.yaml_text import load_yaml

    try:
        return load_yaml(text)
    except ValueError as wrong:
        raise _refused(
            "INVALID_JSON_DESCRIPTION", f"The text is neither JSON nor YAML: {wrong}", "/"
        ) from None
    except RecursionError:
        raise _too_deep() from None


class _Plain:
    """Copies JSON into plain dicts and lists, placeholders filled in."""

    def __init__(self, substitutions: Mapping[str, str]) -> None:
        self.substitutions, self.count = substitutions, 0

    def copy(self, value: Json, depth: int) -> Json:
        self.count += 1
        if depth > MAX_DEPTH or self.count > MAX_VALUES:
            raise _too_deep()
        if isinstance(value, str):
            return self.filled(value) if self.substitutions else value
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, Mapping):
            return {self.filled(str(key)): self.copy(item, depth + 1) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.copy(item, depth + 1) for item in value]
        what = f"A value of the Python type {type(value).__name__} has no place in JSON"
        raise _refused("INVALID_JSON_DESCRIPTION", what, "/")

    def filled(self, text: str) -> str:
        return _PLACEHOLDER.sub(lambda found: self.substitutions.get(found[1], found[0]), text)


def _refused(code: str, message: str, location: str) -> DefinitionError:
    return DefinitionError([Diagnostic("ERROR", code, message, location)])


def _too_deep() -> DefinitionError:
    return _refused(
        "TOO_DEEPLY_NESTED", f"The definition nests deeper than {MAX_DEPTH} levels, or is too large", "/"
    )
