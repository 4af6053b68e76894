"""Accounts in which the machines of several rungs run, and how things are slow or stuck there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kit.emulator.provisioning import Step
from kit.emulator.provisioning.rows import ROWS

__all__ = ["cluster", "stopped_cluster", "takes"]


def takes(sandbox: Any, call: str, *steps: tuple[str, float], final: str | None = "available") -> None:
    """From now on what `call` begins shows these statuses, each for so many minutes, and `final` then."""
    row = next(row for row in ROWS if row.call == call)
    timed = tuple(Step(status, minutes * 60, minutes * 60) for status, minutes in steps)
    sandbox.provisioning.replace([replace(row, steps=timed, final=final)])


def cluster(sandbox: Any, name: str, **tags: str) -> None:
    """An Aurora cluster, available."""
    rds = sandbox.aws("rds")
    rds.create_db_cluster(
        DBClusterIdentifier=name,
        Engine="aurora-mysql",
        MasterUsername="admin",
        ManageMasterUserPassword=True,
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )
    rds.get_waiter("db_cluster_available").wait(DBClusterIdentifier=name)


def stopped_cluster(sandbox: Any, name: str) -> None:
    """An Aurora cluster that was stopped an hour ago."""
    cluster(sandbox, name)
    sandbox.aws("rds").stop_db_cluster(DBClusterIdentifier=name)
    sandbox.clock.advance(hours=1)
