"""A small Slack: `chat.postMessage`, `auth.test` and incoming webhooks.

What it doesn't model: workspaces and their members, scopes of tokens, channels by id (a channel is its
name), blocks (kept, not checked), files, reading back what was posted, and the limit of about one message
a second in a channel (see `rate_limit`).
https://docs.slack.dev/reference/methods/chat.postMessage
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

from kit.emulator.http.asked import Asked
from kit.emulator.http.limiting import Limiting
from kit.emulator.http.listener import json_response, text_response
from kit.emulator.messages import HttpResponse


@dataclass(frozen=True, slots=True)
class Message:
    """A message that arrived. `ts` is Slack's name for it, the seconds since 1970 in virtual time;
    `webhook` is the webhook's path, where it came by one."""

    channel: str
    text: str
    ts: str
    blocks: tuple[Any, ...] = ()
    attachments: tuple[Any, ...] = ()
    thread_ts: str | None = None
    webhook: str | None = field(default=None, repr=False)


class Slack(Limiting):
    """`url` is what stands in the place of `https://slack.com/api`, `webhook_url` a webhook's address.

    Any token that begins with `xox` is taken. A channel exists, unless `channels` names those that do.
    """

    def __init__(self, base: Callable[[], str], now: Callable[[], float]) -> None:
        super().__init__()
        self._base, self._now = base, now
        self._messages: list[Message] = []
        self.channels: set[str] | None = None

    @property
    def url(self) -> str:
        return f"{self._base()}/slack/api"

    @property
    def webhook_url(self) -> str:
        return f"{self._base()}/slack/services/T0000/B0000/webhook"

    @property
    def messages(self) -> list[Message]:
        """What arrived, in its order."""
        return list(self._messages)

    def clear(self) -> None:
        """Forgets the messages."""
        self._messages.clear()

    def answer(self, asked: Asked) -> HttpResponse:
        refused = self.refuse({"ok": False, "error": "ratelimited"})
        if refused is not None:
            return refused
        if asked.path[:1] == ("services",):
            return self._webhook(asked)
        if len(asked.path) != 2 or asked.path[0] != "api":
            return text_response("Not found", 404)
        methods = {"chat.postMessage": self._post, "auth.test": self._test}
        method = methods.get(asked.path[1])
        if method is None:
            return _no("unknown_method")
        token = asked.token if asked.scheme == "bearer" else str((asked.fields or {}).get("token", ""))
        if not token:
            return _no("not_authed")
        if not token.startswith("xox"):
            return _no("invalid_auth")
        return method(asked)

    def _post(self, asked: Asked) -> HttpResponse:
        fields = asked.fields
        if fields is None:
            return _no("invalid_json")
        channel, text = str(fields.get("channel") or ""), str(fields.get("text") or "")
        if not channel or not self._exists(channel):
            return _no("channel_not_found")
        blocks, attachments = _list(fields.get("blocks")), _list(fields.get("attachments"))
        if not text and not blocks and not attachments:
            return _no("no_text")
        message = self._keep(
            channel, text, blocks=blocks, attachments=attachments, thread_ts=fields.get("thread_ts")
        )
        told = {"type": "message", "text": text, "ts": message.ts, "bot_id": "B0000", "user": "U0000"}
        return json_response({"ok": True, "channel": channel, "ts": message.ts, "message": told})

    def _test(self, asked: Asked) -> HttpResponse:  # noqa: ARG002
        who = {"team": "Small Steps", "user": "small-steps", "team_id": "T0000", "user_id": "U0000"}
        return json_response({"ok": True, "url": self.url, **who})

    def _webhook(self, asked: Asked) -> HttpResponse:
        """Webhooks answer in words, not in JSON."""
        if asked.method != "POST" or len(asked.path) != 4:
            return text_response("no_service", 404)
        fields = asked.fields
        if fields is not None and "payload" in fields:
            try:
                fields = orjson.loads(fields["payload"])
            except orjson.JSONDecodeError:
                fields = None
        if not isinstance(fields, dict):
            return text_response("invalid_payload", 400)
        text, blocks = str(fields.get("text") or ""), _list(fields.get("blocks"))
        attachments = _list(fields.get("attachments"))
        if not text and not blocks and not attachments:
            return text_response("no_text", 400)
        channel = str(fields.get("channel") or "#general")
        self._keep(channel, text, blocks=blocks, attachments=attachments, webhook="/".join(asked.path))
        return text_response("ok")

    def _exists(self, channel: str) -> bool:
        return self.channels is None or channel.lstrip("#") in {each.lstrip("#") for each in self.channels}

    def _keep(self, channel: str, text: str, **more: Any) -> Message:
        message = Message(channel, text, f"{self._now():.0f}.{len(self._messages) + 1:06d}", **more)
        self._messages.append(message)
        return message

    def __repr__(self) -> str:
        return f"<Slack with {len(self._messages)} messages>"


def _no(error: str) -> HttpResponse:
    """Slack refuses with status 200: whoever looks at the status only takes it for success."""
    return json_response({"ok": False, "error": error})


def _list(value: Any) -> tuple[Any, ...]:
    """A list, as JSON or as a form's text."""
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return ()
    return tuple(value) if isinstance(value, list) else ()
