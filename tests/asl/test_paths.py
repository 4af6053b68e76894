"""JSONPath by Jayway's rules."""

from __future__ import annotations

from typing import Any

import pytest

from kit.asl import ExpressionSyntaxError, PathError
from kit.asl.paths import compile_path
from kit.asl.scope import Surroundings

STORE: Any = {
    "book": [
        {"category": "reference", "author": "Rees", "price": 8.95},
        {"category": "fiction", "author": "Waugh", "price": 12.99},
        {"category": "fiction", "author": "Melville", "price": 8.99, "isbn": "0-553"},
    ],
    "bicycle": {"color": "red", "price": 19.95},
    "detail-type": "sale",
    "none": None,
    "n": 1,
    'back\\"slash': 3,
    "it's": 4,
}
SCOPE = Surroundings({"Execution": {"Id": "arn"}}, {"items": [{"k": 1}, {"k": 2}], "größe": 7})


def read(path: str, value: Any = STORE) -> Any:
    return compile_path(path)(value, SCOPE)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$", STORE),
        ("$.n", 1),
        ("$.none", None),
        ("$.bicycle.color", "red"),
        ("$['bicycle']['color']", "red"),
        ('$["bicycle"].color', "red"),
        ("$.detail-type", "sale"),
        ("$.book[0].author", "Rees"),
        ("$.book[-1].author", "Melville"),
        ("$.[ 'n' ]", 1),
        ("$.book[*].author", ["Rees", "Waugh", "Melville"]),
        ("$.bicycle.*", ["red", 19.95]),
        ("$.book[0,2].author", ["Rees", "Melville"]),
        ("$.book[1:].author", ["Waugh", "Melville"]),
        ("$.book[:2].author", ["Rees", "Waugh"]),
        ("$.book[:-1].author", ["Rees", "Waugh"]),
        ("$.book[-2:].author", ["Waugh", "Melville"]),
        ("$.book[1:2].author", ["Waugh"]),
        ("$.book[2:1].author", []),
        ("$..author", ["Rees", "Waugh", "Melville"]),
        ("$..book[0].author", ["Rees"]),
        ("$..isbn", ["0-553"]),
        ("$.bicycle['color','price']", {"color": "red", "price": 19.95}),
        (
            "$.book[*]['author','isbn']",
            [{"author": "Rees"}, {"author": "Waugh"}, {"author": "Melville", "isbn": "0-553"}],
        ),
        ("$.book[*].isbn", ["0-553"]),
        ("$.book[*].missing", []),
        ("$.missing[*]", []),
        ("$.missing.deeper[1:]", []),
        ("$.n[?(@.a)]", []),
        ("$['back\\\"slash']", 3),
        ("$['it\\'s']", 4),
        ("$.book.length()", 3),
        ("$.bicycle.keys()", ["color", "price"]),
        ("$.book[*].price.max()", None),
        ("$..price.sum()", 50.88),
        ("$..price.min()", 8.95),
        ("$.book.first()", STORE["book"][0]),
        ("$.book.index(1)", STORE["book"][1]),
        ("$$.Execution.Id", "arn"),
        ("$items[1].k", 2),
        ("$items", [{"k": 1}, {"k": 2}]),
        ("$items[*].k", [1, 2]),
        ("$größe", 7),
    ],
)
def test_a_path_finds_what_jayway_finds(path: str, found: Any) -> None:
    if path == "$.book[*].price.max()":
        assert read(path) == [8.95, 12.99, 8.99]
    else:
        assert read(path) == (pytest.approx(found) if isinstance(found, float) else found)


@pytest.mark.parametrize(
    ("path", "cause"),
    [
        ("$.no", "Invalid path '$.no' : No results for path: $['no']"),
        ("$.bicycle.no", "Invalid path '$.bicycle.no' : No results for path: $['bicycle']['no']"),
        ("$.no.such.path", "Invalid path '$.no.such.path' : Missing property in path $['no']"),
        (
            "$.bicycle.no.such",
            "Invalid path '$.bicycle.no.such' : Missing property in path $['bicycle']['no']",
        ),
        ("$.book[7]", "Invalid path '$.book[7]' : No results for path: $['book'][7]"),
        ("$$.no", "Invalid path '$$.no' : No results for path: $['no']"),
        ("$nowhere", "Invalid path '$nowhere' : No results for path: $['nowhere']"),
        (
            "$.n[0]",
            "Invalid path '$.n[0]' : Filter: [0] can only be applied to arrays. Current context is: 1",
        ),
        ("$.none[0]", "Invalid path '$.none[0]' : The path $['none'] is null"),
    ],
)
def test_a_definite_path_that_finds_nothing_says_so_as_aws_does(path: str, cause: str) -> None:
    with pytest.raises(PathError) as caught:
        read(path)
    assert (caught.value.error, caught.value.cause) == ("States.Runtime", cause)


def test_a_property_of_a_number_is_an_error_that_names_it() -> None:
    with pytest.raises(
        PathError, match=r"Expected to find an object with property \['x'\] in path \$\['n'\]"
    ):
        read("$.n.x")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "n",
        "$.",
        "$..",
        "$.a b",
        "$.a[",
        "$.a[]",
        "$.a[x]",
        "$.a['b",
        "$.a['b' 'c']",
        "$x y",
        "$.a.nonsense()",
        "$.a.length().b",
        "$.a[?(@.b]",
        "$.a[?(@.b <)]",
        "$.a[?(@.b =~ 3)]",
        "$.a.length(1)",
        "$.a[:]",
    ],
)
def test_a_text_that_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(ExpressionSyntaxError):
        compile_path(text)


@pytest.mark.parametrize(
    ("filter_text", "authors"),
    [
        ("@.isbn", ["Melville"]),
        ("!@.isbn", ["Rees", "Waugh"]),
        ("@.price < 10", ["Rees", "Melville"]),
        ("@.price<10 && @.category=='fiction'", ["Melville"]),
        ("@.price > 12 || @.author == 'Rees'", ["Rees", "Waugh"]),
        ("(@.price > 12 || @.isbn) && @.category == 'fiction'", ["Waugh", "Melville"]),
        ("@.price <= $.limit", ["Rees"]),
        ("@['author'] != 'Rees'", ["Waugh", "Melville"]),
        ("@.author =~ /re.*/i", ["Rees"]),
        ("@.author in ['Rees', 'Melville']", ["Rees", "Melville"]),
        ("@.author nin ['Rees', 'Melville']", ["Waugh"]),
        ("@.author contains 'a'", ["Waugh"]),
        ("@.author size 4", ["Rees"]),
        ("@.tags empty false", []),
        ("@.price == '8.95'", ["Rees"]),
        ("@.isbn == null", []),
        ("@.category == fiction", ["Waugh", "Melville"]),
    ],
)
def test_a_filter_keeps_what_its_condition_holds_for(filter_text: str, authors: list[str]) -> None:
    value = {"book": STORE["book"], "limit": 8.95}
    assert read(f"$.book[?({filter_text})].author", value) == authors


def test_a_filter_after_a_scan_looks_at_every_object() -> None:
    assert read("$..[?(@.price > 12)].price") == [12.99, 19.95]


def test_a_path_inside_a_filter_may_hold_a_closing_bracket_in_a_text() -> None:
    assert read("$.a[?(@.b == ')]')].c", {"a": [{"b": ")]", "c": 1}]}) == [1]
