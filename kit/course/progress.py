"""What a learner has passed, in a file of their own: `progress.json` in their home.

The file is keyed by question id ("01.1"), so that deleted or copied cells don't matter. Ids that this
version of the course doesn't know are kept. Writing takes a lock beside the file, reads again, and
replaces the file at once: two kernels lose nothing of each other. A file that can't be read is set
aside under another name, never overwritten.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import filelock

from kit.course.home import backup, home

__all__ = ["Progress", "Record"]

_LOCK_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is known of one question. `passed` is when it was passed first (UTC, ISO 8601)."""

    tries: int = 0
    outcome: str | None = None
    passed: str | None = None
    hints: int = 0
    solution_seen: bool = False

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Record:
        return cls(
            tries=entry.get("tries", 0),
            outcome=entry.get("outcome"),
            passed=entry.get("passed"),
            hints=int(entry.get("hints", 0)),
            solution_seen=bool(entry.get("solution_seen", False)),
        )

    def checked(self, outcome: str) -> Record:
        """After one more check. A pass stays a pass, whatever is tried later."""
        passed = self.passed or (_now() if outcome == "passed" else None)
        return replace(self, tries=self.tries + 1, outcome=outcome, passed=passed)


class Progress:
    """The progress file. Each method reads the file afresh; `notices` tells of a file set aside."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or home() / "progress.json"
        self.notices: list[str] = []
        self._lock = filelock.FileLock(self.path.with_suffix(".lock"), timeout=_LOCK_SECONDS)

    def records(self) -> dict[str, Record]:
        """Every record by question id; empty where there is no file yet."""
        return {key: Record.read(entry) for key, entry in self._questions(self._load()).items()}

    def record(self, question: str) -> Record:
        return self.records().get(question, Record())

    def update(self, question: str, change: Callable[[Record], Record]) -> Record:
        """Changes one record and writes the file. Raises `OSError` where the file can't be written,
        and `TimeoutError` where another program holds its lock for five seconds."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock:
            whole = self._load()
            questions = self._questions(whole)
            entry = questions.get(question, {})
            new = change(Record.read(entry))
            questions[question] = entry | {
                "tries": new.tries,
                "outcome": new.outcome,
                "passed": new.passed,
                "hints": new.hints,
                "solution_seen": new.solution_seen,
            }
            whole["version"] = 1
            whole["questions"] = questions
            self._write(whole)
        return new

    def _load(self) -> dict[str, Any]:
        try:
            return _read(self.path)
        except FileNotFoundError:
            return {}
        except ValueError:
            return self._set_aside()

    @staticmethod
    def _questions(whole: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        return dict(whole.get("questions", {}))

    def _set_aside(self) -> dict[str, Any]:
        with self._lock:
            try:
                return _read(self.path)
            except FileNotFoundError:
                return {}
            except ValueError:
                kept = backup(self.path)
        self.notices.append(
            f"The progress file could not be read. It is kept as {kept.name}; progress starts afresh."
        )
        return {}

    def _write(self, whole: Mapping[str, Any]) -> None:
        half = self.path.with_name(f"{self.path.name}.{os.getpid()}.half")
        with half.open("w", encoding="utf-8") as file:
            json.dump(whole, file, indent=1, sort_keys=True, ensure_ascii=False)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        half.replace(self.path)


def _read(path: Path) -> dict[str, Any]:
    """The file's content. Raises `FileNotFoundError`, and `ValueError` where it is no progress file."""
    whole = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(whole, dict) or not isinstance(whole.get("questions", {}), dict):
        raise ValueError("not an object with questions")
    for entry in whole.get("questions", {}).values():
        if not isinstance(entry, dict) or not isinstance(entry.get("tries", 0), int):
            raise ValueError("not a record of a question")
    return whole


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
