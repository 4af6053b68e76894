"""Views of a definition and a run: graph, live graph, timeline, event table, words, Mermaid.

Every view takes a definition and a Trace, and doesn't know where the history came from.
"""

from typing import TYPE_CHECKING, Any

from kit.view.comparison import Comparison, compare
from kit.view.graph import Graph, graph
from kit.view.layout import LayoutError
from kit.view.mermaid import mermaid
from kit.view.place import is_live
from kit.view.recorded import Recorded
from kit.view.table import EventTable, event_table
from kit.view.timeline import Timeline, timeline
from kit.view.words import words

if TYPE_CHECKING:
    from kit.view.live import LiveGraph, RunControls

__all__ = [
    "Comparison",
    "EventTable",
    "Graph",
    "LayoutError",
    "LiveGraph",
    "Recorded",
    "RunControls",
    "Timeline",
    "compare",
    "event_table",
    "graph",
    "is_live",
    "mermaid",
    "timeline",
    "words",
]


def __getattr__(name: str) -> Any:
    """The live graph brings ipywidgets along, so it is imported only where it is used."""
    if name in ("LiveGraph", "RunControls"):
        from kit.view import live

        return getattr(live, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
