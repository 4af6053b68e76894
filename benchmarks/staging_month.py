#!/usr/bin/env python3
"""Thirty virtual days of the daily staging copy: made every weekday morning, gone every evening.

The machines are those of `examples/staging`; EventBridge Scheduler starts them, a change calendar with two
holidays guards them. On the way one clone takes five hours, one morning is throttled, and one start fails and
is redriven. Prints what happened and how long it took in real time; the assertions are in
`tests/emulator/test_staging_month.py`. `--seed N` gives another month, `--json FILE` writes the numbers.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from kit import Machine, Sandbox  # noqa: E402

START = dt.datetime(2026, 4, 5, 15, tzinfo=dt.UTC)
"""Midnight of Monday, 6 April 2026, in Tokyo."""

DAYS = 30
ROLE = "arn:aws:iam::123456789012:role/scheduler"
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
X-CALENDAR-TYPE:DEFAULT_OPEN
BEGIN:VEVENT
UID:showa-day
DTSTART;TZID=Asia/Tokyo:20260429T000000
DTEND;TZID=Asia/Tokyo:20260430T000000
END:VEVENT
BEGIN:VEVENT
UID:greenery-day
DTSTART;TZID=Asia/Tokyo:20260504T000000
DTEND;TZID=Asia/Tokyo:20260505T000000
END:VEVENT
END:VCALENDAR
"""


@dataclass(frozen=True)
class Month:
    """What is asserted. `executions` counts by machine and status, `left` is what remains of staging."""

    executions: dict[str, int]
    calls: int
    peak: int
    nights_with_staging: int
    left: list[str]
    messages: int
    usd: float


def guard(morning_arn: str) -> dict[str, Any]:
    """Starts the morning on days on which the calendar is open."""
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "Is it a business day",
        "States": {
            "Is it a business day": {
                "Type": "Task",
                "Resource": "arn:aws:states:::aws-sdk:ssm:getCalendarState",
                "Arguments": {"CalendarNames": ["business-days"]},
                "Output": "{% $states.result.State %}",
                "Next": "Open",
            },
            "Open": {
                "Type": "Choice",
                "Choices": [{"Condition": "{% $states.input = 'OPEN' %}", "Next": "Make staging"}],
                "Default": "Closed",
            },
            "Make staging": {
                "Type": "Task",
                "Resource": "arn:aws:states:::states:startExecution.sync:2",
                "Arguments": {
                    "StateMachineArn": morning_arn,
                    "Input": {"day": "{% $substringBefore($states.context.Execution.StartTime, 'T') %}"},
                },
                "End": True,
            },
            "Closed": {"Type": "Succeed"},
        },
    }


def production(sandbox: Any) -> dict[str, str]:
    sandbox.load("production")
    zone = sandbox.aws("route53").create_hosted_zone(Name="staging.example.com", CallerReference="once")
    connection = sandbox.aws("events").create_connection(
        Name="slack",
        AuthorizationType="API_KEY",
        AuthParameters={
            "ApiKeyAuthParameters": {"ApiKeyName": "Authorization", "ApiKeyValue": "Bearer xoxb-only-in-here"}
        },
    )
    sandbox.aws("ssm").create_document(
        Name="business-days", Content=CALENDAR, DocumentType="ChangeCalendar", DocumentFormat="TEXT"
    )
    return {
        "Account": "123456789012",
        "Region": "us-east-1",
        "SlackConnection": connection["ConnectionArn"],
        "SlackUrl": sandbox.slack.url,
        "Zone": zone["HostedZone"]["Id"].rpartition("/")[2],
    }


def schedule(sandbox: Any, name: str, cron: str, arn: str) -> None:
    sandbox.aws("scheduler").create_schedule(
        Name=name,
        ScheduleExpression=cron,
        ScheduleExpressionTimezone="Asia/Tokyo",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": arn, "RoleArn": ROLE, "Input": "{}"},
    )


def of_staging(sandbox: Any) -> list[str]:
    return [
        f"{each.kind} {each.identifier}"
        for each in sandbox.resources()
        if each.identifier.startswith("staging") and each.kind != "route53 zone"
    ]


def month(seed: int) -> Month:
    with Sandbox.local(clock="instant", seed=seed, start=START, permissions="off") as sandbox:
        values = production(sandbox)
        made = {}
        for name in ("morning", "evening"):
            file = ROOT / "examples/staging" / f"{name}.asl.json"
            made[name] = sandbox.deploy(Machine.from_asl(file, f"staging-{name}", values)).arn
        made["guard"] = sandbox.deploy(Machine("staging-guard", guard(made["morning"]))).arn
        schedule(sandbox, "morning", "cron(0 8 ? * MON-FRI *)", made["guard"])
        schedule(sandbox, "evening", "cron(0 20 ? * * *)", made["evening"])
        states, peak, nights = sandbox.aws("stepfunctions"), 0, 0
        for day in range(DAYS):
            if day == 3:
                sandbox.faults.slow("rds:RestoreDBClusterToPointInTime", minutes=300)
            elif day == 8:
                sandbox.faults.fail("rds:DescribeDBClusters", code="Throttling", times=3)
            elif day == 15:
                sandbox.faults.fail("ssm:GetCalendarState", code="InternalServerError")
            sandbox.clock.advance(hours=10)
            if day == 15:
                failed = states.list_executions(stateMachineArn=made["guard"], statusFilter="FAILED")
                states.redrive_execution(executionArn=failed["executions"][0]["executionArn"])
            sandbox.clock.advance(hours=8)
            peak = max(peak, len(of_staging(sandbox)))
            sandbox.clock.advance(hours=6)
            nights += bool(of_staging(sandbox))
        ended = Counter(
            f"{name} {each['status']}"
            for name, arn in made.items()
            for page in states.get_paginator("list_executions").paginate(stateMachineArn=arn)
            for each in page["executions"]
        )
        return Month(
            dict(sorted(ended.items())),
            len(sandbox.calls),
            peak,
            nights,
            of_staging(sandbox),
            len(sandbox.slack.messages),
            round(sandbox.bill().total, 2),
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    begin, busy = time.perf_counter(), time.process_time()
    found: dict[str, Any] = asdict(month(options.seed))
    found["seconds"] = round(time.perf_counter() - begin, 2)
    found["processor_seconds"] = round(time.process_time() - busy, 2)
    print(json.dumps(found, indent=2))
    if options.json:
        options.json.write_text(json.dumps(found) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
