"""Draws docs/staging-morning.png: rung 00's failed morning, as run.graph() shows it in a notebook."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from kit import Sandbox, rung

TARGET = Path(__file__).resolve().parents[1] / "docs" / "staging-morning.png"


def main() -> None:
    sandbox = Sandbox.local(clock="instant", start=datetime(2026, 4, 5, 20, 0, tzinfo=UTC))
    production = rung("00").world("monday", sandbox)
    morning = sandbox.deploy(rung("00").machine("staging-morning"))
    run = morning.start(production | {"name": "shop-staging", "morning": "2026-04-06T09:00:00Z"})
    run.wait(timeout=60)
    TARGET.write_bytes(run.graph().png())


if __name__ == "__main__":
    main()
