"""What is wrong with a text that should be JSON, in the words of Jackson, which AWS uses.

Messages and places follow https://github.com/FasterXML/jackson-core (ReaderBasedJsonParser); of
these only the one for an unrecognized token is recorded from AWS.
"""

from __future__ import annotations

import re

_VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_WORD = re.compile(r"[^\W\d][\w$]*")
_SHOWN = 500


def describe_fault(text: str) -> tuple[str, str]:
    """The pair of message and location for the first fault in a text that is not JSON."""
    found = _Scanner(text).first_fault()
    location = _location(text, found[1])
    return f"{found[0]}\n at {location}", location


def _location(text: str, at: int) -> str:
    shown = f'"{text}"'
    if len(text) > _SHOWN:
        shown = f'"{text[:_SHOWN]}"[truncated {len(text) - _SHOWN} chars]'
    line = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    return f"[Source: (String){shown}; line: {line}, column: {column}]"


class _FaultError(Exception):
    pass


class _Scanner:
    """Reads as a JSON parser does, keeping open brackets on a list, and stops at the first fault."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.open: list[tuple[str, int]] = []

    def first_fault(self) -> tuple[str, int]:
        try:
            self.scan()
        except _FaultError as fault:
            return str(fault), self.at
        return "Trailing text after the JSON value", self.at

    def scan(self) -> None:
        self.value()
        while self.open:
            self.blanks()
            kind = self.open[-1][0]
            close = "}" if kind == "{" else "]"
            if self.peek() == close:
                self.at += 1
                self.open.pop()
            elif self.peek() == ",":
                self.at += 1
                self.blanks()
                if kind == "{":
                    self.name()
                self.value()
            else:
                self.unexpected(f"was expecting comma to separate {self.kind()} entries")
        self.blanks()
        if self.at < len(self.text):
            self.value()

    def value(self) -> None:
        while True:
            self.blanks()
            letter = self.peek()
            if letter not in ("{", "["):
                break
            self.open.append((letter, self.at))
            self.at += 1
            self.blanks()
            if self.peek() == ("}" if letter == "{" else "]"):
                return
            if letter == "{":
                self.name()
        for pattern in (_STRING, _NUMBER):
            if found := pattern.match(self.text, self.at):
                self.at = found.end()
                return
        if found := _WORD.match(self.text, self.at):
            self.at = found.end()
            if found[0] not in ("true", "false", "null"):
                raise _FaultError(f"Unrecognized token '{found[0]}': was expecting {_VALUES}")
            return
        if self.peek() == '"':
            self.string_fault()
        self.unexpected("expected a valid value " + _VALUES)

    def name(self) -> None:
        self.blanks()
        if found := _STRING.match(self.text, self.at):
            self.at = found.end()
        elif self.peek() == '"':
            self.string_fault()
        else:
            self.unexpected("was expecting double-quote to start field name")
        self.blanks()
        if self.peek() != ":":
            self.unexpected("was expecting a colon to separate field name and value")
        self.at += 1

    def string_fault(self) -> None:
        while self.at + 1 < len(self.text):
            self.at += 1
            if self.text[self.at] < " ":
                code = ord(self.text[self.at])
                raise _FaultError(
                    f"Illegal unquoted character ((CTRL-CHAR, code {code})): has to be escaped using "
                    "backslash to be included in string value"
                )
            if self.text[self.at] == "\\":
                self.at += 1
                if self.at < len(self.text) and self.text[self.at] not in '"\\/bfnrtu':
                    letter = self.text[self.at]
                    raise _FaultError(f"Unrecognized character escape '{letter}' (code {ord(letter)})")
        self.at = len(self.text)
        raise _FaultError("Unexpected end-of-input: was expecting closing quote for a string value")

    def unexpected(self, wanted: str) -> None:
        if self.at >= len(self.text):
            if not self.open:
                raise _FaultError("Unexpected end-of-input: expected a value")
            begin = _location(self.text, self.open[-1][1])
            raise _FaultError(
                f"Unexpected end-of-input: expected close marker for {self.kind()} (start marker at {begin})"
            )
        letter = self.text[self.at]
        self.at += 1
        raise _FaultError(f"Unexpected character ('{letter}' (code {ord(letter)})): {wanted}")

    def kind(self) -> str:
        return "Object" if self.open[-1][0] == "{" else "Array"

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def blanks(self) -> None:
        while self.peek() in (" ", "\t", "\r", "\n"):
            self.at += 1
