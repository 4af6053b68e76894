"""What the patterns are made of: names, conditions, a look at a resource, the rounds of a loop."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from kit.steps.aws import AwsSdk
from kit.steps.errors import StepError
from kit.steps.language import is_jsonata
from kit.steps.rules import Retry
from kit.steps.states import Choice, Fail, Pass, Wait
from kit.steps.values import jsonata, seconds

LONGEST_WHAT = 64
KEPT = jsonata("$states.input")
"""What came in goes out: a look is for what is assigned."""


@dataclass(frozen=True, slots=True)
class Named:
    """The names of one pattern's states and variables, from what it is about."""

    what: str
    prefix: str

    def state(self, step: str) -> str:
        return f"{step}: {self.what}"

    def variable(self, meaning: str) -> str:
        return f"{self.prefix}_{meaning}"


def named(pattern: str, what: str) -> Named:
    """Raises StepError for a `what` that is no short phrase."""
    __tracebackhide__ = True
    slug = re.sub(r"\W+", "_", what.lower()).strip("_") if isinstance(what, str) else ""
    if not slug or len(what) > LONGEST_WHAT:
        raise StepError(
            f"{pattern} names its states after a phrase of 1 to {LONGEST_WHAT} characters, such as "
            f'"the clone is available", but got {what!r}.'
        )
    return Named(what, slug if slug[0].isalpha() else f"n_{slug}")


def bare(label: str, expression: str) -> str:
    """The JSONata in a condition that is given with or without its `{% %}`. Raises StepError."""
    __tracebackhide__ = True
    if not isinstance(expression, str):
        raise StepError(f"{label} is JSONata, such as \"$states.result.Status = 'available'\".")
    return jsonata(expression)[2:-2].strip()


def true_or_false(label: str, expression: str) -> str | bool:
    """A condition whose value is always a Boolean: what isn't there is false."""
    __tracebackhide__ = True
    condition = bare(label, expression)
    if condition in ("true", "false"):
        return condition == "true"
    return jsonata(f"({condition}) ? true : false")


def as_expression(value: Any) -> str:
    """JSON with `{% %}` strings in it, as the text of one JSONata expression."""
    if is_jsonata(value):
        return f"({value[2:-2].strip()})"
    if isinstance(value, Mapping):
        members = (f"{json.dumps(key)}: {as_expression(each)}" for key, each in value.items())
        return f"{{{', '.join(members)}}}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(as_expression(each) for each in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def whole(label: str, value: Any, least: int = 1) -> int:
    """Raises StepError for what is no whole number from `least` on."""
    __tracebackhide__ = True
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise StepError(f"{label} is a whole number, {least} or more, but was {value!r}.")
    return value


def names_of(errors: str | Sequence[str]) -> list[str]:
    return [errors] if isinstance(errors, str) else list(errors)


def passing_trouble(prefix: str) -> Retry:
    """For throttling and the like, which a service reports under its own name."""
    return Retry(
        error_equals=[f"{prefix}.{prefix}Exception"],
        interval_seconds=2,
        max_attempts=4,
        backoff_rate=2.0,
        jitter_strategy="FULL",
        comment="Throttling and other passing trouble of the API",
    )


def look(state_id: str, action: str, arguments: Any, comment: str, assign: dict[str, Any]) -> AwsSdk:
    """A call that changes nothing: what it finds is assigned, what came in goes out."""
    __tracebackhide__ = True
    made = AwsSdk(
        state_id, action, arguments=dict(arguments or {}), output=KEPT, assign=assign, comment=comment
    )
    made.add_retry(passing_trouble(made.action.prefix))
    return made


@dataclass(frozen=True, slots=True)
class Rounds:
    """A loop that counts its rounds: where it begins, where it pauses, and where too many of them end."""

    begin: Pass
    pause: Wait
    too_long: Fail
    counted: dict[str, str]
    used_up: str

    def goes_round(self, decide: Choice, again: str, to: Any) -> None:
        """While `again` (JSONata) is true: another round that starts with `to`, unless they are used up."""
        self.pause.next(to)
        decide.add_choice(
            jsonata(f"{again} and {self.used_up}"), self.too_long, comment="The bound of the loop"
        )
        decide.add_choice(jsonata(again), self.pause)


def rounds_of(name: Named, error: str, every: timedelta | int, rounds: int, assign: dict[str, Any]) -> Rounds:
    """`every` is the pause between two looks; after `rounds` looks it ends with the error."""
    __tracebackhide__ = True
    pause, most = seconds("every", every), whole("rounds", rounds)
    whole("every", pause)
    count = name.variable("rounds")
    return Rounds(
        begin=Pass(
            name.state("Set out"),
            comment=f"Counts the rounds of the loop that follows: at most {most}, {pause} s apart",
            assign={count: 0, **assign},
        ),
        pause=Wait(name.state("Wait"), seconds=pause, comment="Waiting costs nothing"),
        too_long=Fail(
            name.state("Too long"),
            error=error,
            cause=f"After {most} rounds of {pause} s it was still not so that {name.what}.",
            comment="A loop without this end would go on for a year",
        ),
        counted={count: jsonata(f"${count} + 1")},
        used_up=f"${count} >= {most}",
    )
