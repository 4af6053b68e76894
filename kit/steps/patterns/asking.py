"""Asking a person, and waiting for the answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kit.steps.patterns.parts import named, true_or_false
from kit.steps.states import Chain, Choice, Fail, Pass, Task
from kit.steps.values import jsonata, seconds


def approval(
    what: str,
    *,
    topic_arn: str,
    question: str,
    within: timedelta | int = timedelta(hours=8),
    approved: str = "$states.result.approved = true",
) -> Any:
    """Asks by an SNS topic and waits until somebody answers with the task token.

        approval("delete the old copy", topic_arn="arn:aws:sns:us-east-1:123456789012:approvals",
                 question=jsonata("'May ' & $states.input.copy & ' be deleted?'"))

    The message is JSON with `question`, `token` and `execution`. Whoever answers calls SendTaskSuccess with
    the token and `{"approved": true}` or `{"approved": false}`. Only the first lets the machine go on; a
    no ends with `Approval.Rejected`, silence with `States.Timeout` when `within` has passed. No Catch leads
    from there to a Fail state, so that a redrive asks again.

    The token is all that is needed to answer: let nobody subscribe who may not approve.
    https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
    """
    __tracebackhide__ = True
    name = named("approval", what)
    yes = name.variable("approved")
    ask = Task(
        name.state("Ask"),
        resource="arn:aws:states:::sns:publish.waitForTaskToken",
        arguments={
            "TopicArn": topic_arn,
            "Subject": f"May we {what}?"[:100],
            "Message": {
                "question": question,
                "token": jsonata("$states.context.Task.Token"),
                "execution": jsonata("$states.context.Execution.Id"),
            },
        },
        timeout_seconds=seconds("within", within),
        assign={yes: true_or_false("approved", approved)},
        output=jsonata("$states.input"),
        comment="Waits for SendTaskSuccess with this token, at no cost; silence is no consent",
    )
    decide = Choice(name.state("Decide"), comment="Anything but a clear yes is a no")
    decide.add_choice(
        jsonata(f"$not(${yes})"),
        Fail(
            name.state("Rejected"),
            error="Approval.Rejected",
            cause=f"Somebody said not to {what}.",
            comment="A person's no is final",
        ),
    )
    return Chain([ask, decide, Pass(name.state("Approved"), comment=f"Somebody said to {what}")])
