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
from kit.sandbox.run import CLOSED, Run

LOOK_AGAIN = 3.0
"""Real seconds after which a run is looked at again, news or none."""


def someone_is_watching() -> bool:
    """Whether this code runs in a cell of a notebook that is open before a person.

    JupyterLab, Notebook and VS Code say with each request which cell it comes from; nbclient, and so
    papermill, nbconvert and nbmake, do not.
    """
    shell = _shell()
    kernel = getattr(shell, "kernel", None)
    if kernel is None:
        return False
    parent = kernel.get_parent("shell") or {}
    return "cellId" in parent.get("metadata", {})


def watch(run: Run) -> None:
    """Shows the run: live where somebody watches, else once, at its end."""
    if someone_is_watching():
        _live(run)
    else:
        run.wait()
        _still(run)


def _live(run: Run) -> None:
    live = view.LiveGraph(run.definition)
    live.update(run.trace)
    live.show()
    if run.status in CLOSED:
        live.finish(run.trace)
        return
    threading.Thread(target=_follow, args=(run, live), name=f"watch {run.name}", daemon=True).start()


def _follow(run: Run, live: Any) -> None:
    pace = run.pace()
    while run.status not in CLOSED:
        live.update(run.trace)
        pace.wait(LOOK_AGAIN)
    live.finish(run.trace)


def _still(run: Run) -> None:
    ipython = sys.modules.get("IPython")
    if _shell() is None or ipython is None:
        sys.stdout.write(f"{run!r}\n{run.words()}\n")
    else:
        ipython.display.display(run)


def _shell() -> Any:
    """IPython's shell, if this process has one. IPython is never loaded for that."""
    ipython = sys.modules.get("IPython")
    return None if ipython is None else ipython.get_ipython()
