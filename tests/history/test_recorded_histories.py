"""The fold against histories that AWS itself wrote."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kit.history import OPEN, Trace

STATUS = {"ExecutionSucceeded": "SUCCEEDED", "ExecutionFailed": "FAILED"}
START = datetime(2026, 4, 6, tzinfo=UTC)


def histories(shared: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Recorded histories, with moments for the timestamps that the recorder left out. Three in which
    it also left out ids inside a Parallel can't be folded."""
    for path in sorted((shared / "conformance" / "cases").glob("*.json")):
        for case in json.loads(path.read_text(encoding="utf-8")):
            events = case["expected"].get("history") or []
            if events and all(isinstance(event["id"], int) for event in events):
                yield (
                    case["id"],
                    [
                        {**event, "timestamp": START + timedelta(seconds=second)}
                        for second, event in enumerate(events)
                    ],
                )


@pytest.fixture(scope="module")
def folded(shared: Path) -> list[tuple[str, list[dict[str, Any]], Trace]]:
    found = [(name, events, Trace(events)) for name, events in histories(shared)]
    assert len(found) >= 260
    return found


Folded = list[tuple[str, list[dict[str, Any]], Trace]]


def test_the_status_is_that_of_the_last_event(folded: Folded) -> None:
    for name, events, trace in folded:
        assert trace.status == STATUS[events[-1]["type"]], name
        assert trace.held_back == 0, name


def test_every_entered_and_exited_event_is_one_visits(folded: Folded) -> None:
    for name, events, trace in folded:
        entered = [e["id"] for e in events if e["type"].endswith("StateEntered")]
        exited = {e["id"] for e in events if e["type"].endswith("StateExited")}
        assert [visit.id for visit in trace.visits] == entered, name
        assert {visit.exit_event for visit in trace.visits if visit.exit_event} == exited, name
        for visit in trace.visits:
            assert visit.status not in OPEN, (name, visit.state)
            ended = visit.exit_event is not None
            assert (visit.status in ("succeeded", "caught")) == ended, (name, visit.state)


def test_an_exited_state_is_caught_only_after_a_failure_of_its_own(folded: Folded) -> None:
    for name, events, trace in folded:
        for visit in trace.visits:
            if visit.status == "caught":
                assert visit.error, (name, visit.state)
                last = events[visit.exit_event - 2]["type"] if visit.exit_event else ""
                assert last.endswith(("Failed", "TimedOut")), (name, visit.state)


def test_a_failed_execution_has_a_failed_visit_with_its_error(folded: Folded) -> None:
    for name, _, trace in folded:
        if trace.status == "FAILED":
            assert trace.failures(), name
            assert trace.failures()[0].error == trace.error, name


def test_every_iteration_of_a_map_that_succeeded_is_done(folded: Folded) -> None:
    for name, _, trace in folded:
        for visit in trace.visits:
            if visit.type == "Map" and visit.status == "succeeded" and visit.map_run is None:
                assert visit.iterations is not None, name
                assert visit.iterations.done == visit.iterations.total, (name, visit.state)
