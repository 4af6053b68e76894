"""Definitions that people really deploy: every finding about them was looked at by hand."""

from __future__ import annotations

import json
from pathlib import Path

from kit import Machine

YEAR = "right: no timeout is set, and an answer that never comes keeps it open for a year"
UNMATCHED = "right: an input that no rule matches fails it"
NAME = "right: the name lacks its Exception, so the retry never fires"
RETIRED = "right: AWS retired Lookout for Vision in 2025"

REVIEWED = {
    ("automating-a-security-incident-with-step-functions-cdk", "/States/AskUser"): YEAR,
    ("curbside-pickup", "/States/SQS PickItem"): YEAR,
    ("curbside-pickup", "/States/SNS DeliverToCurb"): YEAR,
    ("dynamic-rest-api", "/States/Choice based on API Call Method"): UNMATCHED,
    ("human-in-the-loop-tf", "/States/Notify Approver"): YEAR,
    (
        "human-task-reminder",
        "/States/Parallel w/ UUID/Branches[1]/States/SNS Send Task Token to Human",
    ): YEAR,
    (
        "idempotent-workflow",
        "/States/Create and lock idempotency record/Retry[0]/ErrorEquals",
    ): NAME,
    ("lookout-for-vision-inference-sam", "/States/Anomalous Image?"): UNMATCHED,
    ("lookout-for-vision-inference-sam", "/States/Check Model Status"): RETIRED,
    ("lookout-for-vision-inference-sam", "/States/Start Model"): RETIRED,
    ("parallel-human-approval", "/States/Parallel/Branches[0]/States/SNS Publish to Approver 1"): YEAR,
    ("parallel-human-approval", "/States/Parallel/Branches[1]/States/SNS Publish to Approver2"): YEAR,
    ("parallel-human-approval", "/States/Parallel/Branches[2]/States/SNS Publish to Approver3"): YEAR,
}
"""Sample and place of each finding, and what came of looking at it."""

RULES = {
    YEAR: "callback-without-timeout",
    UNMATCHED: "choice-without-default",
    NAME: "unknown-error-name",
    RETIRED: "unknown-service",
}


def test_lint_has_no_false_alarm_about_what_people_deploy(shared: Path) -> None:
    samples = json.loads((shared / "definitions" / "aws-samples.json").read_text(encoding="utf-8"))
    found = {
        (sample["path"].partition("/")[0], finding.place): finding.rule
        for sample in samples
        for finding in Machine("sample", sample["definition"]).lint()
    }
    assert found == {place: RULES[verdict] for place, verdict in REVIEWED.items()}


def test_machines_of_what_people_deploy_go_through_text_and_come_back_equal(shared: Path) -> None:
    for sample in json.loads((shared / "definitions" / "aws-samples.json").read_text(encoding="utf-8")):
        machine = Machine("sample", sample["definition"])
        assert Machine("sample", machine.to_json()) == machine
        assert machine.asl == sample["definition"]
        assert json.dumps(machine.asl) == json.dumps(sample["definition"]), "the order is kept"
