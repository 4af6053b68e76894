"""The Distributed Map state: a child execution for each item or batch, in a Map Run.

https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, Final

from kit.asl.definition import Json, StateMachine
from kit.asl.encoding import encode
from kit.asl.errors import StatesError
from kit.engine.batches import ItemBatcher
from kit.engine.execution import Execution, MachineType, Revision
from kit.engine.failures import DATA_LIMIT, RUNTIME, Failure
from kit.engine.frame import Frame
from kit.engine.map_runs import MapRun
from kit.engine.maps import MapStep
from kit.engine.numbers import compile_number
from kit.engine.process import Flow
from kit.engine.quotas import MAX_DISTRIBUTED_CONCURRENCY, MAX_PAYLOAD_BYTES, too_large
from kit.engine.readers import ItemReader
from kit.engine.writers import ResultWriter

if TYPE_CHECKING:
    from kit.engine.program import Program

EXCEEDED: Final = "States.ExceedToleratedFailureThreshold"
EXCEEDED_CAUSE: Final = "The specified tolerated failure threshold was exceeded"


class DistributedMapStep(MapStep):
    """`program` is the item processor as a machine of its own, set when the whole program is compiled."""

    __slots__ = ("batcher", "count", "percentage", "program", "reader", "writer")

    def prepare(self) -> None:
        super().prepare()
        fields = self.state.fields
        self.reader = ItemReader(self.state) if "ItemReader" in fields else None
        self.batcher = ItemBatcher(self.state) if "ItemBatcher" in fields else None
        self.writer = ResultWriter(self.state) if "ResultWriter" in fields else None
        self.count = compile_number(fields, "ToleratedFailureCount")
        self.percentage = compile_number(fields, "ToleratedFailurePercentage", whole=False)
        self.program: Program | None = None

    @property
    def execution_type(self) -> MachineType:
        config = self.state.processor.fields.get("ProcessorConfig", {})
        return "EXPRESS" if config.get("ExecutionType") == "EXPRESS" else "STANDARD"

    def attempt(self, frame: Frame, data: Json) -> Flow:
        value = data if self.before is None else self.before(data, frame)
        redriven = frame.take_children() is not None
        if redriven and frame.map_run is not None:
            run = frame.map_run
            started = self._redrive(frame, run)
        else:
            items = None if self.reader is not None else self.items(value, frame)
            concurrency = 0 if self.concurrency is None else int(self.concurrency(value, frame))
            frame.add("MapStateStarted", {"length": len(items or ())})
            run = self._open(frame, concurrency, value)
            started = frame.add("MapRunStarted", {"mapRunArn": run.arn})
        scheduler = frame.execution.engine.scheduler
        crew = Crew(self, frame, run)
        try:
            if not run.inputs:
                if self.reader is not None:
                    arguments, most = self.reader.locate(value, frame)
                    items = self.reader.read(frame.execution.engine.objects, arguments, most)
                run.inputs = self._inputs(items or [], value, frame)
            yield from crew.work()
            result = self._result(run, value, frame)
        except Failure as failure:
            crew.stop()
            run.close("FAILED", scheduler.now)
            details = {"error": failure.error, "cause": failure.cause}
            frame.add("MapRunFailed", {key: given for key, given in details.items() if given is not None})
            raise failure.from_inside() from None
        except BaseException:
            crew.stop()
            run.close("ABORTED", scheduler.now)
            raise
        run.close("SUCCEEDED", scheduler.now)
        frame.map_run = None
        succeeded = frame.add("MapRunSucceeded", None)
        frame.add("MapStateSucceeded", None)
        # As recorded: what follows a Map that is not its flow's first state follows MapRunStarted.
        entered = frame.execution.events[frame.entered - 1]
        frame.previous = started if entered[0] else succeeded
        return result

    def _redrive(self, frame: Frame, run: MapRun) -> int:
        """Takes a Map Run up again: children that had succeeded stay."""
        run.status, run.stopped = "RUNNING", None
        run.redrive_count += 1
        run.redriven = frame.execution.engine.scheduler.now
        run.failed_items = 0
        details = {"mapRunArn": run.arn, "redriveCount": run.redrive_count}
        return frame.add("MapRunRedriven", details)

    def _open(self, frame: Frame, concurrency: int, value: Json) -> MapRun:
        """A Map Run with its limits. Raises StatesError for limits that are none."""
        count = None if self.count is None else int(self.count(value, frame))
        percentage = None if self.percentage is None else float(self.percentage(value, frame))
        if count is not None and count < 0:
            raise StatesError(RUNTIME, "ToleratedFailureCount cannot be negative.")
        if percentage is not None and not 0 <= percentage <= 100:
            raise StatesError(RUNTIME, "ToleratedFailurePercentage must be between 0 and 100.")
        execution = frame.execution
        engine = execution.engine
        label = self.state.fields.get("Label") or engine.randomness.uuid("label")
        name = f"{execution.revision.name}/{label}"
        run = MapRun(
            engine.arn("mapRun", name, engine.randomness.uuid("map run")),
            label,
            execution,
            engine.scheduler.now,
        )
        run.max_concurrency, run.tolerated_count, run.tolerated_percentage = concurrency, count, percentage
        engine.map_runs[run.arn] = frame.map_run = run
        return run

    def _inputs(self, items: list[Json], value: Json, frame: Frame) -> list[tuple[Json, int]]:
        """(input, number of items) of each child."""
        chosen = [
            self.select(value, {"Index": index, "Value": item}, frame) for index, item in enumerate(items)
        ]
        if self.batcher is None:
            return [(each, 1) for each in chosen]
        return self.batcher.batches(chosen, value, frame)

    def _result(self, run: MapRun, value: Json, frame: Frame) -> Json:
        if self.writer is not None and self.writer.writes:
            store = frame.execution.engine.objects
            return self.writer.write(store, self.writer.locate(value, frame), run)
        if self.writer is not None:
            result = self.writer.shape(run)
        else:
            ordered = (run.executions[index] for index in sorted(run.executions))
            result = [each.output_data for each in ordered if each.status == "SUCCEEDED"]
        if len(encode(result).encode()) > MAX_PAYLOAD_BYTES:
            raise Failure(DATA_LIMIT, too_large(self.name), inner=True)
        return result


class Crew:
    """The children of one Map Run: starts as many as may run, counts, and stops when too many fail."""

    def __init__(self, step: DistributedMapStep, frame: Frame, run: MapRun) -> None:
        assert frame.process is not None
        assert step.program is not None
        self.step, self.run, self.process = step, run, frame.process
        self.engine = frame.execution.engine
        self._running: dict[int, Execution] = {}
        parent = frame.execution.revision
        self._revision = Revision(
            arn=f"{parent.arn}/{run.label}",
            name=f"{parent.name}/{run.label}",
            role_arn=parent.role_arn,
            type=step.execution_type,
            program=step.program,
            definition=parent.definition,
        )

    def work(self) -> Generator[None, None, None]:
        run, following = self.run, 0
        while True:
            limit = min(run.max_concurrency or MAX_DISTRIBUTED_CONCURRENCY, MAX_DISTRIBUTED_CONCURRENCY)
            while following < len(run.inputs) and len(self._running) < limit:
                self._start(following)
                following += 1
            if not self._running and following == len(run.inputs):
                return
            yield
            if run.exceeds_tolerance():
                raise Failure(EXCEEDED, EXCEEDED_CAUSE)

    def stop(self) -> None:
        """Stops the children that run."""
        for execution in list(self._running.values()):
            self.engine.stop(execution)

    def _start(self, index: int) -> None:
        """Starts a child; in a redrive, starts one again that had not succeeded."""
        old = self.run.executions.get(index)
        if old is not None and old.status == "SUCCEEDED":
            return
        data, _ = self.run.inputs[index]
        if old is not None and self._revision.type == "STANDARD":
            self._running[index] = old
            old.on_close.append(self._closed(index))
            self.engine.redrive(old)
            return
        name = self.engine.randomness.uuid("child")
        express = self._revision.type == "EXPRESS"
        names = (name, self.engine.randomness.uuid("express")) if express else (name,)
        arn = self.engine.arn("express" if express else "execution", self._revision.name, *names)

        def prepare(execution: Execution) -> None:
            execution.map_run = self.run
            execution.on_close.append(self._closed(index))

        execution = self.engine.start(self._revision, encode(data), data, arn=arn, name=name, prepare=prepare)
        self._running[index] = self.run.executions[index] = execution

    def _closed(self, index: int) -> Callable[[Execution], Any]:
        def closed(execution: Execution) -> None:
            self._running.pop(index, None)
            if execution.status != "SUCCEEDED":
                self.run.failed_items += self.run.inputs[index][1]
            self.process.wake()

        return closed


def as_machine(step: DistributedMapStep) -> StateMachine:
    """The item processor as a definition of its own."""
    flow = step.state.processor
    return StateMachine(
        place=flow.place,
        start_at=flow.start_at,
        states=flow.states,
        query_language=flow.query_language,
        fields=flow.fields,
        comment=flow.comment,
    )
