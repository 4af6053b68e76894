"""The loop that carries a flow from state to state.

Immediate states run in this loop without giving up the thread; it yields where a state must wait, and
every so many states, so that one busy machine doesn't hold up the others. Events are appended here
as bare tuples, and JSON is encoded only when a state's output is a new value: values are never
changed, so the same value has the same text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kit.asl.definition import Json
from kit.asl.encoding import encode
from kit.asl.errors import StatesError
from kit.engine.failures import DATA_LIMIT, RUNTIME, Abort, ExecutionEnd, Failure
from kit.engine.frame import Frame
from kit.engine.process import Flow
from kit.engine.quotas import EVENTS_CAUSE, MAX_PAYLOAD_BYTES, too_large
from kit.engine.scheduler import Kind

if TYPE_CHECKING:
    from kit.engine.steps import Step

EXPRESS_SECONDS: Final = 0.001
"""Virtual time that a state is charged in an Express execution, when it gives up its turn: there is no
event limit, so that an endless one must reach its five minutes."""

ROOM: Final = MAX_PAYLOAD_BYTES // 4
"""Texts up to this many characters can't break the limit, whatever their characters are."""


def run_flow(frame: Frame, step: Step, data: Json, text: str, *, resumed: bool = False) -> Flow:
    """Runs a flow from `step` on. Returns (output, its JSON text); raises Failure.

    `resumed` begins inside the step, whose Entered event is in the history already (redrive)."""
    execution = frame.execution
    events, limit = execution.events, execution.limit
    scheduler = execution.engine.scheduler
    append = events.append
    now = scheduler.now
    previous = frame.previous
    count = len(events)
    # Branches take turns at every state, as on AWS; so their order is the same however long a turn is.
    turn = budget = 1 if frame.inner else execution.engine.states_a_turn
    while True:
        if not resumed:
            if count >= limit:
                raise ExecutionEnd(RUNTIME, EVENTS_CAUSE)
            append((previous, step.entered_type, now, step.name, text))
            frame.entered = previous = count = len(events)
        if step.immediate:
            try:
                output, following = step.run(data, frame)
            except (StatesError, Failure) as error:
                frame.previous = previous
                # A redrive enters a Fail state again, and tries any other where it is.
                frame.stand(step, data, text, entered=step.state.type != "Fail")
                raise error if isinstance(error, Failure) else frame.fault(error) from None
            resumed = False
        else:
            frame.previous = previous
            frame.stand(step, data, text, entered=True)
            try:
                output, following = yield from step.visit(frame, data)
            except Abort as abort:
                if abort.told:
                    events.append((frame.previous, f"{step.state.type}StateAborted", scheduler.now, None))
                    frame.previous = len(events)
                raise
            previous, count, now = frame.previous, len(events), scheduler.now
            budget = turn
            resumed = False
        if output is not data:
            data, text = output, encode(output)
            if len(text) > ROOM and len(text.encode()) > MAX_PAYLOAD_BYTES:
                frame.previous = previous
                raise Failure(DATA_LIMIT, too_large(step.name))
        if count >= limit:
            raise ExecutionEnd(RUNTIME, EVENTS_CAUSE)
        assigned = frame.assigned
        if assigned is not None and (words := frame.oversized(assigned)) is not None:
            frame.previous = previous
            raise Failure(DATA_LIMIT, words)
        append((previous, step.exited_type, now, step.name, text, assigned))
        previous = count = len(events)
        if assigned is not None:
            frame.assign()
        if following is None:
            frame.previous = previous
            return data, text
        step = following
        budget -= 1
        if not budget:
            frame.previous = previous
            frame.stand(step, data, text, entered=False)
            yield from give_turn(frame, turn)
            budget, count, now = turn, len(events), scheduler.now


def give_turn(frame: Frame, states: int) -> Flow:
    """Lets others run. Costs virtual time in an Express execution only."""
    assert frame.process is not None
    scheduler = frame.execution.engine.scheduler
    if frame.execution.revision.type == "EXPRESS":
        yield from frame.sleep_until(scheduler.now + EXPRESS_SECONDS * states, Kind.EVENT)
    else:
        frame.process.wake()
        yield


def result_text(value: Any, what: str) -> str:
    """A task's result as JSON text. Raises Failure where it is too large; `what` is who gave it."""
    text = encode(value)
    if len(text) > ROOM and len(text.encode()) > MAX_PAYLOAD_BYTES:
        raise Failure(DATA_LIMIT, too_large(what))
    return text
