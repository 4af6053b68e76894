"""Where a Distributed Map's items come from: ItemReader.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Mapping
from typing import Any, Final

from kit.asl import definition as asl
from kit.asl.definition import Json
from kit.asl.encoding import decode
from kit.asl.payload import compile_payload
from kit.engine.failures import Failure
from kit.engine.fields import Evaluate, compile_query
from kit.engine.frame import Frame
from kit.engine.numbers import compile_number
from kit.engine.ports import ObjectStore, ObjectStoreError

ITEM_READER_FAILED: Final = "States.ItemReaderFailed"
DELIMITERS: Final = {"COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "SPACE": " ", "TAB": "\t"}
MOST_ITEMS: Final = 100_000_000


class ItemReader:
    """A compiled ItemReader. `read` gives the items; raises Failure States.ItemReaderFailed."""

    def __init__(self, state: asl.Map) -> None:
        fields: Mapping[str, Json] = state.fields["ItemReader"]
        self._lists = fields["Resource"].endswith(":s3:listObjectsV2")
        self._config: Mapping[str, Json] = fields.get("ReaderConfig", {})
        self._arguments = _compile_arguments(fields, state.query_language)
        self._most = compile_number(self._config, "MaxItems")

    def locate(self, data: Json, frame: Frame) -> tuple[Mapping[str, Json], int]:
        """(arguments, most items) of one attempt."""
        most = 0 if self._most is None else int(self._most(data, frame))
        return self._arguments(data, frame), most

    def read(self, store: ObjectStore | None, arguments: Mapping[str, Json], most: int) -> list[Json]:
        if store is None:
            raise failed("There is no object store to read items from")
        if most < 0:
            raise failed("field MaxItems must be positive")
        try:
            if self._lists:
                items: list[Json] = list(store.listing(arguments["Bucket"], arguments.get("Prefix", "")))
            else:
                items = self._object(store, arguments)
        except ObjectStoreError as error:
            raise Failure(error.error, error.cause) from None
        return items[: most or MOST_ITEMS]

    def _object(self, store: ObjectStore, arguments: Mapping[str, Json]) -> list[Json]:
        body = store.get(arguments["Bucket"], arguments["Key"], arguments.get("VersionId"))
        kind = self._config.get("InputType", "JSON")
        if kind == "MANIFEST":
            return self._manifest(store, body)
        return self.parse(kind, body)

    def parse(self, kind: str, body: bytes) -> list[Json]:
        """The items in an object of an InputType."""
        if kind == "CSV":
            return self._csv(_text(body))
        if kind == "JSONL":
            return [_json(line) for line in _text(body).splitlines() if line.strip()]
        if kind != "JSON":
            raise failed(f"The local sandbox can't read items of InputType {kind}")
        found = _json(_text(body))
        pointer = self._config.get("ItemsPointer")
        if pointer is not None:
            found = point(found, pointer)
        if isinstance(found, dict):
            return [{"Key": key, "Value": value} for key, value in found.items()]
        if not isinstance(found, list):
            raise failed("Attempting to map over non-iterable node.")
        return found

    def _manifest(self, store: ObjectStore, body: bytes) -> list[Json]:
        """An S3 inventory: a list of gzipped CSV files without header. Each row is an item."""
        if self._config.get("ManifestType") == "ATHENA_DATA":
            raise failed("The local sandbox can't read manifests of ManifestType ATHENA_DATA")
        manifest = _json(_text(body))
        try:
            if manifest.get("fileFormat", "CSV") != "CSV":
                raise failed(f"The local sandbox can't read inventories of format {manifest['fileFormat']}")
            bucket = manifest["destinationBucket"].rpartition(":")[2]
            names = [name.strip() for name in manifest["fileSchema"].split(",")]
            files = [file["key"] for file in manifest["files"]]
        except (AttributeError, KeyError, TypeError):
            raise failed("The manifest file is not an S3 inventory's manifest.json.") from None
        items: list[Json] = []
        for key in files:
            try:
                text = gzip.decompress(store.get(bucket, key)).decode()
            except (OSError, EOFError, ValueError, zlib.error):
                raise failed(f"The inventory file {key} is not a gzipped CSV file in UTF-8.") from None
            items += [dict(zip(names, row, strict=False)) for row in csv.reader(io.StringIO(text)) if row]
        return items

    def _csv(self, text: str) -> list[Json]:
        """Rows by header; cells beyond the header are dropped, missing ones are empty."""
        delimiter = DELIMITERS.get(self._config.get("CSVDelimiter", "COMMA"), ",")
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row]
        if self._config.get("CSVHeaderLocation") == "GIVEN":
            headers = list(self._config["CSVHeaders"])
        elif rows:
            headers, rows = rows[0], rows[1:]
        else:
            return []
        if len(set(headers)) < len(headers):
            raise failed("CSV headers cannot contain duplicates.")
        return [{name: row[at] if at < len(row) else "" for at, name in enumerate(headers)} for row in rows]


def point(value: Json, pointer: str) -> Json:
    """What a JSON pointer (RFC 6901) leads to."""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            raise failed(f"ItemsPointer '{pointer}' does not lead to anything in the input file.")
    return value


def failed(cause: str) -> Failure:
    return Failure(ITEM_READER_FAILED, cause, inner=True)


def _compile_arguments(fields: Mapping[str, Json], language: asl.QueryLanguage) -> Evaluate:
    if language == "JSONata":
        return compile_query(fields.get("Arguments", {}), "ItemReader/Arguments")
    return compile_payload(fields.get("Parameters", {}))


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise failed("The input file is not UTF-8.") from None


def _json(text: str) -> Any:
    try:
        return decode(text)
    except ValueError as error:
        raise failed(f"The input file is not valid JSON: {error}") from None
