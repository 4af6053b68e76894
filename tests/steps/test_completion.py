"""Tab completion of AwsSdk."""

from __future__ import annotations

import inspect
import time
from typing import Any

import pytest

from kit.steps import AwsSdk
from kit.steps.completion import complete, join_ipython, matcher


def texts(before: str) -> tuple[str, ...]:
    found = complete(before)
    return found.texts if found is not None else ()


def test_a_service_is_completed_then_its_actions() -> None:
    assert "rds:" in texts('AwsSdk("Stop it", "rd')
    assert "rds:stopDBCluster" in texts('AwsSdk("Stop it", "rds:stop')
    assert texts("AwsSdk('Stop it',\n    action='rds:stopdbcluster") == ("rds:stopDBCluster",)


def test_arguments_come_with_the_required_first_and_without_the_given() -> None:
    offered = texts('stop = AwsSdk("Stop it", "rds:createDBInstance", ')
    assert offered[:3] == ("DbInstanceClass=", "DbInstanceIdentifier=", "Engine=")
    assert "retry=" in offered
    assert "assign=" in offered
    assert texts('AwsSdk("Stop", "rds:stopDBCluster", D') == ("DbClusterIdentifier=",)
    assert texts('AwsSdk("Stop", "rds:stopDBCluster", DbClusterIdentifier="x", D') == ()


@pytest.mark.parametrize(
    "before",
    [
        'AwsSdk("Stop", "rds:stopDBCluster", DbClusterIdentifier="',
        'AwsSdk("Stop", "rds:stopDBCluster", retry=[Retry(',
        'AwsSdk("Stop", "rds:stopDBCluster").next(',
        'AwsSdk("Stop',
        'AwsSdk("a", "b:c", ',
        "Wait(",
        "",
    ],
)
def test_elsewhere_nothing_is_offered(before: str) -> None:
    assert texts(before) == ()


def test_it_is_quick_once_the_model_is_read() -> None:
    texts('AwsSdk("Stop", "rds:createDBInstance", ')
    begun = time.perf_counter()
    texts('AwsSdk("Stop", "rds:createDBInstance", ')
    assert time.perf_counter() - begun < 0.05


def test_ipython_offers_it() -> None:
    from IPython.core.completer import provisionalcompleter
    from IPython.core.interactiveshell import InteractiveShell

    shell: Any = InteractiveShell.instance()
    try:
        join_ipython()
        join_ipython()
        assert sum(1 for each in shell.Completer.custom_matchers if each is matcher) == 1
        shell.user_ns["AwsSdk"] = AwsSdk
        code = 'AwsSdk("Stop it", "rds:stopDBCluster", '
        with provisionalcompleter():
            offered = [each.text for each in shell.Completer.completions(code, len(code))]
        assert offered[0] == "DbClusterIdentifier="
        code = 'x = AwsSdk("Stop it", "rds:stopDBC'
        with provisionalcompleter():
            (only,) = shell.Completer.completions(code, len(code))
        assert (only.text, code[: only.start]) == ("rds:stopDBCluster", 'x = AwsSdk("Stop it", "')
    finally:
        InteractiveShell.clear_instance()


def test_the_signature_tells_the_fields() -> None:
    names = list(inspect.signature(AwsSdk).parameters)
    assert names[:2] == ["state_id", "action"]
    assert {"retry", "catch", "assign", "output", "timeout_seconds", "api_arguments"} <= set(names)
