"""A definition, and perhaps a run of it, as a Mermaid state diagram for reviewers.

https://mermaid.js.org/syntax/stateDiagram.html. Ids are `s1`, `s2`, ... as in the graph, names stand
in labels. Edges can't be dashed one by one there, so Catch and Default are said in the label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kit.asl.definition import Choice, Fallible, Flow, State, StateMachine
from kit.history import Status, Trace
from kit.view.captions import condition, footer, shorten
from kit.view.dot import Drawing
from kit.view.looks import LOOKS

PLAIN = frozenset(" .,_-()/")
NOTE_END = re.compile("(end) (note)", re.IGNORECASE)
LABEL_LENGTH = 60
NOTE_LENGTH = 200
CLASSES: dict[Status, str] = {status: status.replace(" ", "_") for status in LOOKS}


def mermaid(definition: StateMachine, trace: Trace | None = None) -> str:
    """The text of a `stateDiagram-v2`; with `trace`, coloured and worded by status."""
    drawing = Drawing(definition)
    lines = ["stateDiagram-v2"]
    lines += _flow(drawing, definition, trace, "    ")
    if trace is not None:
        lines += _classes(drawing, trace)
    return "\n".join(lines) + "\n"


def label(text: str) -> str:
    """A text that Mermaid shows as it is: what its parser could misread becomes `#CODE;`.

    >>> label('Any files? "yes"; <b>')
    'Any files#63; #34;yes#34;#59; #60;b#62;'
    """
    written = "".join(c if _plain(c) else f"#{ord(c)};" for c in " ".join(text.split()))
    return NOTE_END.sub(r"\1#32;\2", written)


def _plain(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character in PLAIN
    return character.isprintable()


def _flow(drawing: Drawing, flow: Flow, trace: Trace | None, indent: str) -> Iterator[str]:
    for state in flow.states.values():
        yield from _state(drawing, flow, state, trace, indent)
    if first := drawing.id(flow, flow.start_at):
        yield f"{indent}[*] --> {first}"
    for state in flow.states.values():
        yield from _edges(drawing, flow, state, indent)


def _state(drawing: Drawing, flow: Flow, state: State, trace: Trace | None, indent: str) -> Iterator[str]:
    identity = drawing.id(flow, state.name)
    status = trace.state(state.name) if trace is not None else None
    text = f"{state.name} ({footer(status)})" if status is not None else state.name
    if isinstance(state, Choice):
        yield f'{indent}state "{label(text)}" as {identity}'
        yield f"{indent}state {identity}_rules <<choice>>"
        yield f"{indent}{identity} --> {identity}_rules"
    elif state.flows():
        yield f'{indent}state "{label(text)}" as {identity} {{'
        for number, inner in enumerate(state.flows()):
            if number:
                yield f"{indent}    --"
            yield from _flow(drawing, inner, trace, f"{indent}    ")
        yield f"{indent}}}"
    else:
        yield f'{indent}state "{label(text)}" as {identity}'
    if state.comment:
        yield f"{indent}note right of {identity}"
        yield f"{indent}    {label(shorten(state.comment, NOTE_LENGTH))}"
        yield f"{indent}end note"


def _edges(drawing: Drawing, flow: Flow, state: State, indent: str) -> Iterator[str]:
    identity = drawing.id(flow, state.name)
    if isinstance(state, Choice):
        for rule in state.rules:
            if target := drawing.id(flow, rule.next):
                test = label(shorten(condition(rule), LABEL_LENGTH))
                yield f"{indent}{identity}_rules --> {target}: {test}"
        if state.default and (target := drawing.id(flow, state.default)):
            yield f"{indent}{identity}_rules --> {target}: Default"
    elif state.next is not None:
        if target := drawing.id(flow, state.next):
            yield f"{indent}{identity} --> {target}"
    else:
        yield f"{indent}{identity} --> [*]"
    if isinstance(state, Fallible):
        for catcher in state.catchers:
            if target := drawing.id(flow, catcher.next):
                errors = shorten(", ".join(catcher.error_equals), LABEL_LENGTH)
                yield f"{indent}{identity} --> {target}: Catch {label(errors)}"


def _classes(drawing: Drawing, trace: Trace) -> Iterator[str]:
    found: dict[Status, list[str]] = {}
    for node in drawing.nodes:
        status = trace.state(node.state.name)
        if status is not None and not node.state.flows():
            found.setdefault(status.status, []).append(node.id)
    for name, nodes in found.items():
        look = LOOKS[name]
        yield (
            f"    classDef {CLASSES[name]} fill:{look.fill},stroke:{look.stroke},color:{look.text},"
            f"stroke-width:{look.border:g}px"
        )
        yield f"    class {','.join(nodes)} {CLASSES[name]}"
