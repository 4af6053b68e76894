"""Definitions broken by chance: each gets findings, none a traceback; what AWS takes gets a policy, too."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from lint_mistakes import MISTAKES

from kit.asl import DefinitionError, parse
from kit.lint import lint, policy
from kit.lint.lines import Lines

DEFINITIONS: list[Any] = [each for mistake in MISTAKES for each in (mistake.wrong, mistake.right)]
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 10**9), st.text(max_size=8),
    st.sampled_from(
        [
            "$",
            "$$",
            "$.a",
            "$a",
            "$['a'].b",
            "{% $states.input %}",
            "{% $a & 'b' %}",
            "{%%}",
            "${Name}",
            "States.ALL",
            "arn:aws:states:::aws-sdk:rds:describeDBClusters",
            "arn:aws:states:::http:invoke",
            "States.Format('{}', $.a)",
            "arn:aws:states:::states:startExecution.sync:2",
            "arn:${AWS::Partition}:states:::sns:publish",
            "It",
            "JSONata",
            "arn:aws:states:::ecs:runTask.sync",
            "arn:aws:states:::aws-sdk:dynamodb:transactWriteItems",
            "arn:aws:states:::aws-sdk:s3:deleteObjects",
        ]
    ),
    st.lists(st.integers(), max_size=2), st.dictionaries(st.text(max_size=4), st.none(), max_size=2),
)  # fmt: skip


def places(value: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Each value inside of a JSON value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*way, key)
            yield from places(inner, (*way, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield (*way, index)
            yield from places(inner, (*way, index))


@st.composite
def broken(draw: st.DrawFn) -> Any:
    definition = copy.deepcopy(draw(st.sampled_from(DEFINITIONS)))
    for _ in range(draw(st.integers(1, 3))):
        *outer, last = draw(st.sampled_from(list(places(definition))))
        inside: Any = definition
        for step in outer:
            inside = inside[step]
        inside[last] = draw(JUNK)
    return definition


@settings(max_examples=400)
@given(broken())
def test_a_definition_broken_by_chance_gets_findings_with_their_lines(definition: Any) -> None:
    text = json.dumps(definition, indent=1)
    found = lint(text)
    lines = Lines(text)
    assert all(1 <= lines.of(each.place)[0] <= text.count("\n") + 1 for each in found)
    try:
        machine = parse(definition)
    except DefinitionError:
        assert found.errors
        return
    document = policy(machine).document
    for statement in document.get("Statement", []):
        assert statement["Action"]
        assert statement["Resource"]
        assert all(isinstance(each, str) for each in [*statement["Action"]])
