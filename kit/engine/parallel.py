"""The Parallel state: branches side by side, all or none.

https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html
"""

from __future__ import annotations

from kit.asl import definition as asl
from kit.asl.definition import Json
from kit.asl.encoding import encode
from kit.engine.failures import Failure
from kit.engine.fallible import FallibleStep
from kit.engine.fields import compile_arguments
from kit.engine.frame import Frame
from kit.engine.process import Flow
from kit.engine.steps import Step
from kit.engine.team import Team


class ParallelStep(FallibleStep):
    """`branches` are the first steps of the branches, set when the whole program is compiled."""

    __slots__ = ("arguments", "branches")

    state: asl.Parallel

    def prepare(self) -> None:
        self.arguments = compile_arguments(self.state.fields, self.state.query_language)
        self.branches: list[Step] = []

    def attempt(self, frame: Frame, data: Json) -> Flow:
        value = data if self.arguments is None else self.arguments(data, frame)
        text = frame.text if value is data else encode(value)
        team = Team(frame)
        started = frame.previous if team.kept is not None else frame.add("ParallelStateStarted", None)
        try:
            for index, first in enumerate(self.branches):
                if not team.over:
                    team.start(index, first, value, text, started, frame.item)
            while team.running and not team.over:
                yield
        except BaseException as error:
            team.stop(getattr(error, "told", False))
            raise
        if team.crash is not None:
            team.stop(told=False)
            raise team.crash
        frame.previous = team.last
        if team.failure is not None:
            team.stop(told=True)
            raise team.failure.from_inside()
        frame.execution.add(team.last, "ParallelStateSucceeded", None)
        frame.children = None
        return team.results(len(self.branches))

    def tell(self, frame: Frame, failure: Failure) -> None:
        if failure.inner or not failure.final:
            frame.add("ParallelStateFailed", None)
