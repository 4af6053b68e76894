"""What one call needs to be allowed, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kit.asl.definition import Task
from kit.services.iam_resources import UNKNOWN

_PART = r"(?:\$\{[^}]*\}|[^:])*"
_INTEGRATION = re.compile(
    rf"arn:{_PART}:states:::(?P<sdk>aws-sdk:)?(?P<service>[\w-]+):(?P<action>[\w-]+)"
    r"(?:\.(?P<pattern>[\w:]+))?"
)
_FUNCTION = re.compile(rf"arn:{_PART}:lambda:{_PART}:{_PART}:function:.+")
_BEGINS_WITH_TEXT = re.compile(r"""\{%\s*(?:'([^'\\]*)'|"([^"\\]*)")\s*&""")
_FORMAT = re.compile(r"States\.Format\('((?:[^'\\]|\\.)*)'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """`reason` completes "… needs it to …": `call rds:stopDBCluster`."""

    actions: tuple[str, ...]
    resources: tuple[str, ...] = ("*",)
    reason: str
    state: str
    condition: tuple[tuple[str, str, str], ...] = ()
    """Triples of operator, key and value: `("StringEquals", "iam:PassedToService", "ecs-tasks…")`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """A Task's Resource, taken apart: `sqs`, `sendMessage`, `waitForTaskToken`. `function` is the ARN of
    a function that is named in the Resource itself."""

    service: str
    action: str
    pattern: str = ""
    sdk: bool = False
    function: str | None = None

    @property
    def name(self) -> str:
        return f"{self.service}:{self.action}"

    @property
    def sync(self) -> bool:
        return self.pattern.startswith("sync")


def integration(resource: str) -> Integration | None:
    """None of an activity, of a placeholder, and of what is no integration's ARN."""
    if _FUNCTION.fullmatch(resource):
        return Integration(service="lambda", action="invoke", function=resource)
    found = _INTEGRATION.fullmatch(resource)
    if found is None:
        return None
    return Integration(
        service=found["service"],
        action=found["action"],
        pattern=found["pattern"] or "",
        sdk=bool(found["sdk"]),
    )


def arguments(task: Task) -> Mapping[str, Any]:
    """A Task's arguments as far as the definition says them: what is known only at run time is UNKNOWN,
    and of a text that only begins with known letters there is `letters*`."""
    given = task.fields.get("Parameters", task.fields.get("Arguments"))
    return _known(given) if isinstance(given, Mapping) else {}


def all_at_run_time(task: Task) -> bool:
    """Whether one expression, or the state's input, gives all arguments."""
    return not isinstance(task.fields.get("Parameters", task.fields.get("Arguments")), Mapping)


def _known(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            key.removesuffix(".$"): _formatted(inner) if key.endswith(".$") else _known(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_known(inner) for inner in value]
    if isinstance(value, str) and value.startswith("{%"):
        begins = _BEGINS_WITH_TEXT.match(value)
        return f"{begins[1] or begins[2] or ''}*" if begins else UNKNOWN
    return value


def _formatted(path: Any) -> Any:
    found = _FORMAT.match(path) if isinstance(path, str) else None
    return re.sub(r"\*+", "*", found[1].replace("{}", "*")) if found else UNKNOWN


def roles(value: Any) -> Iterator[Any]:
    """The roles that arguments hand to a service: under names such as RoleArn, taskRoleArn, Role."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if re.search(r"role(arn)?$", key, re.IGNORECASE) and not isinstance(inner, Mapping | list):
                yield inner
            else:
                yield from roles(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from roles(inner)
