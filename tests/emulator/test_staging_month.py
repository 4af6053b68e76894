"""Thirty virtual days of the daily staging copy, which `benchmarks/staging_month.py` also times."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).parents[2] / "benchmarks/staging_month.py"


def benchmark() -> Any:
    described = importlib.util.spec_from_file_location("staging_month", SOURCE)
    assert described is not None
    assert described.loader is not None
    module = importlib.util.module_from_spec(described)
    # A dataclass looks for its own module there.
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(__import__("sys").modules, "staging_month", module)
        described.loader.exec_module(module)
    return module


@pytest.mark.full
def test_a_month_of_staging_leaves_nothing_and_is_the_same_for_the_same_seed() -> None:
    staging = benchmark()
    month = staging.month(0)
    assert month.executions == {
        "evening SUCCEEDED": 30,
        # 22 weekdays; two of them are holidays, on which no morning is started.
        "guard FAILED": 1,
        "guard SUCCEEDED": 21,
        # The clone of five hours is given up; the start that failed was redriven.
        "morning FAILED": 1,
        "morning SUCCEEDED": 19,
    }
    assert month.peak == 4, "cluster, writer, cache and domain"
    assert month.nights_with_staging == 0
    assert month.left == []
    assert month.messages == 50, "20 mornings and 30 evenings are told of"
    assert 3000 < month.calls < 3600
    assert 650 < month.usd < 800
    assert staging.month(0) == month
    assert staging.month(1).calls != month.calls
