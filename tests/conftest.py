"""What every test has: no way to a real account, the shared inputs, and no skip that nobody knows of."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]

# Tests may be skipped where they lack something, and say so. Where CI=true only these may: they read
# the recorded cases and definitions in ../shared, which a clone alone does not have.
ALLOWED_SKIPS: frozenset[str] = frozenset(
    {
        "tests/lint/test_real_definitions.py::test_lint_has_no_false_alarm_about_what_people_deploy",
        "tests/lint/test_real_definitions.py::"
        "test_machines_of_what_people_deploy_go_through_text_and_come_back_equal",
        "tests/history/test_recorded_histories.py::test_a_failed_execution_has_a_failed_visit_with_its_error",
        "tests/history/test_recorded_histories.py::test_an_exited_state_is_caught_only_after_a_failure_of_its_own",
        "tests/history/test_recorded_histories.py::test_every_entered_and_exited_event_is_one_visits",
        "tests/history/test_recorded_histories.py::test_every_iteration_of_a_map_that_succeeded_is_done",
        "tests/history/test_recorded_histories.py::test_the_status_is_that_of_the_last_event",
        "tests/view/test_graph.py::test_real_definitions_are_drawn_with_all_their_states",
        "tests/view/test_mermaid.py::test_names_of_any_kind_pass_the_real_parser",
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
    if report.skipped and not hasattr(report, "wasxfail") and is_forbidden(item.nodeid):
        report.outcome = "failed"
        report.longrepr = f"Skipped where CI=true, and not in ALLOWED_SKIPS: {reason_of(report)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped and is_forbidden(collector.nodeid):
        report.outcome = "failed"
        report.longrepr = f"Skipped where CI=true, and not in ALLOWED_SKIPS: {reason_of(report)}"
    return report


def is_forbidden(nodeid: str) -> bool:
    return os.environ.get("CI") == "true" and nodeid.partition("[")[0] not in ALLOWED_SKIPS


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)


@pytest.fixture(scope="session", autouse=True)
def _a_world_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test, nor a kernel it starts, sees the user's credentials, progress or Jupyter settings."""
    place = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_") and name != "AWS_CA_BUNDLE"]:
            patch.delenv(name)
        patch.setenv("AWS_CONFIG_FILE", str(place / "aws-config"))
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(place / "aws-credentials"))
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.setenv("SMALL_STEPS_HOME", str(place / "my"))
        patch.setenv("JUPYTER_CONFIG_DIR", str(place / "jupyter-config"))
        patch.setenv("JUPYTER_DATA_DIR", str(place / "jupyter-data"))
        patch.setenv("IPYTHONDIR", str(place / "ipython"))
        # Sockets of kernels have short names only; pytest's folders are deep.
        patch.setenv("JUPYTER_RUNTIME_DIR", tempfile.mkdtemp(prefix="small-steps-"))
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
        pytest.skip("needs ../shared, the recorded cases beside the repository")
    return folder
