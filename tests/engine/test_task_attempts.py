from __future__ import annotations

from engine_fakes import TASK, ScriptedWorld, last_details, one, run, started, times, types

from kit.engine import Done, Engine, Failed, Later, Submitted, TaskCall
from kit.engine.tokens import Succeeded, TaskFailure, TokenError

WITH_TOKEN = {**TASK, "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken"}


def test_a_result_arrives_after_the_seconds_that_the_call_takes() -> None:
    execution = run(one(TASK), world=ScriptedWorld(Done({"ok": 1}, seconds=12.0)))
    assert times(execution, "TaskStarted") == [0.0]
    assert times(execution, "TaskSucceeded") == [12.0]


def test_a_task_that_takes_longer_than_its_limit_times_out() -> None:
    execution = run(one({**TASK, "TimeoutSeconds": 5}), world=ScriptedWorld(Done({}, seconds=6.0)))
    assert types(execution)[-2:] == ["TaskTimedOut", "ExecutionFailed"]
    assert (execution.error, execution.cause) == ("States.Timeout", None)
    assert times(execution, "TaskTimedOut") == [5.0]


def test_what_could_not_be_started_has_no_started_event() -> None:
    execution = run(one(TASK), world=ScriptedWorld(Failed("States.Runtime", "no", event="TaskStartFailed")))
    assert types(execution)[2:] == ["TaskScheduled", "TaskStartFailed", "ExecutionFailed"]


def test_submitted_work_that_is_asked_for_ends_when_the_answer_says_so() -> None:
    world = ScriptedWorld(Submitted({"id": 1}, poll_seconds=10.0, handle="job"))
    world.polls = [None, None, Done({"state": "done"})]
    execution = run(one({**TASK, "Resource": "arn:aws:states:::glue:startJobRun.sync"}), world=world)
    assert times(execution, "TaskSucceeded") == [30.0]
    assert execution.output_data == {"state": "done"}


def test_submitted_work_is_cancelled_when_its_state_times_out() -> None:
    world = ScriptedWorld(Submitted({}, handle="job"))
    run(one({**WITH_TOKEN, "TimeoutSeconds": 60}), world=world)
    assert world.cancelled == ["job"]


def test_a_token_ends_the_wait_with_a_result() -> None:
    world = ScriptedWorld(Submitted({}))
    engine = Engine(world)
    execution = started(engine, one(WITH_TOKEN))
    engine.scheduler.run_until(100.0)
    engine.tokens.answer(world.calls[0].token, Succeeded({"approved": True}))
    engine.scheduler.run_until(200.0)
    assert execution.output_data == {"approved": True}
    assert times(execution, "TaskSucceeded") == [100.0]


def test_a_token_ends_the_wait_with_an_error() -> None:
    world = ScriptedWorld(Submitted({}))
    engine = Engine(world)
    execution = started(engine, one(WITH_TOKEN))
    engine.scheduler.run_until(1.0)
    engine.tokens.answer(world.calls[0].token, TaskFailure("Denied", "not on a Friday"))
    engine.scheduler.run_until(2.0)
    assert (execution.error, execution.cause) == ("Denied", "not on a Friday")


def test_an_answer_that_comes_before_the_task_waits_is_not_lost() -> None:
    engine: Engine

    def answer_at_once(call: TaskCall) -> Submitted:
        engine.tokens.answer(call.token, Succeeded({"quick": True}))
        return Submitted({})

    engine = Engine(ScriptedWorld(answer_at_once))
    execution = started(engine, one(WITH_TOKEN))
    engine.scheduler.run_until(1.0)
    assert execution.output_data == {"quick": True}
    assert "TaskSubmitted" in types(execution)


def test_a_heartbeat_starts_the_wait_for_the_next_one() -> None:
    world = ScriptedWorld(Submitted({}))
    engine = Engine(world)
    execution = started(engine, one({**WITH_TOKEN, "HeartbeatSeconds": 10}))
    engine.scheduler.run_until(8.0)
    engine.tokens.heartbeat(world.calls[0].token)
    engine.scheduler.run_until(100.0)
    assert times(execution, "TaskTimedOut") == [18.0]


def test_a_late_or_unknown_token_is_refused() -> None:
    world = ScriptedWorld(Submitted({}))
    engine = Engine(world)
    started(engine, one({**WITH_TOKEN, "TimeoutSeconds": 5}))
    engine.scheduler.run_until(10.0)
    found = []
    for token in (world.calls[0].token, "nonsense"):
        try:
            engine.tokens.answer(token, Succeeded({}))
        except TokenError as error:
            found.append(error.code)
    assert found == ["TaskTimedOut", "InvalidToken"]


def test_each_attempt_has_a_token_of_its_own() -> None:
    world = ScriptedWorld(Failed("A", None), Done({}))
    run(one({**TASK, "Retry": [{"ErrorEquals": ["A"]}]}), world=world)
    assert len({call.token for call in world.calls}) == 2


def test_an_answer_that_comes_later_leaves_no_trace_of_the_wait() -> None:
    wakes: list[object] = []

    def poll(_call: TaskCall) -> Later:
        return Later(subscribe=wakes.append, answer=lambda: Done({"found": len(wakes)}), seconds=60.0)

    execution = run(one(TASK), world=ScriptedWorld(poll))
    assert types(execution)[2:5] == ["TaskScheduled", "TaskStarted", "TaskSucceeded"]
    assert times(execution, "TaskSucceeded") == [60.0]


def test_a_lambda_function_by_its_arn_has_events_of_its_own() -> None:
    arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    execution = run(one({"Type": "Task", "Resource": arn, "End": True}), {"a": 1})
    assert types(execution)[2:5] == [
        "LambdaFunctionScheduled",
        "LambdaFunctionStarted",
        "LambdaFunctionSucceeded",
    ]
    assert last_details(execution, "LambdaFunctionScheduled")["resource"] == arn


def test_a_worker_takes_an_activity_and_answers_it() -> None:
    arn = "arn:aws:states:us-east-1:123456789012:activity:approve"
    engine = Engine(ScriptedWorld())
    execution = started(engine, one({"Type": "Task", "Resource": arn, "End": True}), {"a": 1})
    engine.scheduler.run_until(5.0)
    poll = engine.activities.poll(arn, "desk")
    assert poll.task is not None
    assert poll.task.input == '{"a":1}'
    engine.scheduler.run_until(6.0)
    engine.tokens.answer(poll.task.token, Succeeded("yes"))
    engine.scheduler.run_until(7.0)
    assert execution.output_data == "yes"
    assert last_details(execution, "ActivityStarted") == {"workerName": "desk"}


def test_a_result_above_the_limit_fails_the_task_and_can_be_caught() -> None:
    caught = {**TASK, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Small"}]}
    definition = {"StartAt": "S", "States": {"S": caught, "Small": {"Type": "Pass", "End": True}}}
    execution = run(definition, world=ScriptedWorld(Done("x" * 262_143)))
    assert execution.status == "SUCCEEDED"
    assert last_details(execution, "TaskFailed")["error"] == "States.DataLimitExceeded"


def test_a_result_just_at_the_limit_is_taken() -> None:
    execution = run(one(TASK), world=ScriptedWorld(Done("x" * 262_142)))
    assert execution.status == "SUCCEEDED"
