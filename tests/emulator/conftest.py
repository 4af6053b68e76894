"""Emulators whose clock jumps, and a way to run a machine in one."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from kit.emulator import Emulator

ROLE = "arn:aws:iam::123456789012:role/machine"


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(clock="instant") as made:
        yield made


@dataclass
class Ran:
    """An execution that has ended."""

    status: str
    output: Any
    error: str | None
    cause: str | None
    events: list[dict[str, Any]]


@pytest.fixture
def run() -> Callable[..., Ran]:
    """Runs one Task state, or a whole definition, in an emulator until it ends."""

    def run(emulator: Emulator, definition: dict[str, Any], given: Any = None, **how: str) -> Ran:
        if "States" not in definition:
            definition = {"StartAt": "Call", "States": {"Call": {"Type": "Task", "End": True, **definition}}}
        client = emulator.client("stepfunctions")
        machine = f"machine-{len(client.list_state_machines()['stateMachines'])}"
        made = client.create_state_machine(name=machine, definition=json.dumps(definition), roleArn=ROLE)
        started = client.start_execution(
            stateMachineArn=made["stateMachineArn"], input=json.dumps({} if given is None else given), **how
        )
        arn, patience = started["executionArn"], time.monotonic() + 20
        while (told := client.describe_execution(executionArn=arn))["status"] == "RUNNING":
            assert time.monotonic() < patience, "the execution doesn't end"
            time.sleep(0.002)
        output = json.loads(told["output"]) if "output" in told else None
        events = client.get_execution_history(executionArn=arn)["events"]
        return Ran(told["status"], output, told.get("error"), told.get("cause"), events)

    return run
