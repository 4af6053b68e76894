"""Checks of single values: their types, ranges and forms.

In a JSONata state most values may be given by an expression instead.
"""

from __future__ import annotations

from kit.asl.definition import Json, Place
from kit.asl.diagnosis.expressions import check_jsonata, looks_like_expression
from kit.asl.diagnosis.findings import Check, Diagnosis
from kit.asl.timestamps import parse_timestamp


def is_expression(value: Json, diagnosis: Diagnosis) -> bool:
    return diagnosis.language == "JSONata" and isinstance(value, str) and value.startswith("{%")


def given_otherwise(value: Json, place: Place, diagnosis: Diagnosis) -> bool:
    """Whether the value is a placeholder or an expression; the latter is checked as such."""
    if diagnosis.is_open(value):
        return True
    if is_expression(value, diagnosis):
        check_jsonata(value, place, diagnosis)
        return True
    return False


def text(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    if not isinstance(value, str):
        diagnosis.error(place, "Expected value of type [STRING]")


def text_or_expression(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    if given_otherwise(value, place, diagnosis):
        return
    text(value, place, diagnosis)
    if diagnosis.language == "JSONPath" and isinstance(value, str) and looks_like_expression(value):
        field = place.steps[-1]
        diagnosis.warning(place, f"The value looks like a path; '{field}Path' would take it", "NO_PATH")


def flag(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    if not isinstance(value, bool) and not diagnosis.is_open(value):
        diagnosis.error(place, "Expected value of type [BOOLEAN]")


def integer(least: int, most: int | None = None) -> Check:
    def check(value: Json, place: Place, diagnosis: Diagnosis) -> None:
        if given_otherwise(value, place, diagnosis):
            return
        if not isinstance(value, int) or isinstance(value, bool):
            diagnosis.error(place, "Expected value of type Integer")
        else:
            in_range(value, least, most, place, diagnosis)

    return check


def number(least: float, most: float | None = None) -> Check:
    def check(value: Json, place: Place, diagnosis: Diagnosis) -> None:
        if given_otherwise(value, place, diagnosis):
            return
        if not isinstance(value, int | float) or isinstance(value, bool):
            diagnosis.error(place, "Expected value of type Number")
        else:
            in_range(value, least, most, place, diagnosis)

    return check


def in_range(value: float, least: float, most: float | None, place: Place, diagnosis: Diagnosis) -> None:
    if value < least:
        diagnosis.error(place, f"Minimum value is {least:g}")
    elif most is not None and value > most:
        diagnosis.error(place, f"Maximum value is {most:.0f}")


def one_of(*allowed: str) -> Check:
    """One of a few words, which no expression can give."""

    def check(value: Json, place: Place, diagnosis: Diagnosis) -> None:
        if diagnosis.is_open(value):
            return
        if not isinstance(value, str):
            diagnosis.error(place, "Expected value of type [STRING]")
        elif value not in allowed:
            diagnosis.error(place, f"Value should be one of the following: [{', '.join(allowed)}]")

    return check


def timestamp(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    if given_otherwise(value, place, diagnosis):
        return
    if not isinstance(value, str):
        diagnosis.error(place, "Expected value of type [STRING]")
    elif parse_timestamp(value) is None:
        diagnosis.error(place, "String does not match RFC3339 timestamp")


def resource(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    if not isinstance(value, str):
        diagnosis.error(place, "Expected value of type [STRING]")
    elif not value.startswith("arn:") and not diagnosis.is_open(value):
        diagnosis.error(place, "Value is not a valid resource ARN")
    elif diagnosis.express:
        _of_express(value, place, diagnosis)


def _of_express(arn: str, place: Place, diagnosis: Diagnosis) -> None:
    if arn.endswith(".waitForTaskToken"):
        # Two spaces, as recorded.
        diagnosis.error(
            place, "Express state machine does not support '.waitForTaskToken' service integration "
        )
    elif arn.endswith((".sync", ".sync:2")):
        diagnosis.error(place, "Express state machine does not support '.sync' service integration")
    elif ":activity:" in arn:
        diagnosis.error(place, "Express state machine does not support Activity ARN")


def an_object(value: Json, place: Place, diagnosis: Diagnosis) -> bool:
    """Whether the value is an object; a placeholder can't stand for one."""
    if isinstance(value, dict):
        return True
    diagnosis.error(place, "Expected value of type [OBJECT]")
    return False


def an_array(value: Json, place: Place, diagnosis: Diagnosis, *, filled: bool = True) -> bool:
    if not isinstance(value, list):
        diagnosis.error(place, "Expected value of type [ARRAY]")
        return False
    if filled and not value:
        diagnosis.error(place, "Value cannot be empty")
    return True


def anything(_value: Json, _place: Place, _diagnosis: Diagnosis) -> None:
    """Any JSON will do."""
