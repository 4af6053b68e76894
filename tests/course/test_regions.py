from __future__ import annotations

import pytest

from kit.course.regions import RegionError, as_exercise, as_solution, regions

CELL = """before = 1
# [solution 2]
answer = 42
# [prompt]
# # your answer
# answer = ...
#
# [end]
after = 2"""


def test_the_solution_keeps_the_solution_and_nothing_of_the_prompt() -> None:
    assert as_solution(CELL) == "before = 1\nanswer = 42\nafter = 2"


def test_the_exercise_gets_the_prompt_with_one_comment_sign_taken_off() -> None:
    assert as_exercise(CELL) == "before = 1\n# your answer\nanswer = ...\n\nafter = 2"


def test_a_region_knows_its_question() -> None:
    assert [region.question for region in regions(CELL)] == [2]


def test_text_without_a_region_stays_as_it_is() -> None:
    assert as_exercise("a = 1\n\nb = 2") == "a = 1\n\nb = 2"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# [solution]\na = 1", "line 1: this region is not closed"),
        ("# [end]", "stands outside a region"),
        ("# [solution]\n# [solution]\n# [end]", "starts inside the one of line 1"),
        ("# [solution]\n# [prompt]\n# [prompt]\n# [end]", "the second '# .prompt.' of one region"),
        ("# [solution]\n# [prompt]\na = ...\n# [end]", "a prompt's lines are comments"),
    ],
)
def test_a_marker_in_the_wrong_place_is_told_with_its_line(text: str, words: str) -> None:
    with pytest.raises(RegionError, match=words):
        as_exercise(text)
