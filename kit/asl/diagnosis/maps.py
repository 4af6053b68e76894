"""Checks of what only a Map has: its processor's configuration, reader, batcher and writer.

https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
"""

from __future__ import annotations

import re

from kit.asl.definition import Json, Place
from kit.asl.diagnosis import values
from kit.asl.diagnosis.expressions import path, template
from kit.asl.diagnosis.findings import Check, Diagnosis, at_most_one, belongs_to, only, required

_READER = re.compile(r"arn:[^:]+:states:::s3:(getObject|listObjectsV2)")
_WRITER = re.compile(r"arn:[^:]+:states:::s3:putObject")
_LABEL_LENGTH = 40


def processor_config(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    if not values.an_object(value, place, diagnosis):
        return
    only(value, ("Mode", "ExecutionType"), place, diagnosis)
    mode = value.get("Mode", "INLINE")
    values.one_of("INLINE", "DISTRIBUTED")(mode, place / "Mode", diagnosis)
    if mode == "DISTRIBUTED":
        if diagnosis.express:
            message = (
                "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines"
            )
            diagnosis.error(place / "Mode", message)
        required(value, ["ExecutionType"], place, diagnosis)
        if "ExecutionType" in value:
            values.one_of("STANDARD", "EXPRESS")(value["ExecutionType"], place / "ExecutionType", diagnosis)
    elif "ExecutionType" in value:
        diagnosis.error(place, "Field 'ExecutionType' is not supported")


def label(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    if not isinstance(value, str):
        diagnosis.error(place, "Expected value of type [STRING]")
    elif len(value) > _LABEL_LENGTH:
        message = f"The label '{value}' exceeds the {_LABEL_LENGTH}-character limit allowed by the service"
        diagnosis.error(place, message, "INVALID_LABEL_NAME")


def _arguments(value: dict[str, Json], place: Place, diagnosis: Diagnosis) -> None:
    own, other = (
        ("Arguments", "Parameters") if diagnosis.language == "JSONata" else ("Parameters", "Arguments")
    )
    if other in value:
        belongs_to(other, "JSONPath" if other == "Parameters" else "JSONata", place / other, diagnosis)
    if own in value:
        template(value[own], place / own, diagnosis)


def _s3_resource(value: Json, pattern: re.Pattern[str], place: Place, diagnosis: Diagnosis) -> None:
    if not isinstance(value, str):
        diagnosis.error(place, "Expected value of type [STRING]")
    elif not pattern.fullmatch(value) and not diagnosis.is_open(value):
        diagnosis.error(place, "The field 'Resource' does not match any of the allowed values")


_READER_CONFIG: dict[str, Check] = {
    "InputType": values.one_of("CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"),
    "CSVHeaderLocation": values.one_of("FIRST_ROW", "GIVEN"),
    "CSVDelimiter": values.one_of("COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"),
    "MaxItems": values.integer(0),
    "MaxItemsPath": path,
    "ItemsPointer": values.text_or_expression,
    "Transformation": values.one_of("NONE", "LOAD_AND_FLATTEN"),
    "ManifestType": values.one_of("S3_INVENTORY", "ATHENA_DATA"),
}


def item_reader(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    if not values.an_object(value, place, diagnosis):
        return
    only(value, ("Resource", "Parameters", "Arguments", "ReaderConfig"), place, diagnosis)
    required(value, ["Resource"], place, diagnosis)
    if "Resource" in value:
        _s3_resource(value["Resource"], _READER, place / "Resource", diagnosis)
    _arguments(value, place, diagnosis)
    if "ReaderConfig" in value:
        _reader_config(value["ReaderConfig"], place / "ReaderConfig", diagnosis)


def _reader_config(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    if not values.an_object(value, place, diagnosis):
        return
    only(value, ("CSVHeaders", *_READER_CONFIG), place, diagnosis)
    for name, check in _READER_CONFIG.items():
        if name in value:
            check(value[name], place / name, diagnosis)
    at_most_one(value, ("MaxItems", "MaxItemsPath"), place, diagnosis)
    if "MaxItemsPath" in value and diagnosis.language == "JSONata":
        belongs_to("MaxItemsPath", "JSONPath", place, diagnosis)
    if value.get("InputType") == "CSV" and "CSVHeaderLocation" not in value:
        diagnosis.error(place, "The field 'CSVHeaderLocation' is required")
    if value.get("InputType") in ("JSON", "JSONL") and "CSVHeaderLocation" in value:
        diagnosis.error(place, "Field 'CSVHeaderLocation' is not supported")
    if value.get("CSVHeaderLocation") == "GIVEN":
        required(value, ["CSVHeaders"], place, diagnosis)
    if "CSVHeaders" in value:
        values.an_array(value["CSVHeaders"], place / "CSVHeaders", diagnosis)


def item_batcher(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    if not values.an_object(value, place, diagnosis):
        return
    checks: dict[str, Check] = {
        "MaxItemsPerBatch": values.integer(1),
        "MaxItemsPerBatchPath": path,
        "MaxInputBytesPerBatch": values.integer(1, 262_144),
        "MaxInputBytesPerBatchPath": path,
        "BatchInput": template,
    }
    only(value, checks, place, diagnosis)
    for name, check in checks.items():
        if name in value:
            check(value[name], place / name, diagnosis)
    for name in ("MaxItemsPerBatch", "MaxInputBytesPerBatch"):
        at_most_one(value, (name, f"{name}Path"), place, diagnosis)
        if f"{name}Path" in value and diagnosis.language == "JSONata":
            belongs_to(f"{name}Path", "JSONPath", place, diagnosis)
    if value.keys() <= {"BatchInput"}:
        diagnosis.error(place, "ItemBatcher needs MaxItemsPerBatch or MaxInputBytesPerBatch")


def result_writer(value: Json, place: Place, diagnosis: Diagnosis) -> None:
    if not values.an_object(value, place, diagnosis):
        return
    only(value, ("Resource", "Parameters", "Arguments", "WriterConfig"), place, diagnosis)
    if "Resource" in value:
        _s3_resource(value["Resource"], _WRITER, place / "Resource", diagnosis)
        required(value, ["Arguments" if diagnosis.language == "JSONata" else "Parameters"], place, diagnosis)
    elif "WriterConfig" not in value:
        required(value, ["Resource"], place, diagnosis)
    _arguments(value, place, diagnosis)
    if "WriterConfig" in value and values.an_object(value["WriterConfig"], place / "WriterConfig", diagnosis):
        config, at = value["WriterConfig"], place / "WriterConfig"
        only(config, ("Transformation", "OutputType"), at, diagnosis)
        required(config, ["Transformation", "OutputType"], at, diagnosis)
        if "Transformation" in config:
            values.one_of("NONE", "COMPACT", "FLATTEN")(
                config["Transformation"], at / "Transformation", diagnosis
            )
        if "OutputType" in config:
            values.one_of("JSON", "JSONL")(config["OutputType"], at / "OutputType", diagnosis)
