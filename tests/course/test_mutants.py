"""Breaking definitions, and the scores of the questions' checks."""

from __future__ import annotations

from typing import Any

import pytest

from kit.course import Rung, rungs
from kit.course.mutants import mutants
from kit.course.scores import LEAST, can_be_broken, score
from kit.course.verify import warm_up

LOOP: dict[str, Any] = {
    "QueryLanguage": "JSONata",
    "StartAt": "Look",
    "TimeoutSeconds": 60,
    "States": {
        "Look": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:rds:startDBCluster",
            "Arguments": {"DbClusterIdentifier": "{% $states.input.name %}"},
            "Retry": [{"ErrorEquals": ["A", "B"], "MaxAttempts": 3}],
            "Catch": [{"ErrorEquals": ["C"], "Next": "Bad"}],
            "Next": "So?",
        },
        "So?": {
            "Type": "Choice",
            "Choices": [
                {"Condition": "{% $rounds >= 60 %}", "Next": "Bad"},
                {"Condition": "{% $status = 'up' %}", "Next": "Good"},
            ],
            "Default": "Look",
        },
        "Good": {"Type": "Succeed"},
        "Bad": {"Type": "Fail", "Error": "TooLong"},
    },
}


def test_each_thing_that_holds_a_machine_together_is_broken_once() -> None:
    names = {mutant.name for mutant in mutants(LOOP)}
    assert {
        "without the machine's TimeoutSeconds",
        "Look: without Retry 1",
        "Look: Retry 1 for everything",
        "Look: Retry 1 without A",
        "Look: Retry 1 once",
        "Look: without Catch 1",
        "Look: Next to Good",
        "Look: Arguments without DbClusterIdentifier",
        "Look: $states.input.name misspelt in Arguments/DbClusterIdentifier",
        "Look: calls arn:aws:states:::aws-sdk:rds:stopDBCluster",
        "So?: without rule 2",
        "So?: rule 2 first",
        "So?: rule 1 turned round",
        "So?: 60 is 120 in Choices/0/Condition",
        "So?: 60 is 30 in Choices/0/Condition",
        "Bad: another Error",
    } <= names


def test_a_mutant_differs_from_what_it_comes_from_and_leaves_it_alone() -> None:
    before = repr(LOOP)
    for mutant in mutants(LOOP):
        assert mutant.asl != LOOP, mutant.name
    assert repr(LOOP) == before


def test_states_that_a_broken_arrow_leaves_behind_are_taken_out() -> None:
    broken = next(mutant for mutant in mutants(LOOP) if mutant.name == "So?: without rule 2")
    assert "Good" not in broken.asl["States"]


@pytest.mark.full
@pytest.mark.parametrize("step", rungs(), ids=lambda step: step.number)
def test_checks_find_what_is_broken(step: Rung) -> None:
    warm_up()
    for question in filter(can_be_broken, step.questions):
        found = score(question)
        assert found.share >= LEAST, found.line
