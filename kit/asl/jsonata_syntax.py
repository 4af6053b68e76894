"""The outside of JSONata in a definition: `{% … %}`, and what Step Functions' version lacks.

Step Functions has JSONata 2.0.6. The operators `?:` and `??` came later; in that version's parser
they are symbols that can't stand where they do.
https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import re

from kit.asl.errors import ExpressionSyntaxError

_LEXEME = re.compile(
    r"""
      (?P<comment>/\*.*?\*/)
    | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    | (?P<quoted>`[^`]*`)
    | (?P<signature>\)\s*<[^{}]*>(?=\s*\{))
    | (?P<regex>/(?:\\.|[^/\\\n])+/[im]*)
    | (?P<later>\?:|\?\?)
    | (?P<variable>\$\$|\$[^\W\d]\w*)
    | (?P<value>\w+|[\])}])
    | (?P<blank>\s+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ENDS_A_VALUE = ("string", "quoted", "variable", "value", "signature")


def unwrap(text: str) -> str | None:
    """The expression between `{%` and `%}`; None for a text that is just a text.

    Raises ExpressionSyntaxError where only one of the two is there.
    """
    opened, closed = text.startswith("{%"), text.endswith("%}")
    if opened and closed and len(text) >= 4:
        return text[2:-2].strip()
    if opened:
        raise ExpressionSyntaxError("JSONata string must start with {% and end with %}")
    return None


def check_version(expression: str) -> set[str]:
    """The names of the `$variables` and functions that an expression mentions; `$` for `$$`.

    Raises ExpressionSyntaxError for what JSONata 2.0.6 in Step Functions doesn't have.
    """
    before, at, names = "", 0, set()
    while found := _LEXEME.match(expression, at):
        kind, at = str(found.lastgroup), found.end()
        if kind == "regex" and before in _ENDS_A_VALUE:
            kind, at = "other", found.start() + 1
        if kind == "later":
            symbol = ":" if found[0] == "?:" else "?"
            message = f'The symbol "{symbol}" cannot be used as a unary operator'
            raise ExpressionSyntaxError(message, found.start() + 1)
        if kind == "variable":
            names.add(found[0][1:])
        if kind not in ("blank", "comment"):
            before = kind
    return names
