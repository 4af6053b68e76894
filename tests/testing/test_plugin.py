"""The pytest plugin, seen by a project that uses it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

STOP = {
    "QueryLanguage": "JSONata",
    "StartAt": "Make",
    "States": {
        "Make": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:sns:createTopic",
            "Arguments": {"Name": "{% $states.input.name %}"},
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Sorry"}],
            "End": True,
        },
        "Sorry": {"Type": "Fail", "Error": "Sorry"},
    },
}

TESTS = """
import pytest
from kit.testing import *

pytestmark = pytest.mark.machine("make.asl.json")
ONE = Scenario(name="one topic", input={"name": "a"}, expects=Expectation(path=["Make"]))
FAULTY = Scenario(
    name="refused", input={"name": "a"}, faults=[Fault("sns:createTopic", "InternalError")],
    expects=Expectation(error="Sorry", leaves_nothing=True),
)

@scenarios(ONE, FAULTY)
def test_as_expected(rehearsal):
    assert_as_expected(rehearsal)
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makefile(".asl.json", make=json.dumps(STOP))
    pytester.makeini("[pytest]\naddopts = -p kit.testing.plugin --strict-markers\n")
    return pytester


def run(project: pytest.Pytester, *words: str) -> pytest.RunResult:
    return project.runpytest_subprocess(*words, timeout=60)


def test_a_table_of_scenarios_is_a_test_for_each_row(project: pytest.Pytester) -> None:
    project.makepyfile(TESTS)
    answer = run(project, "-v")
    answer.assert_outcomes(passed=2)
    answer.stdout.fnmatch_lines(
        ["*test_as_expected?one topic? PASSED*", "*test_as_expected?refused? PASSED*"]
    )
    assert "coverage of state machines" not in answer.stdout.str()


@pytest.mark.parametrize(
    ("words", "folder"),
    [(["--machine-pictures", "out"], "out"), ([], ".pytest_cache/d/machine-pictures")],
    ids=["in a folder", "in the cache"],
)
def test_a_failure_tells_the_run_and_saves_its_picture(
    project: pytest.Pytester, words: list[str], folder: str
) -> None:
    wrong = "def test_wrong(machine):\n    assert_path(rehearse(machine, ONE), ['Sorry'])\n"
    project.makepyfile(f"{TESTS}\n\n{wrong}")
    answer = run(project, "-k", "wrong", *words)
    answer.assert_outcomes(failed=1, deselected=2)
    answer.stdout.fnmatch_lines(
        ["*expected the way Sorry, but it went Make*", "*the run*", "at state 'Make'", "*make*", "picture: *"]
    )
    (picture,) = (project.path / folder).glob("*.svg")
    assert "<svg" in picture.read_text(encoding="utf-8")


def test_coverage_is_told_and_may_be_too_little(project: pytest.Pytester) -> None:
    project.makepyfile(TESTS)
    enough = run(project, "--machine-coverage-fail-under", "100")
    assert enough.ret == 0
    enough.stdout.fnmatch_lines(["*coverage of state machines*", "make: 100 % covered by 2 runs", "*enough"])
    little = run(project, "--machine-coverage-fail-under", "100", "-k", "one", "--machine-pictures", "out")
    assert little.ret == 1
    little.stdout.fnmatch_lines(
        ["make: 33 % covered by 1 run", "*caught States.ALL, to 'Sorry'*", "*picture: *", "33.3 %*too little"]
    )


def test_what_workers_covered_is_put_together(project: pytest.Pytester) -> None:
    project.makepyfile(TESTS)
    answer = run(project, "-n", "1", "--machine-coverage-fail-under", "100")
    assert answer.ret == 0
    answer.stdout.fnmatch_lines(["make: 100 % covered by 2 runs", "*enough"])


def test_runs_in_a_sandbox_of_the_tests_own_count_too(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest
        from kit.testing import assert_left_nothing, assert_succeeded, MismatchError, rehearsal_of

        @pytest.mark.machine("make.asl.json", name="mine")
        def test_by_hand(machine, sandbox):
            run = sandbox.deploy(machine).start({"name": "a"}).wait(timeout=10)
            seen = rehearsal_of(sandbox, run, machine)
            assert_succeeded(seen)
            with pytest.raises(MismatchError, match="CreateTopic"):
                assert_left_nothing(seen)
            assert_left_nothing(seen, but=["sns:CreateTopic"])
        """
    )
    answer = run(project, "--machine-coverage")
    answer.assert_outcomes(passed=1)
    answer.stdout.fnmatch_lines(["mine: 33 % covered by 1 run"])


def test_without_a_machine_it_is_said_how_to_give_one(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest

        def test_none(machine): ...

        @pytest.mark.machine("nowhere.asl.json")
        def test_nowhere(machine): ...
        """
    )
    answer = run(project)
    answer.assert_outcomes(errors=2)
    answer.stdout.fnmatch_lines(["*No machine to test. Mark the test*", "*There is no nowhere.asl.json*"])


def test_the_plugin_loads_nothing_heavy_until_it_is_used() -> None:
    code = (
        "import sys, kit.testing.plugin; "
        "heavy = ('boto3', 'botocore', 'moto', 'stepfunctions', 'kit.machine'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_the_page_about_testing_shows_what_works(project: pytest.Pytester, root: Path) -> None:
    page = (root / "docs" / "testing.md").read_text(encoding="utf-8")
    first, second = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:rds:stopDBCluster",
        "Arguments": {"DbClusterIdentifier": "dev"},
        "Retry": [{"ErrorEquals": ["Rds.RdsException"]}],
        "Next": "Done",
    }
    definition = {
        "QueryLanguage": "JSONata",
        "StartAt": "Stop it",
        "States": {"Stop it": state, "Done": {"Type": "Succeed"}},
    }
    pytester_file = project.makefile(".asl.json", stop=json.dumps(definition))
    assert pytester_file.name == "stop.asl.json"
    project.makepyfile(
        test_first=first, second=f"from test_first import a_cluster\n{second}\nsandbox.close()\n"
    )
    run(project, "test_first.py").assert_outcomes(passed=3)
    assert project.runpython(project.path / "second.py").ret == 0
