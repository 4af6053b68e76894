"""What every test has: no way to a real account, the shared inputs, and no skip that nobody knows of."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from allowed_skips import ALLOWED_SKIPS, NEEDS_SHARED
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell's background job ignores the interrupt, and so would the programs that tests interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)

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
        report.longrepr = f"Skipped where CI=true, and not in tests/allowed_skips.py: {reason_of(report)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped and is_forbidden(collector.nodeid, report):
        report.outcome = "failed"
        report.longrepr = f"Skipped where CI=true, and not in tests/allowed_skips.py: {reason_of(report)}"
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
