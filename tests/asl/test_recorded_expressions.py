"""Expressions and definitions that AWS answered: what the language must get right without an engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit.asl import DefinitionError, diagnose, parse
from kit.asl.choice import compile_test
from kit.asl.diagnosis import diagnose_state
from kit.asl.jsonata import compile_template
from kit.asl.payload import compile_payload
from kit.asl.scope import Surroundings


def cases(shared: Path, category: str = "*") -> Iterator[dict[str, Any]]:
    for file in sorted((shared / "conformance" / "cases").glob(f"{category}.json")):
        yield from json.loads(file.read_text(encoding="utf-8"))


def test_choice_rules_decide_as_recorded(shared: Path) -> None:
    decided = 0
    for case in cases(shared, "choice_operators"):
        rule = case["definition"]["States"]["CheckValues"]["Choices"][0]
        expected = case["expected"]["output"]["TestResult.$"]
        holds = compile_test(rule)(case["input"], Surroundings())
        assert holds is (expected == "ConditionTrue"), case["id"]
        decided += 1
    assert decided > 90


def test_intrinsic_functions_and_jsonata_functions_answer_as_recorded(shared: Path) -> None:
    answered = 0
    for case in cases(shared, "intrinsic_functions"):
        state = case["definition"]["States"].get("State_0")
        last = case["expected"]["history"][-1]
        if state is None or last["type"] != "ExecutionSucceeded" or "math_random" in case["id"]:
            continue
        expected = last["executionSucceededEventDetails"]["output"]
        if "Parameters" in state:
            scope = Surroundings({"Execution": {"Input": case["input"]}})
            found = compile_payload(state["Parameters"])(case["input"], scope)
        else:
            found = compile_template(state["Output"], "Output")({"input": case["input"]}, {})
        assert found == (json.loads(expected) if isinstance(expected, str) else expected), case["id"]
        answered += 1
    assert answered > 65


def test_what_ran_on_aws_has_no_findings(shared: Path) -> None:
    sound = 0
    for case in cases(shared):
        if case["kind"] not in ("execution", "express"):
            continue
        text = json.dumps(case["definition"])
        kind: Any = "EXPRESS" if case["kind"] == "express" else "STANDARD"
        found = diagnose(text, kind=kind, yaml_too=False, placeholders=False)
        # Names of functions made by the setup stand as @@...@@ in the cases.
        found = [
            one for one in found if not ("@@" in text and one.message == "Value is not a valid resource ARN")
        ]
        assert found == [], case["id"]
        parse(text.replace("@@", "arn:aws:"))
        sound += 1
    assert sound > 350


def test_what_aws_refused_is_refused_in_its_words(shared: Path) -> None:
    refused = 0
    for case in cases(shared):
        error = case["expected"].get("error", {})
        if "Invalid State Machine Definition" not in error.get("Message", ""):
            continue
        definition = case["definition"]
        if "States" in definition or "StartAt" in definition:
            kind: Any = "EXPRESS" if "illegal_callbacks" in case["id"] else "STANDARD"
            found = diagnose(json.dumps(definition), kind=kind)
        else:
            found = diagnose_state(definition)
        assert str(DefinitionError(found)) == error["Message"], case["id"]
        refused += 1
    assert refused > 5


def test_validation_answers_as_recorded(shared: Path) -> None:
    validated = 0
    for case in cases(shared, "api"):
        if case["kind"] != "validate":
            continue
        definition = case["definition"]
        text = definition if isinstance(definition, str) else json.dumps(definition)
        found = [
            {"severity": one.severity, "code": one.code, "message": one.message, "location": one.location}
            for one in diagnose(text, yaml_too=False)
        ]
        assert found == case["expected"]["response"]["diagnostics"], case["id"]
        validated += 1
    assert validated >= 3


def test_the_definitions_people_deploy_are_sound(shared: Path) -> None:
    samples = json.loads((shared / "definitions" / "aws-samples.json").read_text(encoding="utf-8"))
    for sample in samples:
        assert diagnose(sample["definition"]) == [], sample["path"]
        assert parse(sample["definition"]).states
    assert len(samples) == 50
