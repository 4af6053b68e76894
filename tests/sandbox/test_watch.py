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


def test_the_buttons_stop_the_run_and_move_the_clock() -> None:
    class Clock:
        def pause(self) -> str:
            return "paused"

        def resume(self) -> str:
            return "resumed"

        def step(self) -> str:
            return "stepped"

    run = Walk(1)
    buttons = ClockButtons(_any(run), Clock())
    buttons.stop()
    assert run.stopped
    assert (buttons.pause(), buttons.step(), buttons.resume()) == ("paused", "stepped", "resumed")
    with pytest.raises(AttributeError):
        _any(Buttons(_any(run))).pause()


def _any(thing: object) -> Any:
    return thing
