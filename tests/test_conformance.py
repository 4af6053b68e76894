"""Executions recorded from AWS, played against the sandbox in this process.

The cases and the code that compares are in ../shared/conformance. The floors are what has been reached;
they only go up. What differs and stays so is listed in docs/fidelity.md.
"""

from __future__ import annotations

import concurrent.futures
import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kit.asl import jsonata_engines
from kit.asl.jsonata_engines import Compiled, JsonataPython
from kit.emulator import Emulator

ROLE = "arn:aws:iam::123456789012:role/conformance"
FLOORS = {
    # kind: (share of cases whose outcome is equal, share equal to the last detail)
    "core": (0.99, 0.99),
    "definition": (1.0, 1.0),
    "test_state": (0.98, 0.98),
    "execution": (0.97, 0.96),
}


@pytest.fixture(scope="module")
def runner(shared: Path) -> ModuleType:
    """The recorded cases' own runner, which compares."""
    found = importlib.util.spec_from_file_location("conformance_run", shared / "conformance" / "run.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[found.name] = module
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(clock="instant") as emulator:
        # Nobody answers a forgotten callback here; a second of patience is plenty.
        emulator.driver.patience = 1.0
        yield emulator


def play(runner: ModuleType, emulator: Emulator, cases: list[dict[str, Any]]) -> list[Any]:
    class InProcess(runner.Endpoint):  # type: ignore[misc, name-defined]
        def client(self, service: str) -> Any:
            return emulator.client(service)

    endpoint = InProcess("in this process", "us-east-1", ROLE, 20.0)
    endpoint.prepare()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda case: runner.Case(case, endpoint).run(), cases))


def assert_floors(results: list[Any], kind: str) -> None:
    outcome, full = FLOORS[kind]
    found = {
        level: sum(getattr(each, level) for each in results) / len(results) for level in ("outcome", "full")
    }
    differing = "\n".join(f"{each.id}: {each.note}" for each in results if not each.full)
    assert found["outcome"] >= outcome, differing
    assert found["full"] >= full, differing


def test_executions_that_need_no_other_service_end_as_on_aws(
    runner: ModuleType, emulator: Emulator, shared: Path
) -> None:
    cases = runner.load(shared / "conformance" / "cases", "", True, False)
    assert_floors(play(runner, emulator, [case for case in cases if case["kind"] == "execution"]), "core")


def test_definitions_are_refused_in_the_words_of_aws(
    runner: ModuleType, emulator: Emulator, shared: Path
) -> None:
    cases = runner.load(shared / "conformance" / "cases", "", False, False)
    chosen = [case for case in cases if case["kind"] in ("creation_error", "validate")]
    assert_floors(play(runner, emulator, chosen), "definition")


def test_single_states_are_tested_as_on_aws(runner: ModuleType, emulator: Emulator, shared: Path) -> None:
    cases = runner.load(shared / "conformance" / "cases", "", False, False)
    assert_floors(
        play(runner, emulator, [case for case in cases if case["kind"] == "test_state"]), "test_state"
    )


def test_executions_that_call_services_end_as_on_aws(
    runner: ModuleType, emulator: Emulator, shared: Path
) -> None:
    cases = runner.load(shared / "conformance" / "cases", "", False, False)
    chosen = [case for case in cases if case["kind"] in ("execution", "express") and case.get("needs")]
    assert_floors(play(runner, emulator, chosen), "execution")


OTHER_ENGINE_DIFFERS: frozenset[str] = frozenset()
"""Recorded executions that only the first JSONata engine plays as on AWS."""


def test_both_jsonata_engines_play_the_recorded_executions_alike(
    runner: ModuleType, emulator: Emulator, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = runner.load(shared / "conformance" / "cases", "", True, False)
    chosen = [case for case in cases if "JSONata" in json.dumps(case.get("definition", ""))]
    assert len(chosen) > 30
    first = {each.id: (each.outcome, each.full) for each in play(runner, emulator, chosen)}
    compiled: list[str] = []

    class Second(JsonataPython):
        def compile(self, source: str, *more: Any) -> Compiled:
            compiled.append(source)
            return super().compile(source, *more)

    monkeypatch.setattr(jsonata_engines, "ENGINE", Second())
    others = play(runner, emulator, chosen)
    assert len(compiled) > len(chosen)
    differing = {each.id: each.note for each in others if (each.outcome, each.full) != first[each.id]}
    assert set(differing) == OTHER_ENGINE_DIFFERS, differing
