"""`kit run` on small notebooks in real kernels."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from kit.cli.run import Job, Outcome, execute_all, failure, in_order, jobs_of, table

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def job(folder: Path, name: str, *cells: str, questions: tuple[str, ...] = ()) -> Job:
    notebook = folder / f"{name}.ipynb"
    written: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "id": f"c{place}",
            "metadata": {},
            "source": cell,
            "outputs": [],
            "execution_count": None,
        }
        for place, cell in enumerate(cells)
    ]
    whole = {"cells": written, "metadata": {"kernelspec": KERNEL}, "nbformat": 4, "nbformat_minor": 5}
    notebook.write_text(json.dumps(whole), encoding="utf-8")
    return Job("07", "A rung", "lesson", notebook, folder / "out" / notebook.name, questions)


def check(question: str, outcome: str) -> str:
    """A cell that shows what a check shows."""
    data = {
        "application/vnd.small-steps.check+json": {"question": question, "outcome": outcome, "seconds": 0.1},
        "text/plain": outcome,
    }
    return f"from IPython.display import display\ndisplay({data!r}, raw=True)"


def test_notebooks_run_beside_each_other_and_their_failures_are_told(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    work = [
        job(tmp_path, "right", "clock = 'paced'", check("07.1", "passed"), questions=("07.1",)),
        job(tmp_path, "wrong", "1 + 1", "fine = 1\nraise ValueError('no cluster')"),
    ]
    right, wrong = sorted(execute_all(work, 2, "instant", tmp_path / "out"), key=in_order(work))
    assert (right.passed, right.failure) == (1, "")
    assert right.seconds > 0
    assert wrong.failure == "cell 2, line 2: raise ValueError('no cluster'): ValueError: no cluster"
    assert json.loads(right.job.output.read_text(encoding="utf-8"))["cells"][-1]["outputs"]


def test_a_solution_fails_where_a_check_did_not_pass_or_did_not_run(tmp_path: Path) -> None:
    asked = Job("07", "A rung", "solution", tmp_path, tmp_path, ("07.1", "07.2"))
    assert failure(asked, None, {"07.1": "failed"}) == "check 07.1: failed; check 07.2: not run"
    assert failure(asked, None, {"07.1": "passed", "07.2": "passed"}) == ""
    lesson = Job("07", "A rung", "lesson", tmp_path, tmp_path)
    assert failure(lesson, None, {}) == ""


def test_the_table_has_a_row_for_each_notebook(tmp_path: Path) -> None:
    from rich.console import Console

    asked = Job("07", "A rung", "solution", tmp_path, tmp_path, ("07.1",))
    printed = io.StringIO()
    Console(width=120, file=printed).print(table([Outcome(asked, 2.34, 0, "cell 3: KeyError: [bold]")]))
    for words in ("07 A rung", "solution", "2.3", "0 of 1", "cell 3: KeyError: [bold]"):
        assert words in printed.getvalue()


def test_a_worker_that_dies_is_told_and_does_not_hang_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "sitecustomize.py").write_text(
        "import os\nif 'KILL' in os.environ: os._exit(3)", encoding="utf-8"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("KILL", "1")
    (outcome,) = execute_all([job(tmp_path, "any", "1")], 1, "instant", tmp_path / "out")
    assert outcome.failure.startswith("its process died")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_no_kernel_behind(tmp_path: Path, number: signal.Signals) -> None:
    began = tmp_path / "began"
    sleeping = job(tmp_path, "sleeping", f"open({str(began)!r}, 'w').close()\nimport time\ntime.sleep(300)")
    (tmp_path / "out").mkdir()
    script = (
        "from pathlib import Path\nfrom kit.cli.run import Job, execute_all\n"
        "if __name__ == '__main__':\n"
        f"    notebook, output = Path({str(sleeping.notebook)!r}), Path({str(sleeping.output)!r})\n"
        "    job = Job('07', '', 'lesson', notebook, output)\n"
        f"    list(execute_all([job] * 3, 2, 'instant', Path({str(tmp_path / 'out')!r})))\n"
    )
    (tmp_path / "script.py").write_text(script, encoding="utf-8")
    process = subprocess.Popen([sys.executable, tmp_path / "script.py"], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not began.exists():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    started = psutil.Process(process.pid).children(recursive=True)
    assert started
    os.kill(process.pid, number)
    _, errors = process.communicate(timeout=60)
    assert "KeyboardInterrupt" in errors
    _, alive = psutil.wait_procs(started, timeout=5)
    assert alive == []


def test_every_rung_has_a_lesson_and_a_solution_to_run(tmp_path: Path) -> None:
    from kit.course import rungs

    for rung in rungs():
        lesson, solution = jobs_of(rung, tmp_path)
        assert lesson.notebook.exists()
        assert solution.notebook.exists()
        assert lesson.output != solution.output
        assert solution.questions
