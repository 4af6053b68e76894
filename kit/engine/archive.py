"""What ended executions leave: AWS keeps their histories for 90 days, a sandbox as long as it lives.

The newest stay as they ran, up to `ROOM_EVENTS` events; older ones are packed, to about 5 bytes an event, and
unpacked when somebody asks for them.
"""

from __future__ import annotations

import marshal
import zlib
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kit.engine.events import Event
    from kit.engine.execution import Execution

ROOM_EVENTS: Final = 100_000
"""About 17 MB."""


class Archive:
    """Knows which ended executions hold their events unpacked."""

    def __init__(self, room: int = ROOM_EVENTS) -> None:
        self.room, self._count = room, 0
        self._unpacked: OrderedDict[str, Execution] = OrderedDict()

    def keep(self, execution: Execution) -> None:
        """An execution has ended, or its history was asked for: packs others if there are too many events."""
        self._unpacked[execution.arn] = execution
        self._count += execution.event_count
        while self._count > self.room and len(self._unpacked) > 1:
            _, oldest = self._unpacked.popitem(last=False)
            self._count -= oldest.event_count
            oldest.pack()

    def release(self, execution: Execution) -> None:
        """The execution runs again."""
        if self._unpacked.pop(execution.arn, None) is not None:
            self._count -= execution.event_count


def pack(events: list[Event]) -> bytes:
    return zlib.compress(marshal.dumps(events), 1)


def unpack(packed: bytes) -> list[Event]:
    events: list[Event] = marshal.loads(zlib.decompress(packed))
    return events
