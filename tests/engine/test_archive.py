"""Histories of ended executions become small, and are the same when somebody asks for them."""

from __future__ import annotations

from engine_fakes import ScriptedWorld, started

from kit.engine import Engine, Failed
from kit.engine.archive import Archive

LOOP = {
    "StartAt": "More",
    "States": {
        "More": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.i", "NumericLessThan": 200, "Next": "Add"}],
            "Default": "Done",
        },
        "Add": {"Type": "Pass", "Parameters": {"i.$": "States.MathAdd($.i, 1)"}, "Next": "More"},
        "Done": {"Type": "Succeed"},
    },
}


def engine_with_room(events: int, *answers: Failed) -> Engine:
    engine = Engine(ScriptedWorld(*answers))
    engine.archive = Archive(room=events)
    return engine


def test_only_the_newest_histories_stay_unpacked() -> None:
    engine = engine_with_room(1_000)
    executions = [started(engine, LOOP, {"i": 0}) for _ in range(4)]
    engine.scheduler.run_until(1.0)
    assert [execution._events is None for execution in executions] == [True, True, True, False]


def test_a_packed_history_is_the_same_and_small() -> None:
    plain, packing = engine_with_room(1_000_000), engine_with_room(1)
    for engine in (plain, packing):
        for _ in range(2):
            started(engine, LOOP, {"i": 0})
        engine.scheduler.run_until(1.0)
    first = packing.executions["arn:e0"]
    assert first._packed is not None
    assert len(first._packed) < 20 * first.event_count
    assert first.events == plain.executions["arn:e0"].events
    assert first.output == '{"i":200}'


def test_looking_at_one_history_packs_another() -> None:
    engine = engine_with_room(1)
    first, second = started(engine, LOOP, {"i": 0}), started(engine, LOOP, {"i": 0})
    engine.scheduler.run_until(1.0)
    assert len(first.events) == first.event_count
    assert second._events is None


def test_a_packed_execution_can_be_redriven() -> None:
    task = {
        "StartAt": "Call",
        "States": {
            "Call": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:rds:startDBCluster", "End": True}
        },
    }
    engine = engine_with_room(1, Failed("Rds.RdsException"))
    failed = started(engine, task)
    engine.scheduler.run_until(1.0)
    started(engine, LOOP, {"i": 0})
    engine.scheduler.run_until(2.0)
    assert failed._events is None
    before = failed.event_count
    engine.redrive(failed)
    engine.scheduler.run_until(3.0)
    assert failed.status == "SUCCEEDED"
    assert failed.events[before][1] == "ExecutionRedriven"
    assert failed.event_count == len(failed.events) > before
