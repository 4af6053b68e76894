"""Where output appears: a page that can run widgets, or not."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

SWITCH = "SMALL_STEPS_VIEW"


def is_live() -> bool:
    """Whether a widget would be seen and can move.

    The environment variable SMALL_STEPS_VIEW says so with `live` or `static`. Without it: a kernel
    whose running cell was sent by a notebook page. Pages name the cell in the request's metadata;
    papermill and nbconvert don't.
    """
    said = os.environ.get(SWITCH)
    if said in ("live", "static"):
        return said == "live"
    kernel = _kernel()
    return kernel is not None and "cellId" in (kernel.get_parent("shell").get("metadata") or {})


def show(value: object, words: Callable[[], str]) -> None:
    """Shows a value as a cell's output where a kernel runs, watched or not; else prints its words."""
    if _kernel() is None:
        sys.stdout.write(f"{words()}\n")
    else:
        from IPython import display

        output: Any = display
        output.display(value)


def _kernel() -> Any:
    """The kernel that runs this process, or None. A script may have IPython loaded too, by a library."""
    ipython: Any = sys.modules.get("IPython")
    return None if ipython is None else getattr(ipython.get_ipython(), "kernel", None)
