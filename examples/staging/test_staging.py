"""The mornings and evenings that staging has to stand. Run it with: pytest --machine-coverage"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import production, values

from kit import Machine
from kit.testing import (
    Expectation,
    Fault,
    Rehearsal,
    Scenario,
    assert_as_expected,
    assert_left_nothing,
    rehearsal_of,
    scenarios,
)

TODAY = {"day": "2026-04-06"}


def messages(sandbox: Any) -> list[str]:
    return [message.text for message in sandbox.slack.messages]


def morning(name: str, **more: Any) -> Scenario:
    return Scenario(
        name=name,
        input=TODAY,
        world=more.pop("world", production),
        substitutions=values,
        look=messages,
        patience=30,
        **more,
    )


def yesterdays_cluster(sandbox: Any) -> None:
    production(sandbox)
    sandbox.aws("rds").create_db_cluster(
        DBClusterIdentifier="staging",
        Engine="aurora-mysql",
        MasterUsername="admin",
        ManageMasterUserPassword=True,
        Tags=[{"Key": "day", "Value": "2026-04-05"}],
    )


def slack_is_down(sandbox: Any) -> None:
    production(sandbox)
    sandbox.slack.rate_limit(times=99)


NOT_OURS = "EnsurePresent.NotOurs"


@pytest.mark.machine("morning.asl.json", name="staging-morning")
@scenarios(
    morning("a quiet day", expects=Expectation(output=TODAY)),
    morning("the API is throttled", faults=[Fault("rds:describeDBClusters", "Throttling", times=2)],
            expects=Expectation(output=TODAY)),
    morning("Slack is down", world=slack_is_down, expects=Expectation(output=TODAY)),
    morning("yesterday's copy was left", world=yesterdays_cluster, expects=Expectation(error=NOT_OURS)),
    morning("there is no production", world=lambda _: None,
            expects=Expectation(error="Rds.DbClusterNotFoundException")),
)  # fmt: skip
def test_a_morning(rehearsal: Rehearsal) -> None:
    assert_as_expected(rehearsal)
    if rehearsal.error is not None:
        assert rehearsal.seen == [f"Staging is not up: {rehearsal.error}"]


@pytest.mark.machine("evening.asl.json", name="staging-evening")
def test_an_evening_leaves_nothing_and_a_second_one_does_no_harm(machine: Machine, sandbox: Any) -> None:
    production(sandbox)
    filled = values(sandbox)
    file = Path(__file__).with_name("morning.asl.json")
    up = sandbox.deploy(Machine.from_asl(file, "staging-morning", filled)).start(TODAY).wait(timeout=30)
    assert up.status == "SUCCEEDED"
    evening = sandbox.deploy(machine.filled(filled))
    for _ in range(2):
        assert evening.start().wait(timeout=30).status == "SUCCEEDED"
    clusters = sandbox.aws("rds").describe_db_clusters()["DBClusters"]
    assert [cluster["DBClusterIdentifier"] for cluster in clusters] == ["production"]
    assert_left_nothing(rehearsal_of(sandbox, evening.runs()[0], machine))
