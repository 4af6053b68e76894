import random
import time
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from history_stories import story
from hypothesis import given
from hypothesis import strategies as st

from kit.history import OPEN, Trace

STORIES = (
    "aborted",
    "map_retried",
    "nested_flows",
    "polling_loop",
    "redriven",
    "redriven_entered_again",
    "retries_ran_out",
    "staging_failed",
    "timed_out",
)


def summary(trace: Trace) -> list[object]:
    visits = [
        (v.id, v.state, v.status, v.superseded, v.iteration, v.exit_event, v.retries, v.error, v.duration())
        for v in trace.visits
    ]
    states = [(name, s.status, s.visits, s.counts, s.retries) for name, s in trace.states.items()]
    return [trace.status, trace.error, trace.output, trace.path, visits, states, trace.redrives]


@pytest.mark.parametrize("name", STORIES)
def test_feeding_events_one_by_one_in_chunks_of_any_order_equals_feeding_all(name: str) -> None:
    events = story(name)["events"]
    whole = summary(Trace(events))
    one_by_one = Trace()
    for event in events:
        assert one_by_one.feed([event]) == 1
    assert summary(one_by_one) == whole

    @given(st.randoms(use_true_random=False), st.lists(st.integers(1, len(events)), max_size=6))
    def law(chance: random.Random, cuts: list[int]) -> None:
        ends = sorted({*cuts, len(events)})
        chunks = [events[start:end] for start, end in zip([0, *ends], ends, strict=False)]
        chance.shuffle(chunks)
        trace = Trace()
        for chunk in [*chunks, chunks[0]]:
            trace.feed(chunk)
        assert summary(trace) == whole
        assert trace.held_back == 0

    law()


@pytest.mark.parametrize("name", STORIES)
def test_at_every_event_the_counts_of_a_state_sum_to_its_visits(name: str) -> None:
    trace = Trace()
    for event in story(name)["events"]:
        trace.feed([event])
        standing = Counter(visit.state for visit in trace.visits if not visit.superseded)
        entered = Counter(visit.state for visit in trace.visits)
        for state, status in trace.states.items():
            assert sum(status.counts.values()) == standing[state]
            assert status.visits == entered[state]
            assert status.latest.status == status.status
        for visit in trace.visits:
            if visit.iterations is not None and visit.iterations.total is not None:
                counts = visit.iterations
                started = counts.running + counts.succeeded + counts.failed + counts.aborted
                assert 0 <= started <= visit.iterations.total
                assert min(counts.running, counts.succeeded, counts.failed, counts.aborted) >= 0


@pytest.mark.parametrize("name", STORIES)
def test_a_closed_execution_has_no_open_visit(name: str) -> None:
    trace = Trace(story(name)["events"])
    assert trace.status != "RUNNING"
    assert not [visit for visit in trace.visits if visit.status in OPEN]
    assert not [visit for visit in trace.visits if visit.ended is None]


def test_a_failure_is_red_where_nothing_takes_it_and_orange_where_a_catch_does() -> None:
    states = Trace(story("staging_failed")["events"]).states
    assert states["Prepare targets"].status == "caught"
    assert states["Prepare targets"].latest.error == "QuotaError"
    assert states["ステージング環境の一覧を作る"].status == "failed"
    assert states["Check quota"].status == "succeeded"
    assert states["Check quota"].retries == 1
    assert states["Staging failed"].status == "failed"


def test_a_failure_inside_a_caught_parallel_is_none_of_the_executions_failures() -> None:
    trace = Trace(story("staging_failed")["events"])
    assert [visit.state for visit in trace.failures()] == ["Staging failed"]


def test_retries_are_counted_though_they_have_no_event_of_their_own() -> None:
    trace = Trace(story("retries_ran_out")["events"])
    visit = trace.visits[0]
    assert (len(visit.attempts), visit.retries) == (4, 3)
    assert {attempt.status for attempt in visit.attempts} == {"failed"}
    assert visit.attempts[0].resource == "aws-sdk:rds:stopDBCluster"
    assert visit.attempts[0].parameters == {"Bucket": "b"}
    assert visit.error == trace.error == "Rds.InvalidDbClusterStateException"


def test_the_iterations_that_a_failed_map_stops_are_counted_as_aborted() -> None:
    trace = Trace(story("staging_failed")["events"])
    counts = trace.states["Copy each file"].iterations
    assert counts is not None
    assert (counts.total, counts.succeeded, counts.failed, counts.aborted) == (5, 1, 1, 2)
    assert counts.done == 2
    inner = trace.states["Copy object to staging"]
    assert inner.counts == {"failed": 1, "aborted": 2, "succeeded": 1}
    assert inner.status == "failed"
    assert inner.latest.iteration == 1


def test_a_running_iteration_speaks_for_a_state_before_a_finished_one() -> None:
    trace = Trace(story("staging_failed")["events"][:58])
    assert trace.states["Copy object to staging"].status == "running"
    assert trace.states["Copy each file"].status == "running"
    assert trace.status == "RUNNING"


def test_a_retried_map_starts_anew_and_its_first_round_counts_no_more() -> None:
    trace = Trace(story("map_retried")["events"])
    assert trace.states["Each"].retries == 1
    assert trace.states["Check"].counts == {"succeeded": 2}
    assert trace.states["Check"].visits == 4
    assert "Broken" not in trace.states
    assert trace.state("Broken") is None
    assert [visit.superseded for visit in trace.visits if visit.state == "Broken"] == [True]


def test_the_last_round_of_a_loop_speaks_for_its_states() -> None:
    trace = Trace(story("polling_loop")["events"])
    assert trace.states["Describe"].visits == 3
    assert trace.states["Describe"].counts == {"succeeded": 1}
    assert trace.path[:4] == ["Describe", "Ready?", "Wait a little", "Describe"]
    assert trace.states["Wait a little"].duration == timedelta(seconds=60)


def test_visits_of_one_state_in_nested_flows_are_told_apart_by_their_links() -> None:
    trace = Trace(story("nested_flows")["events"])
    lefts = [visit for visit in trace.visits if visit.state == "Left"]
    assert len({id(visit.parent) for visit in lefts}) == 4
    places = [(v.iteration, v.parent.parent.iteration) for v in lefts if v.parent and v.parent.parent]
    assert sorted(places) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert {status.status for status in trace.states.values()} == {"succeeded"}


@pytest.mark.parametrize("name", ["redriven", "redriven_entered_again"])
def test_a_redrive_goes_on_in_the_branch_that_had_failed(name: str) -> None:
    events = story(name)["events"]
    before = Trace([event for event in events if event["id"] < 15])
    assert before.status == "FAILED"
    assert before.states["Both"].status == "failed"
    assert [visit.state for visit in before.unfinished()] == ["Both", "Restore"]
    trace = Trace(events)
    assert (trace.status, trace.redrives) == ("SUCCEEDED", 1)
    assert trace.states["Restore"].status == "succeeded"
    assert trace.states["Restore"].retries == 0
    assert trace.states["Both"].status == "succeeded"
    assert trace.states["Clone"].visits == 1
    assert trace.error is None


def test_a_redriven_execution_runs_until_it_closes_again() -> None:
    trace = Trace(story("redriven")["events"][:16])
    assert trace.status == "RUNNING"
    assert trace.states["Restore"].status == "running"
    assert trace.states["Both"].status == "running"
    assert trace.ended is None


def test_a_task_that_waits_for_an_answer_is_waiting() -> None:
    trace = Trace(story("aborted")["events"][:-4])
    assert trace.states["Ask"].status == "waiting"
    assert trace.states["Pause"].status == "waiting"
    assert trace.states["Both"].status == "running"


@pytest.mark.parametrize(("name", "status"), [("aborted", "aborted"), ("timed_out", "timed out")])
def test_what_was_open_when_the_execution_was_cut_off_says_how(name: str, status: str) -> None:
    trace = Trace(story(name)["events"])
    assert {visit.status for visit in trace.visits} == {status}


def test_values_are_opened_and_unknown_events_do_no_harm() -> None:
    trace = Trace(
        [
            {"id": 1, "type": "ExecutionStarted", "executionStartedEventDetails": {"input": '{"a": 1}'}},
            {"id": 2, "type": "PassStateEntered", "stateEnteredEventDetails": {"name": "A", "input": "{}"}},
            {"id": 3, "previousEventId": 2, "type": "SomethingNew"},
            {
                "id": 4,
                "previousEventId": 3,
                "type": "PassStateExited",
                "stateExitedEventDetails": {
                    "name": "A",
                    "output": "[1]",
                    "assignedVariables": {"x": '{"y": 2}'},
                },
            },
        ]
    )
    assert trace.input == {"a": 1}
    assert trace.visits[0].output == [1]
    assert trace.visits[0].variables == {"x": {"y": 2}}
    assert trace.visits[0].duration() is None
    assert trace.visit_of(4) is trace.visit_of(3) is trace.visits[0]
    assert trace.visit_of(1) is None


def test_an_event_is_held_back_until_its_predecessors_are_there() -> None:
    events = story("polling_loop")["events"]
    trace = Trace(events[5:])
    assert (len(trace.events), trace.held_back) == (0, len(events) - 5)
    assert trace.feed(events[:5]) == len(events)
    assert trace.status == "SUCCEEDED"


def test_a_long_history_costs_the_same_for_each_event() -> None:
    """150 ms for 25,000 events is the aim; the bound here leaves room for a loaded machine."""
    loop = story("polling_loop")["events"][1:19]
    events = story("polling_loop")["events"][:1]
    while len(events) < 25_000:
        shift = len(events) - 1
        for event in loop:
            previous = event["previousEventId"] + shift if event["previousEventId"] else shift
            events.append({**event, "id": event["id"] + shift, "previousEventId": previous})
    best = min(_seconds(events) for _ in range(3))
    assert best < 0.6
    assert Trace(events).states["Describe"].visits > 2000


def _seconds(events: list[dict[str, Any]]) -> float:
    start = time.perf_counter()
    trace = Trace(events)
    assert {status.status for status in trace.states.values()} <= {"succeeded", "waiting"}
    return time.perf_counter() - start


def test_a_fail_state_in_a_caught_parallel_has_the_error_that_was_caught() -> None:
    def event(number: int, previous: int, kind: str, **details: str) -> dict[str, Any]:
        key = "stateExitedEventDetails" if kind.endswith("Exited") else "stateEnteredEventDetails"
        return {"id": number, "previousEventId": previous, "type": kind, key: details}

    trace = Trace(
        [
            event(1, 0, "ExecutionStarted"),
            event(2, 0, "ParallelStateEntered", name="Both"),
            event(3, 2, "ParallelStateStarted"),
            event(4, 3, "FailStateEntered", name="Stop here"),
            event(5, 4, "ParallelStateFailed"),
            event(6, 5, "ParallelStateExited", name="Both", output='{"Error": "Boom", "Cause": "why"}'),
        ]
    )
    assert trace.states["Both"].status == "caught"
    assert (trace.visits[1].error, trace.visits[1].cause) == ("Boom", "why")
