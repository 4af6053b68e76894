"""`kit watch`."""

from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner, Result

from kit.cli.watch import watch
from kit.emulator import Emulator
from kit.emulator.serve import serve
from kit.machine import Machine
from kit.sandbox import Sandbox

ARN = "arn:aws:states:us-east-1:123456789012:execution:nap:none"


def run(*words: str) -> Result:
    app = typer.Typer()
    app.command()(watch)
    return CliRunner().invoke(app, list(words))


def test_an_execution_is_shown_to_its_end_and_the_exit_code_says_how_it_ended() -> None:
    with serve(Emulator(), 0) as server, Sandbox.connect(server.url) as sandbox:
        for last, code, said in (
            ({"Type": "Succeed"}, 0, "Succeeded"),
            ({"Type": "Fail", "Error": "Late"}, 1, "Late"),
        ):
            states = {"Nap": {"Type": "Wait", "Seconds": 5, "Next": "Last"}, "Last": last}
            machine = Machine(f"nap-{code}", {"StartAt": "Nap", "States": states})
            arn = sandbox.deploy(machine).start().arn
            shown = run(arn, "--endpoint-url", server.url)
            assert shown.exit_code == code, shown.output
            assert said in shown.output
            assert "Nap" in shown.output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nap",), "Expected an execution's ARN"),
        ((ARN,), "Say where the execution is"),
        ((ARN, "--endpoint-url", "http://127.0.0.1:1"), "127.0.0.1:1"),
    ],
)
def test_what_is_missing_is_said(words: tuple[str, ...], message: str) -> None:
    told = run(*words)
    assert told.exit_code == 2
    assert message in told.output
