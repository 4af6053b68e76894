"""What runs of a machine went through."""

from __future__ import annotations

from typing import Any

import pytest

from kit.machine import Machine
from kit.steps import AwsSdk, Catch, Chain, Choice, ChoiceRule, Fail, Map, Pass, Retry, Succeed, Wait, jsonata
from kit.testing import Coverage, Fault, Scenario, rehearse


def a_cluster(sandbox: Any) -> None:
    sandbox.aws("rds").create_db_cluster(
        DBClusterIdentifier="dev",
        Engine="aurora-mysql",
        MasterUsername="admin",
        MasterUserPassword="only-here",
    )
    sandbox.clock.advance(minutes=10)


def the_machine() -> Machine:
    done, stuck = Succeed("Done"), Fail("Stuck", error="Stuck")
    stop = AwsSdk(
        "Stop",
        "rds:stopDBCluster",
        DbClusterIdentifier="dev",
        assign={"status": "stopping"},
        retry=[
            Retry(error_equals=["Rds.RdsException"], max_attempts=1),
            Retry(error_equals=["States.Timeout"]),
        ],
        catch=[
            Catch(done, error_equals=["Rds.DbClusterNotFoundException"]),
            Catch(stuck, error_equals=["States.ALL"]),
        ],
    )
    decide = Choice("Decide")
    decide.add_choice(jsonata("$status = 'stopped'"), done)
    decide.add_choice(jsonata("$status = 'stopping'"), done)
    return Machine("stop", Chain([stop, decide, Wait("Nap", seconds=1), Pass("On")]))


def covered(*scenarios: Scenario) -> Coverage:
    machine = the_machine()
    coverage = Coverage(machine.definition, machine.name)
    for scenario in scenarios:
        coverage.add(rehearse(machine, scenario).trace)
    return coverage


def missing(coverage: Coverage) -> list[str]:
    return [part.words for part in coverage.missing]


def test_nothing_is_covered_before_a_run() -> None:
    coverage = covered()
    assert coverage.percent == 0
    assert len(coverage.missing) == len(coverage.parts) == 15
    assert coverage.counts() == {
        "state": (0, 6), "way on": (0, 3), "retrier": (0, 2), "catcher": (0, 2), "choice rule": (0, 2),
    }  # fmt: skip


def test_a_run_covers_what_it_went_through_and_of_two_rules_to_one_state_the_one_that_was_true() -> None:
    coverage = covered(Scenario(name="it runs", world=a_cluster))
    assert coverage.counts() == {
        "state": (3, 6), "way on": (1, 3), "retrier": (0, 2), "catcher": (0, 2), "choice rule": (1, 2),
    }  # fmt: skip
    assert "'Decide' by its rule 0 to 'Done'" in missing(coverage)
    assert "'Decide' by its rule 1 to 'Done'" not in missing(coverage)


def test_a_retry_and_a_caught_error_cover_the_retrier_and_the_catcher_that_took_them() -> None:
    coverage = covered(
        Scenario(name="throttled", world=a_cluster, faults=[Fault("rds:stopDBCluster", "Throttling")]),
        Scenario(name="no cluster"),
    )
    left = missing(coverage)
    assert "'Stop' tried again after Rds.RdsException" not in left
    assert "'Stop' tried again after States.Timeout" in left
    assert "'Stop' caught Rds.DbClusterNotFoundException, to 'Done'" not in left
    assert "'Stop' caught States.ALL, to 'Stuck'" in left


def test_a_state_that_only_failed_did_not_go_on() -> None:
    machine = Machine("m", Chain([Pass("A", output=jsonata("$error('no')")), Pass("B")]))
    coverage = Coverage(machine.definition)
    coverage.add(rehearse(machine, Scenario(name="one")).trace)
    assert [part.words for part in coverage.missing] == ["'A' on to 'B'", "state 'B'"]


def test_iterations_count_each_and_their_ways_do_not_mix() -> None:
    inner = Choice("Big?")
    inner.add_choice(ChoiceRule.NumericGreaterThan("$", 1), Succeed("Yes"))
    inner.default_choice(Succeed("No"))
    machine = Machine("m", Map("Each", item_processor=inner))
    coverage = Coverage(machine.definition)
    coverage.add(rehearse(machine, Scenario(name="three", input=[0, 1, 2])).trace)
    assert coverage.percent == 100
    assert {part.words: hits for part, hits in coverage.hits.items()} == {
        "state 'Each'": 1, "state 'Big?'": 3, "state 'Yes'": 1, "state 'No'": 2,
        "'Big?' by its rule 0 to 'Yes'": 1, "'Big?' by Default to 'No'": 2,
    }  # fmt: skip


def test_the_table_says_the_figures_and_the_places() -> None:
    lines = covered(Scenario(name="it runs", world=a_cluster)).table().splitlines()
    assert lines[0] == "stop: 33 % covered by 1 run"
    assert lines[1] == "  states           3 of 6      50 %"
    assert "    'Stop' caught States.ALL, to 'Stuck'  (/States/Stop/Catch[1])" in lines


def test_the_picture_tells_what_is_missing_in_colours_and_in_words() -> None:
    svg = covered(Scenario(name="it runs", world=a_cluster)).graph().svg()
    assert "Covered, 1 visit, but for" in svg
    assert "not covered" in svg
    assert svg.count('data-way="taken"') == 2
    assert 'data-way="set back"' in svg


@pytest.mark.parametrize("times", [1, 2])
def test_the_same_run_twice_covers_no_more(times: int) -> None:
    one = covered(*[Scenario(name="it runs", world=a_cluster)] * times)
    assert one.runs == times
    assert one.percent == pytest.approx(100 / 3)
