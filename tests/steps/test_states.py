"""The states as a learner writes them, and the JSON they become."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime, timedelta, timezone

import pytest
import stepfunctions.steps as sdk

from kit.steps import (
    Catch,
    Chain,
    Choice,
    ChoiceRule,
    Fail,
    Map,
    MixedLanguagesError,
    Parallel,
    Pass,
    Retry,
    StepError,
    Succeed,
    Task,
    UnknownFieldError,
    Wait,
    to_asl,
)

LAMBDA = "arn:aws:states:::lambda:invoke"


def test_a_wait_takes_a_timedelta() -> None:
    assert Wait("Nap", seconds=timedelta(hours=9)).to_dict() == {
        "Type": "Wait",
        "Seconds": 32400,
        "End": True,
    }


def test_a_wait_takes_a_moment_with_a_time_zone_and_writes_it_in_utc() -> None:
    tokyo = timezone(timedelta(hours=9))
    state = Wait("Until", timestamp=datetime(2026, 4, 6, 9, 0, tzinfo=tokyo)).to_dict()
    assert state["Timestamp"] == "2026-04-06T00:00:00Z"


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(StepError, match="without a time zone"):
        Wait("Until", timestamp=datetime(2026, 4, 6))


@pytest.mark.parametrize("duration", [timedelta(seconds=0.5), timedelta(seconds=-1)])
def test_a_duration_of_no_whole_seconds_is_refused(duration: timedelta) -> None:
    with pytest.raises(StepError, match="whole seconds"):
        Wait("Nap", seconds=duration)


def test_a_wait_until_a_moment_from_the_input_speaks_either_language() -> None:
    by_path = Wait("Until", timestamp_path="$.until").to_dict()
    by_jsonata = Wait("Until", timestamp="{% $states.input.until %}").to_dict()
    assert by_path == {"Type": "Wait", "TimestampPath": "$.until", "End": True}
    assert by_jsonata == {
        "Type": "Wait",
        "QueryLanguage": "JSONata",
        "Timestamp": "{% $states.input.until %}",
        "End": True,
    }


def test_a_wait_without_a_duration_is_refused() -> None:
    with pytest.raises(StepError, match="exactly one of"):
        Wait("Nap")


def test_an_unknown_field_names_the_nearest_one_and_the_line() -> None:
    with pytest.raises(UnknownFieldError) as caught:
        Wait("Nap", secnds=5)
    assert "Did you mean 'seconds'?" in str(caught.value)
    assert 'Wait("Nap", secnds=5)' in str(caught.value)
    assert isinstance(caught.value, TypeError), "as the SDK raises it"


def test_two_languages_in_one_state_are_refused() -> None:
    with pytest.raises(MixedLanguagesError, match="OutputPath is JSONPath, Seconds is JSONata"):
        Wait("Nap", seconds="{% 1 + 1 %}", output_path="$.a")


def test_a_catcher_in_the_other_language_is_refused_when_the_state_is_read() -> None:
    task = Task("Do", resource=LAMBDA, arguments={"a": 1})
    task.add_catch(Catch(error_equals="States.ALL", next_step=Succeed("End"), result_path="$.error"))
    with pytest.raises(MixedLanguagesError, match=r"Catch\[0\].ResultPath"):
        task.to_dict()


def test_a_state_name_of_more_than_80_characters_is_refused() -> None:
    with pytest.raises(StepError, match="1 to 80 characters"):
        Pass("x" * 81)


def test_a_task_without_a_resource_is_refused() -> None:
    with pytest.raises(StepError, match="needs a resource"):
        Task("Do")


def test_a_retrier_knows_the_newer_fields_and_durations() -> None:
    retry = Retry(
        error_equals="States.Timeout",
        interval_seconds=timedelta(seconds=2),
        max_delay_seconds=timedelta(minutes=1),
        jitter_strategy="FULL",
    )
    assert retry.to_dict() == {
        "ErrorEquals": ["States.Timeout"],
        "IntervalSeconds": 2,
        "MaxDelaySeconds": 60,
        "JitterStrategy": "FULL",
    }


def test_a_retrier_without_error_names_is_refused() -> None:
    with pytest.raises(StepError, match="needs error_equals"):
        Retry(max_attempts=2)


def test_a_choice_takes_jsonata_and_the_rules_of_the_sdk() -> None:
    choice = Choice("Ready?")
    choice.add_choice(
        "{% $states.input.status = 'available' %}", Succeed("Yes"), comment="why", assign={"n": 1}
    )
    choice.default_choice(Fail("No", error="NotReady", cause="never"))
    assert choice.to_dict()["Choices"] == [
        {
            "Condition": "{% $states.input.status = 'available' %}",
            "Comment": "why",
            "Assign": {"n": 1},
            "Next": "Yes",
        }
    ]
    older = Choice("Ready?")
    older.add_choice(ChoiceRule.StringEquals("$.status", "available"), Succeed("Yes"))
    assert older.to_dict()["Choices"] == [
        {"Variable": "$.status", "StringEquals": "available", "Next": "Yes"}
    ]


def test_a_condition_that_is_no_jsonata_is_refused() -> None:
    with pytest.raises(StepError, match="A condition is JSONata"):
        Choice("Ready?").add_choice("$.status", Succeed("Yes"))


def test_a_map_writes_an_item_processor() -> None:
    state = Map("Each", items="{% $states.input.list %}", item_processor=Pass("One")).to_dict()
    assert state["ItemProcessor"] == {
        "ProcessorConfig": {"Mode": "INLINE"},
        "StartAt": "One",
        "States": {"One": {"Type": "Pass", "End": True}},
    }
    assert "Iterator" not in state


def test_a_map_writes_the_older_iterator_as_the_sdk_does() -> None:
    ours, theirs = Map("Each"), sdk.Map("Each")
    ours.attach_iterator(Pass("One"))
    theirs.attach_iterator(sdk.Pass("One"))
    assert ours.to_dict() == theirs.to_dict()


def test_a_distributed_map_has_all_its_fields() -> None:
    state = Map(
        "Each",
        item_processor=Pass("One"),
        processor_config={"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        item_reader={"Resource": "arn:aws:states:::s3:getObject"},
        item_batcher={"MaxItemsPerBatch": 10},
        item_selector={"n.$": "$$.Map.Item.Value"},
        result_writer={"Resource": "arn:aws:states:::s3:putObject"},
        tolerated_failure_percentage=5,
        label="Each",
    ).to_dict()
    assert {"ItemReader", "ItemBatcher", "ItemSelector", "ResultWriter", "Label"} < set(state)
    assert state["ToleratedFailurePercentage"] == 5


def test_a_map_with_nothing_to_do_is_refused() -> None:
    with pytest.raises(StepError, match="nothing to do"):
        Map("Each").to_dict()


def test_placeholders_of_the_sdk_become_paths_where_templates_may_have_them() -> None:
    from stepfunctions.inputs import ExecutionInput

    given = ExecutionInput(schema={"name": str})
    state = Pass("Keep", parameters={"a": given["name"]}, assign={"who": given["name"]}).to_dict()
    assert state["Parameters"] == {"a.$": "$$.Execution.Input['name']"}
    assert state["Assign"] == {"who.$": "$$.Execution.Input['name']"}


def test_a_notebook_can_complete_the_fields() -> None:
    names = inspect.signature(Task).parameters
    assert {"resource", "arguments", "output", "assign", "retry", "catch", "timeout_seconds"} <= set(names)


def test_states_of_the_sdk_alone_stay_as_the_sdk_writes_them() -> None:
    chain = sdk.Chain([sdk.Pass("A"), sdk.Wait("B", seconds=3)])
    assert to_asl(chain) == sdk.Graph(chain).to_dict()


def test_states_of_the_sdk_go_beside_ours() -> None:
    choice = Choice("Which")
    choice.add_choice("{% $states.input.n > 3 %}", sdk.Succeed("Big"))
    chain = Chain([sdk.Pass("First"), choice, sdk.Fail("Small", error="Small", cause="too small")])
    asl = to_asl(chain)
    assert asl["QueryLanguage"] == "JSONata"
    assert asl["States"]["First"]["Next"] == "Which"
    assert asl["States"]["Which"]["Default"] == "Small"
    assert "QueryLanguage" not in asl["States"]["Which"], "said once, at the top"


def test_steps_retriers_and_placeholders_of_the_sdk_go_with_ours() -> None:
    invoke = sdk.LambdaStep(
        "Invoke", parameters={"FunctionName": "clean-up"}, retry=sdk.Retry(error_equals=["E"])
    )
    wait = Wait("Nap", seconds=1)
    task = Task(
        "Do", resource=LAMBDA, parameters={"FunctionName": "f", "Payload": invoke.output()["Payload"]}
    )
    task.add_retry([sdk.Retry(error_equals=["States.Timeout"]), Retry(error_equals="States.ALL")])
    invoke.next(task).next(wait)
    asl = to_asl(invoke)
    assert [state.get("Next") for state in asl["States"].values()] == ["Do", "Nap", None]
    assert asl["States"]["Do"]["Parameters"]["Payload.$"] == "$['Payload']"
    assert len(asl["States"]["Do"]["Retry"]) == 2


def test_beside_jsonpath_each_jsonata_state_says_its_language() -> None:
    asl = to_asl(Chain([Pass("Old", parameters={"a.$": "$.b"}), Pass("New", output={"a": "{% 1 %}"})]))
    assert "QueryLanguage" not in asl
    assert asl["States"]["New"]["QueryLanguage"] == "JSONata"


def test_a_language_asked_for_is_held_against_every_state() -> None:
    with pytest.raises(MixedLanguagesError, match="state 'Old' is JSONPath"):
        to_asl(Pass("Old", input_path="$.a"), query_language="JSONata")


def test_nested_states_are_looked_at_too() -> None:
    both = Parallel("Both", branches=[Pass("A", output="{% 1 %}"), Chain([Pass("B"), Pass("C")])])
    asl = to_asl(both)
    assert asl["QueryLanguage"] == "JSONata"
    assert "QueryLanguage" not in asl["States"]["Both"]["Branches"][0]["States"]["A"]


def test_two_states_of_one_name_are_refused() -> None:
    with pytest.raises(StepError, match="unique"):
        to_asl(Chain([Pass("A"), Wait("A", seconds=1)]))


def test_an_empty_chain_is_refused() -> None:
    with pytest.raises(StepError, match="empty"):
        to_asl(Chain([]))


def test_a_loop_is_written_once() -> None:
    wait = Wait("Nap", seconds=timedelta(seconds=30))
    ready = Choice("Ready?")
    ready.add_choice("{% $states.input.ready %}", Succeed("Done"))
    ready.default_choice(wait)
    assert list(to_asl(Chain([wait, ready]))["States"]) == ["Nap", "Ready?", "Done"]


def test_moments_keep_their_instant() -> None:
    moment = datetime(2026, 4, 6, 12, tzinfo=UTC)
    assert Wait("Until", timestamp=moment).to_dict()["Timestamp"] == "2026-04-06T12:00:00Z"
