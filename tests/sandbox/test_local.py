"""Machine, deploy, run, trace, output: the whole way in the sandbox on this machine."""

from __future__ import annotations

import importlib
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from kit import Machine, Sandbox
from kit.sandbox import NotOursError, RunTimeoutError
from kit.sandbox.local import LocalSandbox
from kit.steps import AwsSdk, Catch, Chain, Fail, Pass, Retry, Succeed, Task, Wait, jsonata

NAP = Machine(
    "nap",
    Chain([Wait("Nap", seconds=timedelta(hours=9)), Pass("Say", output=jsonata("$states.input.a + 1"))]),
)


@pytest.fixture
def sandbox() -> Iterator[LocalSandbox]:
    with Sandbox.local(clock="instant") as sandbox:
        yield sandbox


def test_a_machine_goes_the_whole_way_in_less_than_a_second(sandbox: LocalSandbox) -> None:
    sandbox.deploy(Machine("first", Pass("Loads what is loaded once")))
    began = time.perf_counter()
    run = sandbox.deploy(NAP).start({"a": 1}).wait(timeout=10)
    assert (run.status, run.output, run.input) == ("SUCCEEDED", 2, {"a": 1})
    assert run.trace.path == ["Nap", "Say"]
    assert [event["type"] for event in run.history][-2:] == ["PassStateExited", "ExecutionSucceeded"]
    assert "Nap (Wait): Succeeded, 9 h" in run.words()
    assert time.perf_counter() - began < 1.0


def test_virtual_time_passes_and_can_be_moved(sandbox: LocalSandbox) -> None:
    sandbox.deploy(NAP).start({"a": 1}).wait(timeout=10)
    assert sandbox.clock.now() == datetime(2026, 4, 6, 9, tzinfo=UTC)
    sandbox.clock.advance(hours=15)
    assert sandbox.clock.now() == datetime(2026, 4, 7, tzinfo=UTC)


def test_virtual_time_begins_where_it_is_told_to() -> None:
    with Sandbox.local(clock="instant", start=datetime(2027, 1, 1, tzinfo=UTC)) as sandbox:
        assert sandbox.clock.now() == datetime(2027, 1, 1, tzinfo=UTC)


def test_a_call_reaches_the_account(sandbox: LocalSandbox) -> None:
    rds = sandbox.aws("rds")
    rds.create_db_cluster(
        DBClusterIdentifier="dev",
        Engine="aurora-mysql",
        MasterUsername="root",
        MasterUserPassword="change-me-1",
    )
    sandbox.clock.advance(hours=1)
    stop = AwsSdk("Stop it", "rds:stopDBCluster", DbClusterIdentifier=jsonata("$states.input.cluster"))
    run = sandbox.deploy(Machine("stop", stop)).start({"cluster": "dev"}).wait(timeout=10)
    assert run.output["DbCluster"]["DbClusterIdentifier"] == "dev"
    (call,) = sandbox.calls("rds:StopDBCluster")
    assert (call.by, call.params) == (run.arn, {"DBClusterIdentifier": "dev"})


def test_a_failure_is_told_with_its_error_and_cause(sandbox: LocalSandbox) -> None:
    stop = AwsSdk("Stop it", "rds:stopDBCluster", DbClusterIdentifier="nowhere")
    run = sandbox.deploy(Machine("stop", stop)).start().wait(timeout=10)
    assert (run.status, run.error, run.output) == ("FAILED", "Rds.DbClusterNotFoundException", None)
    assert "nowhere" in (run.cause or "")
    assert run.trace.states["Stop it"].status == "failed"


def test_retry_and_catch_of_ours_work(sandbox: LocalSandbox) -> None:
    stop = AwsSdk(
        "Stop it",
        "rds:stopDBCluster",
        DbClusterIdentifier="nowhere",
        retry=Retry(
            error_equals="Rds.DbClusterNotFoundException",
            interval_seconds=timedelta(minutes=1),
            max_attempts=2,
        ),
        catch=Catch(error_equals="States.ALL", next_step=Succeed("Already gone"), output={"gone": True}),
    )
    run = sandbox.deploy(Machine("stop", Chain([stop, Fail("Not reached")]))).start().wait(timeout=10)
    assert run.output == {"gone": True}
    assert run.trace.states["Stop it"].status == "caught"
    assert len(sandbox.calls("rds:StopDBCluster")) == 3
    assert sandbox.clock.now() == datetime(2026, 4, 6, 0, 3, tzinfo=UTC), "after 1 and then 2 minutes"


def test_a_fault_fails_the_next_call(sandbox: LocalSandbox) -> None:
    sandbox.faults.fail("rds:DescribeDBClusters", code="Throttling")
    run = sandbox.deploy(Machine("look", AwsSdk("Look", "rds:describeDBClusters"))).start().wait(timeout=10)
    assert run.error == "Rds.RdsException"


def test_a_failed_run_goes_on_after_the_repair(sandbox: LocalSandbox) -> None:
    sandbox.faults.fail("rds:DescribeDBClusters", code="Throttling")
    machine = Machine("look", Chain([Pass("Before"), AwsSdk("Look", "rds:describeDBClusters")]))
    run = sandbox.deploy(machine).start().wait(timeout=10)
    failed, seen = run.status, len(run.history)
    run.redrive().wait(timeout=10)
    assert (failed, run.status, run.trace.redrives) == ("FAILED", "SUCCEEDED", 1)
    assert len(run.history) > seen
    assert run.trace.path.count("Before") == 1, "what had finished isn't done again"


def test_a_deployed_machine_can_be_deleted(sandbox: LocalSandbox) -> None:
    sandbox.deploy(NAP).delete()
    assert sandbox.aws("stepfunctions").list_state_machines()["stateMachines"] == []
    assert "created state machine small-steps-nap" in sandbox.deploy(NAP).changes


def test_the_same_deploy_again_changes_nothing(sandbox: LocalSandbox) -> None:
    assert sandbox.deploy(NAP).changes == (
        "created role small-steps-nap",
        "created state machine small-steps-nap",
    )
    assert sandbox.deploy(NAP).changes == ()
    assert repr(sandbox.deploy(NAP)) == "<Deployed nap: nothing changed>"


def test_an_update_is_used_by_the_next_run(sandbox: LocalSandbox) -> None:
    sandbox.deploy(Machine("say", Pass("Say", output=1)))
    updated = sandbox.deploy(Machine("say", Pass("Say", output=2)))
    assert updated.changes == ("updated the definition: changed Say",)
    assert updated.start().wait(timeout=10).output == 2


def test_what_others_made_is_left_alone(sandbox: LocalSandbox) -> None:
    role = sandbox.aws("iam").create_role(
        RoleName="theirs", AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}'
    )
    sandbox.aws("stepfunctions").create_state_machine(
        name="small-steps-nap", definition=NAP.to_json(), roleArn=role["Role"]["Arn"]
    )
    with pytest.raises(NotOursError, match="did not make"):
        sandbox.deploy(NAP)


def test_a_run_is_found_again_by_its_arn(sandbox: LocalSandbox) -> None:
    deployed = sandbox.deploy(NAP)
    run = deployed.start({"a": 1}, name="monday").wait(timeout=10)
    found = sandbox.run(run.arn)
    assert (found.name, found.output, found.title) == ("monday", 2, "nap")
    assert [each.arn for each in deployed.runs()] == [run.arn]
    assert deployed.runs(status="FAILED") == []


def test_a_run_that_waits_for_somebody_can_be_stopped(sandbox: LocalSandbox) -> None:
    ask = Task(
        "Ask",
        resource="arn:aws:states:::aws-sdk:sns:publish.waitForTaskToken",
        arguments={"TopicArn": _topic(sandbox), "Message": jsonata("$states.context.Task.Token")},
    )
    run = sandbox.deploy(Machine("ask", ask)).start()
    with pytest.raises(RunTimeoutError, match=r"is still running after 0.2 s"):
        run.wait(timeout=0.2)
    assert run.status == "RUNNING"
    assert run.output is None
    run.stop(error="Enough", cause="nobody answered").wait(timeout=10)
    assert (run.status, run.error, run.cause) == ("ABORTED", "Enough", "nobody answered")


def test_sandboxes_share_nothing(sandbox: LocalSandbox) -> None:
    sandbox.deploy(NAP)
    with Sandbox.local(clock="instant") as other:
        assert other.aws("stepfunctions").list_state_machines()["stateMachines"] == []


def test_a_run_shows_itself(sandbox: LocalSandbox) -> None:
    run = sandbox.deploy(NAP).start({"a": 1}, name="monday").wait(timeout=10)
    assert repr(run) == "<Run monday: SUCCEEDED>"
    assert "image/svg+xml" in run._repr_mimebundle_()
    assert "WaitStateEntered" in repr(run.events())


def test_watching_without_a_watcher_waits_and_shows_the_end(
    sandbox: LocalSandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    importlib.import_module("IPython.display")
    run = sandbox.deploy(NAP).start({"a": 1})
    run.watch()
    assert run.status == "SUCCEEDED"
    assert "nap: Succeeded after 9 h" in capsys.readouterr().out


def _topic(sandbox: LocalSandbox) -> str:
    return str(sandbox.aws("sns").create_topic(Name="people")["TopicArn"])
