"""A run from a history that was kept."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner
from view_stories import STORIES

from kit.cli.app import app
from kit.history import HistoryError
from kit.view import Recorded

NAMES = ["staging_failed", "map_retried", "nested_flows", "redriven", "timed_out", "polling_loop"]


def story(name: str) -> Any:
    return json.loads((STORIES / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_a_history_without_its_definition_gives_all_views(name: str) -> None:
    recorded = Recorded({"events": story(name)["events"]})
    entered = {visit.state for visit in recorded.trace.visits}
    assert entered <= {state.name for state in recorded.definition.walk()}
    assert "data-state=" in recorded.graph().svg()
    assert recorded.words()
    assert len(recorded.events()) == len(recorded.trace.events)
    assert "<svg" in recorded.timeline().svg()


def test_the_page_is_one_file_that_loads_nothing_and_runs_no_name() -> None:
    found = story("staging_failed")
    found["events"][0]["executionStartedEventDetails"]["input"] = '"</script><script>alert(1)</script>"'
    page = Recorded(found["events"], found["definition"], "<b>staging</b>").html()
    assert "<script>alert" not in page
    assert "<b>staging" not in page
    assert page.count("<script") == 2
    assert "http" not in page.replace("http://www.w3.org/", "")


def test_secrets_are_masked_before_anything_is_shown() -> None:
    found = story("staging_failed")
    found["events"][0]["executionStartedEventDetails"]["input"] = json.dumps(
        {
            "dbPassword": "hunter2",
            "nested": [{"apiKey": "abcd1234"}],
            "region": "eu-west-1",
            "customer": "Ada",
            "note": "AKIAABCDEFGHIJKLMNOP and Authorization: Bearer abcdef123456",
        }
    )
    recorded = Recorded(found["events"], found["definition"], mask=True, mask_names=["customer"])
    page = recorded.html()
    for secret in ("hunter2", "abcd1234", "AKIAABCD", "abcdef123456", "Ada"):
        assert secret not in page
    assert "eu-west-1" in page


def test_what_is_no_whole_history_is_refused_with_what_was_found() -> None:
    with pytest.raises(HistoryError, match="begins with event 5"):
        Recorded(story("staging_failed")["events"][4:])
    with pytest.raises(HistoryError, match="has no events"):
        Recorded({"events": []})


def test_kit_show_prints_the_views_and_writes_the_page(tmp_path: Path) -> None:
    found = story("staging_failed")
    history, definition = tmp_path / "history.json", tmp_path / "staging.asl.json"
    history.write_text(json.dumps({"events": found["events"]}), encoding="utf-8")
    definition.write_text(json.dumps(found["definition"]), encoding="utf-8")
    command: Any = app(["show"])
    shown = CliRunner().invoke(command, ["show", str(history), str(definition)])
    assert shown.exit_code == 0, shown.output
    for words in ("What failed", "Timeline", "StagingError", "ExecutionStarted"):
        assert words in shown.output
    page = tmp_path / "run.html"
    written = CliRunner().invoke(command, ["show", str(history), "-o", str(page)])
    assert written.exit_code == 0, written.output
    assert "data-own-page" in page.read_text(encoding="utf-8")
    broken = CliRunner().invoke(command, ["show", str(tmp_path / "none.json")])
    assert broken.exit_code == 2
