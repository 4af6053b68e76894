"""ItemBatcher: several items for one child execution.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html
"""

from __future__ import annotations

from collections.abc import Mapping

from kit.asl import definition as asl
from kit.asl.definition import Json
from kit.asl.encoding import encode
from kit.asl.payload import compile_payload
from kit.engine.fields import compile_query
from kit.engine.frame import Frame
from kit.engine.numbers import compile_number
from kit.engine.quotas import MAX_PAYLOAD_BYTES


class ItemBatcher:
    """A compiled ItemBatcher."""

    def __init__(self, state: asl.Map) -> None:
        fields: Mapping[str, Json] = state.fields["ItemBatcher"]
        self._most_items = compile_number(fields, "MaxItemsPerBatch")
        self._most_bytes = compile_number(fields, "MaxInputBytesPerBatch")
        self._input = None
        if "BatchInput" in fields:
            given = fields["BatchInput"]
            jsonata = state.query_language == "JSONata"
            self._input = (
                compile_query(given, "ItemBatcher/BatchInput") if jsonata else compile_payload(given)
            )

    def batches(self, items: list[Json], data: Json, frame: Frame) -> list[tuple[Json, int]]:
        """(child input, number of items) of each batch, as full as the limits allow."""
        most_items = int(self._most_items(data, frame)) if self._most_items else 0
        most_bytes = int(self._most_bytes(data, frame)) if self._most_bytes else 0
        frameless = {} if self._input is None else {"BatchInput": self._input(data, frame)}
        room = min(most_bytes or MAX_PAYLOAD_BYTES, MAX_PAYLOAD_BYTES) - len(
            encode({"Items": [], **frameless}).encode()
        )
        found: list[tuple[Json, int]] = []
        batch: list[Json] = []
        used = 0
        for item in items:
            size = len(encode(item).encode()) + 1
            if batch and ((most_items and len(batch) >= most_items) or used + size > room):
                found.append(({"Items": batch, **frameless}, len(batch)))
                batch, used = [], 0
            batch.append(item)
            used += size
        if batch:
            found.append(({"Items": batch, **frameless}, len(batch)))
        return found
