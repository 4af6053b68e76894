"""What every test has: no way to a real account, the shared inputs, and no skip that nobody knows of."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]

NEEDS_SHARED = "needs ../shared, the recorded cases beside the repository"

# Tests may be skipped where they lack something, and say so. Where CI=true only these may, and only for
# want of ../shared, the recorded cases and real definitions that a clone alone does not have.
ALLOWED_SKIPS = frozenset(
    {
        "tests/asl/test_recorded_expressions.py::test_choice_rules_decide_as_recorded",
        "tests/asl/test_recorded_expressions.py::"
        "test_intrinsic_functions_and_jsonata_functions_answer_as_recorded",
        "tests/asl/test_recorded_expressions.py::test_the_definitions_people_deploy_are_sound",
        "tests/asl/test_recorded_expressions.py::test_validation_answers_as_recorded",
        "tests/asl/test_recorded_expressions.py::test_what_aws_refused_is_refused_in_its_words",
        "tests/asl/test_recorded_expressions.py::test_what_ran_on_aws_has_no_findings",
        "tests/history/test_recorded_histories.py::test_a_failed_execution_has_a_failed_visit_with_its_error",
        "tests/history/test_recorded_histories.py::"
        "test_an_exited_state_is_caught_only_after_a_failure_of_its_own",
        "tests/history/test_recorded_histories.py::test_every_entered_and_exited_event_is_one_visits",
        "tests/history/test_recorded_histories.py::test_every_iteration_of_a_map_that_succeeded_is_done",
        "tests/history/test_recorded_histories.py::test_the_status_is_that_of_the_last_event",
        "tests/lint/test_real_definitions.py::test_lint_has_no_false_alarm_about_what_people_deploy",
        "tests/lint/test_real_definitions.py::"
        "test_machines_of_what_people_deploy_go_through_text_and_come_back_equal",
        "tests/test_conformance.py::test_definitions_are_refused_in_the_words_of_aws",
        "tests/test_conformance.py::test_executions_that_call_services_end_as_on_aws",
        "tests/test_conformance.py::test_executions_that_need_no_other_service_end_as_on_aws",
        "tests/view/test_graph.py::test_real_definitions_are_drawn_with_all_their_states",
        "tests/view/test_mermaid.py::test_real_definitions_pass_the_real_parser",
    }
)

settings.register_profile("steady", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run the long tests too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--full"):
        return
    long = [item for item in items if item.get_closest_marker("full")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and is_forbidden(item.nodeid, report):
        report.outcome = "failed"
        report.longrepr = f"Skipped where CI=true, and not in ALLOWED_SKIPS: {reason_of(report)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped and is_forbidden(collector.nodeid, report):
        report.outcome = "failed"
        report.longrepr = f"Skipped where CI=true, and not in ALLOWED_SKIPS: {reason_of(report)}"
    return report


def is_forbidden(nodeid: str, report: pytest.TestReport | pytest.CollectReport) -> bool:
    allowed = nodeid.partition("[")[0] in ALLOWED_SKIPS and NEEDS_SHARED in reason_of(report)
    return os.environ.get("CI") == "true" and not allowed


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)


@pytest.fixture(scope="session", autouse=True)
def _a_world_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test, nor a kernel it starts, sees the user's credentials, progress or Jupyter settings."""
    place = tmp_path_factory.mktemp("home")
    # Sockets of kernels have short names only, and pytest's folders are deep.
    runtime = tempfile.TemporaryDirectory(prefix="small-steps-", ignore_cleanup_errors=True)
    with runtime, pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_") and name != "AWS_CA_BUNDLE"]:
            patch.delenv(name)
        patch.setenv("AWS_CONFIG_FILE", str(place / "aws-config"))
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(place / "aws-credentials"))
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.setenv("SMALL_STEPS_HOME", str(place / "my"))
        patch.setenv("JUPYTER_CONFIG_DIR", str(place / "jupyter-config"))
        patch.setenv("JUPYTER_DATA_DIR", str(place / "jupyter-data"))
        patch.setenv("IPYTHONDIR", str(place / "ipython"))
        patch.setenv("JUPYTER_RUNTIME_DIR", runtime.name)
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recorded cases and real definitions beside a developer's clone."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip(NEEDS_SHARED)
    return folder
