import pytest
from view_stories import run

from kit.asl import parse
from kit.history import Trace
from kit.view import words


def test_words_say_what_ran_what_failed_why_and_what_to_do() -> None:
    text = words(*run("retries_ran_out"), title="stop-dev-db")
    assert text.startswith("stop-dev-db: Failed after 14 s: Rds.InvalidDbClusterStateException\n")
    assert "Stop cluster (Task): Failed, 13 s, 3 retries, Rds.InvalidDbClusterStateException" in text
    assert "Stop cluster failed with Rds.InvalidDbClusterStateException after 4 attempts." in text
    assert "Cause: Quota of staging reached" in text
    assert "then redrive within 14 days" in text
    assert "It runs Stop cluster again" in text


def test_a_fail_state_makes_a_redrive_useless_and_the_words_say_so() -> None:
    text = words(*run("staging_failed"))
    assert "Don't redrive: a redrive enters the Fail state Staging failed again" in text
    assert "The failure that led there was in Copy each file." in text
    assert "the Catch of Prepare targets took it" in text


@pytest.mark.parametrize(
    ("name", "said"),
    [("aborted", "It was stopped."), ("timed_out", "The machine's TimeoutSeconds ran out.")],
)
def test_an_execution_cut_off_can_be_redriven_where_it_was(
    name: str,
    said: str,
) -> None:
    text = words(*run(name))
    assert said in text
    assert "It runs Ask, Pause again and leaves alone what succeeded." in text


def test_an_open_execution_says_what_it_waits_for() -> None:
    text = words(*run("aborted", 8))
    assert "Answer: Ask waits for its task token." in text
    assert "Wait: Pause lets time pass." in text


def test_nothing_is_to_be_done_after_success() -> None:
    assert "What to do" not in words(*run("polling_loop"))


def failed(error: str, cause: str) -> str:
    machine = parse(
        {
            "StartAt": "Stop",
            "States": {
                "Stop": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::aws-sdk:rds:stopDBCluster",
                    "End": True,
                }
            },
        }
    )
    details = {"error": error, "cause": cause}
    return words(
        machine,
        Trace(
            [
                {"id": 1, "type": "ExecutionStarted"},
                {"id": 2, "type": "TaskStateEntered", "stateEnteredEventDetails": {"name": "Stop"}},
                {"id": 3, "previousEventId": 2, "type": "TaskScheduled"},
                {
                    "id": 4,
                    "previousEventId": 3,
                    "type": "TaskFailed",
                    "taskFailedEventDetails": details,
                },
                {
                    "id": 5,
                    "previousEventId": 4,
                    "type": "ExecutionFailed",
                    "executionFailedEventDetails": details,
                },
            ]
        ),
    )


def test_an_error_of_the_definition_is_no_case_for_a_redrive() -> None:
    text = failed("States.QueryEvaluationError", "The JSONata expression ...")
    assert "Don't redrive: a redrive takes the same definition" in text
    assert "Correct the state Stop" in text


def test_a_refused_call_points_at_the_role() -> None:
    text = failed("Rds.RdsException", "User is not authorized to perform: rds:StopDBCluster")
    assert "The machine's role lacks a permission." in text


def test_a_throttled_call_points_at_retry() -> None:
    text = failed("Rds.RdsException", "Rate exceeded (Service: Rds, Status Code: 400)")
    assert "A Retry on Rds.RdsException would have tried again." in text


def test_a_machine_without_a_run_is_told_state_by_state() -> None:
    text = words(run("staging_failed")[0])
    assert text.startswith("Staging copy: 15 states\n")
    assert "Any files? (Choice: 1 rule): if $.count > 0, to Prepare targets; else to Nothing to do" in text
    assert "    branch 2\n      Check quota (Task: lambda:invoke), first: then Wait for settle" in text
    assert "on QuotaError to Use default targets" in text
