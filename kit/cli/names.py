"""`kit names`: how Step Functions spells an action, what it takes and gives, and how it fails."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Annotated, NoReturn

import typer

from kit.services import UnknownAction, action, casing, models
from kit.services.cards import Card, card


def names(
    what: Annotated[str, typer.Argument(help="An action, such as rds:createDBInstance, or a service: rds.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Show how Step Functions spells an action: parameters, result, errors, IAM.

    There are three spellings: boto3's parameters, the ones in a definition, and the error names in Catch
    and Retry. This card has them side by side:

    \b
      kit names rds:createDBInstance
      kit names rds                      the actions of a service
      kit names rds:stopDBCluster --json
    """
    if ":" not in what:
        _list(what, as_json)
        return
    try:
        found = card(action(_called(what)))
    except UnknownAction as error:
        _fail(f"{what}: {error}.")
    if as_json:
        typer.echo(json.dumps(asdict(found), indent=2))
    else:
        _print(found)


def _called(what: str) -> str:
    """`RDS:CreateDBInstance` is `rds:createDBInstance`: the API's spelling is understood too."""
    service, _, name = what.removeprefix("arn:aws:states:::aws-sdk:").partition(":")
    return f"{_service(service)}:{name[:1].lower()}{name[1:]}"


def _service(name: str) -> str:
    """`stepfunctions` is `sfn` in a definition: boto3's name of a service is understood too."""
    lowered = name.lower()
    if models.client_name(lowered) is None and lowered in models.all_metadata():
        return models.integration_name(lowered)
    return lowered


def _print(found: Card) -> None:
    from rich.console import Console
    from rich.table import Table

    # A pipe or a file has no width; a narrow one would cut names in two.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    console.print(f"[bold]{found.action}[/bold]")
    head = Table.grid(padding=(0, 2))
    for label, text in (
        ("Resource", found.resource),
        ("IAM action", found.iam_action),
        ("boto3", found.boto3),
    ):
        head.add_row(label, text)
    console.print(head)
    for title, rows in (("Parameters (* required)", found.parameters), ("Result", found.result)):
        table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
        table.add_column("in a definition", no_wrap=True)
        table.add_column("in boto3", no_wrap=True)
        table.add_column("type")
        for row in rows:
            table.add_row(f"{row.name}{' *' if row.required else ''}", row.api_name or "the same", row.type)
        console.print()
        console.print(table if rows else f"{title.split(' ')[0]}: none")
    table = Table(title="Errors", title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("in ErrorEquals", "in boto3", "how sure"):
        table.add_column(column, no_wrap=column != "in boto3")
    for error in found.errors:
        table.add_row(error.name, error.code, error.sure)
    console.print()
    console.print(table)


def _list(called: str, as_json: bool) -> None:
    service = _service(called)
    client_name = models.client_name(service)
    if client_name is None:
        try:
            action(f"{service}:any")
        except UnknownAction as error:
            _fail(f"{called}: {error}.")
    assert client_name is not None
    operations = models.service_model(client_name).operation_names
    listed = sorted(f"{service}:{casing.operation(each)}" for each in operations)
    typer.echo(json.dumps(listed, indent=2) if as_json else "\n".join(listed))


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)
