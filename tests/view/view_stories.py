"""What views are tried on."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from kit.asl import parse
from kit.asl.definition import StateMachine
from kit.history import Trace

STORIES = Path(__file__).parents[1] / "history" / "stories"

ODD_NAMES = (
    'a "quoted" name',
    "<script>alert(1)</script>",
    "line\nbreak",
    "ステージング環境の一覧を作る",
    "semi;colon: and & more",
    "{brace} [*] --> b",
    "end note",
    "%% comment",
    "\\back `tick` $dollar",
    "&lt;#59;",
)


def run(name: str, events: int | None = None) -> tuple[StateMachine, Trace]:
    """A definition and the trace of a run of it, whole or as far as some event."""
    story = json.loads((STORIES / f"{name}.json").read_text(encoding="utf-8"))
    return parse(story["definition"]), Trace(story["events"][:events])


@cache
def odd() -> StateMachine:
    """States of every type with names that could break a drawing."""
    states: dict[str, Any] = {}
    following = [*ODD_NAMES[1:], None]
    kinds = ["Task", "Pass", "Choice", "Parallel", "Map"]
    for number, (name, after) in enumerate(zip(ODD_NAMES, following, strict=True)):
        kind = kinds[number % 5] if after else "Pass"
        state: dict[str, Any] = {"Type": kind, "Comment": f"{name}; <b>bold</b>"}
        if kind == "Choice":
            state["Choices"] = [{"Variable": "$.x", "StringEquals": name, "Next": after}]
            state["Default"] = after
        elif after:
            state["Next"] = after
        else:
            state["End"] = True
        if kind == "Task":
            state["Resource"] = "arn:aws:states:::aws-sdk:rds:stopDBCluster"
            state["Catch"] = [{"ErrorEquals": ["A.B", 'C:"d"', "E"], "Next": after}]
        if kind == "Parallel":
            state["Branches"] = [
                {"StartAt": f"{name}{side}", "States": {f"{name}{side}": {"Type": "Pass", "End": True}}}
                for side in (1, 2)
            ]
        if kind == "Map":
            inner = {f"{name}0": {"Type": "Wait", "Seconds": 5, "End": True}}
            state["ItemProcessor"] = {"StartAt": f"{name}0", "States": inner}
        states[name] = state
    return parse({"StartAt": ODD_NAMES[0], "States": states})


@cache
def real_definitions(shared: Path) -> list[tuple[str, StateMachine]]:
    """Definitions that people published."""
    text = (shared / "definitions" / "aws-samples.json").read_text(encoding="utf-8")
    return [(entry["path"], parse(entry["definition"])) for entry in json.loads(text)]
