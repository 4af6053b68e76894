"""Flows that run inside a state: a Parallel's branches, a Map's iterations.

They all end well, or the first failure stops the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kit.asl.definition import Json
from kit.engine.failures import Abort, ExecutionEnd, Failure
from kit.engine.frame import Frame
from kit.engine.interpreter import run_flow
from kit.engine.process import Process
from kit.engine.steps import Step


class Team:
    """The flows of one attempt of one state.

    - `last`: id of the last event inside the flow that ended last: what the state's own end follows
    - `failure`: the first failure, if any
    - `running`: the processes under way, by index
    """

    def __init__(self, frame: Frame) -> None:
        assert frame.process is not None
        self.frame, self.parent = frame, frame.process
        self.last = frame.previous
        self.failure: Failure | None = None
        self.crash: Exception | None = None
        self.running: dict[int, Process] = {}
        self.kept = frame.take_children()
        self.frames: dict[int, Frame] = {}
        frame.children = self.frames

    @property
    def over(self) -> bool:
        """Whether nothing more may be started."""
        return self.failure is not None or self.crash is not None

    def start(
        self, index: int, first: Step, data: Json, text: str, previous: int, item: Mapping[str, Any] | None
    ) -> None:
        """Starts a flow and runs it to its first wait.

        In a redrive, a flow that had succeeded keeps its result, and one that had not goes on."""
        old = None if self.kept is None else self.kept.get(index)
        if old is not None and old.result is not None:
            self.frames[index] = old
            return
        execution = self.frame.execution
        if old is not None and old.step is not None:
            frame, frame.previous, frame.resuming = old, self.frame.previous, True
            flow = run_flow(frame, old.step, old.data, old.text, resumed=old.in_step)
        else:
            frame = Frame(execution, previous, self.frame.variables, item, inner=True)
            frame.previous = self.begun(index, previous)
            flow = run_flow(frame, first, data, text)
        self.frames[index] = frame
        process = Process(execution.lane, flow, lambda ended: self._ended(index, ended))
        frame.process = self.running[index] = process
        process.start()

    def stop(self, told: bool) -> None:
        """Stops the flows that still run. `told`: their open states get events."""
        for index in list(self.running):
            process = self.running.get(index)
            if process is not None:
                process.throw(Abort(told))

    def results(self, count: int) -> list[Json]:
        """What each flow gave, in the order of their indices."""
        found = []
        for index in range(count):
            result = self.frames[index].result
            assert result is not None
            found.append(result[0])
        return found

    def _ended(self, index: int, process: Process) -> None:
        self.running.pop(index, None)
        frame, error = self.frames[index], process.error
        frame.process = None
        try:
            if isinstance(error, Abort):
                if error.told:
                    self.aborted(index, frame)
                return
            if error is None:
                frame.result = [process.result[0]]
                frame.item = frame.step = frame.data = None
                self.last = frame.previous
                self.succeeded(index, frame)
            elif isinstance(error, Failure):
                if self.failure is None:
                    self.failure, self.last = error, frame.previous
                self.failed(index, frame)
            elif self.crash is None:
                self.crash = error
        except ExecutionEnd as end:
            self.crash = end
        self.parent.wake()

    # Events of the flows' own, where the state has them.

    def begun(self, _index: int, previous: int) -> int:
        """A flow begins; gives the event that its first state follows."""
        return previous

    def succeeded(self, index: int, frame: Frame) -> None:
        pass

    def failed(self, index: int, frame: Frame) -> None:
        pass

    def aborted(self, index: int, frame: Frame) -> None:
        pass
