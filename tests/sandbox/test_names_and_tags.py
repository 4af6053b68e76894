"""The two marks of what the kit made."""

from __future__ import annotations

import pytest

from kit.sandbox.names import is_ours, resource_name, tags


def test_names_get_their_prefix_once() -> None:
    assert resource_name("nap") == "small-steps-nap"
    assert resource_name("small-steps-nap") == "small-steps-nap"


@pytest.mark.parametrize(
    ("name", "tagged", "ours"),
    [
        ("small-steps-nap", [{"key": "small-steps", "value": "nap"}], True),
        ("small-steps-nap", [{"Key": "small-steps", "Value": "nap"}], True),
        ("small-steps-nap", [], False),
        ("small-steps-nap", [{"key": "team", "value": "small-steps"}], False),
        ("nap", [{"key": "small-steps", "value": "nap"}], False),
    ],
)
def test_both_marks_are_needed(name: str, tagged: list[dict[str, str]], ours: bool) -> None:
    assert is_ours(name, tagged) is ours


def test_the_tag_names_the_machine() -> None:
    assert tags("nap") == {"small-steps": "nap"}
