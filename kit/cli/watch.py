"""`kit watch`: an execution in the terminal, while it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from kit.sandbox import Run

LOOK_AGAIN = 3.0


def watch(
    run_arn: Annotated[str, typer.Argument(help="The execution's ARN.")],
    endpoint_url: Annotated[
        str | None, typer.Option("--endpoint-url", help="Where a `kit serve` answers, as it printed it.")
    ] = None,
    account: Annotated[
        str | None,
        typer.Option("--account", help="The id of the AWS account that may be asked, for a real one."),
    ] = None,
    profile: Annotated[
        str | None, typer.Option("--profile", help="The profile of your AWS configuration, with --account.")
    ] = None,
) -> None:
    """Show an execution in the terminal until it ends.

    \b
      kit watch arn:aws:states:us-east-1:123456789012:execution:stop:monday --endpoint-url http://127.0.0.1:8083

    Ends with 0 when the execution succeeded and with 1 when it didn't. Ctrl-C stops watching; the execution
    goes on.
    """
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    run = _find(run_arn, endpoint_url, account, profile)
    console = Console(highlight=False)
    pace = run.connection.make_pace()
    try:
        with Live(Text(run.words()), console=console, refresh_per_second=4) as live:
            while run.trace.status == "RUNNING":
                pace.wait(LOOK_AGAIN)
                live.update(Text(run.words()))
            # The last words may have been read before the end that the loop saw.
            live.update(Text(run.words()))
    except KeyboardInterrupt:
        typer.echo(f"Stopped watching. {run.name} goes on: kit watch shows it again.", err=True)
        raise typer.Exit(130) from None
    if run.trace.status != "SUCCEEDED":
        raise typer.Exit(1)


def _find(arn: str, url: str | None, account: str | None, profile: str | None) -> Run:
    if not (arn.startswith("arn:") and ":execution:" in arn):
        _fail(
            f"Expected an execution's ARN, arn:aws:states:REGION:ACCOUNT:execution:MACHINE:NAME, found {arn}."
        )
    if (url is None) == (account is None):
        _fail("Say where the execution is: --endpoint-url of a `kit serve`, or --account for a real one.")
    from kit.sandbox import Sandbox

    region = arn.split(":")[3]
    try:
        if url is not None:
            return Sandbox.connect(url, region).run(arn)
        return Sandbox.aws(profile=profile, region=region, account=account or "").run(arn)
    except Exception as error:  # noqa: BLE001 - what the account answers is told in its own words
        _fail(str(error))


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)
