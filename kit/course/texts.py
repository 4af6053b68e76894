"""The words of a rung, all in one file: `ladder/texts/NN.en.toml`.

Another language is another file (`NN.ja.toml`, chosen by `$SMALL_STEPS_LANGUAGE`); what it doesn't
say is said in English. Keys are those of the code: scenarios and advice are looked up by their key.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["QuestionTexts", "RungTexts", "numbers", "texts"]

_FOLDER = Path(__file__).parent / "ladder" / "texts"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionTexts:
    """`advice` and `scenarios` are by key. `reasons` explains the solution; `passed` goes with a pass."""

    title: str
    hints: tuple[str, ...]
    advice: Mapping[str, str]
    scenarios: Mapping[str, str]
    passed: str
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RungTexts:
    """`minutes` is for lesson and exercise together."""

    title: str
    idea: str
    minutes: int
    questions: Mapping[int, QuestionTexts]


def numbers() -> list[str]:
    """The rungs that there are, as "00", "01", ..."""
    return sorted(path.name.split(".")[0] for path in _FOLDER.glob("*.en.toml"))


def texts(number: str) -> RungTexts:
    """The words of a rung in the language chosen. Raises `KeyError` for an unknown number."""
    return _read(number, os.environ.get("SMALL_STEPS_LANGUAGE", "en"))


@cache
def _read(number: str, language: str) -> RungTexts:
    path = _FOLDER / f"{number}.en.toml"
    if not path.exists():
        raise KeyError(number)
    whole = tomllib.loads(path.read_text(encoding="utf-8"))
    other = _FOLDER / f"{number}.{language}.toml"
    if language != "en" and other.exists():
        whole = _over(whole, tomllib.loads(other.read_text(encoding="utf-8")))
    return RungTexts(
        title=whole["title"],
        idea=whole["idea"],
        minutes=whole["minutes"],
        questions={
            int(key): QuestionTexts(
                title=entry["title"],
                hints=tuple(hint.strip() for hint in entry["hints"]),
                advice={name: text.strip() for name, text in entry["advice"].items()},
                scenarios=dict(entry.get("scenarios", {})),
                passed=entry["passed"].strip(),
                reasons=entry["reasons"].strip(),
            )
            for key, entry in whole["question"].items()
        },
    )


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        merged[key] = _over(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return merged
