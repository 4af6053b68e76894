"""The lines of a definition's text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kit.lint.lines import Lines

JSON = """{
  "StartAt": "Wait [1]",
  "States": {
    "Wait [1]": {"Type": "Wait", "Seconds": 1, "Next": "It"},
    "It": {
      "Type": "Task",
      "Retry": [
        {"ErrorEquals": ["A"]},
        {"ErrorEquals": ["B"]}
      ],
      "End": true
    }
  }
}
"""
YAML = """StartAt: It
States:
  It:
    Type: Task
    Retry:
      - ErrorEquals: [A]
    Parameters:
      "Name.$": $.name
    End: true
"""


@pytest.mark.parametrize(
    ("place", "line", "column"),
    [
        ("/", 1, 1),
        ("/States", 3, 3),
        ("/States/Wait [1]", 4, 5),
        ("/States/It/Retry[1]", 9, 9),
        ("/States/It/Retry[1]/ErrorEquals", 9, 10),
        ("/States/It/Parameters/Name", 5, 5),
    ],
)
def test_a_place_in_json_has_its_line_or_that_of_what_is_around_it(
    place: str, line: int, column: int
) -> None:
    assert Lines(JSON).of(place) == (line, column)


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("/States/It", 3),
        ("/States/It/Retry[0]/ErrorEquals", 6),
        ("/States/It/Parameters/Name.$", 8),
        ("/", 1),
    ],
)
def test_a_place_in_yaml_has_its_line(place: str, line: int) -> None:
    assert Lines(YAML).of(place)[0] == line


def test_text_that_is_cut_off_has_lines_as_far_as_it_goes() -> None:
    assert Lines(JSON[:120]).of("/States/Wait [1]") == (4, 5)
    assert Lines("").of("/States/It") == (1, 1)


def test_every_key_of_real_definitions_is_found_where_it_stands(shared: Path) -> None:
    samples = json.loads((shared / "definitions" / "aws-samples.json").read_text(encoding="utf-8"))
    for sample in samples:
        text = json.dumps(sample["definition"], indent=2)
        lines = text.split("\n")
        found = Lines(text)
        for name in sample["definition"]["States"]:
            line, column = found.of(f"/States/{name}")
            assert lines[line - 1][column - 1 :].startswith(json.dumps(name))
