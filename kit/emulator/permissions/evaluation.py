"""Whether policies allow an action on a resource, and if not, why.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from kit.emulator.permissions.conditions import Facts, are_met
from kit.emulator.permissions.documents import RolePolicies, Statement


@dataclass(frozen=True, slots=True)
class Decision:
    """`reason` completes "… is not authorized to perform: … on resource: … "."""

    allowed: bool
    reason: str = ""


ALLOWED = Decision(True)


def decide(policies: RolePolicies, action: str, resource: str, facts: Facts, unknown: set[str]) -> Decision:
    """A deny wins; then a policy of the role's own must allow it, and its boundary, if it has one."""
    own = list(_about(policies.own, action, resource, facts, unknown))
    bound = None
    if policies.boundary is not None:
        bound = list(_about(policies.boundary, action, resource, facts, unknown))
    if any(not each.allows for each in own):
        return Decision(False, "with an explicit deny in an identity-based policy")
    if bound is not None and any(not each.allows for each in bound):
        return Decision(False, "with an explicit deny in a permissions boundary")
    if not own:
        return Decision(False, f"because no identity-based policy allows the {action} action")
    if bound is not None and not bound:
        return Decision(False, f"because no permissions boundary allows the {action} action")
    return ALLOWED


def _about(
    statements: Iterable[Statement], action: str, resource: str, facts: Facts, unknown: set[str]
) -> Iterable[Statement]:
    for each in statements:
        if any(_action(pattern).fullmatch(action) for pattern in each.actions) == each.not_actions:
            continue
        if any(_resource(pattern).fullmatch(resource) for pattern in each.resources) == each.not_resources:
            continue
        # A key that isn't evaluated counts as met where a statement allows; it must not make a deny.
        missed: set[str] = set()
        met = are_met(each.condition, facts, missed)
        unknown |= missed
        if met and (each.allows or not missed):
            yield each


@cache
def _action(pattern: str) -> re.Pattern[str]:
    return re.compile(_expression(pattern), re.IGNORECASE)


@cache
def _resource(pattern: str) -> re.Pattern[str]:
    return re.compile(_expression(pattern), re.DOTALL)


def _expression(pattern: str) -> str:
    return re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
