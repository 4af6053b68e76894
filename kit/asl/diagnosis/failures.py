"""Checks of Retry and Catch.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

from kit.asl.definition import Json, Place
from kit.asl.diagnosis import values
from kit.asl.diagnosis.expressions import assign, jsonata_template, result_path
from kit.asl.diagnosis.findings import Check, Diagnosis, belongs_to, only, required

_RETRIER: dict[str, Check] = {
    "IntervalSeconds": values.integer(0, 99_999_999),
    "MaxAttempts": values.integer(0, 99_999_999),
    "BackoffRate": values.number(1),
    "MaxDelaySeconds": values.integer(1, 31_622_400),
    "JitterStrategy": values.one_of("NONE", "FULL"),
    "Comment": values.text,
}


def retry(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    if not values.an_array(value, place, diagnosis, filled=False):
        return
    for at, retrier in enumerate(value):
        if not values.an_object(retrier, place / at, diagnosis):
            continue
        only(retrier, ("ErrorEquals", *_RETRIER), place / at, diagnosis)
        _error_equals(retrier, at == len(value) - 1, place / at, diagnosis)
        for name, check in _RETRIER.items():
            if name in retrier:
                check(retrier[name], place / at / name, diagnosis.speaking("JSONPath"))
        _delays(retrier, place / at, diagnosis)


def _delays(retrier: dict[str, Json], place: Place, diagnosis: Diagnosis) -> None:
    interval, most = retrier.get("IntervalSeconds", 1), retrier.get("MaxDelaySeconds")
    if isinstance(most, int) and isinstance(interval, int) and most <= interval:
        diagnosis.error(place / "MaxDelaySeconds", "MaxDelaySeconds must be greater than IntervalSeconds")


def catch(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    if not values.an_array(value, place, diagnosis, filled=False):
        return
    for at, catcher in enumerate(value):
        if not values.an_object(catcher, place / at, diagnosis):
            continue
        only(
            catcher,
            ("ErrorEquals", "Next", "ResultPath", "Output", "Assign", "Comment"),
            place / at,
            diagnosis,
        )
        _error_equals(catcher, at == len(value) - 1, place / at, diagnosis)
        required(catcher, ["Next"], place / at, diagnosis)
        _catcher_fields(catcher, place / at, diagnosis.in_catcher())


def _catcher_fields(catcher: dict[str, Json], place: Place, diagnosis: Diagnosis) -> None:
    if "Next" in catcher:
        values.text(catcher["Next"], place / "Next", diagnosis)
    if "Assign" in catcher:
        assign(catcher["Assign"], place / "Assign", diagnosis)
    if "ResultPath" in catcher:
        if diagnosis.language == "JSONata":
            belongs_to("ResultPath", "JSONPath", place, diagnosis)
        else:
            result_path(catcher["ResultPath"], place / "ResultPath", diagnosis)
    if "Output" in catcher:
        if diagnosis.language == "JSONPath":
            belongs_to("Output", "JSONata", place, diagnosis)
        else:
            jsonata_template(catcher["Output"], place / "Output", diagnosis)


def _error_equals(fields: dict[str, Json], last: bool, place: Place, diagnosis: Diagnosis) -> None:
    required(fields, ["ErrorEquals"], place, diagnosis)
    names, at = fields.get("ErrorEquals"), place / "ErrorEquals"
    if "ErrorEquals" not in fields or not values.an_array(names, at, diagnosis):
        return
    for number, name in enumerate(fields["ErrorEquals"]):
        if not isinstance(name, str):
            diagnosis.error(at / number, "Expected value of type [STRING]")
        elif name == "States.ALL" and (not last or len(fields["ErrorEquals"]) > 1):
            diagnosis.error(at / number, "States.ALL must appear alone and at end of list")
