"""From what a learner hands in to a Machine, and from what they raised to their own line."""

from __future__ import annotations

import linecache
import re
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit.asl import DefinitionError
from kit.machine import Machine
from kit.testing import RefusedError

__all__ = ["LearnerError", "as_machine", "as_reading", "do", "is_unattempted"]

_STATE = re.compile(r"/States/([^/\[]+)")
_KIT = str(Path(__file__).resolve().parents[1])


class LearnerError(Exception):
    """The learner's own code raised. `where` is their line as `line 3: text`, or "" where none is known."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(str(error))
        self.error = error
        self.where = _own_line(error)

    @property
    def words(self) -> str:
        return f"{type(self.error).__name__}: {self.error}".rstrip(": ")


def is_unattempted(answer: Any) -> bool:
    """The prompt's own placeholder, or nothing."""
    return answer is None or answer is ...


def as_machine(answer: Any) -> Machine | None:
    """A Machine of an answer: one already, anything that Machine takes, or a function without
    parameters that returns one of these. None where the answer is the placeholder.

    Raises `LearnerError` where the learner's code did, `RefusedError` where the definition is not one."""
    if isinstance(answer, type) or (callable(answer) and not isinstance(answer, Machine)):
        try:
            answer = answer()
        except DefinitionError as error:
            raise _refusal(error) from error
        except Exception as error:
            raise LearnerError(error) from error
    if is_unattempted(answer):
        return None
    if isinstance(answer, Machine):
        return answer
    try:
        return Machine("answer", answer)
    except DefinitionError as error:
        raise _refusal(error) from error
    except (TypeError, ValueError) as error:
        raise LearnerError(error) from error


def as_reading(answer: Any) -> Mapping[str, Any] | None:
    """What was read off a run: a mapping from field to value, or a function that gives one. None where it
    is the placeholder, as a whole or in every field.

    Raises `LearnerError` where the learner's code did, or gave something else."""
    if callable(answer):
        try:
            answer = answer()
        except Exception as error:
            raise LearnerError(error) from error
    if is_unattempted(answer):
        return None
    if not isinstance(answer, Mapping):
        kind = type(answer).__name__
        raise LearnerError(TypeError(f"the answer is a dict with a value for each field, not a {kind}"))
    return None if all(map(is_unattempted, answer.values())) else answer


def do(deed: Any, *given: Any) -> bool:
    """Calls the learner's function. True where it gave the placeholder back: it isn't written yet.

    Raises `LearnerError` where it raised, or where it is no function."""
    if not callable(deed):
        raise LearnerError(TypeError(f"the answer is a function, not a {type(deed).__name__}"))
    try:
        return deed(*given) is ...
    except Exception as error:
        raise LearnerError(error) from error


def _refusal(error: DefinitionError) -> RefusedError:
    """AWS's words, with the lines where the states they name were written; the first state named."""
    words = "\n".join([str(error), *getattr(error, "__notes__", [])])
    locations = [diagnostic.location or "" for diagnostic in error.diagnostics]
    named = [match[1] for location in locations if (match := _STATE.match(location))]
    return RefusedError(words, named[0] if named else None)


def _own_line(error: BaseException) -> str:
    """The last line of the traceback that is the learner's, not the kit's or a library's."""
    own = ""
    for frame in traceback.extract_tb(error.__traceback__):
        file = frame.filename
        if file.startswith(_KIT) or "site-packages" in file or "/lib/python" in file.replace("\\", "/"):
            continue
        text = (frame.line or linecache.getline(file, frame.lineno or 0)).strip()
        own = f"line {frame.lineno}: {text}" if text else f"line {frame.lineno}"
    if isinstance(error, SyntaxError) and error.text:
        own = f"line {error.lineno}: {error.text.strip()}"
    return own
