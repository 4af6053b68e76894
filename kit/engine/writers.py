"""ResultWriter: the children's results, into an object store or in another shape.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kit.asl import definition as asl
from kit.asl.definition import Json
from kit.asl.encoding import encode
from kit.asl.payload import compile_payload
from kit.engine.events import iso
from kit.engine.execution import Execution
from kit.engine.failures import Failure
from kit.engine.fields import compile_query
from kit.engine.frame import Frame
from kit.engine.map_runs import MapRun
from kit.engine.ports import ObjectStore, ObjectStoreError

RESULT_WRITER_FAILED: Final = "States.ResultWriterFailed"


class ResultWriter:
    """A compiled ResultWriter. Without a Resource it only shapes the state's result."""

    def __init__(self, state: asl.Map) -> None:
        fields: Mapping[str, Json] = state.fields["ResultWriter"]
        config = fields.get("WriterConfig", {})
        self.writes = "Resource" in fields
        self._transformation = config.get("Transformation", "NONE" if self.writes else "COMPACT")
        self._lines = config.get("OutputType", "JSON") == "JSONL"
        given = fields.get("Arguments", fields.get("Parameters", {}))
        jsonata = state.query_language == "JSONata"
        self._arguments = (
            compile_query(given, "ResultWriter/Arguments") if jsonata else compile_payload(given)
        )

    def locate(self, data: Json, frame: Frame) -> Mapping[str, Json]:
        found: Mapping[str, Json] = self._arguments(data, frame)
        return found

    def shape(self, run: MapRun) -> list[Json]:
        """The state's result: outputs as they are, flattened, or with the executions they came from."""
        return self._shape([run.executions[index] for index in sorted(run.executions)])

    def write(self, store: ObjectStore | None, arguments: Mapping[str, Json], run: MapRun) -> Json:
        """Writes manifest and results; gives what the state's result is then. Raises Failure."""
        if store is None:
            raise Failure(RESULT_WRITER_FAILED, "There is no object store to write results to", inner=True)
        bucket, prefix = arguments["Bucket"], arguments.get("Prefix", "")
        folder = "/".join(part for part in (prefix.strip("/"), run.arn.rpartition(":")[2]) if part)
        files: dict[str, list[Json]] = {"FAILED": [], "PENDING": [], "SUCCEEDED": []}
        try:
            for kind in ("SUCCEEDED", "FAILED"):
                chosen = [
                    each
                    for each in run.executions.values()
                    if (each.status == "SUCCEEDED") == (kind == "SUCCEEDED")
                ]
                if chosen:
                    key = f"{folder}/{kind}_0.{'jsonl' if self._lines else 'json'}"
                    body = self._body(chosen if kind == "FAILED" else self._shape(chosen))
                    store.put(bucket, key, body, "application/json")
                    files[kind].append({"Key": key, "Size": len(body)})
            manifest = {"DestinationBucket": bucket, "MapRunArn": run.arn, "ResultFiles": files}
            store.put(bucket, f"{folder}/manifest.json", encode(manifest).encode(), "application/json")
        except ObjectStoreError as error:
            raise Failure(RESULT_WRITER_FAILED, error.cause, inner=True) from None
        run.results_written = len(run.executions)
        return {
            "MapRunArn": run.arn,
            "ResultWriterDetails": {"Bucket": bucket, "Key": f"{folder}/manifest.json"},
        }

    def _body(self, results: list[Any]) -> bytes:
        rows = [metadata(each) if isinstance(each, Execution) else each for each in results]
        return ("\n".join(map(encode, rows)) if self._lines else encode(rows)).encode()

    def _shape(self, executions: list[Execution]) -> list[Json]:
        if self._transformation == "NONE":
            return [metadata(each) for each in executions]
        outputs = [each.output_data for each in executions if each.status == "SUCCEEDED"]
        if self._transformation == "FLATTEN":
            return [part for output in outputs for part in (output if isinstance(output, list) else [output])]
        return outputs


def metadata(execution: Execution) -> dict[str, Json]:
    """A child execution as result files show it."""
    shown: dict[str, Json] = {
        "ExecutionArn": execution.arn,
        "Input": execution.text,
        "InputDetails": {"Included": True},
        "Name": execution.name,
        "StartDate": iso(execution.started),
        "StateMachineArn": execution.revision.arn,
        "Status": execution.status,
    }
    if execution.stopped is not None:
        shown["StopDate"] = iso(execution.stopped)
    if execution.output is not None:
        shown |= {"Output": execution.output, "OutputDetails": {"Included": True}}
    for name, value in (("Error", execution.error), ("Cause", execution.cause)):
        if value is not None:
            shown[name] = value
    return shown
