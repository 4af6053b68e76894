from __future__ import annotations

import gzip
from collections.abc import Mapping
from typing import Any

import pytest
from engine_fakes import TASK, ScriptedWorld, last_details, one, run, started, types

from kit.engine import Done, Engine, Failed, ObjectStoreError

PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
CALL = {"StartAt": "T", "States": {"T": TASK}}


class Shelf:
    """Objects in memory."""

    def __init__(self, **objects: bytes) -> None:
        self.objects = {name.replace("__", "."): body for name, body in objects.items()}

    def get(self, bucket: str, key: str, version: str | None = None) -> bytes:  # noqa: ARG002
        if key not in self.objects:
            raise ObjectStoreError("States.ItemReaderFailed", f"no {key} in {bucket}")
        return self.objects[key]

    def put(self, bucket: str, key: str, body: bytes, content_type: str) -> Mapping[str, Any]:  # noqa: ARG002
        self.objects[key] = body
        return {}

    def listing(self, bucket: str, prefix: str) -> list[Mapping[str, Any]]:  # noqa: ARG002
        return [{"Key": key} for key in sorted(self.objects) if key.startswith(prefix)]


def distributed(processor: dict[str, Any] = PASS, **more: Any) -> dict[str, Any]:
    config = {"Mode": "DISTRIBUTED", "ExecutionType": more.pop("ExecutionType", "STANDARD")}
    return one(
        {"Type": "Map", "ItemProcessor": {"ProcessorConfig": config, **processor}, "End": True, **more}
    )


def reading(kind: str, key: str, **config: Any) -> dict[str, Any]:
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": kind, **config},
        "Parameters": {"Bucket": "b", "Key": key},
    }
    return distributed(ItemReader=reader)


def read(shelf: Shelf, definition: dict[str, Any]) -> Any:
    engine = Engine(ScriptedWorld(), objects=shelf)
    execution = started(engine, definition)
    engine.scheduler.run_until(10.0)
    return execution


def test_each_item_has_an_execution_of_its_own() -> None:
    engine = Engine(ScriptedWorld())
    execution = started(engine, distributed(), [1, 2, 3])
    engine.scheduler.run_until(1.0)
    assert execution.output_data == [1, 2, 3]
    (found,) = engine.map_runs.values()
    assert found.counts(items=True)["succeeded"] == 3
    assert types(execution)[2:7] == [
        "MapStateStarted", "MapRunStarted", "MapRunSucceeded", "MapStateSucceeded", "MapStateExited",
    ]  # fmt: skip
    child = found.executions[0]
    assert child.arn.startswith(f"arn:aws:states:us-east-1:123456789012:execution:m/{found.label}:")


@pytest.mark.parametrize(("tolerated", "status"), [(None, "FAILED"), (1, "SUCCEEDED"), (0, "FAILED")])
def test_failures_are_tolerated_up_to_the_count(tolerated: int | None, status: str) -> None:
    more = {} if tolerated is None else {"ToleratedFailureCount": tolerated}
    world = ScriptedWorld(Done(1), Failed("Broken", None), Done(3))
    execution = run(distributed(CALL, MaxConcurrency=1, **more), [1, 2, 3], world)
    assert execution.status == status
    if status == "SUCCEEDED":
        assert execution.output_data == [1, 3]
    else:
        assert execution.error == "States.ExceedToleratedFailureThreshold"
        assert types(execution)[-3:] == ["MapRunFailed", "MapStateFailed", "ExecutionFailed"]


@pytest.mark.parametrize(("percentage", "status"), [(34, "SUCCEEDED"), (33, "FAILED")])
def test_failures_are_tolerated_up_to_the_percentage(percentage: float, status: str) -> None:
    world = ScriptedWorld(Failed("Broken", None))
    definition = distributed(CALL, ToleratedFailurePercentage=percentage, MaxConcurrency=1)
    assert run(definition, [1, 2, 3], world).status == status


def test_items_are_read_from_json_and_cut_at_the_most() -> None:
    shelf = Shelf(file__json=b'[{"a":1},{"a":2},{"a":3}]')
    assert read(shelf, reading("JSON", "file.json", MaxItems=2)).output_data == [{"a": 1}, {"a": 2}]


def test_items_are_read_from_json_lines() -> None:
    assert read(Shelf(f=b'{"a":1}\n\n{"a":2}\n'), reading("JSONL", "f")).output_data == [{"a": 1}, {"a": 2}]


def test_items_are_read_from_csv_by_the_first_row_or_by_given_headers() -> None:
    shelf = Shelf(f=b'h,i\n1,"a,b"\n2\n')
    first = read(shelf, reading("CSV", "f", CSVHeaderLocation="FIRST_ROW"))
    assert first.output_data == [{"h": "1", "i": "a,b"}, {"h": "2", "i": ""}]
    given = read(
        Shelf(f=b"1|2|3\n"),
        reading("CSV", "f", CSVHeaderLocation="GIVEN", CSVHeaders=["x", "y"], CSVDelimiter="PIPE"),
    )
    assert given.output_data == [{"x": "1", "y": "2"}]


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("CSV", b"h,h\n1,2\n", "CSV headers cannot contain duplicates."),
        ("JSON", b"7", "Attempting to map over non-iterable node."),
    ],
)
def test_what_cannot_be_read_fails_in_the_words_of_aws(kind: str, body: bytes, words: str) -> None:
    more = {"CSVHeaderLocation": "FIRST_ROW"} if kind == "CSV" else {}
    execution = read(Shelf(f=body), reading(kind, "f", **more))
    assert (execution.error, execution.cause) == ("States.ItemReaderFailed", words)


def test_a_bucket_can_be_listed() -> None:
    reader = {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "b", "Prefix": "in/"}}
    shelf = Shelf(**{"in/1": b"", "in/2": b"", "out/3": b""})
    assert read(shelf, distributed(ItemReader=reader)).output_data == [{"Key": "in/1"}, {"Key": "in/2"}]


def test_items_are_batched_with_a_common_input() -> None:
    batcher = {"MaxItemsPerBatch": 2, "BatchInput": {"day.$": "$$.Execution.Input[0]"}}
    execution = run(distributed(ItemBatcher=batcher), [1, 2, 3])
    assert execution.output_data == [
        {"Items": [1, 2], "BatchInput": {"day": 1}},
        {"Items": [3], "BatchInput": {"day": 1}},
    ]


def test_results_are_written_with_a_manifest() -> None:
    writer = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b", "Prefix": "out"}}
    shelf = Shelf()
    engine = Engine(ScriptedWorld(), objects=shelf)
    execution = started(engine, distributed(ResultWriter=writer), [1, 2])
    engine.scheduler.run_until(1.0)
    details = execution.output_data["ResultWriterDetails"]
    assert details["Key"] in shelf.objects
    assert any("SUCCEEDED_0.json" in key for key in shelf.objects)


def test_children_may_be_express() -> None:
    engine = Engine(ScriptedWorld())
    execution = started(engine, distributed(ExecutionType="EXPRESS"), ["a"])
    engine.scheduler.run_until(1.0)
    assert execution.output_data == ["a"]
    (found,) = engine.map_runs.values()
    assert ":express:" in found.executions[0].arn


def test_children_see_no_variables_of_their_parent() -> None:
    states = {
        "A": {"Type": "Pass", "Assign": {"v": 1}, "Next": "S"},
        "S": distributed(
            {"StartAt": "P", "States": {"P": {"Type": "Pass", "Parameters": {"v.$": "$v"}, "End": True}}}
        )["States"]["S"],
    }
    assert run({"StartAt": "A", "States": states}, [1]).status == "FAILED"


def test_stopping_the_parent_stops_the_children() -> None:
    wait = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "End": True}}}
    engine = Engine(ScriptedWorld())
    execution = started(engine, distributed(wait), [1, 2])
    engine.scheduler.run_until(5.0)
    engine.stop(execution)
    engine.scheduler.run_until(100.0)
    (found,) = engine.map_runs.values()
    assert {child.status for child in found.executions.values()} == {"ABORTED"}
    assert found.status == "ABORTED"
    assert engine.open == 0


def test_only_children_that_did_not_succeed_are_redriven() -> None:
    world = ScriptedWorld(Done("a"), Failed("Broken", None), Done("b"))
    engine = Engine(world)
    execution = started(engine, distributed(CALL, MaxConcurrency=1), [1, 2])
    engine.scheduler.run_until(1.0)
    engine.redrive(execution)
    engine.scheduler.run_until(2.0)
    assert execution.output_data == ["a", "b"]
    assert last_details(execution, "MapRunRedriven")["redriveCount"] == 1


INVENTORY = (
    b'{"destinationBucket": "arn:aws:s3:::b", "fileSchema": "Bucket, Key", "files": [{"key": "rows"}]}'
)


def test_an_inventorys_rows_are_items() -> None:
    shelf = Shelf(manifest=INVENTORY, rows=gzip.compress(b'"b","one"\n"b","two"\n'))
    found = read(shelf, reading("MANIFEST", "manifest")).output_data
    assert found == [{"Bucket": "b", "Key": "one"}, {"Bucket": "b", "Key": "two"}]


@pytest.mark.parametrize(
    ("manifest", "config", "words"),
    [
        (b"s3://b/a.csv", {"ManifestType": "ATHENA_DATA"}, "ATHENA_DATA"),
        (INVENTORY.replace(b"{", b'{"fileFormat": "ORC", ', 1), {}, "inventories of format ORC"),
        (b'{"files": []}', {}, "not an S3 inventory's manifest.json"),
        (b"[]", {}, "not an S3 inventory's manifest.json"),
        (INVENTORY, {}, "rows is not a gzipped CSV file"),
    ],
)
def test_a_manifest_that_is_not_read_is_told_in_words(
    manifest: bytes, config: dict[str, Any], words: str
) -> None:
    shelf = Shelf(manifest=manifest, rows=b"not zipped")
    execution = read(shelf, reading("MANIFEST", "manifest", **config))
    assert execution.error == "States.ItemReaderFailed"
    assert words in execution.cause
