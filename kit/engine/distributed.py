"""The Distributed Map state."""

from __future__ import annotations

from kit.engine.maps import MapStep


class DistributedMapStep(MapStep):
    __slots__ = ()
