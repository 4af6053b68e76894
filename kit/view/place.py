"""Where output appears: a page that can run widgets, or not."""

from __future__ import annotations

import os
import sys
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
    ipython: Any = sys.modules.get("IPython")
    kernel = None if ipython is None else getattr(ipython.get_ipython(), "kernel", None)
    if kernel is None:
        return False
    request = kernel.get_parent("shell")
    return "cellId" in (request.get("metadata") or {})
