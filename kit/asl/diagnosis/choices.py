"""Checks of Choice rules.

https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
"""

from __future__ import annotations

from kit.asl.choice import OPERATORS
from kit.asl.definition import Json, Place
from kit.asl.diagnosis import values
from kit.asl.diagnosis.expressions import assign, jsonata_template, reference_path
from kit.asl.diagnosis.findings import Diagnosis, at_most_one, belongs_to, exactly_one, only, required

_SELECTORS = ("And", "Or", "Not", "Variable", "Condition")
_RULE = ("Next", "Comment", "Assign")


def choices(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    """The whole of Choices."""
    if values.an_array(value, place, diagnosis):
        for at, rule in enumerate(value):
            _rule(rule, place / at, diagnosis)


def _rule(rule: Json, place: Place, diagnosis: Diagnosis) -> None:
    if not values.an_object(rule, place, diagnosis):
        return
    required(rule, ["Next"], place, diagnosis)
    if "Next" in rule:
        values.text(rule["Next"], place / "Next", diagnosis)
    if "Assign" in rule:
        assign(rule["Assign"], place / "Assign", diagnosis)
    if diagnosis.language == "JSONata":
        _jsonata_rule(rule, place, diagnosis)
        return
    for name in ("Condition", "Output"):
        if name in rule:
            belongs_to(name, "JSONata", place, diagnosis)
    _test(rule, place, diagnosis, extra=(*_RULE, "Output"))


def _jsonata_rule(rule: dict[str, Json], place: Place, diagnosis: Diagnosis) -> None:
    foreign = [name for name in rule if name in OPERATORS or name in ("And", "Or", "Not", "Variable")]
    for name in foreign:
        belongs_to(name, "JSONPath", place, diagnosis)
    only(rule, (*_RULE, "Condition", "Output", *foreign), place, diagnosis)
    if not foreign:
        required(rule, ["Condition"], place, diagnosis)
    if "Condition" in rule:
        _condition(rule["Condition"], place / "Condition", diagnosis)
    if "Output" in rule:
        jsonata_template(rule["Output"], place / "Output", diagnosis)


def _condition(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    if not isinstance(value, bool) and not values.given_otherwise(value, place, diagnosis):
        diagnosis.error(place, "Expected value of type [BOOLEAN]")


def _test(test: Json, place: Place, diagnosis: Diagnosis, extra: tuple[str, ...] = ("Comment",)) -> None:
    """A rule or a part of one: And, Or, Not, or a comparison."""
    if not values.an_object(test, place, diagnosis):
        return
    only(test, (*_SELECTORS, *OPERATORS, *extra), place, diagnosis)
    if sum(name in test for name in _SELECTORS) != 1:
        if "Condition" not in test:
            listed = ", ".join(_SELECTORS)
            diagnosis.error(place, f"The object must have only one of the following fields, [{listed}]")
        return
    for name in ("And", "Or"):
        if name in test and values.an_array(test[name], place / name, diagnosis):
            for at, part in enumerate(test[name]):
                _test(part, place / name / at, diagnosis)
    if "Not" in test:
        _test(test["Not"], place / "Not", diagnosis)
    if "Variable" in test:
        _comparison(test, place, diagnosis)


def _comparison(test: dict[str, Json], place: Place, diagnosis: Diagnosis) -> None:
    reference_path(test["Variable"], place / "Variable", diagnosis)
    given = tuple(name for name in OPERATORS if name in test)
    if not given:
        exactly_one(test, OPERATORS, place, diagnosis)
    at_most_one(test, given, place, diagnosis)
    for name in given:
        _operand(name, test[name], place / name, diagnosis)


def _operand(name: str, value: Json, place: Place, diagnosis: Diagnosis) -> None:
    if name.endswith("Path"):
        reference_path(value, place, diagnosis)
    elif name.startswith("Is") or name == "BooleanEquals":
        values.flag(value, place, diagnosis)
    elif name.startswith("Numeric"):
        values.number(float("-inf"))(value, place, diagnosis)
    elif name.startswith("Timestamp"):
        values.timestamp(value, place, diagnosis)
    elif not diagnosis.is_open(value):
        values.text(value, place, diagnosis)
