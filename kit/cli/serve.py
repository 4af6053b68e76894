"""`kit serve`: the sandbox behind a port of this machine, for the AWS CLI and other languages."""

from __future__ import annotations

import gc
import os
import signal
import threading
from datetime import UTC, datetime
from typing import Annotated, NoReturn

import typer


def serve(
    port: Annotated[int, typer.Option(help="The port to listen at; 0 takes a free one.")] = 4566,
    clock: Annotated[
        str, typer.Option(help="How time goes: paced, instant, real, or a factor such as 60x.")
    ] = "paced",
    seed: Annotated[int, typer.Option(help="Makes what is random come out the same each time.")] = 0,
    start: Annotated[
        str | None,
        typer.Option(help="Where virtual time begins, such as 2026-04-06T09:00:00+09:00."),
    ] = None,
    region: Annotated[str, typer.Option(help="The Region of the account.")] = "us-east-1",
    permissions: Annotated[
        str,
        typer.Option(help="Which roles are evaluated: known (those that exist here), strict (all), off."),
    ] = "known",
    allow_host: Annotated[
        list[str] | None,
        typer.Option(help="A host that HTTP Tasks may call besides this machine, by name. Can be repeated."),
    ] = None,
) -> None:
    """Serve the sandbox at a port of this machine until Ctrl-C.

    Any AWS client works with it, once it has the address that is printed. In a notebook:

    \b
      sandbox = Sandbox.connect("http://127.0.0.1:4566")

    Its account outlives your kernel; it is gone when this command ends. Only this machine can reach it.
    """
    from kit.emulator import Emulator
    from kit.emulator.serve import serve as listen

    try:
        emulator = Emulator(
            clock=clock,
            seed=seed,
            region=region,
            start=_moment(start),
            allow_hosts=tuple(allow_host or ()),
            permissions=permissions,
        )
    except ValueError as error:
        _fail(str(error))
    try:
        server = listen(emulator, port)
    except OSError as error:
        emulator.close()
        _fail(f"Port {port} can't be used ({error.strerror}). Choose another: kit serve --port 0.")
    _tune_for_many_objects()
    typer.echo(f"Account {emulator.account} in {region}, clock {clock}, at {server.url}\n")
    for variable, value in environment(server.url, region).items():
        typer.echo(f'$env:{variable} = "{value}"' if os.name == "nt" else f"export {variable}={value}")
    http = emulator.http
    typer.echo(f"\nFor HTTP Tasks: Slack {http.slack.url}, GitHub {http.github.url}, ")
    typer.echo(f"status page {http.status_page.url}")
    typer.echo(f'\nIn a notebook: sandbox = Sandbox.connect("{server.url}")\nCtrl-C ends it.')
    try:
        _until_interrupted()
    finally:
        server.close()
        emulator.close()
    typer.echo("\nEnded. The account is gone.")


def environment(url: str, region: str) -> dict[str, str]:
    """What a client needs: where to call, and credentials that are nobody's. A prefix before the host, as
    TestState and StartSyncExecution have it, would lead away from this machine."""
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": region,
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
    }


def _tune_for_many_objects() -> None:
    """What is loaded stays until the end, and histories are no garbage: the collector needn't look at them
    again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        _fail(f"--start is a moment such as 2026-04-06T09:00:00+09:00, but was {text!r}.")
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _until_interrupted() -> None:
    """Returns at Ctrl-C, and at the signal that ends a service."""
    ended = threading.Event()
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, lambda *_: ended.set())
    # A wait without end can't be interrupted on Windows.
    while not ended.wait(0.5):
        pass


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)
