"""State machines found in what deploys them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kit.asl.templates import find_machines

PASS = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'

SAM = """\
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Parameters:
  Pause: {Type: Number, Default: 30}
Resources:
  Topic:
    Type: AWS::SNS::Topic
  StopMachine:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: stop-dev
      DefinitionUri: statemachine/stop.asl.json
      DefinitionSubstitutions:
        TopicArn: !Ref Topic
        QueueArn: !GetAtt Queue.Arn
        Pause: !Ref Pause
        Prefix: !Sub "arn:${AWS::Partition}:states"
        Enabled: true
"""

SYNTHESIZED = {
    "Resources": {
        "Machine2E01": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "DefinitionString": {
                    "Fn::Join": [
                        "",
                        [
                            '{"StartAt":"Call","States":{"Call":{"Type":"Task","End":true,"Resource":"arn:',
                            {"Ref": "AWS::Partition"},
                            ':states:::lambda:invoke","Parameters":{"FunctionName":"',
                            {"Fn::GetAtt": ["Function76856677", "Arn"]},
                            '"}}}}',
                        ],
                    ]
                }
            },
        }
    }
}


def template(**properties: Any) -> dict[str, Any]:
    return {"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}}}


def test_sam_names_a_file_and_what_is_to_be_filled_in() -> None:
    (found,) = find_machines(SAM)
    assert (found.resource, found.name, found.definition) == ("StopMachine", "stop-dev", None)
    assert found.file == "statemachine/stop.asl.json"
    assert found.substitutions == {"Pause": "30", "Prefix": "arn:aws:states", "Enabled": "true"}


def test_the_cdks_joined_text_becomes_a_definition_with_placeholders() -> None:
    (found,) = find_machines(json.dumps(SYNTHESIZED))
    assert isinstance(found.definition, str)
    call = json.loads(found.definition)["States"]["Call"]
    assert call["Resource"] == "arn:aws:states:::lambda:invoke"
    assert call["Parameters"] == {"FunctionName": "${Function76856677.Arn}"}


def test_sub_with_and_without_values_of_its_own() -> None:
    (plain,) = find_machines(template(DefinitionString={"Fn::Sub": "a ${Topic} ${!Kept} ${AWS::Partition}"}))
    assert plain.definition == "a ${Topic} ${Kept} aws"
    own = {"Fn::Sub": ["a ${Topic} ${X.Arn}", {"Topic": {"Ref": "Other"}}]}
    (filled,) = find_machines(template(DefinitionString=own))
    assert filled.definition == "a ${Other} ${X.Arn}"


def test_a_definition_as_an_object_keeps_its_values_and_loses_its_references() -> None:
    state = {"Type": "Task", "Resource": {"Fn::GetAtt": "F.Arn"}, "TimeoutSeconds": 5, "End": True}
    (found,) = find_machines(template(Definition={"StartAt": "A", "States": {"A": state}}))
    assert isinstance(found.definition, dict)
    assert found.definition["States"]["A"] == {**state, "Resource": "${F.Arn}"}


def test_what_aws_tells_of_a_machine_is_taken_too() -> None:
    (found,) = find_machines(
        {"stateMachineArn": "arn:x", "name": "stop", "definition": PASS, "type": "STANDARD"}
    )
    assert (found.name, found.definition) == ("stop", PASS)


def test_a_resource_alone_is_taken_too() -> None:
    resource = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": PASS}}
    assert [each.definition for each in find_machines(resource)] == [PASS]


def test_several_machines_come_in_their_order() -> None:
    resource = {"Type": "AWS::Serverless::StateMachine", "Properties": {"Definition": json.loads(PASS)}}
    found = find_machines({"Resources": {"B": resource, "A": resource, "T": {"Type": "AWS::SNS::Topic"}}})
    assert [each.resource for each in found] == ["B", "A"]


@pytest.mark.parametrize("source", [PASS, "StartAt: A\nStates: {A: {Type: Succeed}}", "", "{", "[]", "x: ["])
def test_what_is_no_template_holds_no_machines(source: str) -> None:
    assert find_machines(source) == []


@pytest.mark.parametrize(
    ("properties", "words"),
    [({}, "nowhere to be seen"), ({"DefinitionUri": "s3://b/k"}, "in S3"),
     ({"DefinitionS3Location": {"Bucket": "b", "Key": "k"}}, "in S3")],
)  # fmt: skip
def test_a_definition_that_is_elsewhere_is_said_to_be(properties: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        find_machines(template(**properties))
