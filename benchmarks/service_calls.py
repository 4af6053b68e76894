#!/usr/bin/env python3
"""What a Task state's call of a service costs in this process: 500 calls from one machine, a call a state.

Prints the median and the 95th percentile in real time, and the median of processor time, which other
programs disturb less; `--json FILE` also writes them. A call is the whole round: Choice, Task, the service,
the history. `--calls N` changes how many.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kit.emulator import Emulator
from kit.emulator.integrations.sdk import SdkIntegration

WANTED = {"ssm:getParameter": 1.0, "rds:describeDBClusters": 2.0}
PARAMETERS: dict[str, dict[str, Any]] = {
    "ssm:getParameter": {"Name": "/staging/enabled"},
    "rds:describeDBClusters": {"DbClusterIdentifier": "staging"},
}


def machine(call: str, times: int) -> dict[str, Any]:
    """Calls so many times, one after another."""
    task = {
        "Type": "Task",
        "Resource": f"arn:aws:states:::aws-sdk:{call}",
        "Arguments": PARAMETERS[call],
        "Output": "{% $states.input %}",
        "Assign": {"n": "{% $n - 1 %}"},
        "Next": "More",
    }
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "Begin",
        "States": {
            "Begin": {"Type": "Pass", "Assign": {"n": times}, "Next": "More"},
            "More": {
                "Type": "Choice",
                "Choices": [{"Condition": "{% $n > 0 %}", "Next": "Call"}],
                "Default": "Done",
            },
            "Call": task,
            "Done": {"Type": "Succeed"},
        },
    }


def timed(emulator: Emulator, call: str, times: int) -> tuple[list[float], list[float]]:
    """Milliseconds from each call's beginning to the next one's: real ones, and of the processor."""
    begins: list[tuple[float, float]] = []
    made: Callable[..., Any] = SdkIntegration.call

    def noting(self: Any, resource: Any, task: Any) -> Any:
        begins.append((time.perf_counter(), time.thread_time()))
        return made(self, resource, task)

    client = emulator.client("stepfunctions")
    arn = client.create_state_machine(
        name=f"{call.replace(':', '-')}-{times}",
        definition=json.dumps(machine(call, times + 1)),
        roleArn="arn:aws:iam::123456789012:role/benchmark",
    )["stateMachineArn"]
    SdkIntegration.call = noting  # type: ignore[method-assign]
    try:
        execution = client.start_execution(stateMachineArn=arn)["executionArn"]
        while (told := client.describe_execution(executionArn=execution))["status"] == "RUNNING":
            time.sleep(0.05)
    finally:
        SdkIntegration.call = made  # type: ignore[method-assign]
    if told["status"] != "SUCCEEDED":
        raise SystemExit(f"{call}: {told.get('error')}: {told.get('cause')}")
    pairs = list(itertools.pairwise(begins))
    return (
        [(end[0] - begin[0]) * 1000 for begin, end in pairs],
        [(end[1] - begin[1]) * 1000 for begin, end in pairs],
    )


def prepare(emulator: Emulator) -> None:
    emulator.client("ssm").put_parameter(Name="/staging/enabled", Value="yes", Type="String")
    emulator.client("rds").create_db_cluster(
        DBClusterIdentifier="staging",
        Engine="aurora-mysql",
        MasterUsername="a",
        MasterUserPassword="not-secret",
    )
    emulator.clock.advance(hours=1)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=500)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = {}
    with Emulator(clock="instant") as emulator:
        prepare(emulator)
        for call, wanted in WANTED.items():
            timed(emulator, call, 20)
            real, processor = timed(emulator, call, options.calls)
            median, busy = statistics.median(real), statistics.median(processor)
            late = statistics.quantiles(real, n=20)[-1]
            found[call] = {
                "median_ms": round(median, 3),
                "p95_ms": round(late, 3),
                "processor_ms": round(busy, 3),
                "wanted_ms": wanted,
            }
            print(
                f"{call:24} median {median:6.2f} ms   95% within {late:6.2f} ms   "
                f"processor {busy:6.2f} ms   wanted {wanted:.0f} ms"
            )
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
