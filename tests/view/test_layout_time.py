"""Large machines are drawn in a time that one waits for."""

import time
from typing import Any

import pytest

from kit.asl import parse
from kit.view import layout
from kit.view.dot import dot
from kit.view.layout import Layout

CALL = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:rds:stopDBCluster"}
CATCH = [{"ErrorEquals": ["States.ALL"], "Next": "Report"}]


def parallels(number: int) -> dict[str, Any]:
    """Parallels one after the other, with a Catch of all errors that leads to the same state."""
    states: dict[str, Any] = {}
    for place in range(number):
        names = [[f"Call {place}-{side}-{step}" for step in range(3)] for side in range(3)]
        branches = [
            {
                "StartAt": first,
                "States": {
                    first: {**CALL, "Next": second},
                    second: {**CALL, "Next": third},
                    third: {"Type": "Pass", "End": True},
                },
            }
            for first, second, third in names
        ]
        following = f"Side by side {place + 1}" if place < number - 1 else "Done"
        states[f"Side by side {place}"] = {
            "Type": "Parallel",
            "Branches": branches,
            "Next": following,
            "Catch": CATCH,
        }
    states |= {"Report": {"Type": "Fail", "Error": "Broken"}, "Done": {"Type": "Succeed"}}
    return {"StartAt": "Side by side 0", "States": states}


def test_many_parallels_with_one_common_catch_are_drawn_within_seconds() -> None:
    definition = parse(parallels(40))
    started = time.monotonic()
    picture = Layout(definition, room=True).svg("Forty", "", {})
    assert time.monotonic() - started < 10  # A minute before; 0.6 s on an idle machine.
    assert picture.count("Catch → Report") == 39


def test_few_catches_are_drawn_as_edges() -> None:
    assert "Catch → Report" not in dot(parse(parallels(8)))
    assert dot(parse(parallels(8))).count('class="catch"') == 8


def test_a_layout_that_takes_too_long_is_given_up_for_a_plainer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "PATIENCE", 0.001)
    monkeypatch.setattr(layout, "_SLOW", set())
    states: dict[str, Any] = {
        f"Choose {n}": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.x", "NumericEquals": n, "Next": f"Choose {n * 7 % 20}"}],
            "Default": f"Choose {n + 1}",
        }
        for n in range(20)
    }
    states["Choose 20"] = {"Type": "Succeed"}
    picture = Layout(parse({"StartAt": "Choose 0", "States": states}), room=True).svg("Tangle", "", {})
    assert picture.count('data-state="Choose') == 21
    assert "Default → Choose 7" in picture
