"""Calls of AWS APIs, checked as they are written."""

from __future__ import annotations

import inspect

import pytest

from kit.steps import AwsSdk, StepError, UnknownFieldError


def test_constant_arguments_are_jsonata_arguments() -> None:
    assert AwsSdk("Stop it", "rds:stopDBCluster", DbClusterIdentifier="dev").to_dict() == {
        "Type": "Task",
        "QueryLanguage": "JSONata",
        "Resource": "arn:aws:states:::aws-sdk:rds:stopDBCluster",
        "Arguments": {"DbClusterIdentifier": "dev"},
        "End": True,
    }


def test_keys_that_end_in_a_path_make_jsonpath_parameters() -> None:
    state = AwsSdk("Stop it", "rds:stopDBCluster", **{"DbClusterIdentifier.$": "$.cluster"}).to_dict()
    assert state["Parameters"] == {"DbClusterIdentifier.$": "$.cluster"}
    assert "QueryLanguage" not in state


def test_a_field_of_jsonpath_makes_jsonpath_parameters() -> None:
    state = AwsSdk("Stop it", "rds:stopDBCluster", DbClusterIdentifier="dev", result_path=None).to_dict()
    assert state["Parameters"] == {"DbClusterIdentifier": "dev"}
    assert state["ResultPath"] is None


def test_a_call_without_arguments_does_not_send_the_input() -> None:
    assert AwsSdk("List", "rds:describeDBClusters").to_dict()["Arguments"] == {}


def test_whole_arguments_may_be_one_expression() -> None:
    state = AwsSdk("Stop it", "rds:stopDBCluster", arguments="{% $states.input %}").to_dict()
    assert state["Arguments"] == "{% $states.input %}"


def test_arguments_written_twice_are_refused() -> None:
    with pytest.raises(StepError, match="Write them once"):
        AwsSdk("Stop it", "rds:stopDBCluster", DbClusterIdentifier="dev", arguments={"a": 1})


def test_a_callback_waits_for_its_token() -> None:
    state = AwsSdk(
        "Ask",
        "sqs:sendMessage",
        wait_for_task_token=True,
        QueueUrl="q",
        MessageBody="{% $states.context.Task.Token %}",
    )
    assert state.to_dict()["Resource"] == "arn:aws:states:::aws-sdk:sqs:sendMessage.waitForTaskToken"


@pytest.mark.parametrize(
    ("action", "arguments", "message"),
    [
        ("rds:stopDBCluster", {"DBClusterIdentifier": "dev"}, "did you mean DbClusterIdentifier?"),
        ("rds:stopDBCluster", {"DBClusterIdentifier.$": "$.c"}, "did you mean DbClusterIdentifier?"),
        ("ecs:updateService", {"Service": "s", "desiredCount": 0}, "has no field 'desiredCount'"),
        (
            "rds:restoreDBClusterToPointInTime",
            {"DbClusterIdentifier": "x", "Tags": [{"key": "k"}]},
            "no parameter Tags.key; did you mean Key?",
        ),
        ("rds:stopDBCluster", {"Nonsense": 1}, "It takes: DbClusterIdentifier."),
    ],
)
def test_an_unknown_argument_names_the_nearest_one(
    action: str, arguments: dict[str, object], message: str
) -> None:
    with pytest.raises(UnknownFieldError) as caught:
        AwsSdk("Call", action, **arguments)
    assert message in str(caught.value)


def test_a_missing_argument_is_named() -> None:
    with pytest.raises(StepError, match="rds:stopDBCluster needs DbClusterIdentifier"):
        AwsSdk("Stop it", "rds:stopDBCluster")


@pytest.mark.parametrize(
    ("action", "nearest"), [("rds:stopDbCluster", "stopDBCluster"), ("rdss:stopDBCluster", "rds")]
)
def test_an_unknown_action_names_the_nearest_one(action: str, nearest: str) -> None:
    with pytest.raises(StepError, match=f"did you mean {nearest}"):
        AwsSdk("Stop it", action, DbClusterIdentifier="dev")


def test_jsonata_inside_of_structures_is_left_to_the_run() -> None:
    state = AwsSdk("Point it", "route53:changeResourceRecordSets", HostedZoneId="Z", ChangeBatch="{% $b %}")
    assert state.to_dict()["Arguments"]["ChangeBatch"] == "{% $b %}"


def test_keys_of_maps_are_free() -> None:
    AwsSdk("Put", "dynamodb:putItem", TableName="t", Item={"anything": {"S": "x"}})
    with pytest.raises(UnknownFieldError, match=r"Item\.s"):
        AwsSdk("Put", "dynamodb:putItem", TableName="t", Item={"anything": {"s": "x"}})


def test_a_notebook_can_complete_the_fields_and_arguments_stay_free() -> None:
    signature = inspect.signature(AwsSdk)
    assert list(signature.parameters)[:3] == ["state_id", "action", "wait_for_task_token"]
    assert signature.parameters["api_arguments"].kind is inspect.Parameter.VAR_KEYWORD


def test_a_service_by_boto3s_name_is_told_its_own() -> None:
    with pytest.raises(StepError, match=r"boto3's name; in a state machine it is 'sfn:startExecution'"):
        AwsSdk("Start", "stepfunctions:startExecution", StateMachineArn="arn")
