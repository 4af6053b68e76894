"""Findings that somebody has looked at: a word in a state's Comment keeps a rule quiet there.

`"Comment": "lint: allow poll-without-bound, the caller stops it"` speaks of the state it stands in and,
in the machine's own Comment, of the whole machine. What AWS refuses can't be allowed.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator

from kit.asl.definition import StateMachine
from kit.lint.finding import Finding
from kit.lint.rules import RULES

_ALLOWS = re.compile(r"\blint: ?allow +([a-z][a-z0-9-]*(?: *, *[a-z][a-z0-9-]*-[a-z0-9-]*)*)")


def allowed(comment: object) -> tuple[str, ...]:
    """The rules that a Comment allows."""
    if not isinstance(comment, str):
        return ()
    return tuple(
        name.strip() for found in _ALLOWS.finditer(comment) for name in found[1].split(",") if name.strip()
    )


def kept(findings: Iterable[Finding], machine: StateMachine) -> Iterator[Finding]:
    """The findings that no Comment allows, and one for each Comment that allows a rule there isn't."""
    comments = [("/", machine.fields.get("Comment"))]
    comments += [(str(state.place), state.fields.get("Comment")) for state in machine.walk()]
    allows = {place: allowed(comment) for place, comment in comments}
    for finding in findings:
        place = _state_of(finding.place)
        if finding.rule not in (*allows["/"], *allows.get(place, ())):
            yield finding
    known = [rule.id for rule in RULES]
    for place, names in allows.items():
        for name in names:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                yield Finding(
                    rule="unknown-rule",
                    severity="warning",
                    place="/Comment" if place == "/" else f"{place}/Comment",
                    found=f"a Comment that allows {name}, which is no rule",
                    expected="the id of a rule, as findings show it in brackets",
                    why="A misspelled word keeps nothing quiet.",
                    mend=f"write {near[0]}" if near else "kit lint --rules lists them",
                )


def _state_of(place: str) -> str:
    """`/States/A/Branches[0]/States/B/Retry[0]` -> `/States/A/Branches[0]/States/B`."""
    head, states, rest = place.rpartition("/States/")
    name = re.split(
        r"/(?=(?:Retry|Catch|Choices|Parameters|Arguments|Output|Assign|Resource|ResultSelector|ItemSelector|"
        r"Items|ItemsPath|Condition|Comment|InputPath|OutputPath|ResultPath|Error|Cause|Seconds|Timestamp|"
        r"\w+Path|Result|Credentials)(?:[/\[]|$))",
        rest,
        maxsplit=1,
    )[0]
    return f"{head}{states}{name}"
