from __future__ import annotations

import http.client
import json
import threading
from typing import Any
from urllib.parse import urlsplit

import pytest

from kit.emulator import Emulator


def ask(
    url: str, body: Any = None, *, method: str | None = None, **headers: str
) -> tuple[int, Any, dict[str, str]]:
    address = urlsplit(url)
    assert address.hostname is not None
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    data = body if body is None or isinstance(body, str) else json.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    target = f"{address.path}?{address.query}" if address.query else address.path
    connection.request(method or ("GET" if body is None else "POST"), target, data, named)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    kind = response.getheader("content-type", "")
    return response.status, json.loads(text) if "json" in kind else text, dict(response.getheaders())


def services_running() -> int:
    return sum(thread.name == "small-steps-http" for thread in threading.enumerate())


def test_nothing_listens_until_an_address_is_asked_for_and_all_ends_with_the_sandbox() -> None:
    before = services_running()
    with Emulator(clock="instant") as emulator:
        assert emulator.http.slack.messages == []
        assert services_running() == before
        assert emulator.http.slack.url.startswith("http://127.0.0.1:")
        assert services_running() == before + 1
    assert services_running() == before
    with pytest.raises(RuntimeError, match="closed"):
        _ = emulator.http.slack.url


def test_an_address_of_no_service_is_told_so(emulator: Emulator) -> None:
    status, told, _ = ask(emulator.http.slack.url.replace("/slack/", "/other/"))
    assert status == 404
    assert "slack, github, status" in told["message"]


# Slack.


def post(emulator: Emulator, fields: Any, token: str = "xoxb-1") -> tuple[int, Any, dict[str, str]]:
    url = f"{emulator.http.slack.url}/chat.postMessage"
    return ask(url, fields, Authorization=f"Bearer {token}", Content_Type="application/json")


def test_a_message_arrives_at_the_virtual_time(emulator: Emulator) -> None:
    status, told, _ = post(emulator, {"channel": "#ops", "text": "Staging is up"})
    assert (status, told["ok"], told["channel"]) == (200, True, "#ops")
    (message,) = emulator.http.slack.messages
    assert (message.channel, message.text) == ("#ops", "Staging is up")
    assert float(message.ts) == pytest.approx(emulator.clock.now().timestamp(), abs=1)


@pytest.mark.parametrize(
    ("fields", "token", "error"),
    [
        ({"channel": "#ops", "text": "x"}, "", "not_authed"),
        ({"channel": "#ops", "text": "x"}, "secret", "invalid_auth"),
        ({"channel": "#gone", "text": "x"}, "xoxb-1", "channel_not_found"),
        ({"channel": "#ops"}, "xoxb-1", "no_text"),
        ("{", "xoxb-1", "invalid_json"),
    ],
)
def test_slack_refuses_with_status_200(emulator: Emulator, fields: Any, token: str, error: str) -> None:
    emulator.http.slack.channels = {"#ops"}
    status, told, _ = post(emulator, fields, token)
    assert (status, told) == (200, {"ok": False, "error": error})
    assert emulator.http.slack.messages == []


def test_slack_can_be_told_to_limit(emulator: Emulator) -> None:
    emulator.http.slack.rate_limit(times=1, retry_after=30)
    status, _, headers = post(emulator, {"channel": "#ops", "text": "x"})
    assert (status, headers["Retry-After"]) == (429, "30")
    assert post(emulator, {"channel": "#ops", "text": "x"})[0] == 200
    assert len(emulator.http.slack.messages) == 1


def test_a_webhook_answers_in_words(emulator: Emulator) -> None:
    url = emulator.http.slack.webhook_url
    assert ask(url, {"text": "hello"})[:2] == (200, "ok")
    assert ask(url, {})[:2] == (400, "no_text")
    assert ask(url, "no json")[:2] == (400, "invalid_payload")
    assert ask(
        url, "payload=%7B%22text%22%3A%22form%22%7D", Content_Type="application/x-www-form-urlencoded"
    )[:2] == (200, "ok")
    assert [each.text for each in emulator.http.slack.messages] == ["hello", "form"]


# GitHub.


def github(
    emulator: Emulator, path: str, body: Any = None, *, token: str = "ghp_x", method: str | None = None
) -> tuple[int, Any, dict[str, str]]:
    headers = {"User_Agent": "tests"} | ({"Authorization": f"Bearer {token}"} if token else {})
    return ask(f"{emulator.http.github.url}/repos/{path}", body, method=method, **headers)


def test_an_issue_is_opened_commented_and_closed(emulator: Emulator) -> None:
    status, issue, _ = github(
        emulator, "ops/pager/issues", {"title": "Clone is stuck", "labels": ["staging"]}
    )
    assert (status, issue["number"], issue["state"]) == (201, 1, "open")
    assert github(emulator, "ops/pager/issues/1/comments", {"body": "Looking"})[0] == 201
    assert github(emulator, "ops/pager/issues/1", {"state": "closed"}, method="PATCH")[0] == 200
    (found,) = emulator.http.github.issues
    assert (found.title, found.state, found.labels) == ("Clone is stuck", "closed", ["staging"])
    assert [each.body for each in found.comments] == ["Looking"]
    assert github(emulator, "ops/pager/issues")[1] == []
    assert [each["number"] for each in github(emulator, "ops/pager/issues?state=all")[1]] == [1]
    assert github(emulator, "ops/other/issues", {"title": "x"})[1]["number"] == 1


def test_github_refuses_bad_credentials_and_unknown_things(emulator: Emulator) -> None:
    path = "ops/pager/issues"
    status, told, _ = github(emulator, path, {"title": "x"}, token="wrong")
    assert (status, told["message"]) == (401, "Bad credentials")
    assert github(emulator, path, {"title": "x"}, token="")[0] == 401
    assert github(emulator, path, {})[0] == 422
    assert github(emulator, f"{path}/9")[0] == 404
    emulator.http.github.repositories = {"ops/other"}
    assert github(emulator, path, {"title": "x"})[0] == 404
    assert emulator.http.github.issues == []


# Status page.


def test_the_status_page_tells_what_was_set(emulator: Emulator) -> None:
    page = emulator.http.status_page
    assert ask(f"{page.url}/status.json")[1]["status"]["indicator"] == "none"
    page.set("database", "partial_outage")
    told = ask(f"{page.url}/summary.json")[1]
    assert told["status"]["indicator"] == "major"
    assert {"name": "database", "status": "partial_outage"} in told["components"]
    with pytest.raises(ValueError, match="no status"):
        page.set("database", "on fire")


def test_writing_to_the_status_page_needs_a_token(emulator: Emulator) -> None:
    page = emulator.http.status_page
    assert ask(f"{page.url}/incidents", {"name": "x"})[0] == 401
    form = "grant_type=client_credentials&client_id=a&client_secret=b"
    _, told, _ = ask(page.token_url, form, Content_Type="application/x-www-form-urlencoded")
    bearer = {"Authorization": f"Bearer {told['access_token']}"}
    status, made, _ = ask(f"{page.url}/incidents", {"name": "x"}, **bearer)
    assert status == 201
    ask(f"{page.url}/incidents/{made['id']}", {"status": "resolved"}, method="PATCH", **bearer)
    assert [each.status for each in page.incidents] == ["resolved"]
    assert ask(page.token_url, "grant_type=password")[0] == 400
