"""Whether an execution may be redriven, and redriving it.

No recording of AWS exists: this follows its documents.
https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
"""

from __future__ import annotations

from kit.engine import Execution
from kit.engine.quotas import MAX_EVENTS, MAX_REDRIVABLE_SECONDS, MAX_STANDARD_SECONDS


def redrive_status(execution: Execution, now: float) -> tuple[str, str | None]:
    """(redriveStatus, redriveStatusReason) as DescribeExecution gives them."""
    if execution.status in ("RUNNING", "SUCCEEDED"):
        return "NOT_REDRIVABLE", f"Execution is {execution.status} and cannot be redriven"
    if len(execution.events) >= MAX_EVENTS - 1:
        return "NOT_REDRIVABLE", "Execution history event limit exceeded and cannot be redriven"
    if execution.stopped is not None and now - execution.stopped > MAX_REDRIVABLE_SECONDS:
        return "NOT_REDRIVABLE", "Execution redrivable period exceeded and cannot be redriven"
    if now - execution.started > MAX_STANDARD_SECONDS:
        return "NOT_REDRIVABLE", "Execution maximum execution time exceeded and cannot be redriven"
    if execution.map_run is not None:
        return "REDRIVABLE_BY_MAP_RUN", None
    return "REDRIVABLE", None
