from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kit.emulator import Emulator
from kit.services.prices import PRICES

Run = Callable[..., Any]
DAY = dt.datetime(2026, 4, 6, tzinfo=dt.UTC)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(clock="instant") as made:
        yield made


def quantity(emulator: Emulator, key: str, **limits: Any) -> float:
    found = [line for line in emulator.billing.bill(**limits).lines if line.key == key]
    return found[0].quantity if found else 0.0


# Transitions and requests.


def test_each_state_that_is_entered_is_a_transition(emulator: Emulator, run: Run) -> None:
    states = {
        "A": {"Type": "Pass", "Next": "B"},
        "B": {"Type": "Wait", "Seconds": 60, "Next": "C"},
        "C": {"Type": "Succeed"},
    }
    run(emulator, {"StartAt": "A", "States": states})
    assert quantity(emulator, "states:transition") == 3
    assert quantity(emulator, "states:transition", until=DAY + dt.timedelta(seconds=30)) == 2
    assert quantity(emulator, "states:transition", since=DAY + dt.timedelta(seconds=30)) == 1


def test_each_retry_is_one_more(emulator: Emulator, run: Run) -> None:
    ran = run(
        emulator,
        {
            "Resource": "arn:aws:states:::aws-sdk:ssm:getParameter",
            "Parameters": {"Name": "none"},
            "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2}],
        },
    )
    assert ran.status == "FAILED"
    assert quantity(emulator, "states:transition") == 3


def test_requests_are_counted_where_they_cost(emulator: Emulator) -> None:
    sqs, events = emulator.client("sqs"), emulator.client("events")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="x")
    entry = {"Source": "a", "DetailType": "b", "Detail": "{}"}
    events.put_events(Entries=[entry, entry])
    emulator.client("rds").describe_db_instances()
    assert quantity(emulator, "sqs:request") == 2
    assert quantity(emulator, "events:event") == 2
    assert {line.key for line in emulator.billing.bill().lines} == {"sqs:request", "events:event"}


def test_express_costs_by_request_and_time(emulator: Emulator) -> None:
    client = emulator.client("stepfunctions")
    definition = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 16, "End": True}}}
    made = client.create_state_machine(
        name="quick",
        definition=json.dumps(definition),
        roleArn="arn:aws:iam::123456789012:role/x",
        type="EXPRESS",
    )
    client.start_sync_execution(stateMachineArn=made["stateMachineArn"])
    assert quantity(emulator, "states:express-request") == 1
    assert quantity(emulator, "states:express-gb-second") == pytest.approx(1)
    assert quantity(emulator, "states:transition") == 0


# Hours.


def cluster(emulator: Emulator) -> None:
    emulator.client("rds").create_db_cluster(
        DBClusterIdentifier="dev", Engine="aurora-mysql", MasterUsername="a", MasterUserPassword="password"
    )


def instance(emulator: Emulator) -> None:
    emulator.client("rds").create_db_instance(
        DBInstanceIdentifier="dev-1",
        DBInstanceClass="db.t4g.medium",
        Engine="aurora-mysql",
        DBClusterIdentifier="dev",
    )


def database(emulator: Emulator) -> None:
    """It is ready at once."""
    with emulator.provisioning.at_once():
        cluster(emulator)
        instance(emulator)


def test_a_database_costs_while_it_is_available(emulator: Emulator) -> None:
    key = "rds:aurora:db.t4g.medium"
    rds = emulator.client("rds")
    with emulator.provisioning.at_once():
        cluster(emulator)
    instance(emulator)
    begin = emulator.clock.now()
    ready = next(each.end for each in emulator.provisioning.going if each.kind == "rds instance")
    emulator.clock.advance(hours=10)
    hours = 10 - (ready - begin.timestamp()) / 3600
    assert 9 < hours < 10
    assert quantity(emulator, key) == pytest.approx(hours, abs=1e-4)
    rds.stop_db_cluster(DBClusterIdentifier="dev")
    emulator.clock.advance(hours=10)
    assert quantity(emulator, key) == pytest.approx(hours, abs=1e-4)
    rds.start_db_cluster(DBClusterIdentifier="dev")
    emulator.clock.advance(hours=10)
    assert hours + 9 < quantity(emulator, key) < hours + 10
    before = quantity(emulator, key)
    rds.delete_db_instance(DBInstanceIdentifier="dev-1", SkipFinalSnapshot=True)
    emulator.clock.advance(days=30)
    assert quantity(emulator, key) == pytest.approx(before, abs=1e-4)
    assert quantity(emulator, key, until=begin + dt.timedelta(hours=10)) == pytest.approx(hours, abs=1e-4)


def test_caches_and_search_cost_by_their_nodes(emulator: Emulator) -> None:
    with emulator.provisioning.at_once():
        emulator.client("elasticache").create_replication_group(
            ReplicationGroupId="cache",
            ReplicationGroupDescription="x",
            CacheNodeType="cache.r6g.large",
            ReplicasPerNodeGroup=1,
        )
        emulator.client("opensearch").create_domain(
            DomainName="search", ClusterConfig={"InstanceType": "r6g.large.search", "InstanceCount": 3}
        )
    emulator.clock.advance(hours=5)
    assert quantity(emulator, "elasticache:cache.r6g.large") == pytest.approx(10)
    assert quantity(emulator, "opensearch:r6g.large.search") == pytest.approx(15)


def test_tasks_on_fargate_cost_by_their_size(emulator: Emulator) -> None:
    ecs = emulator.client("ecs")
    ecs.create_cluster(clusterName="staging")
    ecs.register_task_definition(
        family="web",
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="512",
        memory="1024",
        containerDefinitions=[{"name": "web", "image": "web"}],
    )
    ecs.create_service(
        cluster="staging", serviceName="web", taskDefinition="web", desiredCount=4, launchType="FARGATE"
    )
    emulator.clock.advance(hours=10)
    assert 18 < quantity(emulator, "fargate:vcpu") <= 20
    assert 36 < quantity(emulator, "fargate:gb") <= 40
    before = quantity(emulator, "fargate:vcpu")
    ecs.update_service(cluster="staging", service="web", desiredCount=0)
    emulator.clock.advance(days=10)
    assert quantity(emulator, "fargate:vcpu") < before + 2


# Prices.


def test_a_bill_adds_up(emulator: Emulator, run: Run) -> None:
    database(emulator)
    emulator.clock.advance(hours=100)
    run(emulator, {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
    bill = emulator.billing.bill()
    assert bill.usd("rds:") == pytest.approx(100 * PRICES["rds:aurora:db.t4g.medium"].usd, rel=1e-3)
    assert bill.total == pytest.approx(sum(line.usd or 0 for line in bill.lines))
    assert bill.lines[0].key == "rds:aurora:db.t4g.medium"
    assert "in all, 2026-04-06 00:00 to 2026-04-10 04:00" in repr(bill)
    assert "Not counted: storage" in bill._repr_html_()


def test_prices_of_ones_own_go_first(emulator: Emulator) -> None:
    database(emulator)
    emulator.clock.advance(hours=10)
    bill = emulator.billing.bill(prices={"rds:aurora:db.t4g.medium": 2.0})
    assert bill.usd("rds:") == pytest.approx(20)
    assert bill.lines[0].sure == "your own"
    with pytest.raises(ValueError, match="the price of"):
        emulator.billing.bill(prices={"rds:aurora:db.t4g.medium": -1.0})


def test_what_has_no_price_is_named_and_not_taken_for_free(emulator: Emulator) -> None:
    with emulator.provisioning.at_once():
        emulator.client("rds").create_db_instance(
            DBInstanceIdentifier="odd",
            DBInstanceClass="db.x2g.16xlarge",
            Engine="mysql",
            MasterUsername="a",
            MasterUserPassword="password",
            AllocatedStorage=20,
        )
    emulator.clock.advance(hours=1)
    bill = emulator.billing.bill()
    assert bill.unpriced == ["rds:mysql:db.x2g.16xlarge"]
    assert "No price is known for rds:mysql:db.x2g.16xlarge" in repr(bill)
    assert emulator.billing.bill(prices={bill.unpriced[0]: 12.0}).total == pytest.approx(12)


def test_a_bill_ends_after_it_begins(emulator: Emulator) -> None:
    with pytest.raises(ValueError, match="before it begins"):
        emulator.billing.bill(since=DAY + dt.timedelta(days=2), until=DAY + dt.timedelta(days=1))


def test_every_price_has_a_source_and_a_unit() -> None:
    assert all(price.usd > 0 and price.unit and "https://" in price.source for price in PRICES.values())


def test_a_database_that_aws_starts_again_costs_again(emulator: Emulator) -> None:
    database(emulator)
    emulator.client("rds").stop_db_cluster(DBClusterIdentifier="dev")
    emulator.clock.advance(days=7)
    assert quantity(emulator, "rds:aurora:db.t4g.medium") == 0
    emulator.clock.advance(days=2)
    assert 40 < quantity(emulator, "rds:aurora:db.t4g.medium") < 48
