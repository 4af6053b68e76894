"""Making a resource be there, or not be there, however it was before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeAlias

from kit.steps.aws import AwsSdk
from kit.steps.patterns.parts import KEPT, Rounds, look, named, names_of, rounds_of, true_or_false
from kit.steps.patterns.waiting import EVERY, ROUNDS
from kit.steps.rules import Catch, Retry
from kit.steps.states import Chain, Choice, Fail, Pass
from kit.steps.values import jsonata, seconds

CallOf: TypeAlias = tuple[str, Mapping[str, Any]]
"""An action and its arguments: `("rds:deleteDBCluster", {"DbClusterIdentifier": "dev"})`."""
ErrorNames: TypeAlias = str | Sequence[str]


def ensure_absent(
    what: str,
    *,
    delete: CallOf,
    look_with: CallOf,
    gone: ErrorNames,
    busy: ErrorNames = (),
    still_there: str = "true",
    every: timedelta | int = EVERY,
    rounds: int = ROUNDS,
) -> Any:
    """Deletes a thing and waits until it is gone. A thing that is gone already is success.

        ensure_absent("the clone is gone",
                      delete=("rds:deleteDBCluster", {"DbClusterIdentifier": "c", "SkipFinalSnapshot": True}),
                      look_with=("rds:describeDBClusters", {"DbClusterIdentifier": "c"}),
                      gone="Rds.DbClusterNotFoundException", busy="Rds.InvalidDbClusterStateException")

    `gone` are the errors by which either call says that there is no such thing. `busy` are those that say
    it can't be deleted at this moment: the deletion is tried again, at the pace and bound of the loop.
    `still_there` is JSONata over the look's answer, for services that answer with an empty list. After
    `rounds` looks it ends with `EnsureAbsent.TooLong`.
    """
    __tracebackhide__ = True
    name = named("ensure_absent", what)
    there = name.variable("there")
    loop = rounds_of(name, "EnsureAbsent.TooLong", every, rounds, {})
    done = Pass(name.state("Done"), comment=f"So it is: {what}")
    deletion = AwsSdk(
        name.state("Delete"),
        delete[0],
        arguments=dict(delete[1]),
        output=KEPT,
        comment="Gone already is as good as deleted",
    )
    if busy:
        deletion.add_retry(_until_free(busy, every, rounds))
    looking = look(
        name.state("Look"),
        look_with[0],
        look_with[1],
        "An accepted deletion is no finished one",
        {**loop.counted, there: true_or_false("still_there", still_there)},
    )
    for state in (deletion, looking):
        state.add_catch(
            Catch(
                done,
                error_equals=names_of(gone),
                output=KEPT,
                comment="No such thing: that is what was wanted",
            )
        )
    decide = Choice(name.state("Decide"), comment="Too often, not yet; else it is gone")
    loop.goes_round(decide, f"${there}", looking)
    return Chain([loop.begin, deletion, looking, decide, done])


def ensure_present(
    what: str,
    *,
    create: CallOf,
    look_with: CallOf,
    exists: ErrorNames,
    ours: str,
    ready: str,
    tags_with: CallOf | None = None,
    failed: str = "false",
    every: timedelta | int = EVERY,
    rounds: int = ROUNDS,
) -> Any:
    """Creates a thing and waits until it is ready. A thing that is there already is success only where
    it is this run's own, by its tag, and ready: else yesterday's leftover passes as today's.

        ensure_present("the clone is there",
                       create=("rds:restoreDBClusterToPointInTime", {..., "Tags": [{"Key": "run", ...}]}),
                       look_with=("rds:describeDBClusters", {"DbClusterIdentifier": "staging"}),
                       exists="Rds.DbClusterAlreadyExistsException",
                       ours="$states.result.DbClusters[0].TagList[Key = 'run'].Value = $states.input.day",
                       ready="$states.result.DbClusters[0].Status = 'available'")

    `exists` are the errors by which `create` says that the name is taken. `ours`, `ready` and `failed` are
    JSONata over the look's answer. Where a service tells tags by another call, that is `tags_with`, and
    `ours` is over its answer. Ends with `EnsurePresent.NotOurs`, `EnsurePresent.Failed` or
    `EnsurePresent.TooLong`; so a repeat or a redrive of the same run goes on where it was.
    """
    __tracebackhide__ = True
    name = named("ensure_present", what)
    is_ours, is_ready = name.variable("ours"), name.variable("ready")
    is_failed = name.variable("failed")
    loop = rounds_of(name, "EnsurePresent.TooLong", every, rounds, {})
    own = {is_ours: true_or_false("ours", ours)}
    looking = look(
        name.state("Look"),
        look_with[0],
        look_with[1],
        "Whose it is counts as much as how it stands",
        {
            **loop.counted,
            is_ready: true_or_false("ready", ready),
            is_failed: true_or_false("failed", failed),
            **({} if tags_with else own),
        },
    )
    creation = AwsSdk(
        name.state("Create"),
        create[0],
        arguments=dict(create[1]),
        output=KEPT,
        catch=[
            Catch(
                looking,
                error_equals=names_of(exists),
                output=KEPT,
                comment="There already: this run's, or somebody else's? Look",
            )
        ],
        comment="Carries the tag of this run",
    )
    reading = [looking]
    if tags_with is not None:
        reading.append(
            look(name.state("Look at its tags"), tags_with[0], tags_with[1], "Tells whose it is", own)
        )
    decide = _decision(name.state, what, loop, looking, (is_ours, is_ready, is_failed))
    done = Pass(name.state("Done"), comment=f"So it is: {what}")
    return Chain([loop.begin, creation, *reading, decide, done])


def _decision(state: Any, what: str, loop: Rounds, looking: Any, variables: tuple[str, str, str]) -> Choice:
    ours, ready, failed = variables
    decide = Choice(state("Decide"), comment="Another's, never, too often, not yet; else it is ready")
    decide.add_choice(
        jsonata(f"$not(${ours})"),
        Fail(
            state("Not ours"),
            error="EnsurePresent.NotOurs",
            cause=f"There is one of that name without this run's tag, so it can't be that {what}. "
            "It is left as it is.",
            comment="A leftover that passes as today's is worse than none",
        ),
        comment="Without this run's tag it is a leftover, or somebody else's",
    )
    decide.add_choice(
        jsonata(f"${failed}"),
        Fail(
            state("Failed"),
            error="EnsurePresent.Failed",
            cause=f"It will never be so that {what}.",
            comment="Waiting on would be in vain",
        ),
        comment="An end that no waiting changes",
    )
    loop.goes_round(decide, f"$not(${ready})", looking)
    return decide


def _until_free(busy: ErrorNames, every: timedelta | int, rounds: int) -> Retry:
    return Retry(
        error_equals=names_of(busy),
        interval_seconds=seconds("every", every),
        max_attempts=rounds,
        backoff_rate=1.0,
        comment="Busy with something else: try again at the loop's own pace",
    )
