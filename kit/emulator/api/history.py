"""Histories, a page at a time; events get AWS's shape only when they are asked for.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
"""

from __future__ import annotations

from typing import Any

from kit.emulator.api.operations import Operations
from kit.emulator.api.paging import page
from kit.engine.events import render


class Histories(Operations):
    def get_execution_history(self, params: dict[str, Any]) -> dict[str, Any]:
        events = self.execution(params["executionArn"]).events
        include = params.get("includeExecutionData")
        include_data = True if include is None else bool(include)
        count = len(events)
        ids = range(count, 0, -1) if params.get("reverseOrder") else range(1, count + 1)
        return page(ids, params, "events", lambda number: render(events[number - 1], number, include_data))
