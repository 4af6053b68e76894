"""Going through all pages of a list that an API gives page by page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kit.steps.aws import AwsSdk
from kit.steps.errors import StepError
from kit.steps.patterns.parts import KEPT, as_expression, bare, named, passing_trouble, whole
from kit.steps.states import Chain, Choice, Fail, Map, Pass
from kit.steps.values import jsonata

if TYPE_CHECKING:
    from kit.services.pages import Paging


def for_each_page(
    what: str,
    action: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    each: Any,
    items: str | None = None,
    max_concurrency: int = 5,
    pages: int = 100,
) -> Any:
    """Lists page by page, and runs `each` (a Chain or a state) for every item of every page.

        for_each_page("old snapshots", "rds:describeDBClusterSnapshots", {"SnapshotType": "manual"},
                      each=delete_it, items="$states.result.DbClusterSnapshots[Status = 'available']")

    The parameters by which the API takes and gives its pages come from botocore's own paginators. `items`
    is JSONata over a page's answer; without it, the page's list. One page at a time is in the state's
    data, so that any number of them stays below 256 KiB. After `pages` pages it ends with
    `ForEachPage.TooMany`. What came in goes out; for results of the items, let `each` keep them.

    Raises StepError for an action that gives no pages.
    """
    __tracebackhide__ = True
    from kit.services import UnknownAction
    from kit.services.pages import paging

    name = named("for_each_page", what)
    checked = AwsSdk(name.state("List"), action, arguments=dict(arguments or {}))
    try:
        by = paging(checked.action)
    except UnknownAction as error:
        raise StepError(f"for_each_page {what!r}: {error}") from None
    most = whole("pages", pages)
    token, count, found = name.variable("token"), name.variable("pages"), name.variable("items")
    chosen = bare("items", items) if items is not None else f"$states.result.{by.items}"
    begin = Pass(
        name.state("Set out"),
        comment=f"No token yet: the first page. At most {most} pages",
        assign={token: None, count: 0},
    )
    given = as_expression(dict(arguments or {}))
    listing = AwsSdk(
        name.state("List"),
        action,
        arguments=jsonata(f"$merge([{given}, ${token} != null ? ${token} : {{}}])"),
        assign={
            count: jsonata(f"${count} + 1"),
            token: jsonata(_next_page(by)),
            found: jsonata(f"[{chosen}]"),
        },
        output=KEPT,
        retry=[passing_trouble(checked.action.prefix)],
        comment="One page, and the token of the next",
    )
    work = Map(
        name.state("Each"),
        item_processor=each,
        items=jsonata(f"${found}"),
        max_concurrency=whole("max_concurrency", max_concurrency, 0),
        output=KEPT,
        comment="The items of this page only",
    )
    decide = Choice(name.state("Decide"), comment="Too many pages, another page; else all are done")
    more = f"${token} != null"
    decide.add_choice(
        jsonata(f"{more} and ${count} >= {most}"),
        Fail(
            name.state("Too many"),
            error="ForEachPage.TooMany",
            cause=f"There are more than {most} pages of {what}.",
            comment="A history has 25,000 events at the most",
        ),
        comment="The bound of the loop",
    )
    decide.add_choice(jsonata(more), listing)
    return Chain([begin, listing, work, decide, Pass(name.state("Done"), comment=f"All of them: {what}")])


def _next_page(by: Paging) -> str:
    """The parameters of the page after, or null where there is none."""
    parameters = ", ".join(f"'{one}': $states.result.{other}" for one, other in by.next)
    return f"$exists($states.result.{by.next[0][1]}) ? {{{parameters}}} : null"
