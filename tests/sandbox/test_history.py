"""Reading a history bit by bit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from kit.sandbox.history import HistoryReader


class Pages:
    """GetExecutionHistory over a list of events, a few events a page; keeps how it was asked."""

    def __init__(self, size: int = 3) -> None:
        self.size, self.asked = size, list[tuple[bool, str | None]]()
        self.events: list[dict[str, Any]] = []

    def grow(self, to: int) -> None:
        while len(self.events) < to:
            number = len(self.events) + 1
            event = {
                "id": number,
                "previousEventId": number - 1,
                "timestamp": datetime(2026, 4, 6, tzinfo=UTC),
            }
            kind = (
                "ExecutionStarted"
                if number == 1
                else "PassStateEntered"
                if number % 2 == 0
                else "PassStateExited"
            )
            details = {
                "ExecutionStarted": {"executionStartedEventDetails": {"input": "{}"}},
                "PassStateEntered": {"stateEnteredEventDetails": {"name": f"S{number}", "input": "{}"}},
                "PassStateExited": {"stateExitedEventDetails": {"name": f"S{number - 1}", "output": "{}"}},
            }[kind]
            self.events.append({**event, "type": kind, **details})

    def get_execution_history(
        self,
        *,
        reverseOrder: bool = False,  # noqa: N803
        nextToken: str | None = None,  # noqa: N803
        **_: Any,
    ) -> Mapping[str, Any]:
        self.asked.append((reverseOrder, nextToken))
        ordered = self.events[::-1] if reverseOrder else self.events
        start = int(nextToken or 0)
        page = {"events": ordered[start : start + self.size]}
        return page | ({"nextToken": str(start + self.size)} if start + self.size < len(ordered) else {})


@pytest.mark.parametrize(("before", "after"), [(1, 2), (3, 4), (3, 6), (3, 7), (7, 7), (4, 20)])
def test_what_is_new_is_read_once_and_in_order(before: int, after: int) -> None:
    pages = Pages()
    reader = HistoryReader(pages, "arn")
    pages.grow(before)
    assert reader.read() == before
    pages.grow(after)
    assert reader.read() == after - before
    assert [event["id"] for event in reader.events] == list(range(1, after + 1))
    assert len(reader.trace.visits) == after // 2


def test_a_later_look_asks_for_the_end_only() -> None:
    pages = Pages()
    reader = HistoryReader(pages, "arn")
    pages.grow(30)
    reader.read()
    pages.asked.clear()
    pages.grow(31)
    reader.read()
    assert pages.asked == [(True, None)]


def test_a_history_that_has_not_begun_is_empty() -> None:
    assert HistoryReader(Pages(), "arn").read() == 0
