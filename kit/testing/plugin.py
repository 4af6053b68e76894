"""The pytest plugin: fixtures for machines, failures that show the run, coverage of machines.

It does nothing until a test uses its fixtures or a machine is rehearsed, and it loads nothing else before.

    pytest --machine-coverage                       what no test went through, by machine
    pytest --machine-coverage-fail-under 90         and fail below that figure
    pytest --machine-pictures out/                  pictures of failed runs and of coverage, as SVG
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from kit.machine import Machine
    from kit.testing.recording import Coverages
    from kit.testing.scenario import Rehearsal, Scenario

_COVERAGES: pytest.StashKey[Coverages] = pytest.StashKey()
_MOST_MISSING = 12
"""How many gaps of a machine are told, unless pytest is asked for more with -v."""
_STACK: pytest.StashKey[ExitStack] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("small-steps", "tests of state machines")
    group.addoption(
        "--machine-coverage", action="store_true", help="Say what of each state machine no test went through."
    )
    group.addoption(
        "--machine-coverage-fail-under",
        type=float,
        metavar="PERCENT",
        help="Fail where less than this of the state machines was gone through.",
    )
    group.addoption(
        "--machine-pictures",
        metavar="FOLDER",
        help="Where pictures of failed runs, and of coverage, are written. As a rule, pytest's cache.",
    )
    parser.addini("machine", "The definition that the fixture `machine` reads, from the rootdir.", default="")
    parser.addini("machine_pictures", "As --machine-pictures.", default="")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "machine(file, **how): the definition for the fixture `machine`.")


@pytest.fixture
def machine(request: pytest.FixtureRequest) -> Machine:
    """The machine under test: of the file that `@pytest.mark.machine("stop.asl.json")` names (beside the
    test or in the rootdir), or of the setting `machine`. Or write a fixture `machine` of your own."""
    from kit.machine import Machine

    marker = request.node.get_closest_marker("machine")
    source = marker.args[0] if marker is not None and marker.args else request.config.getini("machine")
    if not source:
        raise pytest.UsageError(
            "No machine to test. Mark the test (or the module, by pytestmark) with "
            '@pytest.mark.machine("stop.asl.json"), set `machine = "stop.asl.json"` in pytest.ini, or '
            "write a fixture `machine` that returns one."
        )
    beside, in_root = request.path.parent / source, request.config.rootpath / source
    file = beside if beside.exists() else in_root
    if not file.exists():
        raise pytest.UsageError(f"There is no {source}, neither in {beside.parent} nor in {in_root.parent}.")
    return Machine.from_asl(file, **(marker.kwargs if marker is not None else {}))


@pytest.fixture
def sandbox() -> Iterator[Any]:
    """A fresh account on this machine, whose clock jumps. Its runs count for the coverage."""
    from kit.sandbox import Sandbox
    from kit.testing.recording import tell_of_all

    with Sandbox.local(clock="instant") as made:
        yield made
        tell_of_all(made)


@pytest.fixture
def scenario() -> Scenario:
    """What `@scenarios(...)` gives; without it, an empty account and the input {}."""
    from kit.testing.scenario import Scenario

    return Scenario(name="an empty account")


@pytest.fixture
def rehearsal(machine: Machine, scenario: Scenario) -> Rehearsal:
    """The run of `machine` under `scenario`."""
    from kit.testing.scenario import rehearse

    return rehearse(machine, scenario)


@pytest.hookimpl
def pytest_sessionstart(session: pytest.Session) -> None:
    config = session.config
    if not config.getoption("--machine-coverage") and _least(config) is None:
        return
    from kit.testing.recording import Coverages, listening

    config.stash[_COVERAGES] = Coverages()
    config.stash[_STACK] = ExitStack()
    config.stash[_STACK].enter_context(listening(config.stash[_COVERAGES]))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    coverages = session.config.stash.get(_COVERAGES, None)
    if coverages is None:
        return
    session.config.stash[_STACK].close()
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output["machine_coverage"] = coverages.packed()
        return
    least = _least(session.config)
    if least is not None and exitstatus == 0 and coverages.percent < least:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:  # noqa: ARG001 - xdist calls it by these names
    """What a worker of pytest-xdist counted."""
    coverages = node.config.stash.get(_COVERAGES, None)
    if coverages is not None:
        coverages.unpack(getattr(node, "workeroutput", {}).get("machine_coverage", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    coverages = config.stash.get(_COVERAGES, None)
    if coverages is None:
        return
    terminalreporter.section("coverage of state machines")
    if not coverages:
        terminalreporter.write_line("No machine was run.")
    for coverage in coverages:
        terminalreporter.write_line(coverage.table(None if terminalreporter.verbosity > 0 else _MOST_MISSING))
        if (folder := _chosen_folder(config)) is not None:
            file = _write(folder, f"coverage of {coverage.title}", coverage.graph().svg())
            terminalreporter.write_line(f"  picture: {file}")
    least = _least(config)
    if least is not None:
        verdict = "enough" if coverages.percent >= least else "too little"
        terminalreporter.write_line(
            f"{coverages.percent:.1f} % covered, at least {least:g} % asked for: {verdict}"
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if call.excinfo is not None and (rehearsal := getattr(call.excinfo.value, "rehearsal", None)) is not None:
        place = getattr(call.excinfo.value, "place", None)
        words = [rehearsal.words()]
        if place is not None:
            words.insert(0, f"at state {place!r}")
        if (folder := _folder(item.config)) is not None:
            words.append(f"picture: {_write(folder, item.nodeid, rehearsal.graph().svg())}")
        report.sections.append(("the run", "\n".join(words)))
    return report


def _least(config: pytest.Config) -> float | None:
    least: float | None = config.getoption("--machine-coverage-fail-under")
    return least


def _chosen_folder(config: pytest.Config) -> Path | None:
    chosen = config.getoption("--machine-pictures") or config.getini("machine_pictures")
    return config.rootpath / chosen if chosen else None


def _folder(config: pytest.Config) -> Path | None:
    chosen = _chosen_folder(config)
    if chosen is None and (cache := getattr(config, "cache", None)) is not None:
        return Path(cache.mkdir("machine-pictures"))
    return chosen


def _write(folder: Path, name: str, svg: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / (re.sub(r"[^\w.-]+", "-", name).strip("-")[-120:] + ".svg")
    file.write_text(svg, encoding="utf-8")
    return file
