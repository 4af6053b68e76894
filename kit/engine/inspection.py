"""One state run by itself, every step on the way from its input to its output looked at.

It follows the same compiled fields as a machine does, one at a time, and notes what each gave.
https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kit.asl import definition as asl
from kit.asl.definition import Json
from kit.asl.encoding import encode
from kit.asl.errors import StatesError
from kit.asl.payload import compile_payload
from kit.engine.distributed import EXCEEDED, EXCEEDED_CAUSE, DistributedMapStep
from kit.engine.execution import Execution
from kit.engine.failures import Failure
from kit.engine.fallible import FallibleStep
from kit.engine.fields import (
    compile_arguments,
    compile_assign,
    compile_input_path,
    compile_output_path,
    compile_parameters,
    compile_query,
    compile_result_path,
)
from kit.engine.frame import Frame
from kit.engine.maps import MapStep
from kit.engine.program import make_step
from kit.engine.retries import delay
from kit.engine.steps import Step
from kit.engine.tasks import TaskStep
from kit.engine.waits import WaitStep

MOCKABLE: Final = ("Task", "Map", "Parallel")


@dataclass(slots=True)
class Inspection:
    """What came of it. `data` holds, by AWS's names, what each field gave, as values."""

    status: str = "SUCCEEDED"
    output: Json = None
    error: str | None = None
    cause: str | None = None
    next: str | None = None
    data: dict[str, Json] = field(default_factory=dict)

    @property
    def has_output(self) -> bool:
        return self.status in ("SUCCEEDED", "CAUGHT_ERROR")


@dataclass(frozen=True, slots=True)
class Mock:
    """The answer that stands in for the real one: a result, or an error."""

    result: Json = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """`retries`: how often the retrier has tried; `failed_items`: how many of a Map's iterations failed;
    `reader_items`: what its ItemReader read; `context`: the context object, if it is given."""

    retries: int = 0
    failed_items: int | None = None
    reader_items: Json = None
    context: Json = None


class InspectedFrame(Frame):
    """A frame whose context object may be given from outside."""

    __slots__ = ("given",)

    given: Any

    @property
    def context(self) -> dict[str, Any]:
        return super().context if self.given is None else self.given


class Anywhere(dict[str, Step]):
    """Steps of any name: a state by itself may go on to states that aren't there."""

    def __missing__(self, name: str) -> Step:
        state = asl.Succeed(name=name, place=asl.Place(), query_language="JSONPath", fields={})
        self[name] = step = Step(state)
        return step


def compile_alone(state: asl.State) -> Step:
    """The step of a state without its machine."""
    step, steps = make_step(state), Anywhere()
    step.link(steps)
    return step


class Inspector:
    """Looks at one run of one state. A Task's answer comes from `ask`, or from the mock."""

    def __init__(
        self, state: asl.State, execution: Execution, variables: Mapping[str, Any], settings: Settings
    ) -> None:
        self.state, self.settings = state, settings
        self.step = compile_alone(state)
        self.frame = InspectedFrame(execution, variables=variables)
        self.frame.given = settings.context
        self.found = Inspection()
        text = execution.text
        self.data = execution.data
        self.frame.entered = execution.add(0, self.step.entered_type, state.name, text)
        if isinstance(self.step, FallibleStep):
            self.frame.retries, self.frame.retry_counts = settings.retries, self.step.retry.fresh_counts()
        self.found.data["input"] = self.data

    def run(self, answer: Mock | None = None) -> Inspection:
        """The whole way. `answer` is a Task's, a Map's or a Parallel's; None for the other types.

        Raises ValueError for a mock that doesn't fit, in AWS's words."""
        try:
            self._run(answer)
        except StatesError as error:
            self._fail(self.frame.fault(error))
        except Failure as failure:
            self._fail(failure)
        return self.found

    def _run(self, answer: Mock | None) -> None:
        step = self.step
        if isinstance(step, FallibleStep):
            assert answer is not None
            self._ask(step)
            if isinstance(step, MapStep):
                self._check_map(step)
            if answer.failure is not None:
                raise answer.failure
            if isinstance(step, TaskStep):
                self.found.data["result"] = answer.result
            self._finish(answer.result)
        elif self.state.type == "Pass":
            self._pass()
        elif isinstance(step, WaitStep):
            self._note_input_path()
            step.due(self.data if step.before is None else step.before(self.data, self.frame), self.frame)
            self._finish(self.data)
        else:
            if self.state.type != "Fail":
                self._note_input_path()
            output, following = step.run(self.data, self.frame)
            self._succeed(output, None if following is None else following.name)

    # What the state sends out.

    def _note_input_path(self) -> Json:
        if self.state.query_language == "JSONata":
            return self.data
        read = compile_input_path(self.state.fields)
        value = self.data if read is None else read(self.data, self.frame)
        self.found.data["afterInputPath"] = value
        return value

    def _ask(self, step: FallibleStep) -> None:
        fields = self.state.fields
        if self.state.query_language == "JSONata":
            arguments = compile_arguments(fields, "JSONata")
            if arguments is not None:
                value = arguments(self.data, self.frame)
                if isinstance(step, TaskStep):
                    self.found.data["afterArguments"] = value
        elif isinstance(step, TaskStep):
            value = self._note_input_path()
            parameters = compile_parameters(fields)
            self.found.data["afterParameters"] = (
                value if parameters is None else parameters(value, self.frame)
            )

    def _check_map(self, step: MapStep) -> None:
        noted, frame = self.found.data, self.frame
        value = self.data if step.before is None else step.before(self.data, frame)
        noted["maxConcurrency"] = 0 if step.concurrency is None else int(step.concurrency(value, frame))
        reads = isinstance(step, DistributedMapStep) and step.reader is not None
        items = self.settings.reader_items if reads else step.items(value, frame)
        failed = self.settings.failed_items
        if failed is not None and failed > len(items or ()):
            raise ValueError(
                "Map iteration failure count must be less than or equal to the number of Map iterations"
            )
        if not isinstance(step, DistributedMapStep):
            return
        count = None if step.count is None else int(step.count(value, frame))
        percentage = None if step.percentage is None else float(step.percentage(value, frame))
        if count is not None:
            noted["toleratedFailureCount"] = count
        if percentage is not None:
            noted["toleratedFailurePercentage"] = percentage
        share = 100.0 * (failed or 0) / max(1, len(items or ()))
        if failed and (
            (count is not None and failed > count) or (percentage is not None and share > percentage)
        ):
            raise Failure(EXCEEDED, EXCEEDED_CAUSE)

    # What the state makes of the result.

    def _pass(self) -> None:
        fields = self.state.fields
        if self.state.query_language == "JSONata":
            self._finish(self.data)
        elif "Result" in fields:
            self.found.data["result"] = fields["Result"]
            self._finish(fields["Result"])
        else:
            value = self._note_input_path()
            parameters = compile_parameters(fields)
            value = value if parameters is None else parameters(value, self.frame)
            self.found.data["afterParameters"] = value
            self._finish(value)

    def _finish(self, result: Json) -> None:
        fields, frame = self.state.fields, self.frame
        if self.state.query_language == "JSONata":
            assign = compile_query(fields["Assign"], "Assign", "result") if fields.get("Assign") else None
            output = compile_query(fields["Output"], "Output", "result") if "Output" in fields else None
            frame.assigned = None if assign is None else assign(self.data, frame, result)
            self._succeed(result if output is None else output(self.data, frame, result), self.state.next)
            return
        if self.state.type != "Wait":
            if "ResultSelector" in fields:
                result = compile_payload(fields["ResultSelector"])(result, frame)
            self.found.data["afterResultSelector"] = result
        assign_values = compile_assign(fields, "JSONPath")
        frame.assigned = None if assign_values is None else assign_values(result, frame)
        if self.state.type != "Wait":
            combine = compile_result_path(fields)
            result = result if combine is None else combine(self.data, result)
            self.found.data["afterResultPath"] = result
        read = compile_output_path(fields)
        self._succeed(result if read is None else read(result, frame), self.state.next)

    def _succeed(self, output: Json, following: str | None) -> None:
        self.found.output, self.found.next = output, following
        self._note_variables()

    def _note_variables(self) -> None:
        if self.frame.assigned:
            self.found.data["variables"] = self.frame.assigned

    def _fail(self, failure: Failure) -> None:
        found = self.found
        found.status, found.error, found.cause = "FAILED", failure.error, failure.cause
        if not isinstance(self.step, FallibleStep):
            return
        details: dict[str, Json] = {}
        retrier_index = self.step.retry.index(failure)
        if retrier_index is not None:
            details["retryIndex"] = retrier_index
            retrier = self.step.state.retriers[retrier_index]
            if self.settings.retries < retrier.max_attempts:
                seconds = delay(retrier, self.settings.retries)
                details["retryBackoffIntervalSeconds"] = int(seconds) if seconds == int(seconds) else seconds
                found.status = "RETRIABLE"
        catcher_index = None if found.status == "RETRIABLE" else self.step.catch.index(failure)
        if catcher_index is not None:
            details["catchIndex"] = catcher_index
            try:
                found.output, found.next = self.step.catch.take(catcher_index, failure, self.data, self.frame)
                found.status = "CAUGHT_ERROR"
                self._note_variables()
            except StatesError as error:
                worse = self.frame.fault(error)
                found.error, found.cause = worse.error, worse.cause
        if details:
            found.data["errorDetails"] = details


def shown(inspection: Inspection) -> dict[str, Json]:
    """The inspection data as the API has them: values as JSON text, numbers and details as they are."""
    plain = ("maxConcurrency", "toleratedFailureCount", "toleratedFailurePercentage", "errorDetails")
    return {name: value if name in plain else encode(value) for name, value in inspection.data.items()}
