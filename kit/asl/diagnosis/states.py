"""Which fields each type of state has, and how each is checked.

The table of fields by type was measured by others with ValidateStateMachineDefinition (September
2026); `Comment` and `QueryLanguage` are accepted on every type.
https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
"""

from __future__ import annotations

from kit.asl.definition import Json, Place
from kit.asl.diagnosis import maps, values
from kit.asl.diagnosis.choices import choices
from kit.asl.diagnosis.expressions import (
    assign,
    check_jsonata,
    jsonata_template,
    looks_like_expression,
    path,
    path_or_intrinsic,
    path_or_null,
    payload_template,
    reference_path,
    result_path,
    template,
)
from kit.asl.diagnosis.failures import catch, retry
from kit.asl.diagnosis.findings import Check, Diagnosis, at_most_one, belongs_to, exactly_one, required

TYPES = ("Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map")
_NAME_LENGTH = 80
_SECONDS = 99_999_999

JSONPATH_ONLY = frozenset(
    [
        "InputPath",
        "OutputPath",
        "ResultPath",
        "Parameters",
        "ResultSelector",
        "Result",
        "ItemsPath",
        "TimeoutSecondsPath",
        "HeartbeatSecondsPath",
        "SecondsPath",
        "TimestampPath",
        "MaxConcurrencyPath",
        "ToleratedFailurePercentagePath",
        "ToleratedFailureCountPath",
        "ErrorPath",
        "CausePath",
    ]
)
JSONATA_ONLY = frozenset({"Arguments", "Output", "Items"})


def _credentials(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    if values.given_otherwise(value, place, diagnosis):
        return
    if values.an_object(value, place, diagnosis):
        if "RoleArn" not in value and "RoleArn.$" not in value:
            diagnosis.error(place, "The field 'RoleArn' is required but was missing")
        template(value, place, diagnosis)


def _items(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    if isinstance(value, str) and not diagnosis.is_open(value):
        if not value.startswith("{%"):
            diagnosis.error(place, "Expected value of type [ARRAY]")
        check_jsonata(value, place, diagnosis)
    elif isinstance(value, list | dict):
        jsonata_template(value, place, diagnosis)
    elif not diagnosis.is_open(value):
        diagnosis.error(place, "Expected value of type [ARRAY]")


def _static_result(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    """A Pass's Result is taken as it stands."""
    if isinstance(value, dict):
        for key, item in value.items():
            _static_result(item, place / key, diagnosis)
    elif isinstance(value, str) and looks_like_expression(value):
        diagnosis.warning(place, "Result is static: the path is not applied", "PASS_RESULT_IS_STATIC")


_FLOW: dict[str, Check] = {"Next": values.text, "End": values.flag}
_DATA: dict[str, Check] = {
    "InputPath": path_or_null,
    "OutputPath": path_or_null,
    "Output": jsonata_template,
    "Assign": assign,
}
_WORK: dict[str, Check] = {
    "ResultPath": result_path,
    "Parameters": payload_template,
    "ResultSelector": payload_template,
    "Retry": retry,
    "Catch": catch,
}

FIELDS: dict[str, dict[str, Check]] = {
    "Pass": _FLOW
    | _DATA
    | {"ResultPath": result_path, "Parameters": payload_template, "Result": _static_result},
    "Task": _FLOW
    | _DATA
    | _WORK
    | {
        "Resource": values.resource,
        "Arguments": jsonata_template,
        "Credentials": _credentials,
        "TimeoutSeconds": values.integer(1, _SECONDS),
        "TimeoutSecondsPath": path,
        "HeartbeatSeconds": values.integer(1, _SECONDS),
        "HeartbeatSecondsPath": path,
    },
    "Wait": _FLOW
    | _DATA
    | {
        "Seconds": values.integer(0, _SECONDS),
        "SecondsPath": path,
        "Timestamp": values.timestamp,
        "TimestampPath": path,
    },
    "Parallel": _FLOW | _DATA | _WORK | {"Arguments": jsonata_template, "Branches": values.anything},
    "Map": _FLOW
    | _DATA
    | _WORK
    | {
        "ItemProcessor": values.anything,
        "Iterator": values.anything,
        "Items": _items,
        "ItemsPath": reference_path,
        "ItemSelector": template,
        "ItemReader": maps.item_reader,
        "ItemBatcher": maps.item_batcher,
        "ResultWriter": maps.result_writer,
        "MaxConcurrency": values.integer(0),
        "MaxConcurrencyPath": reference_path,
        "ToleratedFailurePercentage": values.number(0, 100),
        "ToleratedFailurePercentagePath": reference_path,
        "ToleratedFailureCount": values.integer(0),
        "ToleratedFailureCountPath": reference_path,
        "Label": maps.label,
    },
    "Choice": _DATA | {"Choices": choices, "Default": values.text},
    "Succeed": {name: _DATA[name] for name in ("InputPath", "OutputPath", "Output")},
    "Fail": {
        "Error": values.text_or_expression,
        "Cause": values.text_or_expression,
        "ErrorPath": path_or_intrinsic,
        "CausePath": path_or_intrinsic,
    },
}

_REQUIRED = {"Task": ["Resource"], "Choice": ["Choices"], "Parallel": ["Branches"]}
_ONE_OF: dict[str, list[tuple[str, ...]]] = {
    "Pass": [("Next", "End")],
    "Task": [("Next", "End")],
    "Wait": [("Next", "End"), ("SecondsPath", "Seconds", "TimestampPath", "Timestamp")],
    "Parallel": [("Next", "End")],
    "Map": [("Next", "End"), ("ItemProcessor", "Iterator")],
}
_EXCLUSIVE: dict[str, list[tuple[str, ...]]] = {
    "Task": [("TimeoutSeconds", "TimeoutSecondsPath"), ("HeartbeatSeconds", "HeartbeatSecondsPath")],
    "Map": [
        ("MaxConcurrency", "MaxConcurrencyPath"),
        ("ToleratedFailurePercentage", "ToleratedFailurePercentagePath"),
        ("ToleratedFailureCount", "ToleratedFailureCountPath"),
        ("Parameters", "ItemSelector"),
    ],
    "Fail": [("Error", "ErrorPath"), ("Cause", "CausePath")],
}


def state_fields(name: str, fields: dict[str, Json], place: Place, diagnosis: Diagnosis) -> None:
    """All fields of a state but the flows nested in it."""
    if len(name) > _NAME_LENGTH:
        message = f"The state name '{name}' exceeds the {_NAME_LENGTH}-character limit allowed by the service"
        diagnosis.error(place, message, "INVALID_STATE_NAME")
    kind = fields.get("Type")
    if "Type" not in fields:
        required(fields, ["Type"], place, diagnosis)
        return
    if not isinstance(kind, str) or kind not in FIELDS:
        message = f"The field 'Type' should have one of these values: [{', '.join(TYPES)}]"
        diagnosis.error(place / "Type", message)
        return
    required(fields, _REQUIRED.get(kind, ()), place, diagnosis)
    checks = FIELDS[kind]
    downgraded = diagnosis.machine_language == "JSONata" and fields.get("QueryLanguage") == "JSONPath"
    if downgraded:
        message = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine"
        diagnosis.error(place, message)
    for field, value in fields.items():
        if field == "Type":
            continue
        if field == "Comment":
            values.text(value, place / field, diagnosis)
        elif field == "QueryLanguage":
            values.one_of("JSONPath", "JSONata")(value, place / field, diagnosis.speaking("JSONPath"))
        elif field not in checks:
            diagnosis.error(place, f"Field '{field}' is not supported")
        elif diagnosis.language == "JSONPath" and field in JSONATA_ONLY:
            if not downgraded:
                belongs_to(field, "JSONata", place, diagnosis)
        elif diagnosis.language == "JSONata" and field in JSONPATH_ONLY:
            belongs_to(field, "JSONPath", place, diagnosis)
        else:
            checks[field](value, place / field, diagnosis)
    _together(kind, fields, place, diagnosis)


def _together(kind: str, fields: dict[str, Json], place: Place, diagnosis: Diagnosis) -> None:
    """What must hold between the fields of a state."""
    given = {key: value for key, value in fields.items() if not (key == "End" and value is False)}
    for names in _ONE_OF.get(kind, ()):
        exactly_one(given, names, place, diagnosis)
    for names in _EXCLUSIVE.get(kind, ()):
        at_most_one(fields, names, place, diagnosis)
    timeout, heartbeat = fields.get("TimeoutSeconds"), fields.get("HeartbeatSeconds")
    if isinstance(timeout, int) and isinstance(heartbeat, int) and heartbeat >= timeout:
        diagnosis.error(place / "HeartbeatSeconds", "HeartbeatSeconds must be smaller than TimeoutSeconds")
    if kind == "Task" and "Credentials" in fields and ":activity:" in str(fields.get("Resource")):
        diagnosis.error(place, "The field 'Credentials' is not supported for activities")
