"""Waiting for news."""

from __future__ import annotations

import threading
import time

from kit.sandbox.pace import Notified, Polling


def test_polling_looks_once_in_three_seconds_at_most_and_at_uneven_times() -> None:
    naps: list[float] = []
    pace = Polling(sleep=naps.append)
    for _ in range(50):
        pace.wait(60)
    assert all(3.0 <= nap <= 3.6 for nap in naps)
    assert len(set(naps)) > 1


def test_polling_does_not_sleep_past_the_end() -> None:
    naps: list[float] = []
    Polling(sleep=naps.append).wait(0.5)
    Polling(sleep=naps.append).wait(-1)
    assert naps == [0.5, 0.0]


def test_news_ends_a_wait() -> None:
    pace = Notified()
    threading.Timer(0.05, pace.notify).start()
    began = time.perf_counter()
    pace.wait(5)
    assert time.perf_counter() - began < 2


def test_news_from_before_the_wait_is_not_lost() -> None:
    pace = Notified()
    pace.notify()
    began = time.perf_counter()
    pace.wait(5)
    assert time.perf_counter() - began < 1
    pace.wait(0.01)
