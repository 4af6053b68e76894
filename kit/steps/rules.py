"""What hangs on a state: retriers, catchers, choice rules.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
"""

from __future__ import annotations

from typing import Any

from stepfunctions.steps import states as sdk
from stepfunctions.steps.choice_rule import BaseRule
from stepfunctions.steps.choice_rule import ChoiceRule as SdkChoiceRule

from kit.steps.authored import Authored, Field
from kit.steps.errors import StepError
from kit.steps.language import is_jsonata


def _error_names(label: str, fields: dict[str, Any]) -> dict[str, Any]:
    __tracebackhide__ = True
    names = fields.get("error_equals")
    if isinstance(names, str):
        return {**fields, "error_equals": [names]}
    if not names:
        raise StepError(f'{label} needs error_equals: the error names it is for, such as ["States.Timeout"].')
    return fields


class Retry(Authored, sdk.Retry):  # type: ignore[misc]
    """Try again after an error: `Retry(error_equals=["Rds.RdsException"], interval_seconds=2)`.

    `interval_seconds` and `max_delay_seconds` take whole seconds or a timedelta; `jitter_strategy` is
    `FULL` or `NONE`.
    """

    NEWER = (Field.MaxDelaySeconds, Field.JitterStrategy, Field.Comment)

    def __init__(self, **fields: Any) -> None:
        __tracebackhide__ = True
        super().__init__(**_error_names("Retry", self._prepared("Retry", fields)))
        self._remember_origin()


class Catch(Authored, sdk.Catch):  # type: ignore[misc]
    """Where to go after an error: `Catch(error_equals=["States.ALL"], next_step=tell_people)`."""

    NEWER = (Field.Output, Field.Assign, Field.Comment)

    def __init__(self, next_step: Any, **fields: Any) -> None:
        __tracebackhide__ = True
        super().__init__(next_step, **_error_names("Catch", self._prepared("Catch", fields)))
        self._remember_origin()


class Condition(BaseRule):  # type: ignore[misc]
    """A choice rule in JSONata."""

    def __init__(self, condition: str) -> None:
        if not is_jsonata(condition):
            raise StepError(f"A condition is JSONata: jsonata({condition!r}).")
        self.condition = condition

    def to_dict(self) -> dict[str, Any]:
        return {"Condition": self.condition}

    def __repr__(self) -> str:
        return f"Condition({self.condition!r})"


class ChoiceRule(SdkChoiceRule):  # type: ignore[misc]
    """The SDK's rules for JSONPath (`ChoiceRule.StringEquals("$.status", "available")`), and
    `ChoiceRule.Condition(jsonata("$states.input.status = 'available'"))`."""

    @classmethod
    def Condition(cls, condition: str) -> Condition:  # noqa: N802 - the SDK's style for rules
        return Condition(condition)


class RuleWithMore(BaseRule):  # type: ignore[misc]
    """A rule with a Comment, an Assign or an Output."""

    def __init__(self, rule: Any, more: dict[str, Any]) -> None:
        self.rule, self.more = rule, more

    def to_dict(self) -> dict[str, Any]:
        return {**self.rule.to_dict(), **self.more}
