"""Cleaning up after a failure, and failing all the same."""

from __future__ import annotations

from typing import Any

from kit.steps.patterns.parts import named
from kit.steps.rules import Catch
from kit.steps.states import Chain, Fail, Parallel
from kit.steps.values import jsonata


def cleanup_on_failure(what: str, work: Any, *, cleanup: Any) -> Any:
    """Does `work`; where it fails for any reason, does `cleanup` and then fails with the work's own error.

        cleanup_on_failure("copy the database", Chain([restore, mask]), cleanup=delete_the_copy)

    `work` and `cleanup` are Chains or states. Clean-up states see the input of the work, and its error in
    `$<what>_failure` (such as `$copy_the_database_failure.Error`). What the last state of the work gives
    is what goes on.

    After a clean-up a redrive goes on at the Fail state, which fails again: start anew instead. So clean up
    what a fresh start would stumble over, and no more.
    https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
    """
    __tracebackhide__ = True
    name = named("cleanup_on_failure", what)
    failure = name.variable("failure")
    fail = Fail(
        name.state("Failed"),
        error=jsonata(f"${failure}.Error"),
        cause=jsonata(f"$exists(${failure}.Cause) ? ${failure}.Cause : 'No cause was given.'"),
        comment="The clean-up changes nothing about the failure",
    )
    guarded = Parallel(
        name.state("Try"),
        branches=[work],
        output=jsonata("$states.result[0]"),
        comment="One branch: so that one Catch is around all of it",
        catch=[
            Catch(
                Chain([cleanup, fail]),
                error_equals=["States.ALL"],
                assign={failure: jsonata("$states.errorOutput")},
                output=jsonata("$states.input"),
                comment="Whatever it was: clean up first",
            )
        ],
    )
    return Chain([guarded])
