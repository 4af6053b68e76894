from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from subprocess import Popen

import pytest

from kit.course.progress import Progress, Record


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "my" / "progress.json"


def test_there_is_no_record_before_the_first_check(path: Path) -> None:
    assert Progress(path).record("01.1") == Record()
    assert not path.exists()


def test_a_pass_is_kept_whatever_is_tried_later(path: Path) -> None:
    progress = Progress(path)
    for outcome in ("failed", "passed", "failed"):
        progress.update("01.1", lambda record, outcome=outcome: record.checked(outcome))  # type: ignore[misc]
    record = Progress(path).record("01.1")
    assert (record.tries, record.outcome) == (3, "failed")
    assert record.passed is not None


def test_questions_and_fields_of_another_version_are_kept(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(
        json.dumps({"theme": "x", "questions": {"99.1": {"tries": 2, "stars": 3}, "01.1": {"stars": 5}}}),
        encoding="utf-8",
    )
    Progress(path).update("01.1", lambda record: record.checked("passed"))
    whole = json.loads(path.read_text(encoding="utf-8"))
    assert whole["theme"] == "x"
    assert whole["questions"]["99.1"] == {"tries": 2, "stars": 3}
    assert whole["questions"]["01.1"]["stars"] == 5


@pytest.mark.parametrize(
    "content",
    [
        "{half",
        "[]",
        '{"questions": 7}',
        '{"questions": {"01.1": 7}}',
        '{"questions": {"01.1": {"tries": "x"}}}',
    ],
)
def test_a_file_that_cannot_be_read_is_set_aside_and_told(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content, encoding="utf-8")
    progress = Progress(path)
    progress.update("01.1", lambda record: record.checked("passed"))
    kept = list(path.parent.glob("progress.backup-*.json"))
    assert [file.read_text(encoding="utf-8") for file in kept] == [content]
    assert kept[0].name in progress.notices[0]
    assert Progress(path).record("01.1").tries == 1


def test_two_kernels_that_write_at_once_lose_nothing(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from kit.course.progress import Progress\n"
        "progress = Progress(Path(sys.argv[1]))\n"
        "for _ in range(20): progress.update(sys.argv[2], lambda record: record.checked('failed'));"
        " progress.update('both', lambda record: record.checked('failed'))"
    )
    kernels = [Popen([sys.executable, "-c", code, str(path), name]) for name in ("01.1", "02.1")]
    assert [kernel.wait(timeout=30) for kernel in kernels] == [0, 0]
    records = Progress(path).records()
    assert {name: record.tries for name, record in records.items()} == {"01.1": 20, "02.1": 20, "both": 40}


def test_threads_of_one_kernel_lose_nothing(path: Path) -> None:
    progress = Progress(path)
    with ThreadPoolExecutor(4) as pool:
        list(
            pool.map(
                lambda _: progress.update("01.1", lambda record: replace(record, hints=record.hints + 1)),
                range(40),
            )
        )
    assert progress.record("01.1").hints == 40


def test_nothing_but_the_file_and_its_lock_is_left(path: Path) -> None:
    Progress(path).update("01.1", lambda record: record.checked("passed"))
    assert {file.name for file in path.parent.iterdir()} <= {"progress.json", "progress.lock"}
