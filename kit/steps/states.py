"""The eight kinds of states, with every field of today's language.

Each is the SDK's class with more fields; SDK-made states go beside them in the same Chain.
https://docs.aws.amazon.com/step-functions/latest/dg/workflow-states.html
"""

from __future__ import annotations

from typing import Any

from stepfunctions.steps import states as sdk

from kit.steps.authored import AuthoredState, Field
from kit.steps.errors import StepError
from kit.steps.rules import Condition, RuleWithMore

Chain = sdk.Chain

_COMMON = (Field.QueryLanguage, Field.Output, Field.Assign)


class Pass(AuthoredState, sdk.Pass):  # type: ignore[misc]
    """Passes its input on, or makes data: `output` in JSONata, `result` and `parameters` in JSONPath."""

    NEWER = _COMMON


class Succeed(AuthoredState, sdk.Succeed):  # type: ignore[misc]
    """Ends the execution well."""

    NEWER = (Field.QueryLanguage, Field.Output)


class Fail(AuthoredState, sdk.Fail):  # type: ignore[misc]
    """Ends the execution with `error` and `cause`; `error_path` and `cause_path` read them (JSONPath)."""

    NEWER = (Field.QueryLanguage, Field.ErrorPath, Field.CausePath)


class Wait(AuthoredState, sdk.Wait):  # type: ignore[misc]
    """Waits, at no cost, for up to a year.

    `seconds` is a whole number, a timedelta, or JSONata; `timestamp` a datetime with a time zone, an
    ISO 8601 text, or JSONata; `seconds_path` and `timestamp_path` read the input (JSONPath).
    """

    NEWER = _COMMON


class Choice(AuthoredState, sdk.Choice):  # type: ignore[misc]
    """Goes one way or another. In a Chain, the next state is the default."""

    NEWER = _COMMON

    def add_choice(
        self,
        rule: Any,
        next_step: Any,
        *,
        comment: str | None = None,
        assign: Any = None,
        output: Any = None,
    ) -> None:
        """Adds a rule and where it leads. `rule` is a ChoiceRule or JSONata: `jsonata("$n > 3")`."""
        if isinstance(rule, str):
            rule = Condition(rule)
        more = {"Comment": comment, "Assign": assign, "Output": output}
        given = {name: value for name, value in more.items() if value is not None}
        super().add_choice(RuleWithMore(rule, given) if given else rule, next_step)


class Task(AuthoredState, sdk.Task):  # type: ignore[misc]
    """Work done elsewhere: `resource` says where. For a call of an AWS API, see AwsSdk."""

    NEWER = (
        *_COMMON,
        Field.Arguments,
        Field.ResultSelector,
        Field.Credentials,
        Field.TimeoutSecondsPath,
        Field.HeartbeatSecondsPath,
    )
    PARTS = ("retry", "catch")

    def __init__(self, state_id: str, **fields: Any) -> None:
        __tracebackhide__ = True
        if not fields.get("resource"):
            raise StepError(
                f"Task {state_id!r} needs a resource, such as arn:aws:states:::lambda:invoke. "
                "For a call of an AWS API use AwsSdk."
            )
        super().__init__(state_id, **fields)


class Parallel(AuthoredState, sdk.Parallel):  # type: ignore[misc]
    """Several flows at the same time: `branches=[...]`, or `add_branch(chain)` one by one."""

    NEWER = (*_COMMON, Field.Arguments, Field.ResultSelector)
    PARTS = ("retry", "catch")

    def __init__(self, state_id: str, branches: Any = (), **fields: Any) -> None:
        __tracebackhide__ = True
        super().__init__(state_id, **fields)
        for branch in branches:
            self.add_branch(branch)


class Map(AuthoredState, sdk.Map):  # type: ignore[misc]
    """One flow for each item of a list.

    `item_processor` is a Chain or a state; `processor_config` says how it runs, such as
    `{"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}`; `{}` leaves it out. `iterator`
    and `attach_iterator` write the older field Iterator, as the SDK does.
    https://docs.aws.amazon.com/step-functions/latest/dg/state-map.html
    """

    NEWER = (
        *_COMMON,
        Field.Items,
        Field.ItemSelector,
        Field.ItemReader,
        Field.ItemBatcher,
        Field.ResultWriter,
        Field.ResultSelector,
        Field.Label,
        Field.MaxConcurrencyPath,
        Field.ToleratedFailureCount,
        Field.ToleratedFailureCountPath,
        Field.ToleratedFailurePercentage,
        Field.ToleratedFailurePercentagePath,
    )
    PARTS = ("retry", "catch")

    def __init__(
        self, state_id: str, item_processor: Any = None, processor_config: Any = None, **fields: Any
    ) -> None:
        __tracebackhide__ = True
        super().__init__(state_id, **fields)
        self.processor_config: Any = None
        if item_processor is not None:
            self.attach_item_processor(item_processor, processor_config)

    def attach_item_processor(self, item_processor: Any, processor_config: Any = None) -> None:
        """Sets the flow for each item, and how it runs (inline, unless `processor_config` says so)."""
        self.iterator = item_processor
        self.processor_config = {"Mode": "INLINE"} if processor_config is None else processor_config

    def to_dict(self) -> dict[str, Any]:
        if self.iterator is None:
            raise StepError(f"Map {self.state_id!r} has nothing to do for an item: give item_processor=...")
        state = super().to_dict()
        if self.processor_config is None:
            return state
        config = {"ProcessorConfig": self.processor_config} if self.processor_config else {}
        processor = {**config, **state["Iterator"]}
        return {
            ("ItemProcessor" if key == "Iterator" else key): (processor if key == "Iterator" else value)
            for key, value in state.items()
        }
