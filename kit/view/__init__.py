"""Views of a definition and a run: graph, live graph, event table, words, Mermaid.

Every view takes a definition and a Trace, and doesn't know where the history came from.
"""

from kit.view.graph import Graph, graph
from kit.view.layout import LayoutError
from kit.view.mermaid import mermaid
from kit.view.words import words

__all__ = ["Graph", "LayoutError", "graph", "mermaid", "words"]
