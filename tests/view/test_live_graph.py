import json
from typing import Any

import pytest
from view_stories import odd, run

from kit.asl.definition import StateMachine
from kit.history import Trace
from kit.view import LiveGraph, is_live
from kit.view import live as live_module
from kit.view.dot import Drawing
from kit.view.feed import cut as feed_cut


class Page:
    """Stands for a notebook's output: what was shown in it, and what replaced that."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, Any]] = []

    def __call__(self) -> "Page":
        return self

    def display(self, shown: object) -> None:
        self.shown.append(("display", shown))

    def update(self, shown: object) -> None:
        self.shown.append(("update", shown))


class Controls:
    def __init__(self) -> None:
        self.stopped = 0

    def stop(self) -> None:
        self.stopped += 1

    def redrive(self) -> None:
        raise RuntimeError("the execution still runs")


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    page = Page()
    monkeypatch.setattr(live_module, "NEW_DISPLAY", page)
    monkeypatch.setenv("SMALL_STEPS_VIEW", "live")
    return page


def ids(definition: StateMachine) -> dict[str, str]:
    return {node.state.name: node.id for node in Drawing(definition).nodes}


def test_an_update_sends_only_what_changed() -> None:
    definition, trace = run("staging_failed", 30)
    graph = LiveGraph(definition, trace)
    sent: list[tuple[str, Any]] = []
    graph.observe(lambda change: sent.append((change["name"], change["new"])), ["changes", "svg"])
    later = run("staging_failed", 31)[1]
    graph.update(later)
    graph.update(later)
    assert [name for name, _ in sent] == ["changes"]
    changed = sent[0][1]["status"]
    failed = ids(definition)["ステージング環境の一覧を作る"]
    assert changed[failed][0] == "waiting"
    assert len(json.dumps(sent[0][1]["status"])) < 400


@pytest.mark.parametrize("name", ["staging_failed", "map_retried", "nested_flows", "redriven", "timed_out"])
def test_status_and_details_are_whole_for_a_page_that_comes_later(name: str) -> None:
    definition, trace = run(name)
    graph = LiveGraph(definition)
    growing = Trace()
    for event in trace.events:
        growing.feed([event])
        graph.update(growing)
    assert {node: s for node, s in graph.status.items() if s[0] != "not started"} == LiveGraph(
        definition, trace
    ).status
    later = LiveGraph(definition, trace).details
    assert {node: graph.details[node] for node in later} == later
    state = graph.get_state()
    assert {"status", "details", "svg", "looks"} <= set(state)


def test_status_and_details_are_not_sent_again_with_each_update() -> None:
    graph = LiveGraph(run("polling_loop")[0])
    assert not graph._should_send_property("status", {})
    assert not graph._should_send_property("details", {})
    assert graph._should_send_property("changes", {"status": {}})


def test_a_state_that_counts_no_more_is_shown_as_not_started() -> None:
    definition, before = run("map_retried", 9)
    graph = LiveGraph(definition, before)
    broken = ids(definition)["Broken"]
    assert graph.status[broken][0] == "failed"
    graph.update(run("map_retried")[1])
    assert graph.status[broken] == ["not started", "", None, None]
    retried = LiveGraph(definition, before)
    retried.update(run("map_retried", 11)[1])
    assert retried.changes["status"][broken] == ["not started", "", None, None]


def test_details_hold_input_output_error_call_and_attempts() -> None:
    definition, trace = run("staging_failed")
    details = LiveGraph(definition, trace).details[ids(definition)["ステージング環境の一覧を作る"]]
    found = dict(details)
    assert found["Error"] == "QuotaError"
    assert found["Attempts"] == "1. failed: QuotaError\n2. failed: QuotaError"
    assert found["Call"] == "lambda:invoke"
    assert found["Input"] == '{"count": 3}'
    assert found["Status"] == "failed"


def test_long_values_are_cut_and_say_so() -> None:
    cut = feed_cut("x" * 10_000)
    assert len(cut) < 5000
    assert cut.endswith("… (10,000 characters)")


def test_at_the_end_the_still_picture_takes_the_widgets_place(page: Page) -> None:
    definition, trace = run("polling_loop")
    graph = LiveGraph(definition, title="wait-for-db").show()
    graph.finish(trace)
    assert [kind for kind, _ in page.shown] == ["display", "update"]
    still: Any = page.shown[1][1]
    bundle = still._repr_mimebundle_()
    assert set(bundle) == {"image/svg+xml", "image/png", "text/plain"}
    assert "wait-for-db: Succeeded" in bundle["image/svg+xml"]


def test_where_nobody_sees_a_widget_only_the_still_picture_appears(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMALL_STEPS_VIEW", "static")
    definition, trace = run("polling_loop")
    graph = LiveGraph(definition).show()
    assert page.shown == []
    graph.finish(trace)
    assert [kind for kind, _ in page.shown] == ["display"]
    assert "image/svg+xml" in graph._repr_mimebundle_()


def test_buttons_are_those_that_the_run_offers_and_tell_what_went_wrong() -> None:
    controls = Controls()
    graph = LiveGraph(run("polling_loop")[0], controls=controls)
    assert graph.actions == ["stop", "redrive"]
    graph._told(None, {"press": "stop"}, [])
    assert controls.stopped == 1
    graph._told(None, {"press": "redrive"}, [])
    assert graph.notice == "Redrive failed: the execution still runs"
    graph._told(None, {"press": "__init__"}, [])
    assert LiveGraph(run("polling_loop")[0]).actions == []


def test_nothing_is_loaded_from_elsewhere() -> None:
    for text in (LiveGraph._esm, LiveGraph._css):
        assert "http" not in str(text).replace("http://www.w3.org/2000/svg", "")
        assert "import(" not in str(text)
        assert "@import" not in str(text)


def test_plain_python_is_no_place_for_a_widget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SMALL_STEPS_VIEW", raising=False)
    assert is_live() is False


def test_the_first_message_shows_what_has_happened_already(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[dict[str, Any]] = []
    monkeypatch.setattr(LiveGraph, "open", lambda graph: opened.append(graph.get_state()))
    definition, trace = run("staging_failed", 30)
    LiveGraph(definition, trace)
    assert [status for status, *_ in opened[0]["status"].values()].count("succeeded") > 1
    assert opened[0]["details"]


def test_comments_are_notes_at_their_states() -> None:
    definition = odd()
    notes = LiveGraph(definition).notes
    assert notes[ids(definition)["<script>alert(1)</script>"]] == [
        ["Comment", "<script>alert(1)</script>; <b>bold</b>"]
    ]
