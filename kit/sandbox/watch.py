"""Showing a run while it goes on.

In a notebook with a person before it, a widget is shown and a thread feeds it; the picture that stays is
put in the same output at the end. Under papermill, nbclient or plain Python nobody sees a widget: the run
is waited for and its picture shown once.
"""

from __future__ import annotations

import sys
import threading
from typing import Any

from kit import view
from kit.sandbox.connection import Hands
from kit.sandbox.pace import Pace
from kit.sandbox.run import CLOSED, Run
from kit.view.place import is_live

LOOK_AGAIN = 3.0
"""Real seconds after which a run is looked at again, news or none."""


class Buttons:
    """What the buttons beside the graph do."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def stop(self) -> None:
        self._run.stop()


class ClockButtons(Buttons):
    """The same where time is virtual."""

    def __init__(self, run: Run, clock: Hands) -> None:
        super().__init__(run)
        self.pause, self.resume, self.step = clock.pause, clock.resume, clock.step


def watch(run: Run) -> None:
    """Shows the run: live where somebody watches, else once, at its end."""
    if is_live() and run.status not in CLOSED:
        _live(run)
    else:
        run.wait()
        _still(run)


def _live(run: Run) -> None:
    clock = run.connection.clock
    buttons = Buttons(run) if clock is None else ClockButtons(run, clock)
    live = view.LiveGraph(run.definition, run.trace, run.title, buttons)
    live.show()
    # A Run of its own: a trace is read by one thread only, and cells go on reading theirs.
    watched = Run(run.connection, run.arn, run.definition, run.title)
    pace = run.connection.make_pace()
    thread = threading.Thread(target=follow, args=(watched, live, pace), daemon=True)
    thread.name = f"watch {run.name}"
    thread.start()


def _still(run: Run) -> None:
    # No widget is made: papermill would store its state in the notebook. IPython may be loaded in a script
    # too (a library imports it), so what counts is whether a shell runs that shows pictures.
    ipython: Any = sys.modules.get("IPython")
    if ipython is None or getattr(ipython.get_ipython(), "kernel", None) is None:
        sys.stdout.write(f"{run.words()}\n")
    else:
        ipython.display.display(run)


def follow(run: Run, live: view.LiveGraph, pace: Pace) -> None:
    """Feeds the widget until the run has closed, by one call for its history at each look."""
    try:
        while (trace := run.trace).status not in CLOSED:
            live.update(trace)
            pace.wait(LOOK_AGAIN)
        live.finish(trace)
    except Exception as error:  # noqa: BLE001 - nobody catches it in this thread: it is told beside the graph
        live.notice = f"This graph has stopped moving: {error} run.watch() begins again."
