"""Faults in JSON texts, in Jackson's words."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.asl.json_faults import describe_fault


def test_an_unrecognized_token_is_told_as_recorded() -> None:
    location = '[Source: (String)"not a definition"; line: 1, column: 4]'
    assert describe_fault("not a definition") == (
        "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', "
        f"'true' or 'false')\n at {location}",
        location,
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{"a" 1}',
            "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value",
        ),
        ('{"a":1,}', "Unexpected character ('}' (code 125)): was expecting double-quote to start field name"),
        ("[1 2]", "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries"),
        (
            '{"a":1 "b"',
            "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries",
        ),
        ('{"a":"x', "Unexpected end-of-input: was expecting closing quote for a string value"),
        ('{"a":"\\q"}', "Unrecognized character escape 'q' (code 113)"),
        ('{"a":"\n"}', "Illegal unquoted character ((CTRL-CHAR, code 10))"),
        ("{", "Unexpected end-of-input: expected close marker for Object (start marker at"),
        ("[1,", "Unexpected end-of-input: expected close marker for Array"),
        ("", "Unexpected end-of-input"),
        ("{} {", "Unexpected end-of-input"),
        ("{} x", "Unrecognized token 'x'"),
    ],
)
def test_a_fault_is_told(text: str, message: str) -> None:
    assert describe_fault(text)[0].startswith(message)


def test_lines_and_columns_count_from_one() -> None:
    assert describe_fault('{\n  "a": tru\n}')[1].endswith("line: 2, column: 11]")


def test_a_long_text_is_cut() -> None:
    assert "[truncated 105 chars]" in describe_fault("{" + '"a":1,' * 100 + "}" * 4)[1]


@given(st.text('{}[]",:0123456789.eE+-truefalsn \n\\u', max_size=30))
def test_every_broken_text_has_a_fault_and_a_place(text: str) -> None:
    try:
        json.loads(text)
    except ValueError:
        message, location = describe_fault(text)
        assert message.endswith(location)
