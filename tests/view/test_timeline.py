"""Visits on their time."""

from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from view_stories import ODD_NAMES, run

from kit.history import Trace
from kit.view import timeline
from kit.view.bars import FOLD, WIDTH, Bars, bars_of, scale

START = datetime(2026, 4, 6, tzinfo=UTC)


def trace_of(*steps: tuple[str, str, float, float]) -> Trace:
    """A run of states one after the other: type, name, seconds of entry and exit."""
    events: list[dict[str, Any]] = [{"type": "ExecutionStarted", "timestamp": START}]
    for kind, name, entered, left in steps:
        for ending, details, second in (("Entered", "Entered", entered), ("Exited", "Exited", left)):
            events.append(
                {
                    "type": f"{kind}State{ending}",
                    "timestamp": START + timedelta(seconds=second),
                    f"state{details}EventDetails": {"name": name},
                }
            )
    numbered = [
        {**event, "id": number, "previousEventId": number - 1} for number, event in enumerate(events, 1)
    ]
    return Trace(numbered)


def test_a_long_wait_is_folded_and_says_how_long_it_is() -> None:
    month = 30 * 86400.0
    trace = trace_of(
        ("Pass", "Ask", 0, 1), ("Wait", "A month", 1, 1 + month), ("Pass", "Look", 1 + month, 2 + month)
    )
    places = scale(bars_of(trace), month + 2)
    assert len(places.folds) == 1
    assert places.place(1) == pytest.approx((WIDTH - FOLD) / 2, abs=0.1)
    assert places.place(month + 2) == pytest.approx(WIDTH, abs=0.1)
    assert "30 d<" in timeline(trace).svg()


def test_two_seconds_of_work_are_not_folded() -> None:
    trace = trace_of(("Pass", "One", 0, 1.5), ("Pass", "Two", 1.5, 2))
    assert scale(bars_of(trace), 2).folds == ()
    assert "+1.0 s" in timeline(trace).svg()


@pytest.mark.parametrize("name", ["staging_failed", "map_retried", "nested_flows", "redriven", "timed_out"])
def test_bars_that_grow_with_the_run_end_as_those_of_the_whole(name: str) -> None:
    trace = run(name)[1]
    bars, growing = Bars(), Trace()
    for event in trace.events:
        growing.feed([event])
        bars.take(growing)
    whole = bars_of(trace)
    assert [(b.state, b.start, b.end) for b in bars.bars] == [(b.state, b.start, b.end) for b in whole]
    assert [bar.segments for bar in bars.bars] == [bar.segments for bar in whole]


def test_attempts_are_told_from_the_waits_between_them() -> None:
    bars = bars_of(run("staging_failed")[1])
    tried = next(bar for bar in bars if bar.state == ODD_NAMES[3])
    assert [segment.kind for segment in tried.segments] == ["failed", "failed"]
    assert tried.segments[1].start > (tried.segments[0].end or 0)


def test_names_of_any_kind_are_escaped_and_faults_marked() -> None:
    class Call:
        at, by, name, state = START, "arn", "rds:StopDBCluster", "<script>alert(1)</script>"
        note = "fault: throttled & slow"

    picture = timeline(trace_of(("Pass", "<script>alert(1)</script>", 0, 1)), "a & b", [Call()])
    ElementTree.fromstring(picture.svg())
    assert "<script" not in picture.svg()
    assert "rds:StopDBCluster: fault: throttled &amp; slow" in picture.svg()
    assert "◊ rds:StopDBCluster: fault: throttled & slow" in repr(picture)
    assert set(picture._repr_mimebundle_()) == {"image/svg+xml", "image/png", "text/plain"}
