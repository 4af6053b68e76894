"""One state of a machine by itself, with a real or a mocked answer.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kit.asl.definition import StateMachine, Task
from kit.machine import Machine
from kit.sandbox.account import Account
from kit.sandbox.names import resource_name
from kit.sandbox.roles import ensure_role

_STEPS = {
    "input": "input",
    "afterInputPath": "after InputPath",
    "afterParameters": "after Parameters",
    "afterArguments": "arguments",
    "afterItemsPath": "after ItemsPath",
    "afterItemSelector": "after ItemSelector",
    "afterItemsPointer": "after ItemsPointer",
    "result": "result",
    "afterResultSelector": "after ResultSelector",
    "afterResultPath": "after ResultPath",
    "variables": "variables",
}
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class StateTest:
    """What became of a state.

    `status` is SUCCEEDED, FAILED, RETRIABLE or CAUGHT_ERROR; `next_state` where it would go on, None at an
    end. `data` are the values on the way (`arguments`, `result`, `variables`, ...), in their order.
    `retry_after` are the seconds that a retriable failure would wait.
    """

    state: str
    status: str
    output: Any = None
    error: str | None = None
    cause: str | None = None
    next_state: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    retry_after: int | None = None

    def __repr__(self) -> str:
        where = f", goes on to {self.next_state!r}" if self.next_state else ""
        lines = [f"{self.state}: {self.status}{where}"]
        if self.error is not None:
            lines.append(f"  error: {self.error}{f' ({self.cause})' if self.cause else ''}")
        if self.retry_after is not None:
            lines.append(f"  it would be tried again after {self.retry_after} s")
        lines += [f"  {name}: {_short(value)}" for name, value in self.data.items()]
        if self.status in ("SUCCEEDED", "CAUGHT_ERROR"):
            lines.append(f"  output: {_short(self.output)}")
        return "\n".join(lines)


def ask(
    account: Account,
    machine: Machine,
    state: str,
    input: Any,
    *,
    mock: Any,
    error: str | tuple[str, str] | None,
    variables: Mapping[str, Any] | None,
    context: Mapping[str, Any] | None,
    retries: int,
    role_arn: str | None,
) -> StateTest:
    """Asks TestState. Raises ValueError for a state that the machine hasn't."""
    found = _find(machine.definition, state)
    given: dict[str, Any] = {
        "definition": machine.to_json(),
        "stateName": state,
        "input": _text({} if input is None else input),
        "inspectionLevel": "DEBUG",
    }
    if error is not None:
        name, cause = (error, "A mocked error") if isinstance(error, str) else error
        given["mock"] = {"errorOutput": {"error": name, "cause": cause}}
    elif mock is not None:
        given["mock"] = {"result": _text(mock)}
    elif found:
        given["roleArn"] = role_arn or _role(account, machine)
    if variables:
        given["variables"] = _text(variables)
    if context:
        given["context"] = _text(context)
    if retries:
        given["stateConfiguration"] = {"retrierRetryCount": retries}
    return _read(state, account.client("stepfunctions").test_state(**given))


def _role(account: Account, machine: Machine) -> str:
    return ensure_role(account, resource_name(machine.name), machine.name, machine.definition)[0]


def _find(definition: StateMachine, name: str) -> bool:
    """Whether the state of that name calls something."""
    __tracebackhide__ = True
    names: list[str] = []
    for state in definition.walk():
        if state.name == name:
            return isinstance(state, Task)
        names.append(state.name)
    raise ValueError(f"The machine has no state {name!r}.{_nearest(name, names)} It has: {', '.join(names)}.")


def _nearest(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(names), n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


def _read(state: str, answer: Mapping[str, Any]) -> StateTest:
    inspected = answer.get("inspectionData") or {}
    details = inspected.get("errorDetails") or {}
    return StateTest(
        state=state,
        status=answer["status"],
        output=_json(answer.get("output")),
        error=answer.get("error"),
        cause=answer.get("cause"),
        next_state=answer.get("nextState"),
        data={words: _json(inspected[key]) for key, words in _STEPS.items() if key in inspected},
        retry_after=details.get("retryBackoffIntervalSeconds"),
    )


def _json(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _short(value: Any) -> str:
    text = _text(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
