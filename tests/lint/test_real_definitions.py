"""Definitions that people really deploy: every finding about them was looked at by hand.

reviewed_findings.json has each with what came of looking at it. A finding that isn't there fails this
test until somebody has looked at it, too; so does one that is no longer found.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kit import Machine
from kit.lint import lint, policy

REVIEWED = Path(__file__).with_name("reviewed_findings.json")


def samples(shared: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        (shared / "definitions" / "aws-samples.json").read_text(encoding="utf-8")
    )
    return found


def test_lint_has_no_false_alarm_about_what_people_deploy(shared: Path) -> None:
    found = {
        (sample["path"], finding.rule, finding.place, finding.found)
        for sample in samples(shared)
        for finding in lint(sample["definition"])
    }
    reviewed = json.loads(REVIEWED.read_text(encoding="utf-8"))
    assert found == {(each["sample"], each["rule"], each["place"], each["found"]) for each in reviewed}
    assert all(each["verdict"].startswith("Right: ") for each in reviewed), "a false alarm is to be mended"


def test_every_call_that_people_deploy_is_in_the_policy(shared: Path) -> None:
    for sample in samples(shared):
        machine = Machine("sample", sample["definition"])
        tasks = [state for state in machine.definition.walk() if state.type == "Task"]
        known = [
            state
            for state in tasks
            if state.fields["Resource"].startswith("arn:aws:states:::")
            and "lookoutvision" not in state.fields["Resource"]
            and "AuthType" not in str(state.fields)
        ]
        words = policy(machine.definition).words
        if len(tasks) <= 4:
            assert [state.name for state in known if f"“{state.name}”" not in words] == [], sample["path"]


def test_machines_of_what_people_deploy_go_through_text_and_come_back_equal(shared: Path) -> None:
    for sample in samples(shared):
        machine = Machine("sample", sample["definition"])
        assert Machine("sample", machine.to_json()) == machine
        assert machine.asl == sample["definition"]
        assert json.dumps(machine.asl) == json.dumps(sample["definition"]), "the order is kept"
