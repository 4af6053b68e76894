"""Scenarios: a machine run once in a fresh local sandbox, in virtual time.

A scenario is a world (what is in the account), a clock (when the run starts) and an input. What comes
back is evidence: the trace of the run and the calls it made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from kit import view
from kit.history import Trace
from kit.machine import Machine
from kit.sandbox import Run, Sandbox
from kit.testing.recording import tell
from kit.testing.tables import Expectation

__all__ = ["MONDAY", "Fault", "RefusedError", "Rehearsal", "Scenario", "rehearsal_of", "rehearse"]

MONDAY = datetime(2026, 4, 6, tzinfo=UTC)
"""When a scenario starts unless it says otherwise: midnight, UTC, at the start of a week."""


class RefusedError(Exception):
    """AWS doesn't take the definition. `words` are its own, `place` the state they name, if any."""

    def __init__(self, words: str, place: str | None = None) -> None:
        super().__init__(words)
        self.words, self.place = words, place


def _nothing(_: Any) -> None:
    """The empty account."""


def _no_values(_: Any) -> Mapping[str, str]:
    return {}


def _nobody(_: Any, __: Run) -> None:
    """Nobody does anything."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A call that fails on purpose: `Fault("rds:stopDBCluster", "Throttling", times=2)`. `code` is the
    service's own; `times` None is always, `at` the first call that fails, from 1."""

    call: str
    code: str
    message: str = "An injected fault of the sandbox."
    times: int | None = 1
    at: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """`name` says in words what is special here. `world` prepares the account before the run, through
    the sandbox's boto3 clients; `look` says what of the account is kept as evidence after it.
    `substitutions` gives the values for the machine's `${Name}` in that world. `faults` are calls of the run
    that fail; `meanwhile(sandbox, run)` is what somebody does once it has started;
    `repair(sandbox)` is what is mended after a failure, before the run is redriven. `patience` is how many
    real seconds the run may take, `limit` how much virtual time: then it is stopped. `repair` is what
    somebody mends after a failure; then the run is redriven, once. `expects` is for `assert_as_expected`."""

    name: str
    input: Any = field(default_factory=dict)
    start: datetime = MONDAY
    world: Callable[[Any], None] = _nothing
    look: Callable[[Any], Any] = _nothing
    patience: float = 2.0
    limit: timedelta | None = None
    substitutions: Callable[[Any], Mapping[str, str]] = _no_values
    faults: Sequence[Fault] = ()
    meanwhile: Callable[[Any, Run], None] = _nobody
    repair: Callable[[Any], Any] | None = None
    expects: Expectation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """One run of a machine under a scenario.

    `status` is the execution's, `calls` what it called in the order of the calls (from the sandbox's
    journal), `started` and `ended` are on the virtual clock; `ended` is None where the run was still
    going on when patience or the limit ended. `seen` is what the scenario's `look` gave.
    """

    scenario: Scenario
    machine: Machine
    trace: Trace
    status: str
    calls: tuple[Any, ...]
    started: datetime
    ended: datetime | None
    seen: Any = None

    @property
    def path(self) -> tuple[str, ...]:
        """The states in the order in which they were entered."""
        return tuple(self.trace.path)

    @property
    def output(self) -> Any:
        return self.trace.output

    @property
    def error(self) -> str | None:
        return self.trace.error

    @property
    def cause(self) -> str | None:
        return self.trace.cause

    def words(self) -> str:
        """What happened, in words."""
        return view.words(self.machine.definition, self.trace, self.machine.name)

    def graph(self) -> view.Graph:
        """The machine's graph with what happened."""
        return view.graph(self.machine.definition, self.trace, self.machine.name)

    def _repr_mimebundle_(self, **limits: Any) -> Any:
        return self.graph()._repr_mimebundle_(**limits)


def rehearse(machine: Machine, scenario: Scenario) -> Rehearsal:
    """Runs the machine once. Raises `RefusedError` where AWS would refuse the definition."""
    with Sandbox.local(clock="instant", start=scenario.start) as sandbox:
        scenario.world(sandbox)
        states = sandbox.aws("stepfunctions")
        try:
            deployed = sandbox.deploy(machine.filled(scenario.substitutions(sandbox)))
        except states.exceptions.InvalidDefinition as error:
            raise RefusedError(str(error)) from error
        for fault in scenario.faults:
            sandbox.faults.fail(
                fault.call, code=fault.code, message=fault.message, times=fault.times, at=fault.at
            )
        run = deployed.start(scenario.input)
        late: list[bool] = []
        if scenario.limit is not None:
            end = states.describe_execution(executionArn=run.arn)["startDate"] + scenario.limit
            sandbox.at(end, partial(_stop, run, late))
        scenario.meanwhile(sandbox, run)
        still_going = _goes_on(run, scenario)
        if scenario.repair is not None and not late and run.status in ("FAILED", "TIMED_OUT", "ABORTED"):
            scenario.repair(sandbox)
            run.redrive()
            still_going = _goes_on(run, scenario)
        return _evidence(sandbox, run, machine, scenario, still_going or bool(late))


def _goes_on(run: Run, scenario: Scenario) -> bool:
    """Waits for the run's end, and says whether patience ended before."""
    try:
        run.wait(timeout=scenario.patience)
    except TimeoutError:
        return True
    return False


def rehearsal_of(sandbox: Any, run: Run, machine: Machine) -> Rehearsal:
    """A run in a sandbox of one's own, as it stands, for the assertions."""
    scenario = Scenario(name=run.name, input=run.input)
    return _evidence(sandbox, run, machine, scenario, run.status == "RUNNING", told=True)


def _evidence(
    sandbox: Any, run: Run, machine: Machine, scenario: Scenario, open: bool, told: bool = False
) -> Rehearsal:
    described = sandbox.aws("stepfunctions").describe_execution(executionArn=run.arn)
    trace = run.trace
    if not told:
        tell(machine.name, machine.definition, trace)
    return Rehearsal(
        scenario=scenario,
        machine=machine,
        trace=trace,
        status=described["status"],
        calls=tuple(call for call in sandbox.calls if call.by == run.arn),
        started=described["startDate"],
        ended=None if open else described["stopDate"],
        seen=scenario.look(sandbox),
    )


def _stop(run: Run, late: list[bool]) -> None:
    """Ends what is still going on when its virtual time is up, and notes it."""
    if run.status == "RUNNING":
        late.append(True)
        run.stop()
