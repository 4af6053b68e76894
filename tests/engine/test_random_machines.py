"""Laws that hold for every machine, whatever it does."""

from __future__ import annotations

import itertools
from typing import Any

from engine_fakes import Definition, ScriptedWorld, started
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.engine import Done, Engine, Execution, Failed, Submitted, TaskAnswer, TaskCall
from kit.engine.events import render

RETRY = [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2, "IntervalSeconds": 3, "JitterStrategy": "FULL"}]


def leaves() -> st.SearchStrategy[Definition]:
    return st.sampled_from(
        [
            {"Type": "Pass"},
            {"Type": "Pass", "Parameters": {"id.$": "States.UUID()", "before.$": "$"}},
            {"Type": "Pass", "Assign": {"seen.$": "$"}},
            {"Type": "Pass", "InputPath": "$.nowhere"},
            {"Type": "Wait", "Seconds": 7},
            {"Type": "Wait", "SecondsPath": "$.seconds"},
            {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:ssm:getParameter", "Retry": RETRY},
            {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:ssm:getParameter", "TimeoutSeconds": 4},
            {
                "Type": "Task",
                "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                "HeartbeatSeconds": 9,
            },
            {"Type": "Fail", "Error": "Chosen"},
        ]
    )


@st.composite
def flows(draw: st.DrawFn, inner: st.SearchStrategy[Definition]) -> Definition:
    """A few states in a row, sometimes looping, sometimes with a Catch to the end."""
    states: dict[str, Any] = {}
    chosen = draw(st.lists(inner, min_size=1, max_size=4))
    fails = next((at for at, state in enumerate(chosen) if state["Type"] == "Fail"), len(chosen))
    chosen = chosen[: fails + 1]
    names = [f"s{number}" for number in range(len(chosen))]
    for name, state, following in zip(names, chosen, [*names[1:], None], strict=True):
        states[name] = state = dict(state)
        if state["Type"] == "Fail":
            continue
        if following is None:
            state["End"] = True
        else:
            state["Next"] = following
            if state["Type"] in ("Task", "Map", "Parallel") and draw(st.booleans()):
                state["Catch"] = [
                    {"ErrorEquals": ["States.ALL"], "ResultPath": "$.caught", "Next": names[-1]}
                ]
    return {"StartAt": names[0], "States": states}


def nested(inner: st.SearchStrategy[Definition]) -> st.SearchStrategy[Definition]:
    branches = st.lists(flows(inner), min_size=1, max_size=3)
    return st.one_of(
        branches.map(lambda found: {"Type": "Parallel", "Branches": found}),
        st.tuples(flows(inner), st.integers(0, 3)).map(
            lambda found: {
                "Type": "Map",
                "ItemsPath": "$$.Execution.Input.items",
                "ItemProcessor": found[0],
                "MaxConcurrency": found[1],
                "Retry": RETRY,
            }
        ),
    )


def apart(flow: Definition, prefix: str = "") -> Definition:
    """The same flow with names that no other flow in the machine has."""

    def renamed(state: Definition, name: str) -> Definition:
        found = dict(state)
        if "Next" in found:
            found["Next"] = prefix + found["Next"]
        if "Catch" in found:
            found["Catch"] = [{**each, "Next": prefix + each["Next"]} for each in found["Catch"]]
        if "Branches" in found:
            found["Branches"] = [
                apart(each, f"{prefix}{name}.{n}.") for n, each in enumerate(found["Branches"])
            ]
        if "ItemProcessor" in found:
            found["ItemProcessor"] = apart(found["ItemProcessor"], f"{prefix}{name}.")
        return found

    states = {prefix + name: renamed(state, name) for name, state in flow["States"].items()}
    return {"StartAt": prefix + flow["StartAt"], "States": states}


machines = flows(st.recursive(leaves(), nested, max_leaves=6)).map(apart)
scripts = st.lists(st.integers(0, 4), max_size=12)


def answer(number: int) -> TaskAnswer:
    return (
        Done({"seconds": 2}),
        Done({"seconds": 2}, seconds=3.0),
        Failed("Rds.Busy", "try later"),
        Failed("States.Runtime", "never", event="TaskStartFailed"),
        Done("x" * 300_000),
    )[number]


def play(definition: Definition, script: list[int], seed: int = 0) -> Execution:
    def by_kind(number: int) -> Any:
        def call(task: TaskCall) -> TaskAnswer:
            return Submitted({}) if task.resource.endswith("Token") else answer(number)

        return call

    world = ScriptedWorld(*map(by_kind, script))
    engine = Engine(world, seed=seed)
    execution = started(engine, definition, {"seconds": 1, "items": [1, 2, 3]})
    engine.scheduler.run_until(40_000_000.0)
    assert engine.open == 0
    return execution


@given(machines, scripts)
@settings(max_examples=150)
def test_every_run_ends(definition: Definition, script: list[int]) -> None:
    assert play(definition, script).status in ("SUCCEEDED", "FAILED", "TIMED_OUT")


@given(machines, scripts)
@settings(max_examples=150)
def test_events_count_up_in_time_and_follow_earlier_ones(definition: Definition, script: list[int]) -> None:
    events = play(definition, script).events
    assert [event[1] for event in events].count("ExecutionStarted") == 1
    assert all(event[0] < number for number, event in enumerate(events, 1))
    assert all(before[2] <= after[2] for before, after in itertools.pairwise(events))
    assert all(event[0] > 0 for event in events[2:] if event[1] != "EvaluationFailed")


@given(machines, scripts)
@settings(max_examples=100)
def test_what_is_exited_was_entered_and_iterations_end_as_often_as_they_begin(
    definition: Definition, script: list[int]
) -> None:
    events = play(definition, script).events
    kinds = [event[1] for event in events]
    for kind in ("Pass", "Task", "Wait", "Parallel", "Map"):
        assert kinds.count(f"{kind}StateExited") <= kinds.count(f"{kind}StateEntered")
    ends = sum(kinds.count(f"MapIteration{end}") for end in ("Succeeded", "Failed", "Aborted"))
    assert ends == kinds.count("MapIterationStarted")


@given(machines, scripts, st.integers(0, 5))
@settings(max_examples=50)
def test_the_same_seed_gives_the_same_history(definition: Definition, script: list[int], seed: int) -> None:
    first, again = play(definition, script, seed), play(definition, script, seed)
    assert first.events == again.events


@given(machines, scripts)
@settings(max_examples=50)
def test_every_event_can_be_shown(definition: Definition, script: list[int]) -> None:
    for number, event in enumerate(play(definition, script).events, 1):
        shown = render(event, number)
        assert shown["id"] == number
        assert set(shown) - {"id", "previousEventId", "timestamp", "type"} <= {
            key for key in shown if key.endswith("EventDetails")
        }
