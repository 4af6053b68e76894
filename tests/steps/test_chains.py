"""Laws of chains: whatever states are chained, the machine is sound and each state keeps its language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import stepfunctions.steps as sdk
from hypothesis import given
from hypothesis import strategies as st

from kit.asl import parse
from kit.steps import AwsSdk, Chain, Map, Parallel, Pass, Wait, to_asl

Maker = Callable[[str], Any]

EITHER: list[Maker] = [
    lambda name: sdk.Pass(name),
    lambda name: Wait(name, seconds=5),
    lambda name: sdk.Wait(name, seconds=5),
    lambda name: Pass(name, assign={"x": 1}),
]
JSONPATH: list[Maker] = [
    lambda name: sdk.Pass(name, result={"a": 1}),
    lambda name: Pass(name, parameters={"a.$": "$.b"}),
    lambda name: Wait(name, timestamp_path="$.until"),
    lambda name: AwsSdk(name, "rds:stopDBCluster", **{"DbClusterIdentifier.$": "$.c"}),
]
JSONATA: list[Maker] = [
    lambda name: Pass(name, output={"a": "{% $states.input.b %}"}),
    lambda name: Wait(name, seconds="{% 1 + 1 %}"),
    lambda name: AwsSdk(name, "rds:stopDBCluster", DbClusterIdentifier="dev"),
]


def _in_parallel(name: str, inner: Any) -> Any:
    return Parallel(name, branches=[inner, sdk.Pass(f"{name}, beside")])


def _in_map(name: str, inner: Any) -> Any:
    return Map(name, item_processor=inner)


LANGUAGES = {"either": EITHER, "JSONPath": JSONPATH, "JSONata": JSONATA}
PLACES: dict[str, Callable[[str, Any], Any] | None] = {"": None, "Parallel": _in_parallel, "Map": _in_map}

chosen = st.lists(
    st.sampled_from(
        [(language, maker) for language, makers in LANGUAGES.items() for maker in makers]
    ).flatmap(lambda pair: st.sampled_from(sorted(PLACES)).map(lambda place: (*pair, place))),
    min_size=1,
    max_size=6,
)


@given(chosen)
def test_every_chain_is_sound_and_each_state_keeps_its_language(states: list[tuple[str, Maker, str]]) -> None:
    steps, expected = [], {}
    for number, (language, maker, place) in enumerate(states):
        step = maker(f"S{number}")
        around = PLACES[place]
        steps.append(step if around is None else around(f"Around S{number}", step))
        expected[f"S{number}"] = language
    asl = to_asl(Chain(steps))
    machine = parse(asl)
    found = {state.name: state.query_language for state in machine.walk()}
    for name, language in expected.items():
        if language != "either":
            assert found[name] == language
    mixed = {"JSONPath", "JSONata"} <= set(expected.values())
    assert ("QueryLanguage" in asl) == ("JSONata" in expected.values() and not mixed)
