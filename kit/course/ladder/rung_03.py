"""Rung 03: what a run says. A week of evenings, two of them red; the answers are read off their histories."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from kit.course.exercise import Reading
from kit.sandbox import Run, Sandbox

_MACHINE = "evening-stop"

# Day, team, the name that the team's parameter holds, and whether its cluster says who owns it.
_EVENINGS = (
    ("monday", "shop", "shop-db", True),
    ("tuesday", "reports", "reports-old", True),
    ("wednesday", "search", "search-db", True),
    ("thursday", "mail", "mail-db", False),
    ("friday", "maps", "maps-db", True),
)


def week(sandbox: Any) -> dict[str, str]:
    """Five evenings, each the run of another team: the ARN of each day's run. The parameter of reports
    still names a cluster that is gone, and the cluster of mail has no owner."""
    from kit.course.ladder import rung

    rds, ssm = sandbox.aws("rds"), sandbox.aws("ssm")
    for _, team, named, owned in _EVENINGS:
        ssm.put_parameter(Name=f"/clusters/{team}", Value=named, Type="String")
        rds.create_db_cluster(
            DBClusterIdentifier=f"{team}-db",
            Engine="aurora-mysql",
            MasterUsername="admin",
            ManageMasterUserPassword=True,
            Tags=[{"Key": "owner", "Value": f"team {team}"}] if owned else [],
        )
    deployed = sandbox.deploy(rung("03").machine(_MACHINE))
    today = sandbox.clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    runs = {}
    for number, (day, team, _, _) in enumerate(_EVENINGS):
        evening: datetime = today + timedelta(days=number, hours=19)
        sandbox.clock.run_until(evening - timedelta(minutes=5))
        runs[day] = deployed.start({"team": team, "evening": evening.isoformat()}, name=day).arn
        sandbox.clock.run_until(evening + timedelta(minutes=30))
    return runs


WORLDS = {"week": week}


def _read(day: str, *, stopped: bool = False) -> Mapping[str, Any]:
    """What the history of a day's run says; with `stopped`, whether the database was stopped all the same,
    in the place of the input."""
    with Sandbox.local(clock="instant") as sandbox:
        run: Run = sandbox.run(week(sandbox)[day])
        failed = run.trace.failures()[0]
        done = any(visit.state == "Stop it" and visit.status == "succeeded" for visit in run.trace.visits)
    what = {"stopped": done} if stopped else {"input": failed.input}
    return {"state": failed.state, **what, "error": failed.error, "cause": failed.cause}


def _advise(field: str, told: Any) -> str | None:
    if field == "state":
        return "not_the_red_one"
    if field == "input" and isinstance(told, Mapping) and "team" in told:
        return "input_of_the_run"
    if field == "error" and isinstance(told, str) and "Fault" in told:
        return "name_of_boto3"
    if field == "stopped":
        return "done_before_the_failure"
    return "not_whole" if field in ("error", "cause") else None


EXERCISES = {
    1: Reading(read=lambda: _read("tuesday"), advise=_advise),
    2: Reading(read=lambda: _read("thursday", stopped=True), advise=_advise),
}
