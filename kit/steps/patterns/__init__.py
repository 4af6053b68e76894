"""Patterns of ops work: plain functions that return a Chain of ordinary states.

Each is JSONata, bounded, and has a way out for failure. The Chain goes into another Chain as any state
does, what comes in goes out at its end, and its states (`chain.steps`) may be changed like any others. The
states that it makes are named after `what`, such as "the clone is available"; so are its variables, since
a variable of a branch may not have the name of one around it.
"""

from kit.steps.patterns.asking import approval
from kit.steps.patterns.cleaning import cleanup_on_failure
from kit.steps.patterns.ensuring import ensure_absent, ensure_present
from kit.steps.patterns.paging import for_each_page
from kit.steps.patterns.telling import notify_slack
from kit.steps.patterns.waiting import wait_until

__all__ = [
    "approval",
    "cleanup_on_failure",
    "ensure_absent",
    "ensure_present",
    "for_each_page",
    "notify_slack",
    "wait_until",
]
