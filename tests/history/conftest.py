import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Story = dict[str, Any]


@pytest.fixture(scope="session")
def story(root: Path) -> Callable[[str], Story]:
    """A definition and the events of a run of it, linked as recorded executions link theirs."""

    def read(name: str) -> Story:
        path = root / "tests" / "history" / "stories" / f"{name}.json"
        found: Story = json.loads(path.read_text(encoding="utf-8"))
        return found

    return read
