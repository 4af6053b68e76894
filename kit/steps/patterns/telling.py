"""Telling people in a chat, without a function."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kit.steps.patterns.parts import named, true_or_false
from kit.steps.rules import Catch, Retry
from kit.steps.states import Chain, Choice, Fail, Pass, Task
from kit.steps.values import jsonata, seconds

ENDPOINT = "https://slack.com/api/chat.postMessage"


def notify_slack(
    what: str,
    *,
    connection_arn: str,
    channel: str,
    text: str,
    endpoint: str = ENDPOINT,
    must_arrive: bool = False,
    timeout: timedelta | int = timedelta(seconds=20),
) -> Any:
    """Posts a message to a Slack channel by an HTTP Task.

        notify_slack("say good morning", connection_arn=CONNECTION, channel="#ops",
                     text=jsonata("'Staging is up: ' & $states.input.day"))

    The token is in the EventBridge connection (API key `Authorization`, value `Bearer xoxb-...`), never in
    the definition. Slack says no with status 200 and `"ok": false`, so the answer is looked at. A message
    that doesn't arrive is no reason to fail (`$<what>_error` keeps why), unless `must_arrive`: then
    `NotifySlack.Refused`, or the call's own error. What came in goes out.
    https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
    """
    __tracebackhide__ = True
    name = named("notify_slack", what)
    arrived = name.variable("arrived")
    end = Pass(name.state("Done"), comment="Said, or not to be said" if not must_arrive else "Said")
    post = Task(
        name.state("Post"),
        resource="arn:aws:states:::http:invoke",
        arguments={
            "ApiEndpoint": endpoint,
            "Method": "POST",
            "Authentication": {"ConnectionArn": connection_arn},
            "RequestBody": {"channel": channel, "text": text},
        },
        timeout_seconds=seconds("timeout", timeout),
        assign={arrived: true_or_false("ok", "$states.result.ResponseBody.ok = true")},
        output=jsonata("$states.input"),
        comment="Slack answers 200 also where it refuses: the body tells",
        retry=[
            Retry(
                error_equals=["States.Http.StatusCode.429", "States.Http.Socket"],
                interval_seconds=5,
                max_attempts=3,
                backoff_rate=2.0,
                jitter_strategy="FULL",
                comment="Slack takes about one message a second in a channel",
            )
        ],
    )
    if not must_arrive:
        post.add_catch(
            Catch(
                end,
                error_equals=["States.ALL"],
                output=jsonata("$states.input"),
                assign={name.variable("error"): jsonata("$states.errorOutput")},
                comment="The work counts more than the word about it",
            )
        )
        return Chain([post, end])
    decide = Choice(name.state("Decide"), comment="Whether Slack took it")
    decide.add_choice(
        jsonata(f"$not(${arrived})"),
        Fail(
            name.state("Refused"),
            error="NotifySlack.Refused",
            cause=f"Slack didn't take the message to {what}: see ResponseBody.error in the history.",
            comment="Such as channel_not_found, not_in_channel, invalid_auth",
        ),
    )
    return Chain([post, decide, end])
