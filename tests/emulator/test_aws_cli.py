"""AWS's own command line against `kit serve`'s port.

It pins a botocore of its own, so it lives in an environment of its own, which this makes once.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
import venv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.cli.serve import environment
from kit.emulator import Emulator
from kit.emulator.serve import serve

pytestmark = pytest.mark.full

ROLE = "arn:aws:iam::123456789012:role/machine"
Aws = Callable[..., Any]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """How to call `aws`."""
    place = tmp_path_factory.mktemp("aws-cli")
    venv.create(place, with_pip=True)
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    got = subprocess.run(
        [str(python), "-m", "pip", "install", "-q", "awscli"], capture_output=True, text=True, timeout=600
    )
    if got.returncode:
        pytest.skip(f"needs awscli from the package registry: {got.stderr.strip()[-200:]}")
    return [str(python), "-m", "awscli"]


@pytest.fixture(scope="module")
def aws(program: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    with Emulator(clock="instant") as emulator, serve(emulator) as server:
        variables = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            **environment(server.url, "us-east-1"),
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_PAGER": "",
        }

        def call(*arguments: str) -> Any:
            command = [*program, "--output", "json", *arguments]
            told = subprocess.run(
                command, capture_output=True, text=True, timeout=120, env=variables,
                cwd=tmp_path_factory.getbasetemp(),
            )  # fmt: skip
            if told.returncode:
                raise RuntimeError(told.stderr.strip())
            return json.loads(told.stdout) if told.stdout.strip() else None

        yield call


def states(*names: str, **definitions: Any) -> str:
    return json.dumps({"StartAt": names[0], "States": definitions})


def made(aws: Aws, name: str, definition: str) -> str:
    answer = aws(
        "stepfunctions",
        "create-state-machine",
        "--name",
        name,
        "--definition",
        definition,
        "--role-arn",
        ROLE,
    )
    return str(answer["stateMachineArn"])


def ended(aws: Aws, arn: str) -> Any:
    for _ in range(20):
        told = aws("stepfunctions", "describe-execution", "--execution-arn", arn)
        if told["status"] != "RUNNING":
            return told
        time.sleep(0.2)
    raise AssertionError(f"{arn} still runs")


def test_it_creates_starts_describes_and_reads_the_history(aws: Aws) -> None:
    definition = states(
        "Sleep",
        Sleep={"Type": "Wait", "Seconds": 3600, "Next": "Greet"},
        Greet={"Type": "Pass", "Parameters": {"to.$": "$.name"}, "End": True},
    )
    machine = made(aws, "greet", definition)
    started = aws(
        "stepfunctions", "start-execution", "--state-machine-arn", machine, "--input", '{"name": "Ada"}'
    )
    told = ended(aws, started["executionArn"])
    assert (told["status"], json.loads(told["output"])) == ("SUCCEEDED", {"to": "Ada"})
    history = aws("stepfunctions", "get-execution-history", "--execution-arn", started["executionArn"])
    assert [event["type"] for event in history["events"]] == [
        "ExecutionStarted",
        "WaitStateEntered",
        "WaitStateExited",
        "PassStateEntered",
        "PassStateExited",
        "ExecutionSucceeded",
    ]
    pages = aws(
        "stepfunctions", "get-execution-history", "--execution-arn", started["executionArn"],
        "--page-size", "2", "--max-items", "3",
    )  # fmt: skip
    assert len(pages["events"]) == 3


def test_it_redrives_what_has_failed(aws: Aws) -> None:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:ssm:getParameter",
        "Parameters": {"Name": "/switch"},
        "End": True,
    }
    machine = made(aws, "look", states("Look", Look=task))
    arn = aws("stepfunctions", "start-execution", "--state-machine-arn", machine)["executionArn"]
    told = ended(aws, arn)
    assert (told["status"], told["error"]) == ("FAILED", "Ssm.ParameterNotFoundException")
    aws("ssm", "put-parameter", "--name", "/switch", "--value", "on", "--type", "String")
    aws("stepfunctions", "redrive-execution", "--execution-arn", arn)
    told = ended(aws, arn)
    assert (told["status"], told["redriveCount"]) == ("SUCCEEDED", 1)


def test_it_tests_one_state(aws: Aws) -> None:
    state = {"Type": "Pass", "Parameters": {"m.$": "States.MathAdd($.n, 1)"}, "End": True}
    told = aws(
        "stepfunctions", "test-state", "--role-arn", ROLE, "--definition", json.dumps(state),
        "--input", '{"n": 2}', "--inspection-level", "DEBUG",
    )  # fmt: skip
    assert (told["status"], json.loads(told["output"])) == ("SUCCEEDED", {"m": 3})
    assert json.loads(told["inspectionData"]["afterParameters"]) == {"m": 3}


def test_what_is_refused_is_told_as_aws_does(aws: Aws) -> None:
    with pytest.raises(RuntimeError, match=r"InvalidDefinition.*Invalid State Machine Definition"):
        made(aws, "broken", '{"StartAt": "Nowhere", "States": {}}')


def test_the_other_services_are_at_the_same_port(aws: Aws, tmp_path: Path) -> None:
    body = tmp_path / "body.json"
    body.write_text("{}", encoding="utf-8")
    aws("s3api", "create-bucket", "--bucket", "cli-bucket")
    aws("s3api", "put-object", "--bucket", "cli-bucket", "--key", "k", "--body", str(body))
    listed = aws("s3api", "list-objects-v2", "--bucket", "cli-bucket")
    assert [each["Key"] for each in listed["Contents"]] == ["k"]
