from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.engine import Kind, Scheduler
from kit.engine.scheduler import Lane

moments = st.floats(min_value=0, max_value=1e6)
kinds = st.sampled_from(list(Kind))


@given(st.lists(st.tuples(moments, kinds), max_size=40))
def test_all_that_is_due_fires_once_in_the_order_of_time(plan: list[tuple[float, Kind]]) -> None:
    scheduler, fired = Scheduler(), list[tuple[float, int]]()
    for number, (at, kind) in enumerate(plan):
        scheduler.at(at, lambda number=number: fired.append((scheduler.now, number)), kind)  # type: ignore[misc]
    scheduler.run_until(1e6)
    assert fired == sorted((at, number) for number, (at, _) in enumerate(plan))
    assert scheduler.next_time() is None


@given(st.lists(st.tuples(moments, st.booleans()), max_size=200))
def test_what_was_cancelled_never_fires_and_the_rest_does(plan: list[tuple[float, bool]]) -> None:
    scheduler, fired = Scheduler(), list[int]()
    timers = [
        scheduler.at(at, lambda number=number: fired.append(number))  # type: ignore[misc]
        for number, (at, _) in enumerate(plan)
    ]
    for timer, (_, cancelled) in zip(timers, plan, strict=True):
        if cancelled:
            timer.cancel()
    scheduler.run_until(1e6)
    assert sorted(fired) == [number for number, (_, cancelled) in enumerate(plan) if not cancelled]


def test_something_due_in_the_past_happens_now_and_time_does_not_go_back() -> None:
    scheduler, seen = Scheduler(now=100.0), list[float]()
    scheduler.at(5.0, lambda: seen.append(scheduler.now))
    scheduler.run_ready()
    assert seen == [100.0]


def test_what_is_due_at_the_same_time_keeps_the_order_in_which_it_was_asked_for() -> None:
    scheduler, seen = Scheduler(), list[str]()
    scheduler.at(1.0, lambda: seen.append("first"), Kind.DEADLINE)
    scheduler.at(1.0, lambda: seen.append("second"), Kind.EVENT)
    scheduler.run_until(1.0)
    assert seen == ["first", "second"]


def test_what_a_timer_makes_ready_runs_before_the_next_timer_of_that_time() -> None:
    scheduler, seen = Scheduler(), list[str]()
    scheduler.at(1.0, lambda: scheduler.soon(seen.append, "ready"))
    scheduler.at(1.0, lambda: seen.append("timer"))
    scheduler.run_until(1.0)
    assert seen == ["ready", "timer"]


def test_a_jump_stops_at_the_first_timer_on_its_way() -> None:
    scheduler = Scheduler()
    scheduler.at(3.0, lambda: None, Kind.BACKGROUND)
    scheduler.jump(10.0)
    assert scheduler.now == 3.0


def test_many_cancelled_timers_leave_nothing_behind() -> None:
    scheduler = Scheduler()
    for _ in range(10_000):
        scheduler.after(60.0, lambda: None).cancel()
    assert sum(len(heap) for heap in scheduler._heaps) < 200


def lanes(scheduler: Scheduler) -> list[str]:
    """Two lanes of two steps each, and the order in which they run."""
    seen: list[str] = []
    for name in ("a", "b"):
        lane = Lane(scheduler)
        for step in (1, 2):
            lane.soon(seen.append, f"{name}{step}")
    scheduler.run_ready()
    return seen


def test_what_is_ready_in_one_lane_runs_before_the_next_lane() -> None:
    assert lanes(Scheduler()) == ["a1", "a2", "b1", "b2"]


def test_lanes_take_turns_for_somebody_who_watches() -> None:
    scheduler = Scheduler()
    scheduler.rotates = True
    assert lanes(scheduler) == ["a1", "b1", "a2", "b2"]


def test_a_step_that_breaks_does_not_stop_its_lane() -> None:
    scheduler, seen = Scheduler(), list[str]()
    lane = Lane(scheduler)

    def broken(_: object) -> None:
        raise RuntimeError("broken")

    lane.soon(broken)
    lane.soon(seen.append, "after")
    with pytest.raises(RuntimeError, match="broken"):
        scheduler.run_ready()
    scheduler.run_ready()
    assert seen == ["after"]
