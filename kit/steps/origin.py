"""Where in the author's text something was written, so that errors can point at that line."""

from __future__ import annotations

import linecache
import sys
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

_OWN = (str(Path(__file__).resolve().parent.parent), "stepfunctions")


@dataclass(frozen=True, slots=True)
class Origin:
    """A line of a script or of a notebook cell."""

    file: str
    line: int

    @property
    def text(self) -> str:
        return linecache.getline(self.file, self.line).strip()

    def __str__(self) -> str:
        """Such as `line 3: Wait("Nap", secnds=5)`; a script's line also names the script."""
        in_notebook = self.file.startswith("<") or "ipykernel" in self.file
        where = f"line {self.line}" if in_notebook else f"{Path(self.file).name}, line {self.line}"
        return f"{where}: {self.text}" if self.text else where


def origin() -> Origin | None:
    """The nearest line of the calling stack that is not this kit's or the SDK's own code."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        if not file.startswith(_OWN[0]) and f"/{_OWN[1]}/" not in file.replace("\\", "/"):
            return Origin(file, frame.f_lineno)
        frame = frame.f_back
    return None
