"""Tab completion for AwsSdk in a notebook: actions while the text is being typed, then the arguments.

It joins IPython's own completer, where IPython runs this process, and does nothing elsewhere.
https://ipython.readthedocs.io/en/stable/config/extensions/index.html
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kit.steps.errors import StepError

_IN_ACTION = re.compile(
    r"""AwsSdk\(\s*(?:state_id\s*=\s*)?(["'])(?:(?!\1).)*\1\s*,\s*(?:action\s*=\s*)?["']([A-Za-z0-9:-]*)$""",
    re.S,
)
_IN_ARGUMENTS = re.compile(
    r"""AwsSdk\(\s*(?:state_id\s*=\s*)?(["'])(?:(?!\1).)*\1\s*,\s*(?:action\s*=\s*)?(["'])([A-Za-z0-9:-]+)\2(.*)$""",
    re.S,
)
_NAME_BEGUN = re.compile(r"(?:^|[,(\s])([A-Za-z_]\w*)?$")
_GIVEN = re.compile(r"\b([A-Za-z_]\w*)\s*=(?!=)")


@dataclass(frozen=True, slots=True)
class Completion:
    """What may stand for `begun`, the text before the cursor. `kind` is `action` or `argument`."""

    begun: str
    texts: tuple[str, ...]
    kind: str


def complete(before: str) -> Completion | None:
    """What can follow the text before the cursor, None where that is no AwsSdk's business."""
    call = before[before.rfind("AwsSdk(") :]
    if not call.startswith("AwsSdk("):
        return None
    if found := _IN_ACTION.match(call):
        return Completion(found[2], tuple(_actions(found[2])), "action")
    if found := _IN_ARGUMENTS.match(call):
        rest = found[4]
        name = _NAME_BEGUN.search(rest)
        if name is None or not _at_the_calls_own_level(rest):
            return None
        begun = name[1] or ""
        return Completion(begun, tuple(_arguments(found[3], begun, set(_GIVEN.findall(rest)))), "argument")
    return None


def _actions(begun: str) -> Iterator[str]:
    from kit.services import UnknownAction, action, casing, models

    service, colon, name = begun.partition(":")
    if not colon:
        yield from (f"{each}:" for each in models.integration_names() if each.startswith(service))
        return
    client = models.client_name(service)
    if client is None:
        return
    operations = sorted(casing.operation(each) for each in models.service_model(client).operation_names)
    for each in operations:
        if each.lower().startswith(name.lower()):
            try:
                yield f"{action(f'{service}:{each}').service}:{each}"
            except UnknownAction:
                continue


def _arguments(called: str, begun: str, given: set[str]) -> Iterator[str]:
    """The arguments, those that must be given first; then the fields of the state."""
    from kit.services import UnknownAction, action
    from kit.steps.aws import AwsSdk

    try:
        found = action(called)
    except UnknownAction:
        return
    required = set(found.required)
    names = sorted(found.parameters, key=lambda name: (name not in required, name))
    fields = [field.value for field in AwsSdk.__new__(AwsSdk).allowed_fields() if field.value != "resource"]
    for name in (*names, *AwsSdk.PARTS, "wait_for_task_token", *sorted(fields)):
        if name not in given and name.lower().startswith(begun.lower()):
            yield f"{name}="


def _at_the_calls_own_level(rest: str) -> bool:
    """Whether the cursor stands between the call's own arguments: in no text, and in no inner bracket."""
    depth, quote = 0, ""
    for character in rest:
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        if depth < 0:
            return False
    return depth == 0 and not quote


def matcher(context: Any) -> dict[str, Any]:
    """IPython's interface, version 2 of its matchers."""
    from_ipython = sys.modules["IPython.core.completer"].SimpleCompletion
    try:
        found = complete(context.full_text[: context.cursor_position])
    except (StepError, ValueError):
        found = None
    if found is None or not found.texts:
        return {"completions": []}
    return {
        "completions": [from_ipython(text=text, type=found.kind) for text in found.texts],
        "matched_fragment": found.begun,
        "ordered": True,
        "suppress": True,
    }


matcher.matcher_api_version = 2  # type: ignore[attr-defined]
matcher.matcher_identifier = "kit.steps.AwsSdk"  # type: ignore[attr-defined]
matcher.matcher_priority = 100  # type: ignore[attr-defined]


def join_ipython() -> None:
    """Adds the matcher to the completer of the IPython that runs this process, once."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    matchers = getattr(getattr(shell, "Completer", None), "custom_matchers", None)
    if matchers is not None and not any(each is matcher for each in matchers):
        matchers.append(matcher)
