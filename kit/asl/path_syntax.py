"""The syntax of JSONPath as Step Functions reads it: text into tokens.

Step Functions uses Jayway JsonPath; its syntax is at https://github.com/json-path/JsonPath. On top
come two roots of its own: `$$` is the context object and `$name` a workflow variable.
https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from kit.asl.errors import ExpressionSyntaxError


@dataclass(frozen=True, slots=True)
class Property:
    """`.name`, `['name']`, `['one','two']`."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return "[" + ",".join(f"'{name}'" for name in self.names) + "]"


@dataclass(frozen=True, slots=True)
class Wildcard:
    """`.*`, `[*]`."""

    def __str__(self) -> str:
        return "[*]"


@dataclass(frozen=True, slots=True)
class Index:
    """`[0]`, `[-1]`, `[0,2]`."""

    numbers: tuple[int, ...]

    def __str__(self) -> str:
        return "[" + ",".join(map(str, self.numbers)) + "]"


@dataclass(frozen=True, slots=True)
class Slice:
    """`[1:3]`, `[:2]`, `[-2:]`."""

    start: int | None
    stop: int | None

    def __str__(self) -> str:
        start = "" if self.start is None else self.start
        return f"[{start}:{'' if self.stop is None else self.stop}]"


@dataclass(frozen=True, slots=True)
class Scan:
    """`..`: the next token is applied to every value below."""

    def __str__(self) -> str:
        return ".."


@dataclass(frozen=True, slots=True)
class Filter:
    """`[?(@.price < 10)]`; `text` is what stands between `[?(` and `)]`."""

    text: str

    def __str__(self) -> str:
        return "[?]"


@dataclass(frozen=True, slots=True)
class Function:
    """`.length()` and its like, at the end of a path."""

    name: str
    argument: str

    def __str__(self) -> str:
        return f".{self.name}({self.argument})"


Token: TypeAlias = Property | Wildcard | Index | Slice | Scan | Filter | Function

FUNCTIONS = ("length", "size", "keys", "min", "max", "avg", "stddev", "sum", "first", "last", "index")

_VARIABLE = re.compile(r"\$([^\W\d]\w*)")
_INDEX = re.compile(r"\s*-?\d+\s*(?:,\s*-?\d+\s*)*")
_SLICE = re.compile(r"\s*(-?\d+)?\s*:\s*(-?\d+)?\s*")


@dataclass(frozen=True, slots=True)
class Path:
    """A parsed path. `root` is `$`, `$$`, or a variable's name."""

    text: str
    root: str
    tokens: tuple[Token, ...]

    @property
    def definite(self) -> bool:
        """Whether it names one place. An indefinite path gives the list of what it finds."""
        last = len(self.tokens) - 1
        return all(is_definite(token, at == last) for at, token in enumerate(self.tokens))

    @property
    def canonical(self) -> str:
        """As Jayway prints it: `$['a'][0]`."""
        return "$" + "".join(map(str, self.tokens))


def is_definite(token: Token, leaf: bool) -> bool:
    """Whether the token leads from one place to one place. Several names at the end make one object."""
    if isinstance(token, Property):
        return len(token.names) == 1 or leaf
    if isinstance(token, Index):
        return len(token.numbers) == 1
    return isinstance(token, Function)


def parse_path(text: str) -> Path:
    """Parses `$.a`, `$$.Execution.Id`, `$name[0]`. Raises ExpressionSyntaxError."""
    if text.startswith("$$"):
        root, at = "$$", 2
    elif named := _VARIABLE.match(text):
        root, at = named[1], named.end()
    elif text.startswith("$"):
        root, at = "$", 1
    else:
        raise ExpressionSyntaxError("A path begins with '$'", 0)
    return Path(text, root, _tokens(text, at))


def parse_filter_path(text: str) -> Path:
    """Parses a path inside a filter: `@.a` is relative to the item, `$.a` to the document."""
    return Path(text, text[0], _tokens(text, 1))


def _tokens(text: str, at: int) -> tuple[Token, ...]:
    found: list[Token] = []
    while at < len(text):
        if text.startswith("..", at):
            found.append(Scan())
            at += 2
            if at == len(text):
                raise ExpressionSyntaxError("Path must not end with a '.' or '..'", at)
            token, at = _bracket(text, at) if text[at] == "[" else _dotted(text, at)
        elif text[at] == ".":
            token, at = _bracket(text, at + 1) if text.startswith("[", at + 1) else _dotted(text, at + 1)
        elif text[at] == "[":
            token, at = _bracket(text, at)
        else:
            raise ExpressionSyntaxError(f"Illegal character at position {at}: expected '.' or '['", at)
        if found and isinstance(found[-1], Function):
            raise ExpressionSyntaxError("A function must stand at the end of a path", at)
        found.append(token)
    return tuple(found)


def _dotted(text: str, at: int) -> tuple[Token, int]:
    """A name, a wildcard or a function after a dot."""
    end = at
    while end < len(text) and text[end] not in ".[(":
        if text[end] == " ":
            raise ExpressionSyntaxError(
                "Use bracket notation ['my prop'] if your property contains blank characters", end
            )
        end += 1
    name = text[at:end]
    if not name:
        raise ExpressionSyntaxError(
            "Path must not end with a '.' or '..'" if at == len(text) else "A name is missing", at
        )
    if end < len(text) and text[end] == "(":
        close = text.find(")", end)
        if close < 0:
            raise ExpressionSyntaxError(f"The function '{name}' is not closed", end)
        if name not in FUNCTIONS:
            raise ExpressionSyntaxError(f"Function with name: {name} does not exist.", at)
        return Function(name, text[end + 1 : close].strip()), close + 1
    return (Wildcard() if name == "*" else Property((name,))), end


def _bracket(text: str, at: int) -> tuple[Token, int]:
    """What stands in square brackets."""
    begin = at + 1
    while begin < len(text) and text[begin] == " ":
        begin += 1
    if text.startswith("?", begin):
        return _filter(text, begin)
    if text[begin : begin + 1] in ("'", '"'):
        return _quoted(text, begin)
    close = text.find("]", begin)
    if close < 0:
        raise ExpressionSyntaxError(
            f"Could not parse token starting at position {at}. Expected ?, ', 0-9, *", at
        )
    inside = text[begin:close]
    if inside.strip() == "*":
        return Wildcard(), close + 1
    if _INDEX.fullmatch(inside):
        return Index(tuple(int(part) for part in inside.split(","))), close + 1
    if (bounds := _SLICE.fullmatch(inside)) and (bounds[1] or bounds[2]):
        start, stop = (None if part is None else int(part) for part in bounds.groups())
        return Slice(start, stop), close + 1
    raise ExpressionSyntaxError(f"Could not parse token starting at position {at}. Expected ?, ', 0-9, *", at)


def _quoted(text: str, at: int) -> tuple[Token, int]:
    names = []
    while True:
        quote, letters = text[at], []
        at += 1
        while at < len(text) and text[at] != quote:
            # Only the quote itself is escaped; other backslashes belong to the name (recorded).
            if text[at] == "\\" and text.startswith(quote, at + 1):
                at += 1
            letters.append(text[at])
            at += 1
        if at >= len(text):
            raise ExpressionSyntaxError("Property has not been closed - missing closing " + quote, at)
        names.append("".join(letters))
        at = _blanks(text, at + 1)
        if text.startswith("]", at):
            return Property(tuple(names)), at + 1
        if not text.startswith(",", at):
            raise ExpressionSyntaxError(
                f"Property must be separated by comma or closed by ] at position {at}", at
            )
        at = _blanks(text, at + 1)
        if text[at : at + 1] not in ("'", '"'):
            raise ExpressionSyntaxError(f"Found empty property at index {at}", at)


def _blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] == " ":
        at += 1
    return at


def _filter(text: str, at: int) -> tuple[Token, int]:
    """`?(...)]`, with quotes, regular expressions and nested brackets inside."""
    begin = _blanks(text, at + 1)
    if not text.startswith("(", begin):
        raise ExpressionSyntaxError(f"Expected '(' after '?' at position {at}", at)
    depth, quote, place = 0, "", begin
    while place < len(text):
        letter = text[place]
        if quote:
            if letter == "\\":
                place += 1
            elif letter == quote:
                quote = ""
        elif letter in "'\"" or (letter == "/" and text[begin:place].rstrip().endswith("~")):
            quote = letter
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if depth == 0:
                break
        place += 1
    close = _blanks(text, place + 1)
    if not text.startswith("]", close):
        raise ExpressionSyntaxError(f"Filter must end with ')]' at position {at}", at)
    return Filter(text[begin + 1 : place]), close + 1
