"""XML as xmltodict, which moto uses, would write it."""

from typing import Any

import xmltodict  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from kit.emulator.plain_xml import write

names = st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,6}", fullmatch=True)
texts = st.text(alphabet="ab<>&\"' é日", max_size=6)
leaves = texts | st.booleans() | st.integers() | st.none()


def structures(children: Any) -> Any:
    return st.dictionaries(names, children | st.lists(children, max_size=3), max_size=4)


values = st.recursive(leaves, structures, max_leaves=12)


@given(st.dictionaries(names, values, min_size=1, max_size=1), texts)
def test_it_is_the_same_text(body: dict[str, Any], space: str) -> None:
    for value in body.values():
        if isinstance(value, dict):
            value["@xmlns"] = space
    assert write(body) == xmltodict.unparse(body, full_document=False, short_empty_elements=True)


def test_a_text_may_have_attributes() -> None:
    body = {"a": {"@id": "1", "#text": "x & y"}}
    assert write(body) == '<a id="1">x &amp; y</a>'
