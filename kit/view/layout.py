"""DOT to SVG, by `dot` from the PATH or else the graphviz-pure wheel; laid out once per definition.

A layout is an SVG tree in which every node can be found again and told its status, here for the
static picture and in `live.js` for the moving one. It needs no ids (several pictures may share a
page): nodes carry `data-node`, `data-state` and `data-status`, edges `data-from` and `data-to`.
"""

from __future__ import annotations

import shutil
import sysconfig
from collections.abc import Mapping
from copy import deepcopy
from functools import cache, lru_cache
from pathlib import Path
from subprocess import TimeoutExpired
from typing import NamedTuple
from xml.etree import ElementTree

import graphviz
from graphviz.backend import execute

from kit.asl.definition import StateMachine
from kit.history import Status
from kit.view.dot import Drawing, dot
from kit.view.looks import DASH_ARRAYS, look_of

SVG = "http://www.w3.org/2000/svg"
FONTS = (
    "Helvetica, Arial, Arimo, 'Noto Sans JP', 'Hiragino Sans', 'Yu Gothic', 'Noto Sans CJK JP', sans-serif"
)

TAKEN = "2.6"
"""How wide an edge is that a run took last."""
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

ElementTree.register_namespace("", SVG)


PATIENCE = 3.0
"""Seconds after which a layout is given up."""
_SLOW: set[str] = set()


class LayoutError(RuntimeError):
    """No layout engine is there, or it refused the drawing."""


class Mark(NamedTuple):
    """What one node shows of a run. `caption` None leaves the one of the layout. `came_from` is the
    state it was entered from."""

    status: Status | None
    footer: str = ""
    caption: str | None = None
    spoken: str = "Not started"
    came_from: str | None = None


@cache
def use_engine() -> str:
    """Choose the layout engine and return its path. Raises LayoutError if there is none."""
    found = shutil.which("dot")
    if found is None:
        beside = Path(sysconfig.get_path("scripts"))
        found = shutil.which("graphviz-pure", path=str(beside)) or shutil.which("graphviz-pure")
        if found is None:
            raise LayoutError(
                "No program to lay out graphs was found. Expected `dot` on the PATH or the Python package "
                "graphviz-pure. Run `pip install graphviz-pure`."
            )
    return found


@lru_cache(maxsize=64)
def lay_out(source: str, patience: float | None = None) -> str:
    """The SVG text of a DOT text, as the engine wrote it. Raises LayoutError, and TimeoutExpired when
    `patience` in seconds is over."""
    engine = use_engine()
    command = [engine, "-Tsvg"]
    try:
        done = execute.run_check(
            command, input=source, encoding="utf-8", capture_output=True, quiet=True, timeout=patience
        )
    except graphviz.CalledProcessError as error:
        raise LayoutError(f"{engine} could not draw the graph: {error}") from error
    return str(done.stdout)


class Layout:
    """A laid-out definition, ready to be shown with any statuses.

    A layout that takes longer than PATIENCE is given up for a plainer one, in which a state is drawn
    with one way in, and names the others.
    """

    def __init__(self, definition: StateMachine, *, room: bool) -> None:
        drawing = Drawing(definition)
        self.nodes = {node.id: node.state.name for node in drawing.nodes}
        source = dot(definition, room=room)
        if source in _SLOW:
            source = dot(definition, room=room, plain=True)
        try:
            laid_out = lay_out(source, PATIENCE)
        except TimeoutExpired:
            _SLOW.add(source)
            laid_out = lay_out(dot(definition, room=room, plain=True))
        self._tree = _prepare(laid_out, self.nodes, room=room)

    def svg(self, title: str, description: str, marks: Mapping[str, Mark], *, mark: str = "") -> str:
        """The picture as SVG text. `marks` are by name of state, `mark` is the picture's own id."""
        tree = deepcopy(self._tree)
        if mark:
            tree.set("data-picture", mark)
        tree.set("aria-label", title)
        heading, details = ElementTree.Element("title"), ElementTree.Element("desc")
        heading.text, details.text = printable(title), printable(description)
        tree.insert(0, heading)
        tree.insert(1, details)
        boxes = {g.get("data-box"): g for g in tree.iter(f"{{{SVG}}}g") if g.get("data-box")}
        for group in tree.iter(f"{{{SVG}}}g"):
            if node := group.get("data-node"):
                name = self.nodes[node]
                if (shown := marks.get(name)) is not None:
                    _mark(group, boxes.get(node), name, shown)
            elif tail := group.get("data-from"):
                head = marks.get(self.nodes.get(group.get("data-to", ""), ""))
                if head is not None and head.came_from == self.nodes.get(tail, ""):
                    for path in group.iter(f"{{{SVG}}}path"):
                        path.set("stroke-width", TAKEN)
        return ElementTree.tostring(tree, encoding="unicode")


def printable(text: str) -> str:
    """A text without the characters that XML can't hold."""
    return (
        "".join(c if c >= " " or c in "\t\n" else "\N{REPLACEMENT CHARACTER}" for c in text)
        .replace("\ufffe", "\N{REPLACEMENT CHARACTER}")
        .replace("\uffff", "\N{REPLACEMENT CHARACTER}")
    )


def _prepare(svg: str, nodes: Mapping[str, str], *, room: bool) -> ElementTree.Element:
    tree = ElementTree.fromstring(svg)
    for element in tree.iter():
        element.attrib.pop("font-family", None)
        element.tail = None
        if not (element.text or "").startswith(" "):
            element.attrib.pop(XML_SPACE, None)
    tree.set("role", "img")
    tree.set("font-family", FONTS)
    tree.set("class", "small-steps-graph")
    for group in list(tree.iter(f"{{{SVG}}}g")):
        identity, kind = group.attrib.pop("id", ""), group.get("class", "")
        title = group.find(f"{{{SVG}}}title")
        said = (title.text or "") if title is not None else ""
        if title is not None:
            group.remove(title)
        if kind.startswith("node state"):
            _prepare_node(group, identity, nodes[identity], room=room)
        elif kind.split(" ")[0] == "edge":
            tail, _, head = said.partition("->")
            group.set("data-from", tail.removesuffix("_join"))
            group.set("data-to", head.removesuffix("_join"))
        elif identity.endswith("_box"):
            group.set("data-box", identity.removesuffix("_box"))
    return tree


def _prepare_node(group: ElementTree.Element, identity: str, name: str, *, room: bool) -> None:
    group.set("data-node", identity)
    group.set("data-state", printable(name))
    group.set("data-status", "not started")
    title = ElementTree.Element("title")
    title.text = printable(name)
    group.insert(0, title)
    texts = group.findall(f"{{{SVG}}}text")
    for text, kind in zip(texts, ["icon", "caption"] + ["name"] * len(texts), strict=False):
        text.set("class", "told" if kind == "name" and text.get("font-size") == "8.00" else kind)
    if room:
        texts[-1].set("class", "footer")
        texts[-1].text = ""


def _mark(group: ElementTree.Element, box: ElementTree.Element | None, name: str, mark: Mark) -> None:
    look = look_of(mark.status)
    group.set("data-status", mark.status or "not started")
    shape = group.find(f"{{{SVG}}}path")
    if shape is not None:
        shape.set("fill", look.fill)
        shape.set("stroke", look.stroke)
        shape.set("stroke-width", f"{look.border:g}")
        _dash(shape, DASH_ARRAYS[look.dashes])
    if box is not None and (frame := box.find(f"{{{SVG}}}path")) is not None:
        frame.set("stroke", look.stroke)
    title = group.find(f"{{{SVG}}}title")
    if title is not None:
        title.text = printable(f"{name}: {mark.spoken}")
    for text in group.findall(f"{{{SVG}}}text"):
        if text.get("class") == "footer":
            text.text = mark.footer
            text.set("fill", look.text)
        elif text.get("class") == "caption" and mark.caption is not None:
            text.text = mark.caption
            mark = mark._replace(caption=None)


def _dash(shape: ElementTree.Element, dashes: str | None) -> None:
    if dashes is None:
        shape.attrib.pop("stroke-dasharray", None)
    else:
        shape.set("stroke-dasharray", dashes)
