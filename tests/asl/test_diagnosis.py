"""What AWS says of broken definitions. `recorded` marks words that were recorded from the service."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kit.asl import DefinitionError, diagnose, parse
from kit.asl.diagnosis import MAX_DEFINITION, diagnose_state
from kit.asl.errors import Diagnostic


def machine(state: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """A machine of one state X, and of Z, where X goes."""
    states: dict[str, Any] = {"X": {"Type": "Pass", "Next": "Z"} if state is None else state}
    if "Next" in states["X"] or states["X"].get("Type") == "Choice":
        states["Z"] = {"Type": "Succeed"}
    return {"StartAt": "X", "States": states, **fields}


def found(definition: Any, **options: Any) -> list[tuple[str, str | None]]:
    return [(one.message, one.location) for one in diagnose(definition, **options)]


def only(definition: Any, **options: Any) -> Diagnostic:
    (one,) = diagnose(definition, **options)
    return one


TASK = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True}
FLOW = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
OTHER = {"StartAt": "B", "States": {"B": {"Type": "Pass", "End": True}}}
MAP = {"Type": "Map", "ItemProcessor": FLOW, "End": True}
PARALLEL = {"Type": "Parallel", "Branches": [FLOW], "End": True}
CHOICE = {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsPresent": True, "Next": "Z"}]}
WAIT = {"Type": "Wait", "Seconds": 1, "End": True}
RULE = {"Variable": "$.a", "IsPresent": True}


@pytest.mark.parametrize(
    "state",
    [TASK, MAP, PARALLEL, CHOICE, WAIT, {"Type": "Fail"}, {"Type": "Succeed"}, {"Type": "Pass", "End": True}],
)
def test_a_sound_state_has_no_findings(state: dict[str, Any]) -> None:
    assert found(machine(state)) == []


def test_an_empty_object_lacks_both_fields_in_the_recorded_order() -> None:
    assert found("{}") == [("These fields are required: [States, StartAt]", "/")]


def test_a_missing_end_has_no_place() -> None:
    loop = {
        "StartAt": "A",
        "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}},
    }
    assert only(loop) == Diagnostic("ERROR", "MISSING_END_STATE", "Workflow has no terminal state", None)
    with pytest.raises(DefinitionError) as caught:
        parse(loop)
    assert str(caught.value) == (
        "Invalid State Machine Definition: 'MISSING_END_STATE: Workflow has no terminal state at null'"
    )


def test_a_missing_end_hides_what_is_unreachable_but_not_what_is_dangling() -> None:
    states = {"A": {"Type": "Pass", "Next": "NOPE"}, "B": {"Type": "Pass", "Next": "A"}}
    assert found({"StartAt": "A", "States": states}) == [
        ("Missing 'Next' target: NOPE", "/States/A/Next"),
        ("Workflow has no terminal state", None),
    ]


def test_a_nested_loop_needs_no_end() -> None:
    loop = {
        "StartAt": "A",
        "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}},
    }
    assert found(machine({**MAP, "ItemProcessor": loop})) == []


def test_dangling_and_unreachable_are_told_together_as_quoted_from_aws() -> None:
    states = {"pass1": {"Type": "Pass", "Next": "pass3"}, "pass2": {"Type": "Pass", "End": True}}
    with pytest.raises(DefinitionError) as caught:
        parse({"StartAt": "pass1", "States": states})
    assert str(caught.value) == (
        "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: pass3 at "
        '/States/pass1/Next, MISSING_TRANSITION_TARGET: State "pass2" is not reachable. at /States/pass2\''
    )


@pytest.mark.parametrize(
    ("state", "location"),
    [
        (
            {"Type": "Choice", "Choices": [{**RULE, "Next": "Ghost"}], "Default": "Z"},
            "/States/X/Choices[0]/Next",
        ),
        ({**CHOICE, "Default": "Ghost"}, "/States/X/Default"),
        ({**TASK, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Ghost"}]}, "/States/X/Catch[0]/Next"),
    ],
)
def test_every_transition_needs_its_target(state: dict[str, Any], location: str) -> None:
    assert found(machine(state)) == [("Missing 'Next' target: Ghost", location)]


def test_a_start_that_is_not_there_leaves_all_unreachable() -> None:
    assert found({"StartAt": "Nope", "States": FLOW["States"]}) == [
        ("Missing 'Next' target: Nope", "/StartAt"),
        ('State "A" is not reachable.', "/States/A"),
    ]


def test_transitions_stay_in_their_flow() -> None:
    branch = {
        "StartAt": "A",
        "States": {"A": {"Type": "Pass", "Next": "Z"}, "B": {"Type": "Pass", "End": True}},
    }
    assert found(machine({**PARALLEL, "Branches": [branch], "End": False, "Next": "Z"})) == [
        ("Missing 'Next' target: Z", "/States/X/Branches[0]/States/A/Next"),
        ('State "B" is not reachable.', "/States/X/Branches[0]/States/B"),
    ]


def test_names_are_unique_in_the_whole_machine() -> None:
    definition = machine({**PARALLEL, "Branches": [FLOW, FLOW]})
    assert only(definition) == Diagnostic(
        "ERROR", "DUPLICATE_STATE_NAME", "Duplicate State name: A", "/States/X/Branches[1]/States/A"
    )


FIELD_CASES: list[tuple[dict[str, Any], str, str]] = [
    ({"End": True}, "These fields are required: [Type]", ""),
    (
        {"Type": "Nonsense", "End": True},
        "The field 'Type' should have one of these values: "
        "[Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]",
        "/Type",
    ),
    ({"Type": "Task", "End": True}, "These fields are required: [Resource]", ""),
    ({"Type": "Choice"}, "These fields are required: [Choices]", ""),
    ({"Type": "Parallel", "End": True}, "These fields are required: [Branches]", ""),
    ({**PARALLEL, "Branches": []}, "Value cannot be empty", "/Branches"),
    ({**CHOICE, "Choices": []}, "Value cannot be empty", "/Choices"),
    ({"Type": "Pass"}, "This object should have only one of the following fields: [Next, End]", ""),
    ({**TASK, "Next": "Z"}, "There should only be one of the following fields: [Next, End]", ""),
    (
        {"Type": "Map", "End": True},
        "This object should have only one of the following fields: [ItemProcessor, Iterator]",
        "",
    ),
    (
        {**MAP, "Iterator": OTHER},
        "There should only be one of the following fields: [ItemProcessor, Iterator]",
        "",
    ),
    (
        {"Type": "Wait", "End": True},
        "This object should have only one of the following fields: "
        "[SecondsPath, Seconds, TimestampPath, Timestamp]",
        "",
    ),
    ({**MAP, "TimeoutSeconds": 5}, "Field 'TimeoutSeconds' is not supported", ""),
    ({"Type": "Pass", "End": True, "Catch": []}, "Field 'Catch' is not supported", ""),
    ({**TASK, "_comment": "x"}, "Field '_comment' is not supported", ""),
    ({"Type": "Succeed", "End": True}, "Field 'End' is not supported", ""),
    ({**TASK, "Comment": 1}, "Expected value of type [STRING]", "/Comment"),
    ({**TASK, "Resource": "lambda"}, "Value is not a valid resource ARN", "/Resource"),
    ({**TASK, "TimeoutSeconds": 0}, "Minimum value is 1", "/TimeoutSeconds"),
    ({**TASK, "TimeoutSeconds": 100_000_000}, "Maximum value is 99999999", "/TimeoutSeconds"),
    ({**TASK, "TimeoutSeconds": "5"}, "Expected value of type Integer", "/TimeoutSeconds"),
    ({**TASK, "TimeoutSeconds": 1.5}, "Expected value of type Integer", "/TimeoutSeconds"),
    (
        {**TASK, "TimeoutSeconds": 5, "TimeoutSecondsPath": "$.t"},
        "There should only be one of the following fields: [TimeoutSeconds, TimeoutSecondsPath]",
        "",
    ),
    (
        {**TASK, "TimeoutSeconds": 5, "HeartbeatSeconds": 5},
        "HeartbeatSeconds must be smaller than TimeoutSeconds",
        "/HeartbeatSeconds",
    ),
    ({**WAIT, "Seconds": -1}, "Minimum value is 0", "/Seconds"),
    (
        {"Type": "Wait", "Timestamp": "2016-12-05 21:29:29Z", "End": True},
        "String does not match RFC3339 timestamp",
        "/Timestamp",
    ),
    ({**MAP, "MaxConcurrency": -1}, "Minimum value is 0", "/MaxConcurrency"),
    ({**MAP, "ToleratedFailurePercentage": 101}, "Maximum value is 100", "/ToleratedFailurePercentage"),
    ({**MAP, "MaxConcurrencyPath": "$.a[*]"}, "Value is not a Reference Path", "/MaxConcurrencyPath"),
    ({**TASK, "InputPath": "input"}, "Value must be a valid JSONPath.", "/InputPath"),
    (
        {**TASK, "ResultPath": "result"},
        "Value is not a Reference Path: Reference path didn't start with '$'",
        "/ResultPath",
    ),
    ({**TASK, "ResultPath": "$..a"}, "Value is not a Reference Path", "/ResultPath"),
    (
        {**TASK, "Parameters": {"a": [{"b.$": "c"}]}},
        "The value for the field 'b.$' must be a valid JSONPath or a valid intrinsic function call",
        "/Parameters/a[0]/b.$",
    ),
    (
        {**TASK, "ResultSelector": {"b.$": "States.Nope()"}},
        "The value for the field 'b.$' must be a valid JSONPath or a valid intrinsic function call",
        "/ResultSelector/b.$",
    ),
    (
        {**TASK, "Output": {}},
        "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' "
        "QueryLanguage",
        "",
    ),
    (
        {**TASK, "QueryLanguage": "JSONata", "InputPath": "$"},
        "The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for the 'JSONPath' "
        "QueryLanguage",
        "",
    ),
    (
        {**TASK, "QueryLanguage": "jsonata"},
        "Value should be one of the following: [JSONPath, JSONata]",
        "/QueryLanguage",
    ),
    ({**TASK, "Credentials": {}}, "The field 'RoleArn' is required but was missing", "/Credentials"),
    (
        {**MAP, "Label": "x" * 41},
        f"The label '{'x' * 41}' exceeds the 40-character limit allowed by the service",
        "/Label",
    ),
    (
        {"Type": "Fail", "Error": "a", "ErrorPath": "$.a"},
        "There should only be one of the following fields: [Error, ErrorPath]",
        "",
    ),
    (
        {"Type": "Fail", "CausePath": "States.Nope()"},
        "Value must be a valid JSONPath or a valid intrinsic function call.",
        "/CausePath",
    ),
    ({**TASK, "Assign": {"states": 1}}, "Cannot assign to reserved variable '$states'.", "/Assign/states"),
    (
        {**TASK, "Assign": {"a-b": 1}},
        "Invalid variable name 'a-b': the variable name contains invalid characters.",
        "/Assign/a-b",
    ),
    ({**TASK, "Assign": []}, "Expected value of type [OBJECT]", "/Assign"),
    ({**TASK, "Retry": [{}]}, "These fields are required: [ErrorEquals]", "/Retry[0]"),
    ({**TASK, "Retry": [{"ErrorEquals": []}]}, "Value cannot be empty", "/Retry[0]/ErrorEquals"),
    (
        {**TASK, "Retry": [{"ErrorEquals": ["States.ALL", "B"]}]},
        "States.ALL must appear alone and at end of list",
        "/Retry[0]/ErrorEquals[0]",
    ),
    (
        {**TASK, "Retry": [{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["B"]}]},
        "States.ALL must appear alone and at end of list",
        "/Retry[0]/ErrorEquals[0]",
    ),
    (
        {**TASK, "Retry": [{"ErrorEquals": ["A"], "BackoffRate": 0.5}]},
        "Minimum value is 1",
        "/Retry[0]/BackoffRate",
    ),
    (
        {**TASK, "Retry": [{"ErrorEquals": ["A"], "MaxAttempts": -1}]},
        "Minimum value is 0",
        "/Retry[0]/MaxAttempts",
    ),
    (
        {**TASK, "Retry": [{"ErrorEquals": ["A"], "JitterStrategy": "SOME"}]},
        "Value should be one of the following: [NONE, FULL]",
        "/Retry[0]/JitterStrategy",
    ),
    ({**TASK, "Retry": [{"ErrorEquals": ["A"], "Next": "Z"}]}, "Field 'Next' is not supported", "/Retry[0]"),
    (
        {**TASK, "Retry": [{"ErrorEquals": ["A"], "IntervalSeconds": 5, "MaxDelaySeconds": 5}]},
        "MaxDelaySeconds must be greater than IntervalSeconds",
        "/Retry[0]/MaxDelaySeconds",
    ),
    ({**TASK, "Catch": [{"ErrorEquals": ["A"]}]}, "These fields are required: [Next]", "/Catch[0]"),
    ({**CHOICE, "Choices": [RULE]}, "These fields are required: [Next]", "/Choices[0]"),
    (
        {**CHOICE, "Choices": [{"Next": "Z"}]},
        "The object must have only one of the following fields, [And, Or, Not, Variable, Condition]",
        "/Choices[0]",
    ),
    (
        {**CHOICE, "Choices": [{"Next": "Z", "Not": {**RULE, "Next": "Z"}}]},
        "Field 'Next' is not supported",
        "/Choices[0]/Not",
    ),
    ({**CHOICE, "Choices": [{"Next": "Z", "And": []}]}, "Value cannot be empty", "/Choices[0]/And"),
    (
        {**CHOICE, "Choices": [{**RULE, "IsNull": True, "Next": "Z"}]},
        "There should only be one of the following fields: [IsPresent, IsNull]",
        "/Choices[0]",
    ),
    (
        {**CHOICE, "Choices": [{"Variable": "States.ArrayLength($)", "IsNull": True, "Next": "Z"}]},
        "Value is not a Reference Path: Reference path didn't start with '$'",
        "/Choices[0]/Variable",
    ),
    (
        {**CHOICE, "Choices": [{"Variable": "$.a", "NumericEquals": "1", "Next": "Z"}]},
        "Expected value of type Number",
        "/Choices[0]/NumericEquals",
    ),
    (
        {**CHOICE, "Choices": [{"Variable": "$.a", "TimestampEquals": "noon", "Next": "Z"}]},
        "String does not match RFC3339 timestamp",
        "/Choices[0]/TimestampEquals",
    ),
    (
        {**CHOICE, "Choices": [{"Condition": "{% true %}", "Next": "Z"}]},
        "The QueryLanguage is set to 'JSONPath', but field 'Condition' is only supported for the 'JSONata' "
        "QueryLanguage",
        "/Choices[0]",
    ),
    (
        {**MAP, "ItemProcessor": {**FLOW, "QueryLanguage": "JSONata"}},
        "Field 'QueryLanguage' is not supported",
        "/ItemProcessor",
    ),
    (
        {**MAP, "ItemProcessor": {**FLOW, "ProcessorConfig": {"Mode": "DISTRIBUTED"}}},
        "These fields are required: [ExecutionType]",
        "/ItemProcessor/ProcessorConfig",
    ),
    (
        {
            **MAP,
            "ItemProcessor": {**FLOW, "ProcessorConfig": {"Mode": "INLINE", "ExecutionType": "STANDARD"}},
        },
        "Field 'ExecutionType' is not supported",
        "/ItemProcessor/ProcessorConfig",
    ),
    (
        {**MAP, "ItemReader": {"Resource": "arn:aws:states:::s3:putObject"}},
        "The field 'Resource' does not match any of the allowed values",
        "/ItemReader/Resource",
    ),
    (
        {
            **MAP,
            "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "CSV"}},
        },
        "The field 'CSVHeaderLocation' is required",
        "/ItemReader/ReaderConfig",
    ),
    ({**MAP, "ResultWriter": {}}, "These fields are required: [Resource]", "/ResultWriter"),
    (
        {**MAP, "ItemBatcher": {"BatchInput": {}}},
        "ItemBatcher needs MaxItemsPerBatch or MaxInputBytesPerBatch",
        "/ItemBatcher",
    ),
    ({**MAP, "ItemProcessor": []}, "Expected value of type [OBJECT]", "/ItemProcessor"),
    ({**MAP, "ItemProcessor": {"StartAt": "A"}}, "These fields are required: [States]", "/ItemProcessor"),
]


@pytest.mark.parametrize(("state", "message", "field"), FIELD_CASES)
def test_a_wrong_field_is_told_at_its_place(state: dict[str, Any], message: str, field: str) -> None:
    definition = machine(state)
    definition["States"].setdefault("Z", {"Type": "Succeed"})
    told = [one for one in found(definition) if "not reachable" not in one[0]]
    assert told == [(message, f"/States/X{field}")]


JSONATA_CASES: list[tuple[str, str, str]] = [
    ("1 +", "INVALID_JSONATA_EXPRESSION", "Unexpected end of expression"),
    ('{"a":}', "INVALID_JSONATA_EXPRESSION", 'The symbol "}" cannot be used as a unary operator'),
    ("", "INVALID_JSONATA_EXPRESSION", "Unexpected end of expression"),
    ("$x ?: 1", "INVALID_JSONATA_EXPRESSION", 'The symbol ":" cannot be used as a unary operator'),
    ("$$", "UNSUPPORTED_JSONATA_EXPRESSION", "Reference to '$$' is not supported."),
    ("phone", "UNSUPPORTED_JSONATA_EXPRESSION", "Reference to 'phone' at the top level is not supported."),
    ("$states.errorOutput", "UNSUPPORTED_JSONATA_EXPRESSION", "Field '$states.errorOutput' does not exist."),
    ("$states.inptu.a", "UNSUPPORTED_JSONATA_EXPRESSION", "Field '$states.inptu' does not exist."),
]


@pytest.mark.parametrize(("expression", "code", "message"), JSONATA_CASES)
def test_a_wrong_expression_is_told_at_its_field(expression: str, code: str, message: str) -> None:
    state = {"Type": "Pass", "Output": {"v": ["{% " + expression + " %}"]}, "End": True}
    assert only(machine(state, QueryLanguage="JSONata")) == Diagnostic(
        "ERROR", code, message, "/States/X/Output/v[0]"
    )


def test_an_expression_that_does_not_close_is_told() -> None:
    state = {"Type": "Wait", "Seconds": "{% 1", "End": True}
    assert found(machine(state, QueryLanguage="JSONata")) == [
        ("JSONata string must start with {% and end with %}", "/States/X/Seconds")
    ]


def test_a_catcher_has_the_error_output() -> None:
    catcher = {"ErrorEquals": ["States.ALL"], "Next": "Z", "Output": "{% $states.errorOutput %}"}
    definition = machine({**TASK, "End": False, "Next": "Z", "Catch": [catcher]}, QueryLanguage="JSONata")
    assert found(definition) == []


def test_a_jsonata_machine_has_no_jsonpath_states() -> None:
    state = {"Type": "Pass", "QueryLanguage": "JSONPath", "Output": 1, "End": True}
    assert found(machine(state, QueryLanguage="JSONata")) == [
        ("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", "/States/X")
    ]


def test_nested_states_inherit_from_the_machine_not_from_the_map() -> None:
    flow = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Output": 1, "End": True}}}
    definition = machine({**MAP, "QueryLanguage": "JSONata", "Items": [1], "ItemProcessor": flow})
    ((message, location),) = found(definition)
    assert "field 'Output' is only supported for the 'JSONata'" in message
    assert location == "/States/X/ItemProcessor/States/A"


@pytest.mark.parametrize(
    ("resource", "message"),
    [
        (
            "arn:aws:states:::ecs:runTask.sync",
            "Express state machine does not support '.sync' service integration",
        ),
        (
            "arn:aws:states:::sns:publish.waitForTaskToken",
            "Express state machine does not support '.waitForTaskToken' service integration ",
        ),
        (
            "arn:aws:states:us-east-1:123456789012:activity:a",
            "Express state machine does not support Activity ARN",
        ),
    ],
)
def test_an_express_machine_waits_for_nothing(resource: str, message: str) -> None:
    definition = machine({**TASK, "Resource": resource})
    assert found(definition, kind="EXPRESS") == [(message, "/States/X/Resource")]
    assert found(definition) == []


def test_the_machine_s_own_fields_are_checked() -> None:
    definition = machine(QueryLanguage="jsonpath", TimeoutSeconds=-1, Version="2.0", Extra=1, Comment=1)
    assert found(definition) == [
        ("Field 'Extra' is not supported", "/"),
        ("Value should be one of the following: [JSONPath, JSONata]", "/QueryLanguage"),
        ("Minimum value is 0", "/TimeoutSeconds"),
        ("Value should be one of the following: [1.0]", "/Version"),
        ("Expected value of type [STRING]", "/Comment"),
    ]


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        ("[]", "Expected value of type [OBJECT]"),
        ('{"StartAt": "A", "States": {}}', "Value cannot be empty"),
        ('{"StartAt": "A", "States": []}', "Expected value of type [OBJECT]"),
        ('{"StartAt": "A", "States": {"A": 1}}', "Expected value of type [OBJECT]"),
    ],
)
def test_a_definition_of_the_wrong_shape_is_told(definition: str, message: str) -> None:
    assert message in [one[0] for one in found(definition)]


def test_placeholders_stand_for_any_value_if_allowed() -> None:
    state = {**TASK, "Resource": "${FunctionArn}", "TimeoutSeconds": "${Limit}"}
    assert found(machine(state)) == []
    assert found(machine(state), placeholders=False) == [
        ("Value is not a valid resource ARN", "/States/X/Resource"),
        ("Expected value of type Integer", "/States/X/TimeoutSeconds"),
    ]


def test_warnings_come_only_if_asked_for() -> None:
    state = {**TASK, "Parameters": {"a": "$.b"}}
    assert diagnose(machine(state)) == []
    (warning,) = diagnose(machine(state), severity="WARNING")
    assert (warning.severity, warning.code, warning.location) == (
        "WARNING",
        "NO_DOLLAR",
        "/States/X/Parameters/a",
    )
    (warning,) = diagnose(machine({"Type": "Pass", "Result": {"a": "$.b"}, "End": True}), severity="WARNING")
    assert warning.code == "PASS_RESULT_IS_STATIC"


def test_a_path_in_a_field_that_takes_none_is_a_warning() -> None:
    (warning,) = diagnose(machine({"Type": "Fail", "Cause": "$.cause"}), severity="WARNING")
    assert (warning.code, warning.location) == ("NO_PATH", "/States/X/Cause")


def test_a_definition_above_one_mebibyte_is_refused() -> None:
    text = json.dumps(machine(Comment="x" * MAX_DEFINITION))
    assert "the most is 1048576" in only(text).message


def test_a_definition_that_nests_too_deeply_is_refused_in_words() -> None:
    for text in ('{"a":' * 5000 + "1" + "}" * 5000, '{"a":' * 500 + "1" + "}" * 500, "[" * 100_000):
        (one,) = diagnose(text)
        assert one.code in ("TOO_DEEPLY_NESTED", "INVALID_JSON_DESCRIPTION")


def test_a_single_state_is_told_at_the_place_teststate_gives_it() -> None:
    assert [str(one) for one in diagnose_state({**PARALLEL, "Branches": []})] == [
        "SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/StateName/Branches"
    ]
    assert diagnose_state({"Type": "Pass", "Next": "Elsewhere"}) == []


def test_labels_are_unique() -> None:
    labelled = {**MAP, "Label": "l", "ItemProcessor": OTHER}
    inner = {"StartAt": "A", "States": {"A": labelled}}
    assert only(machine({**MAP, "Label": "l", "ItemProcessor": inner})).code == "DUPLICATE_LABEL_NAME"
