"""Each pattern run in the sandbox: its success, its failure, its bound."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from kit.asl import diagnose
from kit.machine import Machine
from kit.sandbox import Sandbox
from kit.steps import (
    AwsSdk,
    Chain,
    Fail,
    Pass,
    StepError,
    approval,
    cleanup_on_failure,
    ensure_absent,
    ensure_present,
    for_each_page,
    jsonata,
    notify_slack,
    wait_until,
)

CLUSTER = {"DbClusterIdentifier": "dev"}
STATUS = "$states.result.DbClusters[0].Status"
TAG = "$states.result.DbClusters[0].TagList[Key = 'run'].Value"


@pytest.fixture
def sandbox() -> Iterator[Any]:
    with Sandbox.local(clock="instant") as made:
        yield made


def a_cluster(sandbox: Any, **more: Any) -> None:
    """A cluster `dev` that is available."""
    sandbox.aws("rds").create_db_cluster(
        DBClusterIdentifier="dev",
        Engine="aurora-mysql",
        MasterUsername="admin",
        MasterUserPassword="only-in-here",
        **more,
    )
    sandbox.clock.advance(minutes=10)


def run(sandbox: Any, flow: Any, given: Any = None) -> Any:
    machine = Machine("pattern", flow)
    assert diagnose(machine.to_json(), severity="WARNING") == []
    assert [state.name for state in machine.definition.walk() if not state.comment] == []
    assert [str(finding) for finding in machine.lint()] == []
    return sandbox.deploy(machine).start({"keep": "me"} if given is None else given).wait(timeout=20)


def until_stopped(**more: Any) -> Any:
    return wait_until(
        "the cluster is stopped",
        "rds:describeDBClusters",
        CLUSTER,
        ready=f"{STATUS} = 'stopped'",
        failed=f"{STATUS} = 'failed'",
        **more,
    )


def test_wait_until_goes_on_when_it_is_so_with_what_came_in(sandbox: Any) -> None:
    a_cluster(sandbox)
    kept = jsonata("$states.input")
    stop = AwsSdk("Stop", "rds:stopDBCluster", arguments=CLUSTER, output=kept, comment="x")
    ended = run(sandbox, Chain([stop, until_stopped(), Pass("After", comment="x")]))
    assert (ended.status, ended.output) == ("SUCCEEDED", {"keep": "me"})
    assert ended.trace.path[-2:] == ["Done: the cluster is stopped", "After"]
    assert ended.trace.path.count("Wait: the cluster is stopped") > 1


def test_wait_until_ends_after_its_rounds(sandbox: Any) -> None:
    a_cluster(sandbox)
    ended = run(sandbox, until_stopped(every=timedelta(minutes=1), rounds=3))
    assert (ended.status, ended.error) == ("FAILED", "WaitUntil.TooLong")
    assert ended.trace.path.count("Look: the cluster is stopped") == 3
    assert "3 rounds of 60 s" in ended.cause


def test_wait_until_ends_at_once_where_it_will_never_be(sandbox: Any) -> None:
    a_cluster(sandbox)
    flow = wait_until(
        "it is stopped", "rds:describeDBClusters", CLUSTER,
        ready=f"{STATUS} = 'stopped'", failed=jsonata(f"{STATUS} = 'available'"),
    )  # fmt: skip
    ended = run(sandbox, flow)
    assert (ended.error, ended.trace.path[-1]) == ("WaitUntil.Failed", "Failed: it is stopped")


def test_wait_until_lets_trouble_of_the_call_pass(sandbox: Any) -> None:
    a_cluster(sandbox)
    sandbox.faults.fail("rds:describeDBClusters", code="Throttling", times=2)
    flow = wait_until("it is there", "rds:describeDBClusters", CLUSTER, ready=f"{STATUS} = 'available'")
    ended = run(sandbox, flow)
    assert ended.status == "SUCCEEDED"
    assert ended.trace.state("Look: it is there").retries == 2


def absent(**more: Any) -> Any:
    return ensure_absent(
        "the cluster is gone",
        delete=("rds:deleteDBCluster", {**CLUSTER, "SkipFinalSnapshot": True}),
        look_with=("rds:describeDBClusters", CLUSTER),
        gone="Rds.DbClusterNotFoundException",
        busy="Rds.InvalidDbClusterStateException",
        **more,
    )


def test_ensure_absent_deletes_and_waits(sandbox: Any) -> None:
    a_cluster(sandbox)
    ended = run(sandbox, absent())
    assert (ended.status, ended.output) == ("SUCCEEDED", {"keep": "me"})
    assert "Wait: the cluster is gone" in ended.trace.path
    assert sandbox.aws("rds").describe_db_clusters()["DBClusters"] == []


def test_ensure_absent_takes_gone_already_for_done(sandbox: Any) -> None:
    ended = run(sandbox, absent())
    assert ended.trace.path == ["Set out: the cluster is gone", "Delete: the cluster is gone",
                                "Done: the cluster is gone"]  # fmt: skip


def test_ensure_absent_tries_again_while_it_is_busy(sandbox: Any) -> None:
    a_cluster(sandbox)
    sandbox.aws("rds").stop_db_cluster(DBClusterIdentifier="dev")
    sandbox.faults.fail("rds:deleteDBCluster", code="InvalidDBClusterStateFault", times=2)
    ended = run(sandbox, absent())
    assert ended.status == "SUCCEEDED"
    assert ended.trace.state("Delete: the cluster is gone").retries >= 2


def test_ensure_absent_ends_after_its_rounds(sandbox: Any) -> None:
    a_cluster(sandbox)
    ended = run(sandbox, absent(every=1, rounds=2))
    assert (ended.status, ended.error) == ("FAILED", "EnsureAbsent.TooLong")


def present(day: str = "monday", **more: Any) -> Any:
    return ensure_present(
        "the cluster is there",
        create=(
            "rds:createDBCluster",
            {
                **CLUSTER,
                "Engine": "aurora-mysql",
                "MasterUsername": "admin",
                "ManageMasterUserPassword": True,
                "Tags": [{"Key": "run", "Value": day}],
            },
        ),
        look_with=("rds:describeDBClusters", CLUSTER),
        exists="Rds.DbClusterAlreadyExistsException",
        ours=f"{TAG} = '{day}'",
        ready=f"{STATUS} = 'available'",
        **more,
    )


def test_ensure_present_creates_and_waits_until_it_is_ready(sandbox: Any) -> None:
    ended = run(sandbox, present())
    assert (ended.status, ended.output) == ("SUCCEEDED", {"keep": "me"})
    assert "Wait: the cluster is there" in ended.trace.path


def test_ensure_present_takes_its_own_for_success_a_second_time(sandbox: Any) -> None:
    run(sandbox, present())
    ended = run(sandbox, present())
    assert ended.status == "SUCCEEDED"
    assert ended.trace.state("Create: the cluster is there").status == "caught"


def test_ensure_present_does_not_take_yesterdays_for_todays(sandbox: Any) -> None:
    run(sandbox, present("monday"))
    ended = run(sandbox, present("tuesday"))
    assert (ended.status, ended.error) == ("FAILED", "EnsurePresent.NotOurs")


def test_ensure_present_ends_after_its_rounds_and_where_it_never_will_be(sandbox: Any) -> None:
    ended = run(sandbox, present(every=1, rounds=2))
    assert ended.error == "EnsurePresent.TooLong"
    assert run(sandbox, present(failed=f"{STATUS} = 'creating'")).error == "EnsurePresent.Failed"


def test_ensure_present_asks_for_tags_where_the_look_does_not_tell_them(sandbox: Any) -> None:
    arn = "arn:aws:rds:us-east-1:123456789012:cluster:dev"
    flow = present(tags_with=("rds:listTagsForResource", {"ResourceName": arn}))
    flow_ours = ensure_present(
        "it is there",
        create=("rds:createDBCluster", {**CLUSTER, "Engine": "aurora-mysql", "MasterUsername": "admin",
                                        "ManageMasterUserPassword": True,
                                        "Tags": [{"Key": "run", "Value": "m"}]}),
        look_with=("rds:describeDBClusters", CLUSTER),
        tags_with=("rds:listTagsForResource", {"ResourceName": arn}),
        exists="Rds.DbClusterAlreadyExistsException",
        ours="$states.result.TagList[Key = 'run'].Value = 'm'",
        ready=f"{STATUS} = 'available'",
    )  # fmt: skip
    assert run(sandbox, flow_ours).status == "SUCCEEDED"
    assert run(sandbox, flow).error == "EnsurePresent.NotOurs"


def topics(sandbox: Any, number: int) -> None:
    sns = sandbox.aws("sns")
    for one in range(number):
        sns.create_topic(Name=f"old-{one:03d}")


def mark_topics(**more: Any) -> Any:
    mark = AwsSdk(
        "Mark it",
        "sns:tagResource",
        ResourceArn=jsonata("$states.input.TopicArn"),
        Tags=[{"Key": "seen", "Value": "yes"}],
        comment="One of the page",
    )
    return for_each_page("old topics", "sns:listTopics", each=mark, **more)


def marked(sandbox: Any) -> int:
    return len(sandbox.calls("sns:TagResource"))


def test_for_each_page_goes_through_all_pages(sandbox: Any) -> None:
    topics(sandbox, 230)
    ended = run(sandbox, mark_topics())
    assert (ended.status, ended.output) == ("SUCCEEDED", {"keep": "me"})
    assert ended.trace.path.count("List: old topics") == 3
    assert marked(sandbox) == 230


def test_for_each_page_does_nothing_where_there_is_nothing(sandbox: Any) -> None:
    assert run(sandbox, mark_topics()).status == "SUCCEEDED"


def test_for_each_page_ends_after_its_pages(sandbox: Any) -> None:
    topics(sandbox, 101)
    ended = run(sandbox, mark_topics(pages=1))
    assert (ended.status, ended.error) == ("FAILED", "ForEachPage.TooMany")


def test_for_each_page_fails_with_what_an_item_failed_with(sandbox: Any) -> None:
    topics(sandbox, 2)
    sandbox.faults.fail("sns:tagResource", code="AuthorizationError")
    assert run(sandbox, mark_topics()).error == "Sns.AuthorizationErrorException"


def test_for_each_page_takes_only_what_is_chosen(sandbox: Any) -> None:
    topics(sandbox, 3)
    run(sandbox, mark_topics(items="$states.result.Topics[TopicArn ~> /old-001/]"))
    assert marked(sandbox) == 1


def test_cleanup_on_failure_cleans_up_and_fails_with_the_first_error(sandbox: Any) -> None:
    cleanup = AwsSdk("Drop it", "sns:createTopic", Name=jsonata("$states.input.keep"), comment="x")
    work = Chain([Pass("Begin", comment="x"), Fail("Break", error="Mask.Failed", cause="No", comment="x")])
    ended = run(sandbox, cleanup_on_failure("copy it", work, cleanup=cleanup))
    assert (ended.status, ended.error, ended.cause) == ("FAILED", "Mask.Failed", "No")
    assert ended.trace.path == ["Try: copy it", "Begin", "Break", "Drop it", "Failed: copy it"]
    assert len(sandbox.aws("sns").list_topics()["Topics"]) == 1


def test_cleanup_on_failure_hands_on_what_the_work_gives(sandbox: Any) -> None:
    work = Pass("Begin", output={"copy": "made"}, comment="x")
    cleanup = Pass("Drop it", comment="x")
    guarded = cleanup_on_failure("copy it", work, cleanup=cleanup)
    ended = run(sandbox, Chain([guarded, Pass("On", comment="x")]))
    assert (ended.status, ended.output) == ("SUCCEEDED", {"copy": "made"})


def ask(sandbox: Any, **more: Any) -> tuple[Any, Any]:
    """The run that waits for an answer, and the queue in which the question is."""
    sqs, sns = sandbox.aws("sqs"), sandbox.aws("sns")
    queue = sqs.create_queue(QueueName="approver")["QueueUrl"]
    topic = sns.create_topic(Name="approvals")["TopicArn"]
    sns.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:approver",
        Attributes={"RawMessageDelivery": "true"},
    )  # fmt: skip
    flow = approval("delete it", topic_arn=topic, question=jsonata("'Delete ' & $states.input.keep"), **more)
    machine = Machine("pattern", flow)
    assert diagnose(machine.to_json(), severity="WARNING") == []
    assert [str(finding) for finding in machine.lint()] == []
    started = sandbox.deploy(machine).start({"keep": "me"})
    return started, queue


def message(sandbox: Any, queue: str) -> Any:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if found := sandbox.aws("sqs").receive_message(QueueUrl=queue).get("Messages"):
            sandbox.aws("sqs").delete_message(QueueUrl=queue, ReceiptHandle=found[0]["ReceiptHandle"])
            return json.loads(found[0]["Body"])
    raise AssertionError("no question came")


@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [({"approved": True}, "SUCCEEDED", None), ({"approved": False}, "FAILED", "Approval.Rejected"),
     ({"approved": "yes"}, "FAILED", "Approval.Rejected")],
)  # fmt: skip
def test_approval_goes_on_with_a_clear_yes_only(sandbox: Any, answer: Any, status: str, error: str) -> None:
    started, queue = ask(sandbox)
    asked = message(sandbox, queue)
    assert (asked["question"], asked["execution"]) == ("Delete me", started.arn)
    sandbox.aws("stepfunctions").send_task_success(taskToken=asked["token"], output=json.dumps(answer))
    started.wait(timeout=20)
    assert (started.status, started.error) == (status, error)


def test_approval_takes_silence_for_a_no_and_a_redrive_asks_again(sandbox: Any) -> None:
    started, queue = ask(sandbox, within=timedelta(hours=1))
    message(sandbox, queue)
    sandbox.clock.advance(hours=1)
    started.wait(timeout=20)
    assert (started.status, started.error) == ("FAILED", "States.Timeout")
    started.redrive()
    token = message(sandbox, queue)["token"]
    sandbox.aws("stepfunctions").send_task_success(taskToken=token, output='{"approved": true}')
    assert started.wait(timeout=20).status == "SUCCEEDED"


def slack(sandbox: Any, **more: Any) -> Any:
    connection = sandbox.aws("events").create_connection(
        Name="slack",
        AuthorizationType="API_KEY",
        AuthParameters={
            "ApiKeyAuthParameters": {"ApiKeyName": "Authorization", "ApiKeyValue": "Bearer xoxb-only-in-here"}
        },
    )
    return notify_slack(
        "say good morning",
        connection_arn=connection["ConnectionArn"],
        channel="#ops",
        text=jsonata("'Up: ' & $states.input.keep"),
        endpoint=f"{sandbox.slack.url}/chat.postMessage",
        **more,
    )


@pytest.mark.parametrize("must_arrive", [True, False])
def test_notify_slack_posts_and_goes_on_with_what_came_in(sandbox: Any, must_arrive: bool) -> None:
    ended = run(sandbox, slack(sandbox, must_arrive=must_arrive))
    assert (ended.status, ended.output) == ("SUCCEEDED", {"keep": "me"})
    assert [(message.channel, message.text) for message in sandbox.slack.messages] == [("#ops", "Up: me")]


@pytest.mark.parametrize(
    ("must_arrive", "error"),
    [(True, "NotifySlack.Refused"), (False, None)],
    ids=["must arrive", "may be lost"],
)
def test_notify_slack_reads_the_refusal_in_the_body(sandbox: Any, must_arrive: bool, error: str) -> None:
    sandbox.slack.channels = {"#other"}
    ended = run(sandbox, slack(sandbox, must_arrive=must_arrive))
    assert ended.error == error
    assert sandbox.slack.messages == []


@pytest.mark.parametrize("must_arrive", [True, False])
def test_notify_slack_outlives_an_error_unless_it_must_arrive(sandbox: Any, must_arrive: bool) -> None:
    sandbox.slack.rate_limit(times=9)
    ended = run(sandbox, slack(sandbox, must_arrive=must_arrive))
    assert ended.error == ("States.Http.StatusCode.429" if must_arrive else None)


def test_notify_slack_waits_where_slack_says_too_many(sandbox: Any) -> None:
    sandbox.slack.rate_limit(times=2)
    assert run(sandbox, slack(sandbox, must_arrive=True)).status == "SUCCEEDED"
    assert len(sandbox.slack.messages) == 1


@pytest.mark.parametrize("call", [
    lambda: wait_until("", "rds:describeDBClusters", ready="true"),
    lambda: wait_until("x" * 65, "rds:describeDBClusters", ready="true"),
    lambda: wait_until("x", "rds:describeDBClusters", ready="$("),
    lambda: wait_until("x", "rds:describeDBClusters", ready=True),  # type: ignore[arg-type]
    lambda: wait_until("x", "rds:describeDBClusters", ready="true", rounds=0),
    lambda: wait_until("x", "rds:describeDBClusters", ready="true", every=timedelta(seconds=0.5)),
    lambda: wait_until("x", "rds:describeDBCluster", ready="true"),
    lambda: for_each_page("x", "rds:stopDBCluster", CLUSTER, each=Pass("y")),
    lambda: for_each_page("x", "s3:listObjects", {"Bucket": "b"}, each=Pass("y")),
])  # fmt: skip
def test_what_makes_no_pattern_is_refused_with_words(call: Any) -> None:
    with pytest.raises(StepError) as caught:
        call()
    assert "test_patterns.py" in str(caught.value)
