"""Hypothesis strategies for definitions that AWS would take, of every kind of state and both languages.

from definition_strategies import definitions

@given(definitions())
def test_a_law(definition: dict[str, Any]) -> None: ...
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from hypothesis import strategies as st

Json = Any

PHRASES = (
    "Stop it",
    "look",
    "待つ",
    "is it there?",
    "a/b",
    "pass",
    "for",
    "input",
    "machine",
    "“quoted”",
    "x" * 60,
)
TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=30) | st.sampled_from(
    ['say "no"', "back\\slash", "two\nlines", "tab\t", "${Filled}", "{not jsonata}", "word " * 30]
)
NUMBERS = st.integers(-1000, 1000) | st.floats(-1e6, 1e6, allow_nan=False)
CONSTANTS = st.none() | st.booleans() | NUMBERS | TEXTS
EXPRESSIONS = st.sampled_from(
    [
        "{% $states.input %}",
        "{% $states.input.a = 'b' %}",
        "{%$states.input.tight%}",
        "{% $merge([$states.input, {'n': 1}]) %}",
        "{% (\n  $x := 1;\n  $x + 1\n) %}",
        "{% " + " & ".join(f"'part {number}'" for number in range(20)) + " %}",
    ]
)
PATHS = st.sampled_from(["$", "$.a", "$.a.b[0]", "$$.Execution.Id", "$['a b']"])
ERRORS = st.lists(
    st.sampled_from(["States.Timeout", "States.TaskFailed", "Rds.RdsException", "Mine"]),
    min_size=1,
    max_size=3,
    unique=True,
)
ACTIONS: tuple[tuple[str, Json], ...] = (
    ("rds:stopDBCluster", {"DbClusterIdentifier": "dev"}),
    ("s3:listBuckets", {}),
    ("rds:createDBInstance", {"DbInstanceIdentifier": "a", "DbInstanceClass": "b", "Engine": "c"}),
    ("rds:noSuchAction", {"Any": 1}),
)
RESOURCES = (
    "arn:aws:states:::lambda:invoke",
    "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    "${Function}",
)


def values(leaf: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    keys = st.sampled_from(["a", "B", "c d", "Name", "été"])
    return st.recursive(
        leaf,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
        max_leaves=5,
    )


def templates() -> st.SearchStrategy[Json]:
    """What Parameters and their like hold: constants, and paths under keys that end in `.$`."""
    plain = st.dictionaries(st.sampled_from(["a", "B", "c d"]), values(CONSTANTS), max_size=3)
    paths = st.dictionaries(st.sampled_from(["p.$", "Q.$"]), PATHS, max_size=2)
    return st.builds(lambda one, other: {**one, **other}, plain, paths)


def data() -> st.SearchStrategy[Json]:
    """What Output and Arguments hold in JSONata."""
    return values(CONSTANTS | EXPRESSIONS)


@st.composite
def some(draw: st.DrawFn, fields: dict[str, st.SearchStrategy[Json]]) -> dict[str, Json]:
    """Some of the fields, in any order."""
    chosen = draw(st.lists(st.sampled_from(sorted(fields)), unique=True, max_size=3)) if fields else []
    return {name: draw(fields[name]) for name in chosen}


def retriers() -> st.SearchStrategy[Json]:
    optional = {
        "IntervalSeconds": st.integers(1, 9),
        "MaxAttempts": st.integers(0, 9),
        "BackoffRate": st.sampled_from([1, 1.5, 2.0]),
        "JitterStrategy": st.sampled_from(["FULL", "NONE"]),
        "Comment": TEXTS,
    }
    return st.builds(lambda names, more: {"ErrorEquals": names, **more}, ERRORS, some(optional))


def _paths_of(names: str) -> dict[str, st.SearchStrategy[Json]]:
    offered: dict[str, st.SearchStrategy[Json]] = {
        "InputPath": PATHS | st.none(),
        "OutputPath": PATHS | st.none(),
        "ResultPath": st.sampled_from(["$", "$.a", "$.a.b"]) | st.none(),
        "Parameters": templates(),
        "ResultSelector": templates(),
    }
    return {name: offered[name] for name in names.split()}


COMMON: dict[str, st.SearchStrategy[Json]] = {"Comment": TEXTS}
ASSIGN: dict[str, st.SearchStrategy[Json]] = {
    "Assign": st.dictionaries(st.sampled_from(["one", "two"]), values(CONSTANTS | EXPRESSIONS), max_size=2)
}
IN_JSONATA: dict[str, st.SearchStrategy[Json]] = {"Output": data(), **ASSIGN}


class _Drawing:
    """One definition in the making. No two states in it have one name."""

    def __init__(self, draw: st.DrawFn, machine_language: str) -> None:
        self.draw, self.machine_language, self.numbers = draw, machine_language, count(1)

    def name(self) -> str:
        phrase = self.draw(st.sampled_from(PHRASES))
        number = next(self.numbers)
        return str(phrase) if number == 1 else f"{phrase} {number}"

    def flow(self, depth: int, most: int) -> dict[str, Json]:
        names = [self.name() for _ in range(self.draw(st.integers(1, most)))]
        ends = [self.name() for _ in range(2)]
        used: set[str] = set()
        states: dict[str, Json] = {}
        for position, name in enumerate(names):
            following = names[position + 1] if position + 1 < len(names) else None
            targets = [*names, *ends]
            state = self.state(depth, following, targets)
            used.update(_targets(state))
            states[name] = state
        for end in ends:
            if end in used:
                states[end] = self.ending()
        return {"StartAt": names[0], "States": states}

    def ending(self) -> dict[str, Json]:
        if self.draw(st.booleans()):
            return {"Type": "Succeed", **self.draw(some(COMMON))}
        return {"Type": "Fail", **self.draw(some({**COMMON, "Error": st.just("Mine"), "Cause": TEXTS}))}

    def state(self, depth: int, following: str | None, targets: list[str]) -> dict[str, Json]:
        kinds = (
            ["Pass", "Wait", "Task"] + (["Choice"] if following else []) + (["Parallel", "Map"] * (depth > 0))
        )
        kind = self.draw(st.sampled_from(kinds))
        language, said = self.language()
        state = getattr(self, kind.lower())(language, depth)
        state = {"Type": kind, **said, **self.draw(some(COMMON)), **state}
        if kind == "Choice":
            state["Choices"] = [self.rule(language, targets) for _ in range(self.draw(st.integers(1, 3)))]
            state["Default"] = following
            return state
        state |= {"Next": following} if following else {"End": True}
        if kind in ("Task", "Parallel", "Map"):
            if found := self.draw(st.lists(retriers(), max_size=2)):
                state["Retry"] = found
            if found := [self.catcher(language, targets) for _ in range(self.draw(st.integers(0, 2)))]:
                state["Catch"] = found
        return state

    def language(self) -> tuple[str, dict[str, str]]:
        """The language of a state, and its own field for it, if it has one."""
        if self.machine_language == "JSONata":
            return "JSONata", self.draw(st.sampled_from([{}, {}, {"QueryLanguage": "JSONata"}]))
        chosen = self.draw(st.sampled_from(["JSONPath", "JSONPath", "JSONata"]))
        written = chosen == "JSONata" or self.draw(st.integers(0, 5)) == 0
        return chosen, {"QueryLanguage": chosen} if written else {}

    # Named as the kinds are.

    def pass_(self, language: str) -> dict[str, Json]:
        if language == "JSONata":
            return self.draw(some(IN_JSONATA))
        return self.draw(
            some({**_paths_of("InputPath OutputPath ResultPath Parameters"), "Result": values(CONSTANTS)})
        )

    def __getattr__(self, name: str) -> Any:
        if name == "pass":
            return lambda language, _depth: self.pass_(language)
        raise AttributeError(name)

    def wait(self, language: str, _depth: int) -> dict[str, Json]:
        moment = st.sampled_from(["2026-04-06T09:00:00Z", "2026-04-06T18:00:00+09:00"])
        ways = [("Seconds", st.integers(0, 99999)), ("Timestamp", moment)]
        if language == "JSONPath":
            ways += [("SecondsPath", st.just("$.a")), ("TimestampPath", st.just("$.a.b"))]
            more = self.draw(some(_paths_of("InputPath OutputPath")))
        else:
            ways.append(("Seconds", st.just("{% $states.input.seconds %}")))
            more = self.draw(some(IN_JSONATA))
        field, found = self.draw(st.sampled_from(ways))
        return {field: self.draw(found), **more}

    def task(self, language: str, _depth: int) -> dict[str, Json]:
        if self.draw(st.booleans()):
            action, arguments = self.draw(st.sampled_from(ACTIONS))
            resource, given = f"arn:aws:states:::aws-sdk:{action}", dict(arguments)
        else:
            resource, given = self.draw(st.sampled_from(RESOURCES)), self.draw(templates())
        timeouts = {"TimeoutSeconds": st.integers(100, 999), "HeartbeatSeconds": st.integers(1, 99)}
        if language == "JSONPath":
            more = self.draw(
                some({**_paths_of("InputPath OutputPath ResultPath ResultSelector"), **timeouts})
            )
            return {
                "Resource": resource,
                **({"Parameters": given} if self.draw(st.booleans()) else {}),
                **more,
            }
        given = {key: each for key, each in given.items() if not key.endswith(".$")}
        arguments = self.draw(st.sampled_from([given, "{% $states.input %}", None]))
        more = self.draw(some({**IN_JSONATA, **timeouts}))
        return {"Resource": resource, **({} if arguments is None else {"Arguments": arguments}), **more}

    def parallel(self, language: str, depth: int) -> dict[str, Json]:
        branches = [self.flow(depth - 1, 2) for _ in range(self.draw(st.integers(1, 2)))]
        if language == "JSONata":
            return {**self.draw(some({**IN_JSONATA, "Arguments": data()})), "Branches": branches}
        fields = _paths_of("InputPath OutputPath ResultPath Parameters ResultSelector")
        return {**self.draw(some(fields)), "Branches": branches}

    def map(self, language: str, depth: int) -> dict[str, Json]:
        flow = self.flow(depth - 1, 2)
        limits = {"MaxConcurrency": st.integers(0, 9)}
        if language == "JSONata":
            more = self.draw(some({**IN_JSONATA, **limits, "Items": st.just("{% $states.input.items %}")}))
        else:
            fields = _paths_of("InputPath OutputPath ResultPath ResultSelector")
            more = self.draw(
                some({**fields, **limits, "ItemsPath": st.just("$.items"), "ItemSelector": templates()})
            )
        if language == "JSONPath" and self.draw(st.booleans()):
            return {**{key: each for key, each in more.items() if key != "ItemSelector"}, "Iterator": flow}
        config = self.draw(st.sampled_from([{}, {"ProcessorConfig": {"Mode": "INLINE"}}]))
        return {**more, "ItemProcessor": {**config, **flow}}

    def choice(self, language: str, _depth: int) -> dict[str, Json]:
        return self.draw(some(IN_JSONATA if language == "JSONata" else _paths_of("InputPath OutputPath")))

    def rule(self, language: str, targets: list[str]) -> dict[str, Json]:
        ending = {"Next": self.draw(st.sampled_from(targets)), **self.draw(some(COMMON))}
        if language == "JSONata":
            more = self.draw(some({"Output": data().filter(lambda found: found is not None), **ASSIGN}))
            return {"Condition": "{% $states.input.a > 1 %}", **more, **ending}
        return {**self.draw(tests()), **ending}

    def catcher(self, language: str, targets: list[str]) -> dict[str, Json]:
        fields = IN_JSONATA if language == "JSONata" else _paths_of("ResultPath")
        more = self.draw(some({**COMMON, **fields}))
        return {"ErrorEquals": self.draw(ERRORS), "Next": self.draw(st.sampled_from(targets)), **more}


def tests() -> st.SearchStrategy[Json]:
    """Choice rules of JSONPath, without Next."""
    variable = st.sampled_from(["$.a", "$.a.b", "$$.Execution.Name"])
    pairs = (
        ("StringEquals", TEXTS), ("StringMatches", st.just("a*")), ("NumericGreaterThan", NUMBERS),
        ("BooleanEquals", st.booleans()), ("IsPresent", st.booleans()), ("IsNull", st.booleans()),
        ("NumericLessThanPath", st.just("$.limit")), ("TimestampEquals", st.just("2026-04-06T09:00:00Z")),
    )  # fmt: skip
    simple = st.sampled_from(pairs).flatmap(
        lambda pair: st.builds(lambda path, operand: {"Variable": path, pair[0]: operand}, variable, pair[1])
    )
    return st.recursive(
        simple,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=2).map(lambda found: {"And": found}),
            st.lists(inner, min_size=1, max_size=2).map(lambda found: {"Or": found}),
            inner.map(lambda found: {"Not": found}),
        ),
        max_leaves=3,
    )


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, Json]:
    """A definition: every state is reached, every flow ends."""
    said = draw(st.sampled_from([{}, {}, {"QueryLanguage": "JSONata"}, {"QueryLanguage": "JSONPath"}]))
    drawing = _Drawing(draw, said.get("QueryLanguage", "JSONPath"))
    head = draw(some({**COMMON, "TimeoutSeconds": st.integers(1, 9999), "Version": st.just("1.0")}))
    return {**head, **said, **drawing.flow(2, 4)}


def _targets(state: dict[str, Json]) -> Iterator[str]:
    for entry in (*state.get("Choices", ()), *state.get("Catch", ())):
        yield entry["Next"]
