"""The words on a graph: a state's kind, a Choice's conditions, how long things took."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from kit.asl.definition import Choice, ChoiceRule, Map, Parallel, State, Task
from kit.history import OPEN, Iterations, StateStatus, Trace
from kit.view.looks import look_of

WRAP_AT = 22
CONDITION_LENGTH = 44

COMPARISONS = {
    "Equals": "=",
    "LessThan": "<",
    "LessThanEquals": "<=",
    "GreaterThan": ">",
    "GreaterThanEquals": ">=",
    "Matches": "matches",
}
KINDS = ("Boolean", "Numeric", "String", "Timestamp")


def duration_text(duration: timedelta) -> str:
    """A duration to be read at a glance: `0.8 s`, `41 s`, `12 min 5 s`, `3 h 20 min`, `2 d 4 h`.

    >>> duration_text(timedelta(minutes=12, seconds=5))
    '12 min 5 s'
    """
    seconds = duration.total_seconds()
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    for size, unit, smaller, smaller_unit in (
        (86400, "d", 3600, "h"),
        (3600, "h", 60, "min"),
        (60, "min", 1, "s"),
    ):
        if whole >= size:
            rest = whole % size // smaller
            return f"{whole // size} {unit}" + (f" {rest} {smaller_unit}" if rest else "")
    return f"{whole} s"


def width(text: str) -> int:
    """Columns of a text: East Asian wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def wrap(text: str, columns: int = WRAP_AT, lines: int = 3) -> list[str]:
    """A text in lines of at most so many columns, broken at spaces where it can be.

    What doesn't fit into the last line ends in `…`.
    """
    found = [""]
    for word in " ".join(text.split()).split(" "):
        for piece in _pieces(word, columns):
            joined = f"{found[-1]} {piece}" if found[-1] else piece
            if width(joined) <= columns:
                found[-1] = joined
            else:
                found.append(piece)
    if len(found) > lines:
        kept = found[lines - 1]
        while width(kept) > columns - 1:
            kept = kept[:-1]
        return [*found[: lines - 1], f"{kept}…"]
    return found


def _pieces(word: str, columns: int) -> Iterable[str]:
    """A word that is too long for a line in parts: at a sign or a capital in its last half, if any."""
    while width(word) > columns:
        fits = next(end for end in range(len(word), 0, -1) if width(word[:end]) <= columns)
        breaks = [
            end
            for end in range(fits, fits // 2, -1)
            if word[end - 1] in "-_./:" or (word[end].isupper() and word[end - 1].islower())
        ]
        end = breaks[0] if breaks else fits
        yield word[:end]
        word = word[end:]
    yield word


def shorten(text: str, columns: int) -> str:
    """A text cut to so many columns, on one line."""
    text = " ".join(text.split())
    if width(text) <= columns:
        return text
    while width(text) > columns - 1:
        text = text[:-1]
    return f"{text}…"


def plural(number: int, noun: str) -> str:
    """
    >>> plural(1, "retry"), plural(3, "retry"), plural(2, "branch")
    ('1 retry', '3 retries', '2 branches')
    """
    if number == 1:
        return f"1 {noun}"
    ending = "ies" if noun.endswith("y") else "es" if noun.endswith("ch") else "s"
    return f"{number} {noun.removesuffix('y') if ending == 'ies' else noun}{ending}"


def integration(resource: str) -> tuple[str, str]:
    """The service and action that a Task's Resource names, for reading.

    >>> integration("arn:aws:states:::aws-sdk:rds:stopDBCluster")
    ('rds', 'stopDBCluster')
    >>> integration("arn:aws:lambda:us-east-1:123456789012:function:Greet")
    ('lambda', 'Greet')
    """
    parts = resource.split(":")
    if resource.startswith("arn:") and ":states:::" in resource:
        tail = resource.split(":states:::", 1)[1].split(":")
        if tail[0] == "aws-sdk" and len(tail) > 2:
            return tail[1], ":".join(tail[2:])
        return tail[0], ":".join(tail[1:]) or "call"
    if len(parts) > 5 and parts[0] == "arn":
        if parts[2] == "states" and parts[5] == "activity":
            return "activity", parts[-1]
        return parts[2], parts[6] if len(parts) > 6 else parts[5]
    return "", resource


def caption(state: State) -> str:
    """A state's kind and the one thing to know of it: `Task: rds:stopDBCluster`, `Wait: 10 s`."""
    return f"{state.type}: {detail}" if (detail := _detail(state)) else state.type


def _detail(state: State) -> str:
    match state:
        case Task():
            return ":".join(filter(None, integration(state.resource)))
        case Choice():
            return plural(len(state.rules), "rule")
        case Parallel():
            return plural(len(state.branches), "branch")
        case Map():
            return "distributed" if state.distributed else "for each item"
    if state.type == "Wait":
        return _wait(state.fields)
    if state.type == "Fail":
        return str(state.fields.get("Error") or state.fields.get("ErrorPath") or "")
    if state.type == "Pass" and ("Result" in state.fields or "Output" in state.fields):
        return "result" if "Result" in state.fields else "output"
    return ""


def _wait(fields: Mapping[str, Any]) -> str:
    if "Seconds" in fields:
        seconds = fields["Seconds"]
        if isinstance(seconds, int | float):
            return duration_text(timedelta(seconds=seconds)).replace(".0 s", " s")
        return expression(str(seconds))
    if "Timestamp" in fields:
        return f"until {expression(str(fields['Timestamp']))}"
    path = fields.get("SecondsPath")
    return str(path) if path else f"until {fields.get('TimestampPath', '?')}"


def expression(text: str) -> str:
    """A JSONata expression without its `{% %}`."""
    text = text.strip()
    if text.startswith("{%") and text.endswith("%}"):
        return text[2:-2].strip()
    return text


def condition(rule: ChoiceRule, columns: int | None = None) -> str:
    """A Choice rule's test, for reading: `$.count > 0`.

    With `columns`, in so many at most: long paths give up their first steps, then the end is cut.
    """
    text = _test(rule.fields, lambda path: path)
    if columns is None or width(text) <= columns:
        return text
    return shorten(_test(rule.fields, _last_steps), columns)


def _last_steps(path: str) -> str:
    steps = path.split(".")
    return f"…{'.'.join(steps[-2:])}" if len(steps) > 3 else path


def _test(fields: Mapping[str, Any], shown: Callable[[str], str]) -> str:
    if "Condition" in fields:
        return expression(str(fields["Condition"]))
    for word in ("And", "Or"):
        if isinstance(fields.get(word), list | tuple):
            parts = [(part, _test(part, shown)) for part in fields[word]]
            return f" {word.lower()} ".join(
                f"({text})" if {"And", "Or"} & set(part) else text for part, text in parts
            )
    if isinstance(fields.get("Not"), Mapping):
        return f"not ({_test(fields['Not'], shown)})"
    variable = shown(str(fields.get("Variable", "?")))
    for key, operand in fields.items():
        if key.startswith("Is"):
            return f"{variable} {'is' if operand else 'is not'} {_spaced(key[2:])}"
        operator = next((key[len(kind) :] for kind in KINDS if key.startswith(kind)), None)
        if operator is not None:
            sign = COMPARISONS.get(operator.removesuffix("Path"), operator)
            return f"{variable} {sign} {_operand(operand, operator)}"
    return variable


def _spaced(name: str) -> str:
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()


def _operand(operand: Any, operator: str) -> str:
    if isinstance(operand, bool):
        return "true" if operand else "false"
    if isinstance(operand, str) and not operator.endswith("Path"):
        return f'"{operand}"'
    return str(operand)


def progress_text(iterations: Iterations) -> str:
    """How far a Map is: `37 of 50 done, 1 failed`."""
    started = iterations.done + iterations.running + iterations.aborted
    total = started if iterations.total is None else iterations.total
    text = f"{iterations.done} of {total} done"
    if iterations.failed:
        text += f", {iterations.failed} failed"
    if iterations.aborted:
        text += f", {iterations.aborted} stopped"
    return text


def footer(status: StateStatus) -> str:
    """What stands at the foot of a node: `√ Succeeded · 1.1 s · 2 retries`."""
    look = look_of(status.status)
    parts = [f"{look.glyph} {look.word}"]
    standing = sum(status.counts.values())
    if standing > 1:
        parts[0] += f" {status.counts[status.status]} of {standing}"
    elif status.duration is not None:
        parts.append(duration_text(status.duration))
    if status.visits > standing:
        parts.append(f"visit {status.visits}")
    if status.retries:
        parts.append(plural(status.retries, "retry"))
    return " · ".join(parts)


def spoken(status: StateStatus | None) -> str:
    """The same for a screen reader: without the glyph."""
    if status is None:
        return "Not started"
    text = footer(status).split(" ", 1)[1]
    if status.iterations is not None:
        text += f", {progress_text(status.iterations)}"
    if status.latest.error and status.status not in OPEN:
        text += f", {status.latest.error}"
    return text.replace(" · ", ", ")


def headline(trace: Trace) -> str:
    """The execution in one line: `Failed after 2 h 4 min: Rds.RdsException`."""
    word = {
        "RUNNING": "In progress",
        "SUCCEEDED": "Succeeded",
        "FAILED": "Failed",
        "TIMED_OUT": "Timed out",
        "ABORTED": "Aborted",
    }.get(trace.status, trace.status)
    start, end = trace.started, trace.ended or trace.last_time
    if start is not None and end is not None:
        word += f" {'for' if trace.status == 'RUNNING' else 'after'} {duration_text(end - start)}"
    return f"{word}: {trace.error}" if trace.error else word
