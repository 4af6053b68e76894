"""Any text is an expression or refused as one; nothing else is raised."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.asl import ExpressionSyntaxError, StatesError
from kit.asl.intrinsics import compile_intrinsic
from kit.asl.jsonata import compile_template
from kit.asl.paths import compile_path
from kit.asl.scope import Reader, Surroundings

VALUE = {"a": [{"b": 1}, {"b": "x"}], "b": None}
PATHS = "$ $$ @ . .. [ ] ( ) ?( )] * ' \" , : 0 -1 a b == && || ! =~ /x/ length() States. Format Array {} \\"
PIECES = st.sampled_from([*PATHS.split(), " "])
SYMBOLS = (
    "$states .input .a $x $sum ( ) [ ] { } ' \" / * ? : := ; 1 + function $v ~> ^ @ # % | & in ` /* */ ??"
)
JSONATA = st.sampled_from([*SYMBOLS.split(), " "])


@pytest.mark.parametrize("compile_text", [compile_path, compile_intrinsic])
@given(pieces=st.lists(PIECES, max_size=9))
def test_any_text_is_a_path_or_a_call_or_refused(
    compile_text: Callable[[str], Reader], pieces: list[str]
) -> None:
    prefix = "$" if compile_text is compile_path else "States.Array("
    try:
        read = compile_text(prefix + "".join(pieces))
    except ExpressionSyntaxError:
        return
    try:
        read(VALUE, Surroundings())
    except StatesError as failed:
        assert failed.cause  # noqa: PT017


@given(st.lists(JSONATA, max_size=8))
def test_any_text_is_a_jsonata_expression_or_refused(pieces: list[str]) -> None:
    try:
        template = compile_template("{% " + "".join(pieces) + " %}", "Output")
    except ExpressionSyntaxError:
        return
    try:
        template({"input": VALUE}, {"x": 1})
    except StatesError as failed:
        assert failed.cause  # noqa: PT017
