"""A definition, and perhaps a run of it, as the text of a Graphviz drawing.

Nodes are HTML-like tables with an icon, the kind, the name and a footer; Parallel and Map are
clusters with a header node of their own and a point where their flows join. Ids are `s1`, `s2`, ...
in the order of the text, so that a name of any kind can't break the drawing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
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
FOOTER_ROOM = 128
RETRIES_ROOM = 46
MAP_ROOM = 104

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
    """The ids of a definition's states: of each node, and by flow and name."""

    definition: StateMachine
    nodes: list[Node] = field(default_factory=list)
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

    def id(self, flow: Flow, name: str) -> str | None:
        """The id of a state of a flow, None where the definition names a state that isn't there."""
        return self._ids.get((id(flow), name))


def dot(definition: StateMachine, trace: Trace | None = None, *, room: bool = False) -> str:
    """The drawing as DOT.

    With `trace`, statuses are in the attributes. With `room`, every footer is as wide as its
    longest text can be, so that it can be rewritten without a new layout.
    """
    return "\n".join(_lines(Drawing(definition), trace, room or trace is not None))


def _lines(drawing: Drawing, trace: Trace | None, room: bool) -> Iterator[str]:
    definition = drawing.definition
    yield "digraph execution {"
    yield (
        "  graph [rankdir=TB compound=true nodesep=0.35 ranksep=0.42 pad=0.15 bgcolor=white "
        'fontname="Helvetica" fontsize=11 splines=spline];'
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
        '  start [id="start" shape=circle width=0.5 fixedsize=true label="Start" fontsize=9 style=filled '
        f'fillcolor="{INK}" color="{INK}" fontcolor="#FFFFFF"];'
    )
    yield from _flow(drawing, definition, "stop", trace, room)
    if first := drawing.id(definition, definition.start_at):
        yield f"  start -> {first} [weight=5];"
    yield (
        '  stop [id="stop" shape=circle width=0.5 fixedsize=true label="End" fontsize=9 style=filled '
        f'fillcolor="#FFFFFF" color="{INK}" penwidth=3];'
    )
    yield "}"


def _flow(drawing: Drawing, flow: Flow, end: str, trace: Trace | None, room: bool) -> Iterator[str]:
    for state in flow.states.values():
        status = trace.state(state.name) if trace is not None else None
        look = look_of(status.status if status else None)
        identity = drawing.id(flow, state.name)
        if isinstance(state, Parallel | Map):
            yield f"  subgraph cluster_{identity} {{"
            yield (
                f'    id="{identity}_box"; class="{state.type.lower()}"; style="rounded,filled"; '
                f'fillcolor="{PANEL}"; color="{look.stroke}"; penwidth=2; margin=12; label="";'
            )
            yield _node(identity or "", state, trace, look, room)
            yield from _inside(drawing, state, identity or "", trace, room)
            yield "  }"
        else:
            yield _node(identity or "", state, trace, look, room)
    for state in flow.states.values():
        yield from _edges(drawing, flow, state, end)


def _inside(
    drawing: Drawing, state: Parallel | Map, identity: str, trace: Trace | None, room: bool
) -> Iterator[str]:
    join = f"{identity}_join"
    for number, flow in enumerate(state.flows()):
        if isinstance(state, Parallel):
            label = f'<<FONT POINT-SIZE="8" COLOR="{QUIET}">branch {number + 1}</FONT>>'
            yield f"  subgraph cluster_{identity}_{number} {{"
            yield (
                f'    id="{identity}_branch{number}"; style="rounded,dashed"; color="#9BA7B6"; penwidth=1; '
                f'bgcolor="#FFFFFF"; label={label}; labeljust=l; labelloc=b; margin=9;'
            )
            yield from _flow(drawing, flow, join, trace, room)
            yield "  }"
        else:
            yield from _flow(drawing, flow, join, trace, room)
        if first := drawing.id(flow, flow.start_at):
            yield f'  {identity} -> {first} [weight=8 arrowsize=0.6 color="{FAINT}"];'
    yield f'  {join} [shape=point width=0.07 color="{FAINT}" label=""];'


def _edges(drawing: Drawing, flow: Flow, state: State, end: str) -> Iterator[str]:
    identity = drawing.id(flow, state.name)
    tail, from_box = identity, ""
    if isinstance(state, Parallel | Map):
        tail, from_box = f"{identity}_join", f" ltail=cluster_{identity}"
    if state.next is not None:
        if target := drawing.id(flow, state.next):
            yield f"  {tail} -> {target} [weight=5];"
    elif not isinstance(state, Choice):
        nested = end != "stop"
        if nested and isinstance(state, Fail):
            yield f"  {tail} -> {end} [style=invis];"
        elif nested:
            yield f'  {tail} -> {end} [arrowhead=none color="{FAINT}"];'
        else:
            yield f"  {tail} -> {end};"
    if isinstance(state, Choice):
        for rule in state.rules:
            if target := drawing.id(flow, rule.next):
                label = _edge_label(wrap(shorten(condition(rule), CONDITION_LENGTH), 24, 2))
                yield f"  {tail} -> {target} [label={label} weight=3];"
        if state.default is not None and (target := drawing.id(flow, state.default)):
            yield (
                f"  {tail} -> {target} [style=dashed label={_edge_label(['Default'], bold=False)} "
                f'color="{DEFAULT_RULE}" fontcolor="{DEFAULT_RULE}"];'
            )
    if isinstance(state, Fallible):
        for catcher in state.catchers:
            if target := drawing.id(flow, catcher.next):
                errors = [shorten(error, 34) for error in catcher.error_equals[:2]]
                if len(catcher.error_equals) > 2:
                    errors[-1] += f" +{len(catcher.error_equals) - 2}"
                yield (
                    f"  {tail} -> {target} [style=dashed label={_edge_label(errors, lead='Catch')} "
                    f'color="{CATCH}" fontcolor="{CATCH}" arrowhead=onormal penwidth=1.6{from_box}];'
                )


def _edge_label(lines: list[str], *, bold: bool = True, lead: str = "") -> str:
    texts = [_text(line) for line in lines]
    if lead:
        texts[0] = f"<B>{lead}</B> {texts[0]}"
    elif bold:
        texts = [f"<B>{text}</B>" for text in texts]
    longest = max((_points(f"{lead} {line}".strip(), 9) for line in lines), default=0)
    if not "".join(lines).isascii():
        rows = "".join(f'<TR><TD WIDTH="{longest}">{text}</TD></TR>' for text in texts)
        return f'<<TABLE BORDER="0" CELLSPACING="0" CELLPADDING="1">{rows}</TABLE>>'
    return "<  " + "  <BR/>  ".join(texts) + "  >"


def _node(identity: str, state: State, trace: Trace | None, look: Look, room: bool) -> str:
    glyph, colour = _icon(state)
    status = trace.state(state.name) if trace is not None else None
    names = wrap(state.name)
    above = caption(state)
    above_width = 0
    if isinstance(state, Map) and room:
        above_width = MAP_ROOM
        if status is not None and status.iterations is not None:
            above = f"Map: {progress_text(status.iterations)}"
    above = shorten(above, 36)
    wide = 0 if state.name.isascii() else max(_points(line, 11, bold=True) for line in names)
    if not above.isascii():
        above_width = max(above_width, _points(above, 8))
    min_width = max(wide, above_width)
    text = (
        f'<FONT POINT-SIZE="8" COLOR="{QUIET}">{_text(above)}</FONT><BR ALIGN="LEFT"/>'
        f"<B>{''.join(f'{_text(line)}<BR ALIGN={chr(34)}LEFT{chr(34)}/>' for line in names)}</B>"
    )
    size = 12 if len(glyph) == 1 else 10
    rows = (
        f'<TR><TD FIXEDSIZE="TRUE" WIDTH="26" HEIGHT="26" BGCOLOR="{colour}" STYLE="ROUNDED">'
        f'<FONT COLOR="#FFFFFF" POINT-SIZE="{size}">{glyph}</FONT></TD>'
        f'<TD ALIGN="LEFT" BALIGN="LEFT"{f" WIDTH={chr(34)}{min_width}{chr(34)}" if min_width else ""}>'
        f"{text}</TD></TR>"
    )
    if room:
        words = footer(status) if status is not None else ROOM
        reserve = FOOTER_ROOM + (RETRIES_ROOM if isinstance(state, Fallible) and state.retriers else 0)
        rows += (
            f'<TR><TD COLSPAN="2" ALIGN="LEFT" WIDTH="{reserve}"><FONT POINT-SIZE="9" '
            f'COLOR="{look.text}"><B>{_text(words)}</B></FONT></TD></TR>'
        )
    style = "rounded,filled" + ("" if look.dashes == "solid" else f",{look.dashes}")
    return (
        f'  {identity} [label=<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="2" CELLPADDING="1">{rows}'
        f'</TABLE>> id="{identity}" class="state {state.type.lower()}" fillcolor="{look.fill}" '
        f'color="{look.stroke}" penwidth={look.border:g} style="{style}"];'
    )


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


def _points(text: str, size: float, *, bold: bool = False) -> int:
    """About how wide a text is. Needed where a layout engine has no metrics for its characters."""
    wide = sum(1 for character in text if width(character) == 2)
    return round(size * (wide + (len(text) - wide) * (0.6 if bold else 0.56)))
