"""Rung 23: a machine that moves many users' data, row by row out of a file, and isn't stopped by bad rows."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from kit.course.exercise import Exercise
from kit.testing import Fault, MismatchError, RefusedError, Rehearsal, Scenario, assert_succeeded

_BUCKET, _KEY, _TABLE = "shop-migration", "users.csv", "users"
_TOO_MANY = "States.ExceedToleratedFailureThreshold"


@dataclass(frozen=True, slots=True)
class _File:
    """How many rows, the places of those without an id, and calls that are refused for a while."""

    rows: int
    bad: tuple[int, ...] = ()
    faults: tuple[Fault, ...] = ()
    ends: str | None = None

    @property
    def ids(self) -> list[str]:
        return [f"u{number:04d}" for number in range(self.rows) if number not in self.bad]


_OUTAGE = Fault("dynamodb:PutItem", "InternalServerError", times=12, at=4)
_FILES = {
    "clean": _File(12),
    "few_bad": _File(41, bad=(7, 30)),
    "too_many": _File(20, bad=(2, 3, 5, 11, 17), ends=_TOO_MANY),
    "outage": _File(20, faults=(_OUTAGE,)),
}


def file_and_table(sandbox: Any, rows: int = 200, bad: tuple[int, ...] = (17, 90)) -> dict[str, str]:
    """A bucket with a CSV file of users, and an empty table for them."""
    lines = [f"{'' if row in bad else f'u{row:04d}'},User {row}" for row in range(rows)]
    s3, dynamodb = sandbox.aws("s3"), sandbox.aws("dynamodb")
    s3.create_bucket(Bucket=_BUCKET)
    s3.put_object(Bucket=_BUCKET, Key=_KEY, Body="\n".join(["id,name", *lines]).encode())
    dynamodb.create_table(
        TableName=_TABLE,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return {"bucket": _BUCKET, "key": _KEY}


def _world(file: _File, sandbox: Any) -> None:
    file_and_table(sandbox, file.rows, file.bad)


def _look(sandbox: Any) -> dict[str, Any]:
    """What is in the table, how often each id was written, and the inputs that the failures file names."""
    s3, sandbox_calls = sandbox.aws("s3"), sandbox.calls
    items = sandbox.aws("dynamodb").scan(TableName=_TABLE)["Items"]
    written = Counter(
        call.params["Item"].get("id", {}).get("S")
        for call in sandbox_calls
        if call.operation == "PutItem" and call.outcome == "succeeded"
    )
    failed: list[Any] = []
    for one in s3.list_objects_v2(Bucket=_BUCKET)["Contents"]:
        if "FAILED_" in one["Key"]:
            failed += json.loads(s3.get_object(Bucket=_BUCKET, Key=one["Key"])["Body"].read())
    return {
        "names": {item["id"]["S"]: item.get("name", {}).get("S") for item in items},
        "most": max(written.values(), default=0),
        "failed": len(failed),
    }


def _well_again(sandbox: Any) -> None:
    """DynamoDB's bad hour is over."""
    sandbox.faults.clear()


def _judge(rehearsal: Rehearsal) -> None:
    file = _FILES[rehearsal.scenario.name]
    place = rehearsal.path[-1] if rehearsal.path else None
    if file.ends is not None:
        if rehearsal.error != file.ends:
            happened = f"it ended {rehearsal.status}" + (
                f" with {rehearsal.error}" if rehearsal.error else ""
            )
            raise MismatchError(f"an end with {file.ends}", happened, place)
        return
    assert_succeeded(rehearsal)
    wanted = {name: f"User {int(name[1:])}" for name in file.ids}
    if rehearsal.seen["names"] != wanted:
        raise MismatchError(
            f"{len(wanted)} users in the table, each with id and name",
            f"there are {len(rehearsal.seen['names'])}, such as {list(rehearsal.seen['names'].items())[:1]}",
            place,
        )
    if rehearsal.seen["most"] > 1:
        raise MismatchError("each user written once", "some were written again", place)
    if rehearsal.seen["failed"] < len(file.bad):
        raise MismatchError(
            f"{len(file.bad)} rows in the file of failures", f"there are {rehearsal.seen['failed']}", place
        )
    counts = {"succeeded": len(file.ids), "failed": len(file.bad)}
    if rehearsal.output != counts:
        raise MismatchError(f"the output {counts}", f"it was {str(rehearsal.output)[:200]}", place)


def _advise(problem: MismatchError | RefusedError, rehearsal: Rehearsal | None) -> str | None:
    if rehearsal is None:
        return "refused"
    words, name = str(problem), rehearsal.scenario.name
    if "undefined" in (rehearsal.cause or ""):
        return "undefined"
    if "must be an array" in (rehearsal.cause or ""):
        return "not_distributed"
    if name == "too_many":
        return "tolerates_all" if rehearsal.status == "SUCCEEDED" else "other_error"
    if name == "outage" and rehearsal.status == "FAILED":
        return "fails_again"
    if rehearsal.error == _TOO_MANY:
        return "rows" if name == "clean" else "not_tolerated"
    for told, advice in (
        ("in the table", "rows"),
        ("written once", "twice"),
        ("file of failures", "no_file"),
        ("the output", "counts"),
    ):
        if told in words:
            return advice
    return None


def _outage(sandbox: Any) -> dict[str, str]:
    """From the eightieth call on, ACM answers that it isn't well, until somebody clears it."""
    sandbox.faults.fail("acm:RequestCertificate", code="InternalFailure", times=None, at=80)
    return {}


def _domains(sandbox: Any) -> dict[str, str]:
    """A bucket with a CSV file of 120 custom domains, two of them nonsense."""
    lines = [
        f"{'no domain at all' if row in (17, 90) else f'blog{row:03d}.example.com'},owner-{row:03d}"
        for row in range(120)
    ]
    s3 = sandbox.aws("s3")
    s3.create_bucket(Bucket="shop-domains")
    s3.put_object(Bucket="shop-domains", Key="domains.csv", Body="\n".join(["domain,owner", *lines]).encode())
    return {"bucket": "shop-domains", "key": "domains.csv"}


def _users(sandbox: Any) -> dict[str, str]:
    return file_and_table(sandbox)


WORLDS = {"domains": _domains, "users": _users, "outage": _outage}

EXERCISES = {
    1: Exercise(
        scenarios=tuple(
            Scenario(
                name=name,
                input={"bucket": _BUCKET, "key": _KEY},
                world=partial(_world, file),
                look=_look,
                faults=file.faults,
                repair=_well_again if name == "outage" else None,
                limit=timedelta(hours=1),
                patience=20,
            )
            for name, file in _FILES.items()
        ),
        judge=_judge,
        advise=_advise,
    )
}
