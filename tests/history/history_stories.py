"""Definitions and the events of runs of them, linked as recorded executions link theirs."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "stories"


def story(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found
