"""The sandbox behind a port: an account that outlives those who use it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kit import Machine, Sandbox
from kit.emulator import Emulator
from kit.emulator.serve import serve
from kit.sandbox import LocalOnlyError
from kit.steps import Chain, Pass, Wait

NAP = Machine("nap", Chain([Wait("Nap", seconds=32400), Pass("Say", output={"n": 1})]))


@pytest.fixture
def url() -> Iterator[str]:
    with Emulator(clock="instant") as emulator, serve(emulator) as server:
        yield server.url


def test_the_same_code_runs_against_a_served_account(url: str) -> None:
    sandbox = Sandbox.connect(url)
    run = sandbox.deploy(NAP).start(name="monday").wait(timeout=10)
    assert (run.status, run.output) == ("SUCCEEDED", {"n": 1})
    assert run.trace.path == ["Nap", "Say"]


def test_a_second_connection_finds_what_the_first_one_left(url: str) -> None:
    arn = Sandbox.connect(url).deploy(NAP).start().wait(timeout=10).arn
    again = Sandbox.connect(url)
    assert again.run(arn).output == {"n": 1}
    assert again.deploy(NAP).changes == ()


def test_what_only_a_local_sandbox_can_do_says_so(url: str) -> None:
    sandbox: Any = Sandbox.connect(url)
    with pytest.raises(LocalOnlyError, match=f"only Sandbox.local.. can do, not kit serve at {url}"):
        _ = sandbox.clock


def test_none_of_the_users_credentials_reach_a_served_account(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREAL")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "real")
    seen: list[str] = []
    client = Sandbox.connect(url).aws("sts")
    client.meta.events.register("before-send", lambda request, **_: seen.append(str(request.headers)))
    client.get_caller_identity()
    assert "local/" in seen[0]
    assert "AKIAREAL" not in seen[0]
    assert "x-amz-security-token" not in seen[0].lower()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for a child of its own")
def test_kit_serve_prints_what_a_client_needs_and_ends_at_ctrl_c(root: Path) -> None:
    command = [sys.executable, "-m", "kit.cli", "serve", "--port", "0", "--clock", "instant"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True, encoding="utf-8") as served:
        assert served.stdout is not None
        lines = []
        for line in served.stdout:
            lines.append(line)
            if "Ctrl-C" in line:
                break
        shown = dict(re.findall(r"^export (\w+)=(\S+)$", "".join(lines), re.MULTILINE))
        assert Sandbox.connect(shown["AWS_ENDPOINT_URL"]).deploy(NAP).start().wait(10).output == {"n": 1}
        served.send_signal(signal.SIGINT)
        assert "The account is gone" in served.stdout.read()
        assert served.wait(timeout=10) == 0


def test_kit_serve_refuses_a_clock_that_is_none(root: Path) -> None:
    command = [sys.executable, "-m", "kit.cli", "serve", "--clock", "fast"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 2
    assert done.stderr.startswith("no clock mode 'fast'")
