"""A definition, and perhaps a run of it, as the text of a Graphviz drawing.

Nodes are HTML-like tables with an icon, the kind, the name and a footer; Parallel and Map are
clusters with a header node of their own and a point where their flows join. Ids are `s1`, `s2`, ...
in the order of the text, so that a name of any kind can't break the drawing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from html import escape

from kit.asl.definition import Choice, Fail, Fallible, Flow, Map, Parallel, State, StateMachine, Task
from kit.history import Trace
from kit.view.captions import (
    CONDITION_LENGTH,
    caption,
    condition,
    footer,
    integration,
    progress_text,
    shorten,
    width,
    wrap,
)
from kit.view.looks import CATCH, DEFAULT_RULE, FAINT, INK, LINE, PANEL, QUIET, Look, look_of

ROOM = "\N{MIDDLE DOT}"
"""What stands in a footer that the live view will rewrite."""
CATCHES = 8
"""Edges of Catch to one state that are drawn at most; of more, only the first is."""
MANY = 150
QUICK = " nslimit=1 nslimit1=1 mclimit=0.1 searchsize=5"
"""For more than MANY states, dot looks less hard for the shortest edges: 1,000 states take half the time."""
FOOTER_ROOM = 100
RETRIES_ROOM = 46
VISITS_ROOM = 44
PROGRESS_ROOM = 132

ICONS = {
    "Choice": ("◊", "#6B3FA0"),
    "Wait": ("○", "#6B3FA0"),
    "Pass": ("→", "#5F6B7A"),
    "Parallel": ("║", "#0F6E74"),
    "Map": ("≡", "#0F6E74"),
    "Succeed": ("√", "#1D7F0B"),
    "Fail": ("\N{MULTIPLICATION SIGN}", "#C02A10"),
}
TASK_COLOUR = "#B45309"
SERVICE_ICONS = {
    "lambda": "λ",
    "dynamodb": "DB",
    "elasticache": "EC",
    "opensearch": "OS",
    "states": "SF",
    "sfn": "SF",
    "http": "→",
}


@dataclass(slots=True)
class Node:
    """A state and its id in the drawing."""

    id: str
    state: State
    flow: Flow


@dataclass(slots=True)
class Drawing:
    """The ids of a definition's states: of each node, and by flow and name.

    `looping` are the ids of states that may be entered more than once in their flow. `told` are, by
    flow and name, the pairs of kind and target of edges that are not drawn but said.
    """

    definition: StateMachine
    nodes: list[Node] = field(default_factory=list)
    looping: set[str] = field(default_factory=set)
    told: dict[tuple[int, str], list[tuple[str, str]]] = field(default_factory=dict)
    _ids: dict[tuple[int, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._number(self.definition)

    def _number(self, flow: Flow) -> None:
        for state in flow.states.values():
            node = Node(f"s{len(self.nodes) + 1}", state, flow)
            self.nodes.append(node)
            self._ids[id(flow), state.name] = node.id
            for inner in state.flows():
                self._number(inner)
        self.looping |= {self._ids[id(flow), name] for name in _on_the_way_round(flow)}

    def tell_in_words(self, *, plain: bool) -> None:
        """Decides which edges are said instead of drawn. Long edges by the dozen to one common Catch
        hide the graph, and take a layout engine minutes."""
        for flow in {id(node.flow): node.flow for node in self.nodes}.values():
            into: dict[str, int] = {}
            for state in flow.states.values():
                for kind, target in state.successors():
                    into[target] = into.get(target, 0) + (kind == "catch")
            drawn: set[str] = {flow.start_at}
            for state in flow.states.values():
                for kind, target in state.successors():
                    first = target not in drawn
                    if (plain and not first) or (kind == "catch" and into[target] > CATCHES and not first):
                        self.told.setdefault((id(flow), state.name), []).append((kind, target))
                    drawn.add(target)

    def says(self, flow: Flow, state: State, kind: str, target: str) -> bool:
        """Whether an edge is told in words."""
        return (kind, target) in self.told.get((id(flow), state.name), ())

    def id(self, flow: Flow, name: str) -> str | None:
        """The id of a state of a flow, None where the definition names a state that isn't there."""
        return self._ids.get((id(flow), name))


def _on_the_way_round(flow: Flow) -> set[str]:
    """The states of a flow that lie on a loop, or between two: what is left when those that nothing
    leads to, and those that lead nowhere, are taken away again and again."""
    after = {s.name: {n for _, n in s.successors() if n in flow.states} for s in flow.states.values()}
    before: dict[str, set[str]] = {name: set() for name in after}
    for name, following in after.items():
        for other in following:
            before[other].add(name)
    left = set(after)
    for links, reverse in ((before, after), (after, before)):
        loose = [name for name in left if not links[name] & left]
        while loose:
            name = loose.pop()
            left.discard(name)
            loose += [other for other in reverse[name] & left if not links[other] & left]
    return left


def dot(
    definition: StateMachine, trace: Trace | None = None, *, room: bool = False, plain: bool = False
) -> str:
    """The drawing as DOT.

    With `trace`, statuses are in the attributes. With `room`, every footer is as wide as its
    longest text can be, so that it can be rewritten without a new layout. Edges that many states
    have to one are told in the states instead of drawn, with `plain` all but one way into a state.
    """
    drawing = Drawing(definition)
    drawing.tell_in_words(plain=plain)
    return "\n".join(_lines(drawing, trace, room or trace is not None))


def _lines(drawing: Drawing, trace: Trace | None, room: bool) -> Iterator[str]:
    definition = drawing.definition
    quick = QUICK if len(drawing.nodes) > MANY else ""
    yield "digraph execution {"
    yield (
        "  graph [rankdir=TB compound=true nodesep=0.35 ranksep=0.42 pad=0.15 bgcolor=white "
        f'fontname="Helvetica" fontsize=11 splines=spline{quick}];'
    )
    yield (
        f'  node [shape=box fontname="Helvetica" fontsize=11 fontcolor="{INK}" margin="0.08,0.05" '
        "height=0.45];"
    )
    yield (
        f'  edge [fontname="Helvetica" fontsize=9 fontcolor="{LINE}" color="{LINE}" arrowsize=0.75 '
        "penwidth=1.3];"
    )
    yield (
        '  start [class="start" shape=circle width=0.5 fixedsize=true label="Start" fontsize=9 style=filled '
        f'fillcolor="{INK}" color="{INK}" fontcolor="#FFFFFF"];'
    )
    yield from _flow(drawing, definition, trace, room)
    for state in definition.states.values():
        if _ends(state):
            yield f"  {_tail(drawing, definition, state)} -> stop;"
    if first := drawing.id(definition, definition.start_at):
        yield f"  start -> {first} [weight=5];"
    yield (
        '  stop [class="stop" shape=circle width=0.5 fixedsize=true label="End" fontsize=9 style=filled '
        f'fillcolor="#FFFFFF" color="{INK}" penwidth=3];'
    )
    yield "}"


def _flow(drawing: Drawing, flow: Flow, trace: Trace | None, room: bool) -> Iterator[str]:
    for state in flow.states.values():
        status = trace.state(state.name) if trace is not None else None
        look = look_of(status.status if status else None)
        identity = drawing.id(flow, state.name) or ""
        if isinstance(state, Parallel | Map):
            yield f"  subgraph cluster_{identity} {{"
            yield (
                f'    id="{identity}_box"; class="{state.type.lower()}"; style="rounded,filled"; '
                f'fillcolor="{PANEL}"; color="{look.stroke}"; penwidth=2; margin=12; label="";'
            )
            yield _node(drawing, flow, state, trace, look, room)
            yield from _inside(drawing, state, identity, trace, room)
            yield "  }"
        else:
            yield _node(drawing, flow, state, trace, look, room)
    for state in flow.states.values():
        yield from _edges(drawing, flow, state)


def _inside(
    drawing: Drawing, state: Parallel | Map, identity: str, trace: Trace | None, room: bool
) -> Iterator[str]:
    join = f"{identity}_join"
    for number, flow in enumerate(state.flows()):
        if isinstance(state, Parallel):
            label = f'<<FONT POINT-SIZE="8" COLOR="{QUIET}">branch {number + 1}</FONT>>'
            label = label if len(state.branches) > 1 else '""'
            yield f"  subgraph cluster_{identity}_{number} {{"
            yield (
                f'    id="{identity}_branch{number}"; style="rounded,dashed"; color="#9BA7B6"; penwidth=1; '
                f'bgcolor="#FFFFFF"; label={label}; labeljust=l; labelloc=b; margin=9;'
            )
            yield from _flow(drawing, flow, trace, room)
            yield "  }"
        else:
            yield from _flow(drawing, flow, trace, room)
        if first := drawing.id(flow, flow.start_at):
            yield f'  {identity} -> {first} [class="inner" weight=8 arrowsize=0.6 color="{FAINT}"];'
        for last in flow.states.values():
            if _ends(last):
                seen = f'class="inner" arrowhead=none color="{FAINT}"'
                shown = "style=invis" if isinstance(last, Fail) else seen
                yield f"  {_tail(drawing, flow, last)} -> {join} [{shown}];"
    yield f'  {join} [shape=point width=0.07 color="{FAINT}" label=""];'


def _ends(state: State) -> bool:
    return state.next is None and not isinstance(state, Choice)


def _tail(drawing: Drawing, flow: Flow, state: State) -> str:
    """Where the edges out of a state start: at the point where its flows join, if it has any."""
    identity = drawing.id(flow, state.name) or ""
    return f"{identity}_join" if isinstance(state, Parallel | Map) else identity


def _edges(drawing: Drawing, flow: Flow, state: State) -> Iterator[str]:
    tail = _tail(drawing, flow, state)
    from_box = f" ltail=cluster_{tail.removesuffix('_join')}" if tail.endswith("_join") else ""
    said = partial(drawing.says, flow, state)
    if state.next is not None and (target := drawing.id(flow, state.next)) and not said("next", state.next):
        yield f"  {tail} -> {target} [weight=5];"
    if isinstance(state, Choice):
        for rule in state.rules:
            if (target := drawing.id(flow, rule.next)) and not said("rule", rule.next):
                label = _edge_label(wrap(condition(rule, CONDITION_LENGTH), 24, 2))
                yield f'  {tail} -> {target} [class="rule" label={label} weight=3];'
        default = state.default
        if default is not None and (target := drawing.id(flow, default)) and not said("default", default):
            yield (
                f'  {tail} -> {target} [class="default" style=dashed label="  Default  " '
                f'color="{DEFAULT_RULE}" fontcolor="{DEFAULT_RULE}"];'
            )
    if isinstance(state, Fallible):
        for catcher in state.catchers:
            if (target := drawing.id(flow, catcher.next)) and not said("catch", catcher.next):
                errors = [shorten(error, 34) for error in catcher.error_equals[:2]]
                if len(catcher.error_equals) > 2:
                    errors[-1] += f" +{len(catcher.error_equals) - 2}"
                label = _edge_label(errors, lead="Catch")
                yield (
                    f'  {tail} -> {target} [class="catch" style=dashed label={label} '
                    f'color="{CATCH}" fontcolor="{CATCH}" arrowhead=onormal penwidth=1.6{from_box}];'
                )


def _edge_label(lines: list[str], *, lead: str = "") -> str:
    texts = [_text(line) for line in lines]
    if lead:
        texts[0] = f"<B>{lead}</B> {texts[0]}"
    else:
        texts = [f"<B>{text}</B>" for text in texts]
    longest = max((_points(f"{lead} {line}".strip(), 9) for line in lines), default=0)
    if not _measured("".join(lines)):
        rows = "".join(f'<TR><TD WIDTH="{longest}">{text}</TD></TR>' for text in texts)
        return f'<<TABLE BORDER="0" CELLSPACING="0" CELLPADDING="1">{rows}</TABLE>>'
    return "<  " + "  <BR/>  ".join(texts) + "  >"


def _node(drawing: Drawing, flow: Flow, state: State, trace: Trace | None, look: Look, room: bool) -> str:
    identity = drawing.id(flow, state.name) or ""
    looping = identity in drawing.looping
    glyph, colour = _icon(state)
    status = trace.state(state.name) if trace is not None else None
    above = caption(state)
    if status is not None and status.iterations is not None:
        above = progress_text(status.iterations)
    above = shorten(above, 36)
    names = wrap(state.name)
    widest = [0 if _measured(state.name) else max(_points(line, 11, bold=True) for line in names)]
    widest.append(0 if _measured(above) else _points(above, 8))
    if room:
        widest.append(_room(state) + (VISITS_ROOM if looping else 0))
    least = f' WIDTH="{max(widest)}"' if any(widest) else ""
    left = '<BR ALIGN="LEFT"/>'
    text = (
        f'<FONT POINT-SIZE="8" COLOR="{QUIET}">{_text(above)}</FONT>{left}'
        f"<B>{''.join(_text(line) + left for line in names)}</B>"
    )
    rows = (
        f'<TR><TD FIXEDSIZE="TRUE" WIDTH="26" HEIGHT="26" BGCOLOR="{colour}" STYLE="ROUNDED">'
        f'<FONT COLOR="#FFFFFF" POINT-SIZE="{12 if len(glyph) == 1 else 10}">{glyph}</FONT></TD>'
        f'<TD ALIGN="LEFT" BALIGN="LEFT"{least}>{text}</TD></TR>'
    )
    for kind, target in dict.fromkeys(_told(drawing, flow, state)):
        said = shorten(f"{kind} → {target}", 34)
        font = f'<FONT POINT-SIZE="8" COLOR="{CATCH if kind == "Catch" else LINE}">{_text(said)}</FONT>'
        rows += f'<TR><TD COLSPAN="2" ALIGN="LEFT" WIDTH="{_points(said, 8)}">{font}</TD></TR>'
    if room:
        words = _text(footer(status) if status is not None else ROOM)
        font = f'<FONT POINT-SIZE="9" COLOR="{look.text}"><B>{words}</B></FONT>'
        rows += f'<TR><TD COLSPAN="2" ALIGN="LEFT">{font}</TD></TR>'
    style = "rounded,filled" + ("" if look.dashes == "solid" else f",{look.dashes}")
    return (
        f'  {identity} [label=<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="2" CELLPADDING="1">{rows}'
        f'</TABLE>> id="{identity}" class="state {state.type.lower()}" fillcolor="{look.fill}" '
        f'color="{look.stroke}" penwidth={look.border:g} style="{style}"];'
    )


def _told(drawing: Drawing, flow: Flow, state: State) -> Iterator[tuple[str, str]]:
    """The edges out of a state that are told in it."""
    words = {"next": "Next", "rule": "Rule", "default": "Default", "catch": "Catch"}
    for kind, target in drawing.told.get((id(flow), state.name), ()):
        yield words[kind], target


def _room(state: State) -> int:
    """Points that what the live view writes may need beside the icon."""
    retries = RETRIES_ROOM if isinstance(state, Fallible) and state.retriers else 0
    return max(FOOTER_ROOM + retries, PROGRESS_ROOM if isinstance(state, Map) else 0)


def _icon(state: State) -> tuple[str, str]:
    if isinstance(state, Task):
        service = integration(state.resource)[0]
        letters = "".join(filter(str.isalnum, service))[:2].upper()
        return SERVICE_ICONS.get(service, letters or "→"), TASK_COLOUR
    return ICONS.get(state.type, ("·", QUIET))


def _text(text: str) -> str:
    """For an HTML-like label. Characters that XML can't hold are shown as their codes."""
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
    return escape(shown, quote=True).replace("&#x27;", "&#39;") or " "


def _measured(text: str) -> bool:
    """Whether every layout engine knows how wide a text is, or nearly."""
    return text.replace("…", "").isascii()


def _points(text: str, size: float, *, bold: bool = False) -> int:
    """About how wide a text is. Needed where a layout engine has no metrics for its characters."""
    wide = sum(1 for character in text if width(character) == 2)
    return round(size * (wide + (len(text) - wide) * (0.6 if bold else 0.56)))
