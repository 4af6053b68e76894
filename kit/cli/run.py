"""`kit run`: lessons and solutions executed in worker processes, with a table at the end."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from kit.course import Rung

SECONDS_TO_CLEAN_UP = 10.0


@dataclass(frozen=True, slots=True)
class Job:
    """One notebook to execute. `questions` are those whose checks must pass in it."""

    rung: str
    title: str
    kind: str
    notebook: Path
    output: Path
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended. `failure` says what and where, and is empty where all is as it should be."""

    job: Job
    seconds: float
    passed: int
    failure: str = ""


def run(
    rungs: Annotated[list[str], typer.Argument(metavar="RUNG...", help="Numbers such as 01, or all.")],
    jobs: Annotated[int, typer.Option(min=1, help="Notebooks at the same time.")] = os.cpu_count() or 1,
    clock: Annotated[str, typer.Option(help="How the sandbox's clock goes: instant, paced.")] = "instant",
    out: Annotated[Path | None, typer.Option(help="Where executed copies go (else out/).")] = None,
) -> None:
    """Execute rungs' lessons and solutions into out/.

    Each notebook runs from top to bottom in a fresh kernel, several at the same time. Every check in a
    solution must pass. Ends with status 1 where a notebook stopped or a check did not pass.
    """
    from rich.console import Console

    from kit.course import UnknownRungError, course_root
    from kit.course import rung as find
    from kit.course import rungs as every

    try:
        chosen = every() if "all" in rungs else [find(number.zfill(2)) for number in rungs]
        folder = out or course_root() / "out"
        work = [job for rung in chosen for job in jobs_of(rung, folder)]
    except UnknownRungError as error:
        raise typer.BadParameter(str(error)) from None
    folder.mkdir(parents=True, exist_ok=True)
    console = Console()
    began = time.monotonic()
    try:
        outcomes = sorted(
            shown(execute_all(work, jobs, clock, folder), len(work), console), key=in_order(work)
        )
    except KeyboardInterrupt:
        console.print("Interrupted: the kernels are ended. What was finished is in", str(folder))
        raise typer.Exit(130) from None
    console.print(table(outcomes))
    failed = sum(bool(outcome.failure) for outcome in outcomes)
    ending = f"{failed} of {len(outcomes)} did not end as they should" if failed else "all as they should be"
    took = time.monotonic() - began
    console.print(f"{len(outcomes)} notebooks in {took:.1f} s, {ending}. Copies: {folder}", highlight=False)
    if failed:
        raise typer.Exit(1)


def jobs_of(rung: Rung, folder: Path) -> Iterator[Job]:
    """A rung's lesson, and its solution, in which each question's check must pass."""
    questions = tuple(f"{rung.number}.{key}" for key in rung.texts.questions)
    for kind, notebook, asked in (("lesson", rung.lesson, ()), ("solution", rung.solution, questions)):
        output = folder / f"{notebook.stem}.{kind}.ipynb"
        yield Job(rung.number, rung.title, kind, notebook, output, asked)


def execute_all(work: Sequence[Job], workers: int, clock: str, folder: Path) -> Iterator[Outcome]:
    """Outcomes as they come. Leaves no kernel behind, however it ends."""
    log = str(folder / "kernels.log")
    pool = ProcessPoolExecutor(
        min(workers, len(work)), multiprocessing.get_context("spawn"), initializer=_prepare, initargs=(log,)
    )
    with _terminated_as_interrupted():
        try:
            waiting = {pool.submit(execute_one, job, clock): job for job in work}
            while waiting:
                done, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    job = waiting.pop(future)
                    try:
                        yield future.result()
                    except BrokenProcessPool:
                        yield Outcome(job, 0.0, 0, f"its process died; {log} may say why")
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            _end(multiprocessing.active_children(), unfinished=bool(waiting))


def execute_one(job: Job, clock: str) -> Outcome:
    """Executes one notebook, in a worker process."""
    if _leaving:
        raise SystemExit
    from kit.course import execute

    began = time.monotonic()
    execution = execute(job.notebook, job.output, {"clock": clock})
    return Outcome(
        job,
        seconds=time.monotonic() - began,
        passed=sum(check.passed for check in execution.checks),
        failure=failure(job, execution.error, {check.question: check.outcome for check in execution.checks}),
    )


def failure(job: Job, error: tuple[int, str, str] | None, checks: dict[str, str]) -> str:
    """What failed in a notebook and where; empty where nothing did."""
    if error:
        cell, line, words = error
        return ", ".join(filter(None, [f"cell {cell}", line])) + f": {words}"
    expected = dict.fromkeys(job.questions, "not run") | checks
    return "; ".join(f"check {question}: {end}" for question, end in expected.items() if end != "passed")


def in_order(work: Sequence[Job]) -> Any:
    places = {job: place for place, job in enumerate(work)}
    return lambda outcome: places[outcome.job]


def shown(outcomes: Iterable[Outcome], total: int, console: Any) -> Iterator[Outcome]:
    """Passes the outcomes on under a progress bar; on no terminal, as one line each."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Executing notebooks", total=total)
        for outcome in outcomes:
            sign, job = "x" if outcome.failure else "√", outcome.job
            console.print(f"{sign} {job.rung} {job.kind} {outcome.seconds:.1f} s", highlight=False)
            progress.advance(task)
            yield outcome


def table(outcomes: Sequence[Outcome]) -> Any:
    from rich.table import Table
    from rich.text import Text

    made = Table("Rung", "", "Seconds", "Checks passed", "What failed, and where")
    made.columns[0].no_wrap = True
    made.columns[2].justify = "right"
    for outcome in outcomes:
        job, expected = outcome.job, len(outcome.job.questions)
        checks = f"{outcome.passed} of {expected}" if expected else str(outcome.passed or "")
        failed = Text(outcome.failure, "red")
        made.add_row(f"{job.rung} {job.title}", job.kind, f"{outcome.seconds:.1f}", checks, failed)
    return made


_leaving = False


def _prepare(log: str) -> None:
    """In a worker: Ctrl-C is the parent's to hear, who sends SIGTERM; kernels' words go to the log."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    with Path(log).open("a", encoding="utf-8") as file:
        os.dup2(file.fileno(), 2)


def _leave(*_: Any) -> None:
    global _leaving
    _leaving = True
    raise SystemExit


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(workers: Sequence[Any], unfinished: bool) -> None:
    """Waits for the workers; those at work are told to stop, and end their kernels as they do."""
    deadline = time.monotonic() + SECONDS_TO_CLEAN_UP
    for worker in workers:
        if unfinished:
            worker.terminate()
    for worker in workers:
        worker.join(max(0.0, deadline - time.monotonic()))
        if worker.is_alive():
            worker.kill()
            worker.join()
