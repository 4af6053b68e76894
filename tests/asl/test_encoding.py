"""JSON in and out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.asl.encoding import decode, encode

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
)


@given(JSON)
def test_what_is_written_is_read(value: Any) -> None:
    assert decode(encode(value)) == value


def test_text_is_compact_and_keeps_order_and_letters() -> None:
    assert encode({"b": [1, 2.5, None, True], "a": "ü\n"}) == '{"b":[1,2.5,null,true],"a":"ü\\n"}'


def test_large_integers_keep_their_digits() -> None:
    assert decode(str(10**30)) == 10**30
    assert encode(10**30) == str(10**30)


@pytest.mark.parametrize(
    "text", ["", "{", "NaN", "[1,]", "12345678901234567890 x", "[" * 3000, "[" * 3000 + "1" * 20]
)
def test_what_is_no_json_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(text)
