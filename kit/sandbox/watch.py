"""Showing a run while it goes on.

In a notebook with a person before it, a widget is shown and a thread feeds it; the picture that stays is
put in the same output at the end. Under papermill, nbclient or plain Python nobody sees a widget: the run
is waited for and its picture shown once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from kit import view
from kit.sandbox.connection import Hands
from kit.sandbox.pace import Pace
from kit.sandbox.run import CLOSED, Run
from kit.view.place import is_live, show

LOOK_AGAIN = 3.0
"""Real seconds after which a run is looked at again, news or none."""


SPEEDS = ("real", "60x", "600x", "3600x", "36000x")
"""What `faster` and `slower` go through. A clock that follows nothing, `paced` or `instant`, slows down to
the last."""


class Buttons:
    """What the buttons beside the graph do. `follow` lets the graph move again."""

    def __init__(self, run: Run, follow: Callable[[], object]) -> None:
        self._run, self._follow = run, follow

    def stop(self) -> None:
        self._run.stop()

    def redrive(self) -> None:
        """Lets the run go on from its failure."""
        self._run.redrive()
        self._follow()


class ClockButtons(Buttons):
    """The same where time is virtual."""

    def __init__(self, run: Run, follow: Callable[[], object], clock: Hands) -> None:
        super().__init__(run, follow)
        self._clock = clock
        self.pause, self.resume, self.step = clock.pause, clock.resume, clock.step

    def slower(self) -> None:
        """One speed down."""
        at = SPEEDS.index(self._clock.mode) if self._clock.mode in SPEEDS else len(SPEEDS)
        self._clock.mode = SPEEDS[max(at - 1, 0)]

    def faster(self) -> None:
        """One speed up; beyond the last, time jumps from one event to the next."""
        at = SPEEDS.index(self._clock.mode) + 1 if self._clock.mode in SPEEDS else len(SPEEDS)
        self._clock.mode = SPEEDS[at] if at < len(SPEEDS) else "paced"


def watch(run: Run) -> None:
    """Shows the run: live where somebody watches, else once, at its end."""
    if is_live():
        _live(run)
    else:
        run.wait()
        # No widget is made: papermill would store its state in the notebook.
        show(run, run.words)


def _live(run: Run) -> None:
    # A Run of its own: a trace is read by one thread only, and cells go on reading theirs.
    watched = Run(run.connection, run.arn, run.definition, run.title)
    clock = run.connection.clock

    def go_on() -> None:
        pace = run.connection.make_pace()
        thread = threading.Thread(target=follow, args=(watched, live, pace), daemon=True)
        thread.name = f"watch {run.name}"
        thread.start()

    buttons = Buttons(watched, go_on) if clock is None else ClockButtons(watched, go_on, clock)
    live = view.LiveGraph(run.definition, run.trace, run.title, buttons)
    live.show()
    go_on()


def follow(run: Run, live: view.LiveGraph, pace: Pace) -> None:
    """Feeds the widget until the run has closed, by one call for its history at each look."""
    try:
        while (trace := run.trace).status not in CLOSED:
            live.update(trace)
            pace.wait(LOOK_AGAIN)
        live.finish(trace)
    except Exception as error:  # noqa: BLE001 - nobody catches it in this thread: it is told beside the graph
        live.notice = f"This graph has stopped moving: {error} run.watch() begins again."
