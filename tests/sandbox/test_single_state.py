"""One state by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kit import Machine, Sandbox
from kit.steps import AwsSdk, Catch, Chain, Choice, Retry, Succeed, Wait, jsonata

DONE = Succeed("It was stopped")
STOP = AwsSdk(
    "Stop it",
    "rds:stopDBCluster",
    DbClusterIdentifier=jsonata("$states.input.cluster"),
    assign={"status": jsonata("$states.result.DbCluster.Status")},
    output=jsonata("$states.input"),
    retry=[Retry(error_equals=["Rds.RdsException"], interval_seconds=7, max_attempts=1)],
    catch=[Catch(DONE, error_equals=["Rds.InvalidDbClusterStateException"])],
)
LOOK = Choice("Stopped?")
LOOK.add_choice(jsonata("$status = 'stopped'"), DONE)
MACHINE = Machine("stop", Chain([STOP, LOOK, Wait("Pause", seconds=30), Succeed("End")]))
INPUT = {"cluster": "dev"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Any]:
    with Sandbox.local(clock="instant") as made:
        yield made


def test_a_mocked_answer_goes_through_the_state(sandbox: Any) -> None:
    told = sandbox.test_state(MACHINE, "Stop it", INPUT, mock={"DbCluster": {"Status": "stopping"}})
    assert (told.status, told.next_state, told.output) == ("SUCCEEDED", "Stopped?", INPUT)
    assert told.data["arguments"] == {"DbClusterIdentifier": "dev"}
    assert told.data["variables"] == {"status": "stopping"}
    assert repr(told).splitlines()[0] == "Stop it: SUCCEEDED, goes on to 'Stopped?'"
    assert '  arguments: {"DbClusterIdentifier": "dev"}' in repr(told)


def test_a_mocked_error_is_caught_or_retried(sandbox: Any) -> None:
    caught = sandbox.test_state(MACHINE, "Stop it", INPUT, error="Rds.InvalidDbClusterStateException")
    assert (caught.status, caught.next_state) == ("CAUGHT_ERROR", "It was stopped")
    retried = sandbox.test_state(MACHINE, "Stop it", INPUT, error=("Rds.RdsException", "Throttled"))
    assert (retried.status, retried.retry_after) == ("RETRIABLE", 7)
    assert "tried again after 7 s" in repr(retried)
    failed = sandbox.test_state(MACHINE, "Stop it", INPUT, error=("Rds.RdsException", "Throttled"), retries=1)
    assert (failed.status, failed.error, failed.cause) == ("FAILED", "Rds.RdsException", "Throttled")


def test_without_a_mock_the_call_is_made(sandbox: Any) -> None:
    told = sandbox.test_state(MACHINE, "Stop it", INPUT)
    assert (told.status, told.error) == ("FAILED", "Rds.DbClusterNotFoundException")


def test_a_choice_finds_variables(sandbox: Any) -> None:
    told = sandbox.test_state(MACHINE, "Stopped?", INPUT, variables={"status": "stopped"})
    assert told.next_state == "It was stopped"


def test_a_state_that_is_not_there_is_named_with_the_nearest(sandbox: Any) -> None:
    with pytest.raises(ValueError, match=r"no state 'Stop At'\. Did you mean 'Stop it'"):
        sandbox.test_state(MACHINE, "Stop At")


def test_a_mock_that_the_service_could_not_give_is_refused_in_aws_words(sandbox: Any) -> None:
    refused = sandbox.aws("stepfunctions").exceptions.ValidationException
    with pytest.raises(refused, match="DbCluster"):
        sandbox.test_state(MACHINE, "Stop it", INPUT, mock={"DbCluster": "no object"})
