"""What Task, Parallel and Map have in common: attempts, Retry, Catch, and the way to the output."""

from __future__ import annotations

from kit.asl import definition as asl
from kit.asl.definition import Json
from kit.asl.errors import StatesError
from kit.engine.failures import Failure
from kit.engine.fields import compile_finish
from kit.engine.frame import Frame
from kit.engine.process import Flow
from kit.engine.retries import CatchPlan, RetryPlan
from kit.engine.steps import Run, Step, Steps, Visit


class FallibleStep(Step):
    """A step that may fail and be tried again. `attempt` makes one attempt and returns the result."""

    __slots__ = ("catch", "finish", "retry", "steps")

    immediate = False
    state: asl.Fallible

    def compile(self, steps: Steps) -> Run:
        self.steps = steps
        self.retry, self.catch = RetryPlan(self.state), CatchPlan(self.state)
        self.finish = compile_finish(self.state.fields, self.state.query_language)
        self.prepare()
        return self.stay

    def prepare(self) -> None:
        """Compiles the fields of this kind of state."""
        raise NotImplementedError

    def attempt(self, frame: Frame, data: Json) -> Flow:
        """One attempt. Returns the result; raises Failure, or StatesError where a field fails."""
        raise NotImplementedError

    def tell(self, frame: Frame, failure: Failure) -> None:
        """Adds the state's own event of a failure that isn't tried again, where it has one."""

    def visit(self, frame: Frame, data: Json) -> Visit:
        frame.retries, frame.retry_counts = 0, self.retry.fresh_counts()
        try:
            while True:
                try:
                    result = yield from self.attempt(frame, data)
                    return self.finish(data, result, frame), self.next
                except StatesError as error:
                    failure = frame.fault(error)
                except Failure as raised:
                    failure = raised
                wait = self.retry.next_delay(failure, frame, frame.execution.engine.randomness)
                if wait is None:
                    return self._caught(failure, frame, data)
                yield from frame.sleep_until(frame.execution.engine.scheduler.now + wait)
        finally:
            frame.retry_counts = frame.token = None

    def _caught(self, failure: Failure, frame: Frame, data: Json) -> tuple[Json, Step | None]:
        self.tell(frame, failure)
        index = self.catch.index(failure)
        if index is None:
            raise failure
        try:
            output, following = self.catch.take(index, failure, data, frame)
        except StatesError as error:
            raise frame.fault(error) from None
        return output, self.steps[following]
