from __future__ import annotations

from typing import Any

from engine_fakes import TASK, Definition, ScriptedWorld, links, one, run, started, types

from kit.engine import Engine, Failed, Submitted

PASS = {"Type": "Pass", "End": True}
FAIL = {"Type": "Fail", "Error": "Broken", "Cause": "on purpose"}
WAIT = {"Type": "Wait", "Seconds": 60, "End": True}


def branch(state: Definition, name: str = "B") -> Definition:
    return {"StartAt": name, "States": {name: state}}


def parallel(*branches: Definition, **more: Any) -> Definition:
    return {"Type": "Parallel", "Branches": list(branches), "End": True, **more}


def mapping(state: Definition, **more: Any) -> Definition:
    return {"Type": "Map", "ItemProcessor": branch(state), "End": True, **more}


def test_results_of_branches_keep_the_order_of_the_branches() -> None:
    slow = {
        "StartAt": "W",
        "States": {"W": {"Type": "Wait", "Seconds": 9, "Next": "P"}, "P": {**PASS, "Result": 1}},
    }
    execution = run(one(parallel(slow, branch({**PASS, "Result": 2}))))
    assert execution.output_data == [1, 2]


def test_branches_wait_at_the_same_time() -> None:
    execution = run(one(parallel(branch(WAIT), branch(WAIT, "C"))))
    assert execution.stopped == 60.0


def test_a_failed_branch_stops_the_others_and_fails_the_state() -> None:
    execution = run(one(parallel(branch(WAIT), branch(FAIL, "F"))))
    assert types(execution)[-3:] == ["WaitStateAborted", "ParallelStateFailed", "ExecutionFailed"]
    assert (execution.error, execution.cause, execution.stopped) == ("Broken", "on purpose", 0.0)


def test_a_failed_branch_withdraws_the_work_of_the_others() -> None:
    token = {**TASK, "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken"}
    world = ScriptedWorld(Submitted({}, handle="ticket"))
    late_fail = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "Next": "F"}, "F": FAIL}}
    run(one(parallel(branch(token), late_fail)), world=world)
    assert world.cancelled == ["ticket"]


def test_variables_of_a_branch_stay_in_it_and_those_outside_are_seen() -> None:
    inner = {"Type": "Pass", "Assign": {"mine": 2}, "Parameters": {"seen.$": "$outer"}, "End": True}
    states = {
        "A": {"Type": "Pass", "Assign": {"outer": 1}, "Next": "P"},
        "P": {"Type": "Parallel", "Branches": [branch(inner)], "Next": "Z"},
        "Z": {"Type": "Pass", "Parameters": {"lost.$": "$mine"}, "End": True},
    }
    execution = run({"StartAt": "A", "States": states})
    assert execution.status == "FAILED"
    assert '[{"seen":1}]' in [event[4] for event in execution.events if event[1] == "ParallelStateExited"]


def test_iterations_one_at_a_time_follow_each_other() -> None:
    execution = run(one(mapping(PASS, MaxConcurrency=1)), [10, 20])
    assert types(execution)[3:11] == [
        "MapIterationStarted", "PassStateEntered", "PassStateExited", "MapIterationSucceeded",
        "MapIterationStarted", "PassStateEntered", "PassStateExited", "MapIterationSucceeded",
    ]  # fmt: skip
    assert links(execution)[3:] == [3, 4, 5, 6, 6, 8, 9, 10, 11, 11, 13]


def test_no_more_iterations_run_than_may() -> None:
    execution = run(one(mapping(WAIT, MaxConcurrency=2)), [1, 2, 3, 4, 5])
    assert execution.stopped == 180.0


def test_a_map_without_items_succeeds() -> None:
    assert run(one(mapping(PASS)), []).output_data == []


def test_forty_iterations_run_at_once_where_nothing_limits_them() -> None:
    engine = Engine(ScriptedWorld())
    execution = started(engine, one(mapping(WAIT)), list(range(100)))
    engine.scheduler.run_until(1.0)
    assert types(execution).count("MapIterationStarted") == 40


def test_a_failed_iteration_stops_those_that_run() -> None:
    choose = {
        "StartAt": "C",
        "States": {
            "C": {
                "Type": "Choice",
                "Choices": [{"Variable": "$", "NumericEquals": 3, "Next": "F"}],
                "Default": "W",
            },
            "F": FAIL,
            "W": WAIT,
        },
    }
    execution = run(one({"Type": "Map", "ItemProcessor": choose, "End": True}), [1, 2, 3])
    assert types(execution).count("MapIterationAborted") == 2
    assert types(execution)[-2:] == ["MapStateFailed", "ExecutionFailed"]


def test_a_retried_map_starts_over() -> None:
    flaky = mapping(TASK, Retry=[{"ErrorEquals": ["Busy"], "IntervalSeconds": 2}], MaxConcurrency=1)
    execution = run(one(flaky), [1], ScriptedWorld(Failed("Busy", None)))
    assert execution.status == "SUCCEEDED"
    assert types(execution).count("MapStateStarted") == 2
    assert types(execution).count("MapStateEntered") == 1


def test_an_item_selector_sees_the_item_and_the_input() -> None:
    selector = {"item.$": "$$.Map.Item.Value", "at.$": "$$.Map.Item.Index", "all.$": "$.list"}
    execution = run(one(mapping(PASS, ItemsPath="$.list", ItemSelector=selector)), {"list": ["a", "b"]})
    assert execution.output_data[1] == {"item": "b", "at": 1, "all": ["a", "b"]}


def test_stopping_an_execution_stops_what_runs_inside_without_a_word() -> None:
    engine = Engine(ScriptedWorld())
    execution = started(engine, one(parallel(branch(WAIT), branch(WAIT, "C"))))
    engine.scheduler.run_until(5.0)
    engine.stop(execution, "Enough", "said so")
    assert types(execution)[-1] == "ExecutionAborted"
    assert (execution.status, execution.error, execution.stopped) == ("ABORTED", "Enough", 5.0)
    assert engine.scheduler.next_time() is None
    assert engine.open == 0
