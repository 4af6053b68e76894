from __future__ import annotations

from engine_fakes import TASK, Definition, ScriptedWorld, last_details, one, started, times, types

from kit.engine import Done, Engine, Execution, Failed
from kit.engine.execution import Execution as Run

FAIL = Failed("Rds.InvalidDbClusterStateException", "busy")


def failed_then_redriven(definition: Definition, world: ScriptedWorld, at: float = 100.0) -> Execution:
    engine = Engine(world)
    execution = started(engine, definition, {"cluster": "dev"})
    engine.scheduler.run_until(at)
    assert execution.status in ("FAILED", "TIMED_OUT", "ABORTED")
    engine.redrive(execution)
    engine.scheduler.run_until(at * 10)
    return execution


def test_the_failed_task_is_scheduled_again_and_what_succeeded_stays() -> None:
    states = {
        "A": {**{key: TASK[key] for key in ("Type", "Resource")}, "ResultPath": "$.a", "Next": "B"},
        "B": {**TASK, "ResultPath": "$.b"},
    }
    world = ScriptedWorld(Done(1), FAIL, Done(2))
    execution = failed_then_redriven({"StartAt": "A", "States": states}, world)
    assert execution.output_data == {"cluster": "dev", "a": 1, "b": 2}
    assert len(world.calls) == 3
    assert types(execution)[-6:] == [
        "ExecutionRedriven",
        "TaskScheduled",
        "TaskStarted",
        "TaskSucceeded",
        "TaskStateExited",
        "ExecutionSucceeded",
    ]
    assert last_details(execution, "ExecutionRedriven") == {"redriveCount": 1}


def test_retries_and_limits_begin_anew() -> None:
    rule = {"ErrorEquals": ["States.ALL"], "MaxAttempts": 1, "IntervalSeconds": 1}
    world = ScriptedWorld(FAIL, FAIL, FAIL, Done({}))
    execution = failed_then_redriven({**one({**TASK, "Retry": [rule]}), "TimeoutSeconds": 60}, world)
    assert execution.status == "SUCCEEDED"
    assert times(execution, "TaskScheduled") == [0.0, 1.0, 100.0, 101.0]


def test_only_the_branches_that_did_not_succeed_run_again() -> None:
    def branch(name: str) -> Definition:
        return {"StartAt": name, "States": {name: TASK}}

    world = ScriptedWorld(Done("first"), FAIL, Done("second"))
    both = one({"Type": "Parallel", "Branches": [branch("X"), branch("Y")], "End": True})
    execution = failed_then_redriven(both, world)
    assert execution.output_data == ["first", "second"]
    assert [call.state_name for call in world.calls] == ["X", "Y", "Y"]


def test_only_the_iterations_that_did_not_succeed_run_again() -> None:
    each = {"Type": "Map", "MaxConcurrency": 1, "ItemsPath": "$$.Execution.Input.none", "End": True}
    each |= {"ItemProcessor": {"StartAt": "T", "States": {"T": TASK}}}
    definition = {
        "StartAt": "P",
        "States": {"P": {"Type": "Pass", "Result": [1, 2, 3], "Next": "S"}, "S": {**each, "ItemsPath": "$"}},
    }
    world = ScriptedWorld(Done("a"), FAIL, Done("b"), Done("c"))
    execution = failed_then_redriven(definition, world)
    assert execution.output_data == ["a", "b", "c"]
    assert [call.arguments for call in world.calls] == [1, 2, 2, 3]


def test_a_fail_state_is_entered_again_and_fails_again() -> None:
    execution = failed_then_redriven(one({"Type": "Fail", "Error": "E"}), ScriptedWorld())
    assert execution.status == "FAILED"
    assert types(execution).count("FailStateEntered") == 2


def test_a_stopped_execution_goes_on_where_it_was() -> None:
    engine = Engine(ScriptedWorld())
    execution: Run = started(engine, one({"Type": "Wait", "Seconds": 60, "End": True}))
    engine.scheduler.run_until(10.0)
    engine.stop(execution)
    engine.redrive(execution)
    engine.scheduler.run_until(500.0)
    assert execution.status == "SUCCEEDED"
    assert types(execution).count("WaitStateEntered") == 1


def test_the_context_object_tells_of_the_redrive() -> None:
    state = {**TASK, "Parameters": {"count.$": "$$.Execution.RedriveCount"}}
    world = ScriptedWorld(FAIL, Done({}))
    failed_then_redriven(one(state), world)
    assert [call.arguments for call in world.calls] == [{"count": 0}, {"count": 1}]


def test_variables_survive() -> None:
    states = {
        "A": {"Type": "Pass", "Assign": {"v": 7}, "Next": "B"},
        "B": {**TASK, "Parameters": {"v.$": "$v"}},
    }
    world = ScriptedWorld(FAIL, Done({}))
    failed_then_redriven({"StartAt": "A", "States": states}, world)
    assert world.calls[-1].arguments == {"v": 7}
