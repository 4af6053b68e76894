"""Reading the checks of an executed notebook, and executing one.

A check's output carries, beside its words, a JSON object of the type
`application/vnd.small-steps.check+json`: `question` ("01.1"), `outcome`, `scenario`, `expected`,
`happened`, `advice` (a key), `scenarios` (how many were run) and `seconds`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["MIME", "Check", "Execution", "checks_in", "execute"]

MIME = "application/vnd.small-steps.check+json"

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class Check:
    """One check in an executed notebook. `words` is what it said."""

    question: str
    outcome: str
    seconds: float
    words: str

    @property
    def passed(self) -> bool:
        return self.outcome == "passed"


@dataclass(frozen=True, slots=True)
class Execution:
    """How a notebook's execution ended: its checks, and the error that stopped it, if any, as
    (`cell`, counted from 1; the line of the cell; the error)."""

    checks: tuple[Check, ...]
    error: tuple[int, str, str] | None


def checks_in(notebook: Path | str) -> list[Check]:
    """The checks of an executed notebook, in the order of its cells. Unexecuted: an empty list."""
    return [
        Check(
            question=data[MIME]["question"],
            outcome=data[MIME]["outcome"],
            seconds=data[MIME]["seconds"],
            words=_text(data.get("text/plain", "")),
        )
        for cell in _cells(notebook)
        for output in cell.get("outputs", [])
        if MIME in (data := output.get("data", {}))
    ]


def execute(notebook: Path, output: Path, parameters: dict[str, Any] | None = None) -> Execution:
    """Executes a notebook with papermill, in its own folder, and writes the executed copy to `output`.

    An error in a cell ends it there and is in what is returned, not raised."""
    # papermill takes a second to import; whoever only reads a notebook doesn't wait for it.
    import papermill

    output.parent.mkdir(parents=True, exist_ok=True)
    error = None
    try:
        papermill.execute_notebook(
            str(notebook),
            str(output),
            parameters=parameters or {},
            cwd=str(notebook.parent),
            kernel_name="python3",
            progress_bar=False,
            # The kernel warns on the terminal that its ports, loopback ones, are not encrypted.
            extra_arguments=["--log-level=ERROR"],
        )
    except papermill.PapermillExecutionError as raised:
        error = _place(output, f"{raised.ename}: {raised.evalue}")
    return Execution(tuple(checks_in(output)), error)


def _place(output: Path, words: str) -> tuple[int, str, str]:
    """Where the executed notebook stopped: the cell as the reader counts it, and its line."""
    count = 0
    for cell in _cells(output):
        tags = cell.get("metadata", {}).get("tags", [])
        # papermill puts a cell of its own above the one that failed.
        if "papermill-error-cell-tag" in tags or "injected-parameters" in tags:
            continue
        count += 1
        for found in cell.get("outputs", []):
            if found.get("output_type") == "error":
                return count, _line(_text(cell["source"]), found), words
    return count, "", words


def _line(source: str, error: dict[str, Any]) -> str:
    """The line of the cell that raised, from IPython's traceback."""
    lines = source.splitlines()
    numbers = re.findall(
        r"(?:Cell In\[\d+\], line |Input In \[\d+\], in <cell line: )(\d+)",
        _COLOURS.sub("", "\n".join(error.get("traceback", []))),
    )
    if not numbers:
        return ""
    number = int(numbers[-1])
    return f"line {number}: {lines[number - 1].strip()}" if number <= len(lines) else f"line {number}"


def _cells(notebook: Path | str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]
    return found


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "".join(value)
