"""Reading an execution's history bit by bit.

GetExecutionHistory can't be asked for what is new. But it can be read from the end: so the first look
reads forwards, and later ones backwards until they meet an event that is known.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kit.history import Trace

PAGE = 1000
"""Events a page, the most that AWS gives."""


class HistoryReader:
    """The events of one execution so far, and the Trace of them."""

    def __init__(self, client: Any, execution_arn: str) -> None:
        self._client, self._arn = client, execution_arn
        self.events: list[Mapping[str, Any]] = []
        self.trace = Trace()

    def read(self) -> int:
        """Reads what is new. Returns how many events that were."""
        news = self._backwards(self.events[-1]["id"]) if self.events else self._forwards()
        self.events.extend(news)
        self.trace.feed(news)
        return len(news)

    def _forwards(self) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        token: dict[str, str] = {}
        while True:
            page = self._page(**token)
            found.extend(page["events"])
            if not page.get("nextToken"):
                return found
            token = {"nextToken": page["nextToken"]}

    def _backwards(self, known: int) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        token: dict[str, str] = {}
        while True:
            page = self._page(reverseOrder=True, **token)
            newer = [event for event in page["events"] if event["id"] > known]
            found.extend(newer)
            if len(newer) < len(page["events"]) or not page.get("nextToken"):
                return found[::-1]
            token = {"nextToken": page["nextToken"]}

    def _page(self, **more: Any) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = self._client.get_execution_history(
            executionArn=self._arn, maxResults=PAGE, **more
        )
        return answer
