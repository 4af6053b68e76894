"""Waiting until something is so, by looking again and again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from kit.steps.patterns.parts import look, named, rounds_of, true_or_false
from kit.steps.states import Chain, Choice, Fail, Pass
from kit.steps.values import jsonata

EVERY = timedelta(seconds=30)
ROUNDS = 60
"""Together half an hour: what AWS's own waiters give RDS."""


def wait_until(
    what: str,
    action: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    ready: str,
    failed: str = "false",
    every: timedelta | int = EVERY,
    rounds: int = ROUNDS,
) -> Any:
    """Looks with an API call, every half minute, until `ready`.

        wait_until("the clone is available", "rds:describeDBClusters",
                   {"DbClusterIdentifier": jsonata("$states.input.clone")},
                   ready="$states.result.DbClusters[0].Status = 'available'",
                   failed="$states.result.DbClusters[0].Status in ['failed', 'cloning-failed']")

    `ready` and `failed` are JSONata over the call's answer, `$states.result`. Three ways out: ready; the
    error `WaitUntil.Failed`, as soon as `failed` says that it will never be; `WaitUntil.TooLong` after
    `rounds` looks. What came in goes out. An error of the call itself (the resource is gone) ends it too.

    Test for the states that end it, never for `creating` alone: a resource has many ways to be busy.
    """
    __tracebackhide__ = True
    name = named("wait_until", what)
    is_ready, is_failed = name.variable("ready"), name.variable("failed")
    loop = rounds_of(name, "WaitUntil.TooLong", every, rounds, {})
    looking = look(
        name.state("Look"),
        action,
        arguments,
        "Keeps of the answer only what the decision needs",
        {
            **loop.counted,
            is_ready: true_or_false("ready", ready),
            is_failed: true_or_false("failed", failed),
        },
    )
    decide = Choice(name.state("Decide"), comment="Never, too often, not yet; else it is so")
    decide.add_choice(
        jsonata(f"${is_failed}"),
        Fail(
            name.state("Failed"),
            error="WaitUntil.Failed",
            cause=f"It will never be so that {what}.",
            comment="Waiting on would be in vain",
        ),
        comment="An end that no waiting changes",
    )
    loop.goes_round(decide, f"$not(${is_ready})", looking)
    return Chain([loop.begin, looking, decide, Pass(name.state("Done"), comment=f"So it is: {what}")])
