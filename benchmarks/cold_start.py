#!/usr/bin/env python3
"""How long it takes from a cold start of Python to the end of the first execution, and what of it is what.

Each run is a process of its own: interpreter, imports, a machine of one Pass state made and run to its end;
once with a boto3 client of the emulator, once through `Sandbox`, which also makes the machine's role and so
loads moto. Prints the median in seconds.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENGINE = """
import json
import time
from kit.emulator import Emulator

definition = {"StartAt": "Hello", "States": {"Hello": {"Type": "Pass", "End": True}}}
role = "arn:aws:iam::123456789012:role/any"
with Emulator(clock="instant") as emulator:
    client = emulator.client("stepfunctions")
    made = client.create_state_machine(name="hello", definition=json.dumps(definition), roleArn=role)
    arn = client.start_execution(stateMachineArn=made["stateMachineArn"])["executionArn"]
    while (status := client.describe_execution(executionArn=arn)["status"]) == "RUNNING":
        time.sleep(0.0005)
    assert status == "SUCCEEDED", status
"""
SANDBOX = """
from kit import Machine, Sandbox

definition = {"StartAt": "Hello", "States": {"Hello": {"Type": "Pass", "End": True}}}
with Sandbox.local(clock="instant") as sandbox:
    run = sandbox.deploy(Machine("hello", definition)).start({"name": "first"})
    run.wait(60)
    assert run.status == "SUCCEEDED", run.status
"""


def seconds(program: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
    return time.perf_counter() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=7, help="runs of each (7)")
    repeat = parser.parse_args().repeat
    programs = {
        "Python alone": "pass",
        "import boto3 and a client of it": (
            "import boto3; boto3.client('stepfunctions', region_name='us-east-1')"
        ),
        "import kit's Machine and Sandbox": "from kit import Machine, Sandbox",
        "emulator, boto3 client, first execution": ENGINE,
        "sandbox with a role, first execution": SANDBOX,
    }
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores{load}")
    for name, program in programs.items():
        print(f"{name:<40}{statistics.median(seconds(program) for _ in range(repeat)):>8.2f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
