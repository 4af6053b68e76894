import json
from html.parser import HTMLParser

import pytest
from view_stories import run

from kit.history import HistoryError
from kit.view import event_table


def test_each_event_is_a_row_with_its_state_and_what_it_says() -> None:
    table = event_table(run("staging_failed")[1].events)
    rows = list(table.rows())
    assert len(rows) == len(table) == 77
    assert (rows[30].type, rows[30].state) == ("TaskFailed", "ステージング環境の一覧を作る")
    assert rows[30].says == "QuotaError: Quota of staging reached"
    assert rows[30].bad
    assert rows[52].state == "Verify checksum [0]"
    assert rows[75].state == "Staging failed"
    assert rows[76].state == ""


def test_the_text_is_aligned_whatever_the_width_of_its_letters() -> None:
    lines = repr(event_table(run("staging_failed")[1].events)).splitlines()
    assert lines[0].split() == ["Event", "After", "Type", "State", "Says"]
    assert "1      +0.0 s" in lines[1]
    assert "TaskStateExited" in lines[6]


class Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.opened: list[str] = []
        self._pre = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self.tags.append(tag)
        self._pre = tag == "pre"

    def handle_data(self, data: str) -> None:
        if self._pre:
            self.opened.append(data)


def test_each_row_opens_its_json_and_nothing_in_it_is_taken_for_markup() -> None:
    table = event_table(
        [
            {
                "id": 1,
                "type": "ExecutionStarted",
                "executionStartedEventDetails": {"input": '{"a": "<script>alert(1)</script>"}'},
            }
        ]
    )
    page = Cells()
    page.feed(table._repr_html_())
    assert "script" not in page.tags
    assert json.loads("".join(page.opened)) == {"input": {"a": "<script>alert(1)</script>"}}


def test_a_long_history_shows_its_beginning_and_its_end() -> None:
    events = [{"id": n, "previousEventId": n - 1, "type": "PassStateEntered"} for n in range(1, 2001)]
    text = repr(event_table(events))
    assert "… 1,500 events left out …" in text
    assert text.splitlines()[-1].startswith("2000")
    assert "1,500 events left out" in event_table(events)._repr_html_()


def test_what_is_no_event_is_refused() -> None:
    with pytest.raises(HistoryError):
        event_table([{"name": "x"}])
