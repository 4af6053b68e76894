"""A little OpenSearch: indices with documents, and the snapshot API.

What it doesn't model: mappings, queries (`_search` gives all documents), shards, progress (a snapshot and a
restore are done at once), and AWS's own hourly snapshots: `cs-automated` has those that
`take_automated_snapshot` made.
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-snapshots.html
"""

from __future__ import annotations

import copy
import fnmatch
import re
import threading
from dataclasses import dataclass, field
from typing import Any, Final

from kit.emulator.http.listener import json_response
from kit.emulator.messages import HttpResponse

AUTOMATED: Final = "cs-automated"

Index = dict[str, Any]


@dataclass(slots=True)
class _Domain:
    indices: dict[str, Index] = field(default_factory=dict)
    repositories: dict[str, str] = field(default_factory=dict)


class SearchError(Exception):
    def __init__(self, kind: str, reason: str, status: int = 404) -> None:
        super().__init__(reason)
        self.kind, self.reason, self.status = kind, reason, status


class Searches:
    """The data of all domains. Repositories of one bucket and path are one, whichever domain registers it."""

    def __init__(self) -> None:
        self._domains: dict[str, _Domain] = {}
        self._stores: dict[str, dict[str, dict[str, Index]]] = {}
        self._lock = threading.Lock()

    def put(self, domain: str, index: str, documents: dict[str, Any]) -> None:
        """Adds documents by their ids to an index, which is made where it isn't there."""
        with self._lock:
            self._of(domain).indices.setdefault(index, {}).update(documents)

    def indices(self, domain: str) -> dict[str, int]:
        """The domain's indices with their counts of documents."""
        with self._lock:
            return {name: len(index) for name, index in self._of(domain).indices.items()}

    def take_automated_snapshot(self, domain: str, name: str) -> None:
        """What AWS does by itself: a snapshot of all in `cs-automated`."""
        with self._lock:
            found = self._of(domain)
            self._stores.setdefault(found.repositories[AUTOMATED], {})[name] = copy.deepcopy(found.indices)

    def forget(self, domain: str) -> None:
        with self._lock:
            self._domains.pop(domain, None)

    def answer(self, domain: str, method: str, path: list[str], body: Any) -> HttpResponse:
        """Answers a request to a domain."""
        with self._lock:
            try:
                return json_response(self._answer(self._of(domain), method, path, body))
            except SearchError as error:
                told = {"type": error.kind, "reason": error.reason}
                full = {"error": {"root_cause": [told], **told}, "status": error.status}
                return json_response(full, error.status)

    def _of(self, domain: str) -> _Domain:
        return self._domains.setdefault(domain, _Domain({}, {AUTOMATED: f"automatic/{domain}"}))

    def _answer(self, domain: _Domain, method: str, path: list[str], body: Any) -> Any:
        match method, path:
            case _, ["_snapshot", *rest]:
                return self._snapshot(domain, method, rest, body)
            case "GET", ["_cat", "indices"]:
                return [
                    {"index": name, "docs.count": str(len(index)), "status": "open"}
                    for name, index in sorted(domain.indices.items())
                ]
            case "PUT", [index]:
                if index in domain.indices:
                    raise SearchError("resource_already_exists_exception", f"index [{index}] exists", 400)
                domain.indices[index] = {}
                return {"acknowledged": True, "index": index}
            case "DELETE", [pattern]:
                for name in _chosen(domain.indices, pattern):
                    del domain.indices[name]
                return {"acknowledged": True}
            case "PUT" | "POST", [index, "_doc", identifier]:
                domain.indices.setdefault(index, {})[identifier] = body
                return {"_index": index, "_id": identifier, "result": "created"}
            case "GET" | "POST", [index, "_count"]:
                return {"count": len(_index(domain, index))}
            case "GET" | "POST", [index, "_search"]:
                hits = [{"_id": name, "_source": each} for name, each in _index(domain, index).items()]
                return {"hits": {"total": {"value": len(hits), "relation": "eq"}, "hits": hits}}
        reason = f"no handler found for uri [/{'/'.join(path)}] and method [{method}]"
        raise SearchError("illegal_argument_exception", reason, 400)

    def _snapshot(self, domain: _Domain, method: str, path: list[str], body: Any) -> Any:
        match method, path:
            case "GET", []:
                return {name: {"type": "s3"} for name in domain.repositories}
            case "PUT" | "POST", [repository]:
                settings = body.get("settings", {})
                if "bucket" not in settings:
                    raise SearchError("repository_exception", f"[{repository}] No bucket defined", 500)
                domain.repositories[repository] = f"{settings['bucket']}/{settings.get('base_path', '')}"
                return {"acknowledged": True}
            case "GET", [repository, "_all"]:
                held = self._store(domain, repository)
                return {"snapshots": [_shown(name, held[name]) for name in sorted(held)]}
            case "GET", [repository, snapshot]:
                found = _found(self._store(domain, repository), repository, snapshot)
                return {"snapshots": [_shown(snapshot, found)]}
            case "PUT" | "POST", [repository, snapshot]:
                store = self._store(domain, repository)
                if repository.startswith(AUTOMATED):
                    raise SearchError("repository_exception", f"[{repository}] is readonly", 500)
                names = _chosen(domain.indices, body.get("indices", "*"))
                store[snapshot] = {name: copy.deepcopy(domain.indices[name]) for name in names}
                return {"accepted": True}
            case "POST", [repository, snapshot, "_restore"]:
                found = _found(self._store(domain, repository), repository, snapshot)
                _restore(domain, found, f"[{repository}:{snapshot}]", body)
                return {"accepted": True}
        reason = f"no handler found for uri [/_snapshot/{'/'.join(path)}] and method [{method}]"
        raise SearchError("illegal_argument_exception", reason, 400)

    def _store(self, domain: _Domain, repository: str) -> dict[str, dict[str, Index]]:
        if repository not in domain.repositories:
            raise SearchError("repository_missing_exception", f"[{repository}] missing")
        return self._stores.setdefault(domain.repositories[repository], {})


def _restore(domain: _Domain, snapshot: dict[str, Index], label: str, body: Any) -> None:
    wanted: dict[str, str] = {}
    for name in _chosen(snapshot, body.get("indices", "*")):
        pattern, replacement = body.get("rename_pattern"), body.get("rename_replacement", "")
        wanted[name] = re.sub(pattern, re.sub(r"\$(\d)", r"\\\1", replacement), name) if pattern else name
    for name in wanted.values():
        if name in domain.indices:
            reason = (
                f"{label} cannot restore index [{name}] because an open index with same name already exists "
                "in the cluster. Either close or delete the existing index or restore the index under a "
                "different name by providing a rename pattern and replacement name"
            )
            raise SearchError("snapshot_restore_exception", reason, 500)
    for name, as_name in wanted.items():
        domain.indices[as_name] = copy.deepcopy(snapshot[name])


def _chosen(indices: dict[str, Index], pattern: str) -> list[str]:
    """`orders,users-*,-.kibana*`."""
    chosen: list[str] = []
    parts = [part.strip() for part in pattern.split(",") if part.strip()]
    if all(part.startswith("-") for part in parts):
        parts = ["*", *parts]
    for part in parts:
        if part.startswith("-"):
            chosen = [name for name in chosen if not fnmatch.fnmatchcase(name, part[1:])]
            continue
        found = list(indices) if part == "_all" else fnmatch.filter(indices, part)
        if not found and "*" not in part:
            raise SearchError("index_not_found_exception", f"no such index [{part}]")
        chosen += [name for name in found if name not in chosen]
    return chosen


def _index(domain: _Domain, name: str) -> Index:
    if name not in domain.indices:
        raise SearchError("index_not_found_exception", f"no such index [{name}]")
    return domain.indices[name]


def _found(store: dict[str, dict[str, Index]], repository: str, snapshot: str) -> dict[str, Index]:
    if snapshot not in store:
        raise SearchError("snapshot_missing_exception", f"[{repository}:{snapshot}] is missing")
    return store[snapshot]


def _shown(name: str, indices: dict[str, Index]) -> dict[str, Any]:
    return {"snapshot": name, "state": "SUCCESS", "indices": sorted(indices)}
