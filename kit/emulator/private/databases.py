"""The rows of database clusters, in SQLite's memory: they go with clones, snapshots and deletions."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

SECONDS: Final = 5.0
"""How long a statement may take."""

ROWS: Final = 10_000
_FORBIDDEN: Final = {sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH}


class DatabaseError(Exception):
    """A statement that failed, in SQLite's words, or a cluster that can't be reached (`status` 503)."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class Databases:
    """One database a cluster or cluster snapshot, made when it is first used.

    `reachable(cluster)` says whether one can connect."""

    def __init__(self, reachable: Callable[[str], bool]) -> None:
        self._reachable = reachable
        self._lock = threading.Lock()
        self._clusters: dict[str, sqlite3.Connection] = {}
        self._snapshots: dict[str, sqlite3.Connection] = {}

    def execute(
        self, cluster: str, statement: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
    ) -> list[dict[str, Any]]:
        """Runs one statement and gives its rows, at most 10,000. What it changes is kept.

        Raises DatabaseError."""
        if not self._reachable(cluster):
            message = f"No connection with {cluster}: there is no such cluster with an available instance."
            raise DatabaseError(message, 503)
        with self._lock:
            database = self._clusters.get(cluster) or self._clusters.setdefault(cluster, _new())
            end = time.monotonic() + SECONDS
            database.set_progress_handler(lambda: time.monotonic() > end, 10_000)
            try:
                cursor = database.execute(statement, parameters)
                names = [column[0] for column in cursor.description or ()]
                rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchmany(ROWS)]
                database.commit()
            except (sqlite3.Error, sqlite3.Warning, TypeError) as error:
                database.rollback()
                raise DatabaseError(str(error)) from error
            return rows

    def follow(self, operation: str, params: Mapping[str, Any]) -> None:
        """What a successful call of RDS means for the rows."""
        cluster = str(params.get("DBClusterIdentifier"))
        snapshot = str(params.get("DBClusterSnapshotIdentifier"))
        with self._lock:
            if operation == "RestoreDBClusterToPointInTime":
                source = str(params["SourceDBClusterIdentifier"]).rpartition(":")[2]
                _copy(self._clusters, source, self._clusters, cluster)
            elif operation == "RestoreDBClusterFromSnapshot":
                source = str(params["SnapshotIdentifier"]).rpartition(":")[2]
                _copy(self._snapshots, source, self._clusters, cluster)
            elif operation == "CreateDBClusterSnapshot":
                _copy(self._clusters, cluster, self._snapshots, snapshot)
            elif operation == "CopyDBClusterSnapshot":
                source = str(params["SourceDBClusterSnapshotIdentifier"]).rpartition(":")[2]
                target = str(params["TargetDBClusterSnapshotIdentifier"])
                _copy(self._snapshots, source, self._snapshots, target)
            elif operation == "DeleteDBClusterSnapshot":
                self._snapshots.pop(snapshot, None)
            elif operation == "DeleteDBCluster":
                if last := params.get("FinalDBSnapshotIdentifier"):
                    _copy(self._clusters, cluster, self._snapshots, str(last))
                self._clusters.pop(cluster, None)

    def close(self) -> None:
        with self._lock:
            for database in [*self._clusters.values(), *self._snapshots.values()]:
                database.close()
            self._clusters, self._snapshots = {}, {}


def _new() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:", check_same_thread=False)
    database.set_authorizer(
        lambda action, *_: sqlite3.SQLITE_DENY if action in _FORBIDDEN else sqlite3.SQLITE_OK
    )
    return database


def _copy(
    sources: Mapping[str, sqlite3.Connection],
    source: str,
    targets: dict[str, sqlite3.Connection],
    target: str,
) -> None:
    if source in sources:
        made = _new()
        sources[source].backup(made)
        targets[target] = made
