"""JSONata expressions and templates, as Step Functions evaluates them."""

from __future__ import annotations

import random
from typing import Any

import pytest

from kit.asl import ExpressionSyntaxError, JsonataError
from kit.asl.jsonata import Moment, compile_jsonata, compile_template

STATES: Any = {
    "input": {"i": 1, "items": [1, 2, 3], "one": [7], "bar": None, "name": "world"},
    "context": {"State": {"Name": "P"}},
}
MOMENT = Moment(1_775_433_600_123, random.Random(1))


def value_of(expression: str, variables: dict[str, Any] | None = None) -> Any:
    return compile_jsonata(expression).evaluate(STATES, variables or {}, MOMENT)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$states.input.i + 1", 2),
        ("$states.input.items", [1, 2, 3]),
        ("$states.input.one", [7]),
        ("$states.input.items[$ > 1]", [2, 3]),
        ("$states.input.items[$ > 2]", 3),
        ("$states.input.bar", None),
        ("null", None),
        ("4 / 2", 2),
        ("'hello ' & $states.input.name", "hello world"),
        ("$states.context.State.Name", "P"),
        ("$x + $y.z", 5),
        ("$variable := 1", 1),
        ("{'a': $states.input.bar}", {"a": None}),
        ("[$states.input.bar, 1]", [None, 1]),
        ("$map($states.input.items, function($n) { $n * $x })", [2, 4, 6]),
        ("$contains('hello$world', /^hello\\$/)", True),
        ("$merge([{'a': 1}, {'b': 2}])", {"a": 1, "b": 2}),
        ("$now()", "2026-04-06T00:00:00.123Z"),
        ("$millis()", 1_775_433_600_123),
        ("1 /* a comment */", 1),
    ],
)
def test_an_expression_has_the_value_aws_gives(expression: str, value: Any) -> None:
    found = value_of(expression, {"x": 2, "y": {"z": 3}})
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "expression", ["$states.input.absent", "$doesNotExist", "$", "$states.input.i.x", "()"]
)
def test_an_undefined_result_is_an_error(expression: str) -> None:
    with pytest.raises(JsonataError) as caught:
        compile_template("{% " + expression + " %}", "Output")(STATES, {})
    assert caught.value.error == "States.QueryEvaluationError"
    assert caught.value.location == "Output"
    assert caught.value.cause == (
        f"The JSONata expression '{expression}' specified for the field 'Output' "
        "returned nothing (undefined)."
    )


def test_a_function_is_no_result() -> None:
    with pytest.raises(
        JsonataError, match=r"specified for the field '' returned an unsupported result type\.$"
    ):
        value_of("$sum")


@pytest.mark.parametrize(
    ("expression", "tail"),
    [
        ("1 + 'a'", '. T2002: The right side of the "+" operator must evaluate to a number'),
        ("$sum(['a'])", '. T0412: Argument 1 of function "sum" must be an array of "numbers"'),
        ("$nothing()", ". T1006: Attempted to invoke a non-function"),
        ("$eval('1+1')", ". T1006: Attempted to invoke a non-function"),
        ("$error('no such cluster')", ". D3137: no such cluster"),
        ("$parse('{')", ". D3137: Invalid JSON"),
        (
            "[1..900000] ~> $count()",
            ": Expression evaluation memory limit exceeded: Check for excessive memory usage",
        ),
        (
            "($f := function($x) { $x <= 0 ? 0 : 1 + $f($x - 1) }; $f(1000))",
            ": Stack overflow error: Check for non-terminating recursive function. "
            "Consider rewriting as tail-recursive",
        ),
    ],
)
def test_what_an_expression_throws_is_told_with_its_field(expression: str, tail: str) -> None:
    with pytest.raises(JsonataError) as caught:
        compile_template({"v": "{% " + expression + " %}"}, "Output")(STATES, {})
    assert caught.value.cause == (
        f"The JSONata expression '{expression}' specified for the field 'Output/v' threw an error during "
        f"evaluation{tail}"
    )


def test_what_never_ends_is_stopped() -> None:
    with pytest.raises(JsonataError, match="Expression evaluation timeout: Check for infinite loop"):
        value_of("($f := function($n) { $f($n + 1) }; $f(1))")


@pytest.mark.parametrize(
    ("expression", "fits"),
    [
        ("+".join("1" * 100), True),
        ("+".join("1" * 101), False),
        ("(" * 99 + "1" + ")" * 99, True),
        ("(" * 100 + "1" + ")" * 100, False),
        ("$count([1..873782])", True),
    ],
)
def test_the_bounds_are_those_of_aws(expression: str, fits: bool) -> None:
    if fits:
        assert value_of(expression)
    else:
        with pytest.raises(JsonataError, match="Stack overflow"):
            value_of(expression)


def test_a_template_evaluates_the_texts_that_are_expressions_whole() -> None:
    template = compile_template(
        {"a": "{% $states.input.i %}", "b": ["{%$x%}", "Hello {% $x %}"], "c": {"d": 1, "x.$": "$.y"}},
        "Output",
    )
    assert template(STATES, {"x": 5}) == {"a": 1, "b": [5, "Hello {% $x %}"], "c": {"d": 1, "x.$": "$.y"}}


def test_a_template_without_expressions_is_one_and_the_same_value() -> None:
    value = {"a": [1, "two"]}
    assert compile_template(value, "Output")(STATES, {}) is value


@pytest.mark.parametrize(
    ("value", "location"),
    [
        ({"a": {"b": ["{% $no %}"]}}, "Arguments/a/b[0]"),
        ({"c": "{% $no %}"}, "Arguments/c"),
        ("{% $no %}", "Arguments"),
    ],
)
def test_a_failure_names_the_inner_place(value: Any, location: str) -> None:
    with pytest.raises(JsonataError) as caught:
        compile_template(value, "Arguments")(STATES, {})
    assert caught.value.location == location


@pytest.mark.parametrize(
    ("expression", "was", "shown"),
    [
        ("null", "null", "null"),
        ("1", "number", "1"),
        ("true", "boolean", "true"),
        ('"string"', "string", '"string"'),
        ('{"foo":"bar"}', "object", '{"foo":"bar"}'),
    ],
)
def test_a_field_that_needs_a_type_says_what_it_found(expression: str, was: str, shown: str) -> None:
    with pytest.raises(JsonataError) as caught:
        compile_template("{% " + expression + " %}", "Items", expected="array")(STATES, {})
    assert caught.value.cause == (
        f"The JSONata expression '{expression}' specified for the field 'Items' returned an unexpected "
        f"result type. Expected 'array', but was '{was}' for value: {shown}"
    )


@pytest.mark.parametrize(
    ("expression", "context", "variables"),
    [
        ("$states.input.i", False, False),
        ("$states.context.State.Name", True, False),
        ("$states", True, False),
        ("$x", False, True),
        ("$states.input.i + 1", False, False),
        ("$count([1])", False, True),
    ],
)
def test_an_expression_tells_what_it_needs(expression: str, context: bool, variables: bool) -> None:
    compiled = compile_jsonata(expression)
    assert (compiled.needs_context, compiled.needs_variables) == (context, variables)


@pytest.mark.parametrize("name", ["count", "sum", "now", "parse", "random", "states_"])
def test_a_variable_may_have_the_name_of_a_function(name: str) -> None:
    assert value_of(f"${name} + 1", {name: 4}) == 5
    assert value_of(f"${name}", {name: 4}) == 4
    assert value_of(f"{{'v': ${name}}}", {name: None}) == {"v": None}
    assert value_of("$count([1, 2])", {"sum": 4}) == 2


def test_a_mere_path_passes_values_through_as_they_are() -> None:
    states = {"input": {"id": 2**53 + 1, "list": [{"x": 1}, {"x": 2}]}}
    assert compile_jsonata("$states.input.id").evaluate(states, {}) == 2**53 + 1
    assert compile_jsonata("$states.input.list").evaluate(states, {}) is states["input"]["list"]
    assert compile_jsonata("$states.input.list.x").evaluate(states, {}) == [1, 2]
    assert compile_jsonata("$v.a").evaluate(states, {"v": [{"a": 1}]}) == 1


def test_what_is_not_needed_may_be_left_out() -> None:
    assert compile_jsonata("$states.input.i").evaluate({"input": {"i": 1}}, {}) == 1


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("1 +", "Unexpected end of expression"),
        ("a[1,2)", r'Expected "\]", got ","'),
        ("$x ?: 1", 'The symbol ":" cannot be used as a unary operator'),
        ("$x ?? 1", r'The symbol "\?" cannot be used as a unary operator'),
    ],
)
def test_what_jsonata_206_cannot_parse_is_refused(expression: str, message: str) -> None:
    with pytest.raises(ExpressionSyntaxError, match=f"^{message}$"):
        compile_jsonata(expression)


@pytest.mark.parametrize(
    "expression", ["'a ?: b ?? c'", "function($x)<n?:n>{$x}(1)", "$match('a?:b', /a?:b/).match", "1 ? 2 : 3"]
)
def test_what_only_looks_newer_is_accepted(expression: str) -> None:
    value_of(expression)


def test_an_expression_that_opens_must_close() -> None:
    with pytest.raises(ExpressionSyntaxError, match=r"JSONata string must start with \{% and end with %\}"):
        compile_template("{% $x", "Output")
