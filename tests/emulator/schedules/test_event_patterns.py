from __future__ import annotations

from typing import Any

import pytest

from kit.emulator.schedules.patterns import PatternError, check, matches

EVENT = {
    "source": "aws.states",
    "detail-type": "Step Functions Execution Status Change",
    "resources": ["arn:a", "arn:b"],
    "detail": {
        "status": "FAILED",
        "name": "staging-morning-2026-04-06",
        "count": 7,
        "cost": 7.5,
        "ip": "10.0.4.2",
        "cause": None,
        "tags": [{"key": "env", "value": "dev"}, {"key": "team", "value": "ops"}],
    },
}


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["aws.states"]},
        {"source": ["other", "aws.states"], "detail": {"status": ["FAILED", "TIMED_OUT"]}},
        {"resources": ["arn:b"]},
        {"detail": {"name": [{"prefix": "staging-"}]}},
        {"detail": {"name": [{"suffix": "-04-06"}]}},
        {"detail": {"name": [{"prefix": {"equals-ignore-case": "STAGING"}}]}},
        {"detail": {"name": [{"wildcard": "staging-*-2026-*"}]}},
        {"detail": {"status": [{"equals-ignore-case": "failed"}]}},
        {"detail": {"status": [{"anything-but": ["SUCCEEDED", "RUNNING"]}]}},
        {"detail": {"status": [{"anything-but": {"prefix": "SUCC"}}]}},
        {"detail": {"count": [7]}},
        {"detail": {"count": [{"numeric": [">", 5, "<=", 7]}]}},
        {"detail": {"cost": [{"numeric": ["=", 7.5]}]}},
        {"detail": {"ip": [{"cidr": "10.0.0.0/16"}]}},
        {"detail": {"cause": [None]}},
        {"detail": {"name": [{"exists": True}], "error": [{"exists": False}]}},
        {"detail": {"tags": {"value": ["ops"]}}},
        {"$or": [{"source": ["x"]}, {"detail": {"status": ["FAILED"]}}]},
    ],
)
def test_a_pattern_takes_the_event(pattern: dict[str, Any]) -> None:
    check(pattern)
    assert matches(pattern, EVENT)


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["aws"]},
        {"source": ["AWS.STATES"]},
        {"source": ["aws.states"], "detail": {"status": ["SUCCEEDED"]}},
        {"detail": {"missing": ["x"]}},
        {"detail": {"name": [{"prefix": "morning"}]}},
        {"detail": {"name": [{"wildcard": "*-evening-*"}]}},
        {"detail": {"status": [{"anything-but": "FAILED"}]}},
        {"detail": {"missing": [{"anything-but": "FAILED"}]}},
        {"detail": {"count": ["7"]}},
        {"detail": {"count": [True]}},
        {"detail": {"count": [{"numeric": [">", 7]}]}},
        {"detail": {"ip": [{"cidr": "10.1.0.0/16"}]}},
        {"detail": {"status": [{"exists": False}]}},
        {"detail": {"error": [{"exists": True}]}},
        {"$or": [{"source": ["x"]}, {"source": ["y"]}]},
    ],
)
def test_a_pattern_leaves_the_event(pattern: dict[str, Any]) -> None:
    check(pattern)
    assert not matches(pattern, EVENT)


@pytest.mark.parametrize(
    "pattern",
    [{}, [], {"source": "x"}, {"source": []}, {"detail": {"x": [{"like": "a"}]}}, {"$or": [{"a": 1}]}],
)
def test_what_is_no_pattern_is_refused(pattern: Any) -> None:
    with pytest.raises(PatternError):
        check(pattern)
