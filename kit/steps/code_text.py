"""Python text laid out as a formatter would: on one line where it fits, else one part a line."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from kit.steps.errors import StepError
from kit.steps.language import is_jsonata
from kit.steps.values import jsonata

WIDTH = 100


@dataclass(frozen=True, slots=True)
class Group:
    """Parts between brackets: a call, a list, a dict. `opening` is all that stands before the first."""

    opening: str
    parts: tuple[tuple[str, Node], ...]
    closing: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A long text, which may be written in several literals one after the other."""

    text: str


Node: TypeAlias = str | Group | Prose


def call(function: str, *arguments: Node, **named: Node) -> Group:
    parts = [
        *(("", argument) for argument in arguments),
        *((f"{name}=", node) for name, node in named.items()),
    ]
    return Group(f"{function}(", tuple(parts), ")")


def listed(nodes: Sequence[Node]) -> Group:
    return Group("[", tuple(("", node) for node in nodes), "]")


def value(json_value: Any) -> Node:
    """A JSON value as Python writes it; `{% … %}` as `jsonata("…")`."""
    if isinstance(json_value, str):
        return _text(json_value)
    if isinstance(json_value, Mapping):
        return Group("{", tuple((f"{quoted(key)}: ", value(each)) for key, each in json_value.items()), "}")
    if isinstance(json_value, list | tuple):
        return listed([value(each) for each in json_value])
    return repr(json_value)


def render(node: Node, *, before: str = "", indent: int = 0) -> str:
    """The text of a node that stands after `before` on its line."""
    if isinstance(node, str):
        return before + node
    if isinstance(node, Prose):
        return _prose(node.text, before, indent)
    flat = before + _flat(node)
    if ("\n" not in flat and indent + len(flat) <= WIDTH) or not node.parts:
        return flat
    if len(node.parts) == 1 and isinstance(prose := node.parts[0][1], Prose) and node.closing == ")":
        space = " " * (indent + 4)
        pieces = [space + quoted(piece) for piece in _pieces(prose.text, WIDTH - indent - 6)]
        return "\n".join([before + node.opening, *pieces, " " * indent + node.closing])
    if len(node.parts) == 1 and not node.parts[0][0] and isinstance(node.parts[0][1], Group):
        # A call with a list as its only argument hugs it, as people write it.
        inner = render(node.parts[0][1], before=before + node.opening, indent=indent)
        return inner + node.closing
    space = " " * (indent + 4)
    lines = [space + render(part, before=label, indent=indent + 4) + "," for label, part in node.parts]
    return "\n".join([before + node.opening, *lines, " " * indent + node.closing])


def _prose(text: str, before: str, indent: int) -> str:
    space = " " * (indent + 4)
    pieces = _pieces(text, WIDTH - indent - 6)
    if len(pieces) == 1 or indent + len(before) + len(quoted(text)) <= WIDTH:
        return before + quoted(text)
    return "\n".join([f"{before}(", *(space + quoted(piece) for piece in pieces), " " * indent + ")"])


def _pieces(text: str, width: int) -> list[str]:
    """The text in pieces of about that width, cut after spaces. Together they are the text again."""
    pieces, piece = [], ""
    for word in re.findall(r"\S*\s*", text):
        if piece and len(quoted(piece + word.rstrip())) - 2 > width:
            pieces.append(piece)
            piece = ""
        piece += word
    return [*pieces, piece]


def quoted(text: str) -> str:
    """A string literal in double quotes. JSON's escapes are Python's too."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(text)
    return json.dumps(text, ensure_ascii=False)


def identifier(text: str, taken: Mapping[str, Any]) -> str:
    """A variable's name for a state's: `Stop it` is `stop_it`. One that isn't taken."""
    name = re.sub(r"\W+", "_", text.lower()).strip("_")
    if not name.isidentifier():
        name = f"state_{name}" if name and f"state_{name}".isidentifier() else "state"
    if keyword.iskeyword(name) or name in _BUILT_IN:
        name += "_"
    number, found = 2, name
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    return found


_BUILT_IN = frozenset(dir(__builtins__) if not isinstance(__builtins__, dict) else __builtins__)


def _text(text: str) -> Node:
    if is_jsonata(text):
        inner = text[2:-2].strip()
        try:
            if jsonata(inner) == text:
                return call("jsonata", _expression(inner))
        except StepError:
            pass  # Not a JSONata that can be read, so it stays the text that it is.
    return Prose(text) if len(text) > WIDTH // 2 and "\n" not in text else quoted(text)


def _expression(text: str) -> Node:
    if "\n" in text and not re.search(r'\\|"""|"$|[^\n\t\x20-\x7e\x80-\U0010ffff]', text):
        return f'"""{text}"""'
    return Prose(text) if len(text) > WIDTH // 2 and "\n" not in text else quoted(text)


def _flat(node: Node) -> str:
    if isinstance(node, str):
        return node
    if isinstance(node, Prose):
        return quoted(node.text)
    return node.opening + ", ".join(label + _flat(part) for label, part in node.parts) + node.closing
