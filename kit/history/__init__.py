"""Typed history events and one incremental fold of them into a Trace.

Pure: no drawing, no definition, no AWS.
"""

from kit.history.events import (
    Event,
    HistoryError,
    RawEvent,
    details_key,
    moment,
    read_event,
    read_history,
    value,
)
from kit.history.trace import Trace
from kit.history.visits import OPEN, PRECEDENCE, Attempt, Iterations, Lane, StateStatus, Status, Visit

__all__ = [
    "OPEN",
    "PRECEDENCE",
    "Attempt",
    "Event",
    "HistoryError",
    "Iterations",
    "Lane",
    "RawEvent",
    "StateStatus",
    "Status",
    "Trace",
    "Visit",
    "details_key",
    "moment",
    "read_event",
    "read_history",
    "value",
]
