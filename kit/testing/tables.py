"""Tables of scenarios: each row a world, and what is expected of a run in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.testing.assertions import Expected
    from kit.testing.scenario import Scenario

ANYTHING: Any = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What is expected of a run, as far as it is said: `status` always is, SUCCEEDED unless `error` is given
    or another is. `takes` is the virtual time from start to end, `leaves_nothing` as in
    `assert_left_nothing`."""

    status: str | None = None
    error: str | None = None
    path: Sequence[str] | None = None
    output: Any = ANYTHING
    calls: Sequence[Expected] | None = None
    takes: timedelta | None = None
    leaves_nothing: bool = False


def scenarios(*rows: Scenario) -> Any:
    """Runs a test once for each scenario, named as it is: `@scenarios(quiet_day, throttled)`. The test takes
    `rehearsal`, or `scenario`."""
    import pytest

    return pytest.mark.parametrize("scenario", rows, ids=[row.name for row in rows])
