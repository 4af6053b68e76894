"""Feeding a live graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from kit.sandbox import watch as watching
from kit.sandbox.watch import Buttons, ClockButtons, follow


@dataclass
class Story:
    """A trace, as far as it is looked at here."""

    left: int

    @property
    def status(self) -> str:
        return "RUNNING" if self.left else "SUCCEEDED"


class Live:
    def __init__(self) -> None:
        self.shown: list[int] = []
        self.finished, self.notice = False, ""

    def update(self, trace: Story) -> None:
        self.shown.append(trace.left)

    def finish(self, trace: Story) -> None:
        self.finished = trace.status == "SUCCEEDED"


class Walk:
    """A run that closes after some looks, each of which is one call."""

    name, stopped = "walk", False

    def __init__(self, looks: int, fails: bool = False) -> None:
        self.left, self.fails = looks + 1, fails

    @property
    def trace(self) -> Story:
        if self.fails:
            raise ConnectionError("The network is away.")
        self.left -= 1
        return Story(self.left)

    def stop(self) -> None:
        self.stopped = True


class Pace:
    def __init__(self) -> None:
        self.waits: list[float] = []

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)


def test_the_graph_is_fed_until_the_run_has_closed() -> None:
    live, run, pace = Live(), Walk(2), Pace()
    follow(_any(run), _any(live), pace)
    assert live.shown == [2, 1]
    assert live.finished
    assert pace.waits == [watching.LOOK_AGAIN] * 2


def test_what_stops_the_feeding_is_told_beside_the_graph() -> None:
    live = Live()
    follow(_any(Walk(1, fails=True)), _any(live), Pace())
    assert live.notice == "This graph has stopped moving: The network is away. run.watch() begins again."


class Clock:
    mode = "paced"

    def pause(self) -> str:
        return "paused"

    def resume(self) -> str:
        return "resumed"

    def step(self) -> str:
        return "stepped"


def test_the_buttons_stop_the_run_and_move_the_clock() -> None:
    run = Walk(1)
    buttons = ClockButtons(_any(run), list, Clock())
    buttons.stop()
    assert run.stopped
    assert (buttons.pause(), buttons.step(), buttons.resume()) == ("paused", "stepped", "resumed")
    with pytest.raises(AttributeError):
        _any(Buttons(_any(run), list)).pause()


def test_the_clock_goes_slower_and_faster_step_by_step() -> None:
    clock = Clock()
    buttons = ClockButtons(_any(Walk(1)), list, clock)
    modes = []
    for turn in (*[buttons.slower] * 6, *[buttons.faster] * 6):
        turn()
        modes.append(clock.mode)
    assert modes[:6] == ["36000x", "3600x", "600x", "60x", "real", "real"]
    assert modes[6:] == ["60x", "600x", "3600x", "36000x", "paced", "paced"]


def test_a_redrive_lets_the_run_go_on_and_the_graph_move_again() -> None:
    done: list[str] = []
    run = Walk(1)
    _any(run).redrive = lambda: done.append("redriven")
    Buttons(_any(run), lambda: done.append("followed")).redrive()
    assert done == ["redriven", "followed"]


def _any(thing: object) -> Any:
    return thing
