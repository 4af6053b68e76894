"""A definition compiled to a program: parsed once, run many times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kit.asl import definition as asl
from kit.engine.distributed import DistributedMapStep, as_machine
from kit.engine.maps import MapStep
from kit.engine.parallel import ParallelStep
from kit.engine.steps import ChoiceStep, FailStep, PassStep, Step, Steps, SucceedStep
from kit.engine.tasks import TaskStep
from kit.engine.waits import WaitStep

STEPS: Final[Mapping[str, type[Step]]] = {
    "Pass": PassStep,
    "Choice": ChoiceStep,
    "Succeed": SucceedStep,
    "Fail": FailStep,
    "Wait": WaitStep,
    "Task": TaskStep,
    "Parallel": ParallelStep,
    "Map": MapStep,
}


@dataclass(frozen=True, slots=True)
class Program:
    """A machine, ready to run from its first step."""

    definition: asl.StateMachine
    first: Step

    @property
    def timeout_seconds(self) -> int | None:
        return self.definition.timeout_seconds


def compile_program(definition: asl.StateMachine) -> Program:
    """Compiles a definition that `kit.asl.diagnose` has nothing against. Raises SyntaxFault for an
    expression that is none."""
    return Program(definition, compile_flow(definition))


def compile_flow(flow: asl.Flow) -> Step:
    """Compiles the states of one flow, and of those nested in it; gives the first step."""
    steps: Steps = {name: make_step(state) for name, state in flow.states.items()}
    for step in steps.values():
        step.link(steps)
        nest(step)
    return steps[flow.start_at]


def make_step(state: asl.State) -> Step:
    """The step of a state, not linked yet."""
    if isinstance(state, asl.Map) and state.distributed:
        return DistributedMapStep(state)
    return STEPS[state.type](state)


def nest(step: Step) -> None:
    """Compiles the flows inside a linked step."""
    if isinstance(step, ParallelStep):
        step.branches = [compile_flow(branch) for branch in step.state.branches]
    elif isinstance(step, DistributedMapStep):
        step.program = compile_program(as_machine(step))
    elif isinstance(step, MapStep):
        step.first = compile_flow(step.state.processor)
