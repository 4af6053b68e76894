from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kit.asl import parse
from kit.emulator.driver import Driver, jump_seconds
from kit.engine import (
    Done,
    Engine,
    Execution,
    Failed,
    Kind,
    Revision,
    Submitted,
    TaskAnswer,
    TaskCall,
    compile_program,
)
from kit.engine.tokens import Succeeded


class World:
    """Every task is handed to somebody outside."""

    def __init__(self) -> None:
        self.tokens: list[str] = []

    def describe(self, resource: str) -> tuple[str, str]:
        return "sqs", resource

    def refusal(self, resource: str, arguments: Any) -> Failed | None:  # noqa: ARG002
        return None

    def call(self, call: TaskCall) -> TaskAnswer:
        self.tokens.append(call.token)
        return Submitted({})

    def poll(self, call: TaskCall, handle: Any) -> TaskAnswer | None:  # noqa: ARG002
        return Done({})

    def cancel(self, call: TaskCall, handle: Any) -> None:
        pass


@contextmanager
def driving(mode: str, **more: Any) -> Iterator[Driver]:
    driver = Driver(Engine(World()), mode, **more)
    try:
        yield driver
    finally:
        driver.close()


def start(driver: Driver, state: dict[str, Any]) -> Execution:
    definition = parse({"StartAt": "S", "States": {"S": {**state, "End": True}}})
    revision = Revision(arn="m", name="m", role_arn="r", type="STANDARD", program=compile_program(definition))
    with driver.client_call():
        number = str(len(driver.engine.executions))
        return driver.engine.start(revision, "{}", {}, arn=number, name=number)


def ended(driver: Driver, execution: Execution, within: float = 5.0) -> bool:
    return driver.wait(lambda: execution.status != "RUNNING", real_seconds=within)


WAIT = {"Type": "Wait", "Seconds": 3600}
ASK = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "TimeoutSeconds": 600}


def test_instant_jumps_to_what_is_due() -> None:
    with driving("instant") as driver:
        began = time.monotonic()
        assert ended(driver, start(driver, WAIT))
        assert time.monotonic() - began < 2
        assert driver.clock.now() == datetime.fromtimestamp(3600, UTC)


def test_paced_takes_a_moment_for_a_jump() -> None:
    with driving("paced") as driver:
        began = time.monotonic()
        execution = start(driver, WAIT)
        assert ended(driver, execution)
        assert 0.3 < time.monotonic() - began < 3
        assert execution.stopped == 3600.0


def test_a_jump_is_never_longer_than_the_longest_and_grows_with_the_gap() -> None:
    gaps = [0.01, 1, 60, 3600, 1e9]
    found = [jump_seconds(gap) for gap in gaps]
    assert found == sorted(found)
    assert found[-1] == 0.4


def test_a_factor_lets_time_flow_so_many_times_as_fast() -> None:
    with driving("7200x") as driver:
        began = time.monotonic()
        assert ended(driver, start(driver, WAIT))
        assert 0.4 < time.monotonic() - began < 3


def test_in_real_time_a_second_is_a_second() -> None:
    with driving("real") as driver:
        execution = start(driver, {"Type": "Wait", "Seconds": 1})
        assert not ended(driver, execution, within=0.5)
        assert ended(driver, execution)


def test_an_unknown_mode_is_refused_with_what_there_is() -> None:
    with pytest.raises(ValueError, match="no clock mode 'fast': use 'instant', 'paced', 'real', or a factor"):
        Driver(Engine(World()), "fast")


def test_time_does_not_pass_a_wait_for_somebody_by_itself() -> None:
    with driving("paced") as driver:
        execution = start(driver, ASK)
        later = start(driver, WAIT)
        assert not ended(driver, execution, within=1.0)
        assert later.status == "RUNNING"
        assert driver.engine.scheduler.now < 600


def test_instant_loses_its_patience_where_nobody_calls() -> None:
    with driving("instant", patience=0.3) as driver:
        execution = start(driver, ASK)
        assert ended(driver, execution)
        assert (execution.error, execution.stopped) == ("States.Timeout", 600.0)


def test_looking_at_an_execution_is_no_sign_that_somebody_will_answer() -> None:
    with driving("instant", patience=0.3) as driver:
        execution = start(driver, ASK)
        end = time.monotonic() + 5
        while execution.status == "RUNNING" and time.monotonic() < end:
            with driver.client_call(reads=True):
                pass
            time.sleep(0.05)
        assert execution.status == "FAILED"


def test_somebody_answers_in_time() -> None:
    with driving("instant") as driver:
        execution = start(driver, ASK)
        world = driver.engine.integrations
        assert isinstance(world, World)
        assert driver.wait(lambda: bool(world.tokens), real_seconds=5)
        with driver.client_call():
            driver.engine.tokens.answer(world.tokens[0], Succeeded({"approved": True}))
        assert ended(driver, execution)
        assert execution.output_data == {"approved": True}


def test_advance_lets_all_happen_on_the_way_each_at_its_time() -> None:
    with driving("paced") as driver:
        driver.clock.pause()
        first, second = start(driver, WAIT), start(driver, {"Type": "Wait", "Seconds": 7200})
        assert driver.clock.advance(hours=9) == datetime.fromtimestamp(9 * 3600, UTC)
        assert (first.stopped, second.stopped) == (3600.0, 7200.0)


def test_advance_runs_into_the_limit_of_a_wait_for_somebody() -> None:
    with driving("paced") as driver:
        execution = start(driver, ASK)
        driver.clock.advance(hours=1)
        assert (execution.status, execution.stopped) == ("FAILED", 600.0)


def test_time_goes_forward_only() -> None:
    with driving("paced") as driver:
        with pytest.raises(ValueError, match="forward only"):
            driver.clock.advance(seconds=-1)
        with pytest.raises(ValueError, match="has passed"):
            driver.clock.run_until(datetime.fromtimestamp(0, UTC) - timedelta(days=1))


def test_run_until_stops_at_the_moment() -> None:
    with driving("paced") as driver:
        driver.clock.pause()
        execution = start(driver, WAIT)
        driver.clock.run_until(datetime(1970, 1, 1, 0, 30))
        assert execution.status == "RUNNING"
        assert driver.clock.now() == datetime(1970, 1, 1, 0, 30, tzinfo=UTC)


def test_nothing_happens_while_time_is_paused_and_a_step_is_one_step() -> None:
    with driving("instant") as driver:
        driver.clock.pause()
        execution = start(driver, WAIT)
        assert not ended(driver, execution, within=0.3)
        driver.clock.step()
        assert [event[1] for event in execution.events][-1] == "WaitStateEntered"
        driver.clock.step()
        assert execution.status == "SUCCEEDED"


def test_resuming_goes_on() -> None:
    with driving("instant") as driver:
        driver.clock.pause()
        execution = start(driver, WAIT)
        driver.clock.resume()
        assert ended(driver, execution)


def test_the_mode_can_be_changed_while_it_runs() -> None:
    with driving("real") as driver:
        execution = start(driver, WAIT)
        assert not ended(driver, execution, within=0.2)
        driver.clock.mode = "instant"
        assert ended(driver, execution)


def test_a_sleeper_sleeps_in_virtual_time() -> None:
    with driving("instant") as driver:
        began = time.monotonic()
        driver.clock.sleep(30)
        assert time.monotonic() - began < 2
        assert driver.engine.scheduler.now == 30.0


def test_schedules_move_only_when_time_passes_them() -> None:
    with driving("instant") as driver:
        rang: list[float] = []
        scheduler = driver.engine.scheduler
        with driver.client_call():
            scheduler.at(60.0, lambda: rang.append(scheduler.now), Kind.BACKGROUND)
        time.sleep(0.2)
        assert rang == []
        assert ended(driver, start(driver, WAIT))
        assert rang == [60.0]


def test_listeners_hear_of_news_outside_the_lock_and_not_after_they_left() -> None:
    with driving("instant") as driver:
        heard = threading.Event()
        free: list[bool] = []

        def take_the_lock() -> None:
            free.append(driver.lock.acquire(timeout=2))
            if free[-1]:
                driver.lock.release()

        def listen() -> None:
            other = threading.Thread(target=take_the_lock)
            other.start()
            other.join()
            heard.set()

        unsubscribe = driver.subscribe(listen)
        start(driver, WAIT)
        assert heard.wait(5)
        assert free[0]
        unsubscribe()
        time.sleep(0.1)
        heard.clear()
        assert ended(driver, start(driver, WAIT))
        assert not heard.wait(0.2)


def test_a_listener_that_fails_does_not_stop_time(caplog: pytest.LogCaptureFixture) -> None:
    with driving("instant") as driver:
        driver.subscribe(lambda: 1 // 0)
        assert ended(driver, start(driver, WAIT))
    assert "A listener failed" in caplog.text


def test_a_visitor_is_received_under_the_lock_between_two_slices_of_work() -> None:
    with driving("instant") as driver:
        busy = [{"Type": "Pass", "Next": f"P{number + 1}"} for number in range(4_000)]
        states = {f"P{number}": state for number, state in enumerate(busy)} | {"P4000": {"Type": "Succeed"}}
        definition = parse({"StartAt": "P0", "States": states})
        program = compile_program(definition)
        revision = Revision(arn="m", name="m", role_arn="r", type="STANDARD", program=program)
        with driver.client_call():
            for number in range(30):
                driver.engine.start(revision, "{}", {}, arn=str(number), name=str(number))
        seen: list[tuple[int, bool]] = []
        received = threading.Event()

        def look() -> None:
            seen.append((driver.engine.open, driver.is_running_here))
            received.set()

        driver.visit(look)
        assert received.wait(5)
        assert seen == [(seen[0][0], False)]
        assert seen[0][0] > 0, "it had to wait for all the work"
        assert driver.wait(lambda: driver.engine.open == 0, real_seconds=20)


def test_a_visitor_that_fails_does_not_stop_time(caplog: pytest.LogCaptureFixture) -> None:
    with driving("instant") as driver:
        driver.visit(lambda: 1 // 0)
        assert ended(driver, start(driver, WAIT))
    assert "A visitor of the clock's thread failed" in caplog.text


def test_without_open_executions_no_cpu_is_used() -> None:
    with driving("paced") as driver:
        assert ended(driver, start(driver, {"Type": "Pass"}))
        time.sleep(0.1)
        before = time.process_time()
        time.sleep(0.5)
        assert time.process_time() - before < 0.05


def test_closing_ends_the_thread() -> None:
    driver = Driver(Engine(World()), "instant")
    start(driver, WAIT)
    driver.close()
    assert "small-steps-driver" not in {
        thread.name for thread in threading.enumerate() if thread is driver._thread
    }
    assert driver._thread is not None
    assert not driver._thread.is_alive()


class SlowWorld(World):
    """A task that works beside the lock until somebody lets it go on."""

    def __init__(self) -> None:
        super().__init__()
        self.driver: Driver | None = None
        self.begun, self.go_on = threading.Event(), threading.Event()

    def call(self, call: TaskCall) -> TaskAnswer:  # noqa: ARG002
        assert self.driver is not None

        def work() -> bool:
            self.begun.set()
            return self.go_on.wait(10)

        assert self.driver.beside(work)
        return Done("done")


@contextmanager
def working(mode: str) -> Iterator[tuple[Driver, SlowWorld, Execution]]:
    world = SlowWorld()
    world.driver = driver = Driver(Engine(world), mode)
    task = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke"}
    try:
        execution = start(driver, task)
        assert world.begun.wait(5)
        yield driver, world, execution
    finally:
        world.go_on.set()
        driver.close()


def test_clients_are_answered_while_an_execution_works_and_time_stands_still() -> None:
    with working("instant") as (driver, world, execution):
        waiting = start(driver, WAIT)
        time.sleep(0.1)
        assert (execution.status, waiting.status, driver.now()) == ("RUNNING", "RUNNING", 0.0)
        world.go_on.set()
        assert ended(driver, execution)
        assert execution.output == '"done"'
        assert ended(driver, waiting)


def test_an_execution_stopped_while_it_works_tells_nothing_more() -> None:
    with working("instant") as (driver, world, execution):
        with driver.client_call():
            driver.engine.stop(execution)
        assert execution.status == "ABORTED"
        told = len(execution.events)
        world.go_on.set()
        assert ended(driver, start(driver, WAIT))
        assert len(execution.events) == told
        assert driver.engine.open == 0


def test_who_moves_the_clock_waits_for_the_work() -> None:
    with working("paced") as (driver, world, execution):
        mover = threading.Thread(target=driver.clock.advance, kwargs={"hours": 1})
        mover.start()
        time.sleep(0.1)
        assert mover.is_alive()
        world.go_on.set()
        mover.join(5)
        assert execution.status == "SUCCEEDED"
        assert driver.now() == 3_600
