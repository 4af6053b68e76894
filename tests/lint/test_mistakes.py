"""Each rule finds its mistake, and leaves the mended twin alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from lint_mistakes import MISTAKES, REFUSED, Mistake

from kit.lint import RULES, lint


@pytest.mark.parametrize("mistake", MISTAKES, ids=[f"{each.rule}-{at}" for at, each in enumerate(MISTAKES)])
def test_a_typical_mistake_is_found_with_its_place_and_what_to_do(mistake: Mistake) -> None:
    found = lint(mistake.wrong)
    assert [(each.rule, each.place) for each in found] == [(mistake.rule, mistake.place)], repr(found)
    (finding,) = found
    assert mistake.mend in finding.mend
    assert finding.found
    assert finding.expected
    assert finding.why


@pytest.mark.parametrize("mistake", MISTAKES, ids=[f"{each.rule}-{at}" for at, each in enumerate(MISTAKES)])
def test_its_mended_twin_has_no_findings(mistake: Mistake) -> None:
    assert lint(mistake.right) == (), repr(lint(mistake.right))


def test_every_rule_has_a_mistake_of_its_own() -> None:
    assert {mistake.rule for mistake in MISTAKES} == {rule.id for rule in RULES}


@pytest.mark.parametrize(("what", "mend", "definition"), REFUSED, ids=[what for what, _, _ in REFUSED])
def test_what_aws_refuses_is_an_error_that_says_what_to_do(
    what: str, mend: str, definition: Mapping[str, Any]
) -> None:
    finding = lint(definition)[0]
    assert finding.severity == "error", what
    assert finding.rule.startswith("aws-")
    assert mend in finding.mend
