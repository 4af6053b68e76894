from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from http_neighbour import Neighbour, neighbour

from kit.emulator import Emulator
from kit.emulator.http.composing import FORBIDDEN

Run = Callable[..., Any]
SECRET = "hunter2-of-the-connection"


@pytest.fixture
def beside() -> Iterator[Neighbour]:
    with neighbour() as found:
        yield found


def connection(emulator: Emulator, kind: str = "API_KEY", **parameters: Any) -> str:
    if not parameters:
        parameters = {"ApiKeyAuthParameters": {"ApiKeyName": "Authorization", "ApiKeyValue": SECRET}}
    made = emulator.client("events").create_connection(
        Name=f"to-{kind}", AuthorizationType=kind, AuthParameters=parameters
    )
    return str(made["ConnectionArn"])


def task(arn: str, url: str, method: str = "POST", **fields: Any) -> dict[str, Any]:
    parameters = {"ApiEndpoint": url, "Method": method, "InvocationConfig": {"ConnectionArn": arn}, **fields}
    return {"Resource": "arn:aws:states:::http:invoke", "Parameters": parameters}


def test_a_task_gets_status_headers_and_the_parsed_body(
    emulator: Emulator, run: Run, beside: Neighbour
) -> None:
    beside.answer = lambda _: (201, "application/json; charset=utf-8", b'{"id": 7}')
    ran = run(emulator, task(connection(emulator), f"{beside.url}/things", RequestBody={"name": "x"}))
    assert ran.status == "SUCCEEDED"
    assert ran.output["StatusCode"] == 201
    assert ran.output["StatusText"] == "Created"
    assert ran.output["ResponseBody"] == {"id": 7}
    assert ran.output["Headers"]["content-type"] == ["application/json; charset=utf-8"]
    (asked,) = beside.requests
    assert (asked.method, asked.target, json.loads(asked.body)) == ("POST", "/things", {"name": "x"})
    assert asked.headers["user-agent"] == "Amazon|StepFunctions|HttpInvoke|us-east-1"
    assert asked.headers["range"] == "bytes=0-262144"
    assert asked.headers["authorization"] == SECRET


def test_events_tell_of_http_and_invoke(emulator: Emulator, run: Run, beside: Neighbour) -> None:
    ran = run(emulator, task(connection(emulator), beside.url, "GET"))
    scheduled = next(each for each in ran.events if each["type"] == "TaskScheduled")
    details = scheduled["taskScheduledEventDetails"]
    assert (details["resourceType"], details["resource"]) == ("http", "invoke")


def test_no_secret_is_in_history_or_journal(emulator: Emulator, run: Run, beside: Neighbour) -> None:
    arn = connection(
        emulator,
        ApiKeyAuthParameters={"ApiKeyName": "X-Key", "ApiKeyValue": SECRET},
        InvocationHttpParameters={
            "QueryStringParameters": [{"Key": "key", "Value": SECRET, "IsValueSecret": True}],
            "BodyParameters": [{"Key": "pass", "Value": SECRET, "IsValueSecret": True}],
        },
    )
    beside.answer = lambda _: (500, "text/plain", SECRET.encode())
    failed = run(emulator, task(arn, beside.url, RequestBody={"name": "x"}))
    assert failed.error == "States.Http.StatusCode.500"
    beside.answer = lambda _: (200, "text/plain", b"fine")
    fine = run(emulator, task(arn, beside.url, RequestBody={"name": "x"}))
    assert fine.status == "SUCCEEDED"
    assert beside.requests[-1].target == f"/?key={SECRET}"
    for text in (repr(failed), repr(fine), *(repr(vars_of(call)) for call in emulator.journal)):
        assert SECRET not in text
    assert [call.error for call in emulator.journal("http:Invoke")] == ["States.Http.StatusCode.500", None]


def test_a_connection_is_described_without_its_secrets(emulator: Emulator, run: Run) -> None:
    connection(
        emulator,
        "BASIC",
        BasicAuthParameters={"Username": "ada", "Password": SECRET},
        InvocationHttpParameters={
            "HeaderParameters": [
                {"Key": "x", "Value": SECRET, "IsValueSecret": True},
                {"Key": "y", "Value": "plain", "IsValueSecret": False},
            ]
        },
    )
    ran = run(
        emulator,
        {
            "Resource": "arn:aws:states:::aws-sdk:eventbridge:describeConnection",
            "Parameters": {"Name": "to-BASIC"},
        },
    )
    assert ran.output["AuthParameters"]["BasicAuthParameters"] == {"Username": "ada"}
    assert "plain" in repr(ran)
    assert SECRET not in repr(ran)


def vars_of(call: Any) -> dict[str, Any]:
    return (
        {name: getattr(call, name) for name in call.__slots__} if hasattr(call, "__slots__") else vars(call)
    )


def test_the_connections_values_win(emulator: Emulator, run: Run, beside: Neighbour) -> None:
    arn = connection(
        emulator,
        ApiKeyAuthParameters={"ApiKeyName": "X-Key", "ApiKeyValue": "k"},
        InvocationHttpParameters={
            "HeaderParameters": [{"Key": "X-Team", "Value": "connection"}],
            "QueryStringParameters": [{"Key": "page", "Value": "connection"}],
            "BodyParameters": [{"Key": "who", "Value": "connection"}],
        },
    )
    given = task(
        arn,
        f"{beside.url}/x?page=url&kept=1",
        Headers={"x-team": "state", "X-Other": "state"},
        QueryParameters={"page": "state", "size": ["1", "2"]},
        RequestBody={"who": "state", "what": "state"},
    )
    assert run(emulator, given).status == "SUCCEEDED"
    (asked,) = beside.requests
    assert (asked.headers["x-team"], asked.headers["x-other"]) == ("connection", "state")
    assert asked.target == "/x?kept=1&size=1&size=2&page=connection"
    assert json.loads(asked.body) == {"who": "connection", "what": "state"}


def test_a_text_body_has_no_room_for_the_connections_values(
    emulator: Emulator, run: Run, beside: Neighbour
) -> None:
    arn = connection(
        emulator,
        ApiKeyAuthParameters={"ApiKeyName": "X-Key", "ApiKeyValue": "k"},
        InvocationHttpParameters={"BodyParameters": [{"Key": "who", "Value": "me"}]},
    )
    ran = run(emulator, task(arn, beside.url, RequestBody="text"))
    assert ran.error == "States.Runtime"
    assert beside.requests == []


def test_basic_credentials_are_sent(emulator: Emulator, run: Run, beside: Neighbour) -> None:
    arn = connection(emulator, "BASIC", BasicAuthParameters={"Username": "ada", "Password": "pw"})
    run(emulator, task(arn, beside.url, "GET"))
    assert beside.requests[0].headers["authorization"] == "Basic YWRhOnB3"


@pytest.mark.parametrize(
    ("array", "sent"),
    [
        ("INDICES", "a%5B0%5D=1&a%5B1%5D=x+y&o%5Bp%5D=q"),
        ("REPEAT", "a=1&a=x+y&o%5Bp%5D=q"),
        ("COMMAS", "a=1%2Cx+y&o%5Bp%5D=q"),
        ("BRACKETS", "a%5B%5D=1&a%5B%5D=x+y&o%5Bp%5D=q"),
    ],
)
def test_a_body_is_url_encoded(
    emulator: Emulator, run: Run, beside: Neighbour, array: str, sent: str
) -> None:
    given = task(
        connection(emulator),
        beside.url,
        Headers={"content-type": "application/x-www-form-urlencoded"},
        RequestBody={"a": [1, "x y"], "o": {"p": "q"}},
        Transform={"RequestBodyEncoding": "URL_ENCODED", "RequestEncodingOptions": {"ArrayFormat": array}},
    )
    assert run(emulator, given).status == "SUCCEEDED"
    assert beside.requests[0].body.decode() == sent


@pytest.mark.parametrize("header", [*sorted(FORBIDDEN)[:5], "Authorization", "X-Forwarded-For", "x-amz-date"])
def test_a_forbidden_header_is_refused(emulator: Emulator, run: Run, beside: Neighbour, header: str) -> None:
    ran = run(emulator, task(connection(emulator), beside.url, Headers={header: "x"}))
    assert ran.error == "States.Runtime"
    assert header in ran.cause
    assert beside.requests == []


@pytest.mark.parametrize("fields", [{"Body": {}}, {"Method": "TRACE"}, {"Headers": "x"}])
def test_arguments_that_an_http_task_has_not_are_refused(
    emulator: Emulator, run: Run, beside: Neighbour, fields: dict[str, Any]
) -> None:
    given = task(connection(emulator), beside.url)
    given["Parameters"].update(fields)
    assert run(emulator, given).error == "States.Runtime"
    assert beside.requests == []


@pytest.mark.parametrize("status", [301, 404, 429, 503])
def test_any_status_but_2xx_fails_by_its_number(
    emulator: Emulator, run: Run, beside: Neighbour, status: int
) -> None:
    beside.answer = lambda _: (status, "application/json", b'{"message": "no"}')
    ran = run(emulator, task(connection(emulator), beside.url))
    assert ran.error == f"States.Http.StatusCode.{status}"
    assert "message" not in ran.cause


def test_text_stays_text_and_what_is_binary_is_refused(
    emulator: Emulator, run: Run, beside: Neighbour
) -> None:
    arn = connection(emulator)
    beside.answer = lambda _: (200, "text/plain", b'{"a": 1}')
    assert run(emulator, task(arn, beside.url)).output["ResponseBody"] == '{"a": 1}'
    beside.answer = lambda _: (200, "image/png", b"\x89PNG")
    assert run(emulator, task(arn, beside.url)).error == "States.Runtime"


def test_nobody_there_is_a_socket_error(emulator: Emulator, run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        ran = run(emulator, task(connection(emulator), f"http://127.0.0.1:{taken.getsockname()[1]}"))
    assert ran.error == "States.Http.Socket"


def test_silence_costs_sixty_virtual_seconds(run: Run) -> None:
    with Emulator(clock="instant") as emulator, socket.create_server(("127.0.0.1", 0)) as silent:
        emulator.http_sender.seconds = 0.2
        ran = run(emulator, task(connection(emulator), f"http://127.0.0.1:{silent.getsockname()[1]}"))
    assert ran.error == "States.Http.Socket"
    assert (ran.events[-1]["timestamp"] - ran.events[0]["timestamp"]).total_seconds() == pytest.approx(60)


def test_another_host_is_not_called_unless_it_is_allowed(run: Run) -> None:
    with Emulator(clock="instant") as emulator:
        ran = run(emulator, task(connection(emulator), "https://api.example.com/x"))
        assert ran.error == "States.Http.Socket"
        assert "allow_hosts=['api.example.com']" in ran.cause
    with Emulator(clock="instant", allow_hosts=("nowhere.invalid",)) as emulator:
        ran = run(emulator, task(connection(emulator), "https://nowhere.invalid/x"))
        assert ran.error == "States.Http.Socket"
        assert "allow" not in ran.cause


def test_plain_http_is_for_this_machine_only(run: Run) -> None:
    with Emulator(clock="instant", allow_hosts=("api.example.com",)) as emulator:
        ran = run(emulator, task(connection(emulator), "http://api.example.com/x"))
    assert ran.error == "States.Runtime"
    assert "https" in ran.cause


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1@api.example.com/",
        "http://api.example.com#@127.0.0.1/",
        "https://127.0.0.1.example.com/",
        "file:///etc/passwd",
        "http://[::1",
        "http://127.0.0.1:99999/",
    ],
)
def test_no_trick_leads_elsewhere(emulator: Emulator, run: Run, url: str) -> None:
    assert run(emulator, task(connection(emulator), url)).error in ("States.Runtime", "States.Http.Socket")


@pytest.mark.parametrize("name", ["", "*", "http://x", "host:80"])
def test_an_allowed_host_is_a_mere_name(name: str) -> None:
    with pytest.raises(ValueError, match="no host's name"):
        Emulator(clock="instant", allow_hosts=(name,))


def test_a_connection_that_is_not_there_is_named_so(emulator: Emulator, run: Run, beside: Neighbour) -> None:
    arn = connection(emulator)
    emulator.client("events").delete_connection(Name="to-API_KEY")
    ran = run(emulator, task(arn, beside.url))
    assert ran.error == "Events.ConnectionResource.ResourceNotFound"


# OAuth.


def oauth(emulator: Emulator, secret: str = SECRET) -> str:
    return connection(
        emulator,
        "OAUTH_CLIENT_CREDENTIALS",
        OAuthParameters={
            "ClientParameters": {"ClientID": "ops", "ClientSecret": secret},
            "AuthorizationEndpoint": emulator.http.status_page.token_url,
            "HttpMethod": "POST",
        },
    )


def tell(emulator: Emulator, arn: str) -> dict[str, Any]:
    return task(arn, f"{emulator.http.status_page.url}/incidents", RequestBody={"name": "Slow"})


def test_a_token_is_fetched_once_and_again_when_it_ends(emulator: Emulator, run: Run) -> None:
    arn, page = oauth(emulator), emulator.http.status_page
    assert run(emulator, tell(emulator, arn)).status == "SUCCEEDED"
    assert run(emulator, tell(emulator, arn)).status == "SUCCEEDED"
    assert page.tokens_given == 1
    emulator.clock.advance(seconds=page.token_seconds - 30)
    assert run(emulator, tell(emulator, arn)).status == "SUCCEEDED"
    assert page.tokens_given == 2
    assert [each.name for each in page.incidents] == ["Slow"] * 3


def test_a_token_that_was_refused_is_fetched_again_for_the_next_request(emulator: Emulator, run: Run) -> None:
    arn, page = oauth(emulator), emulator.http.status_page
    run(emulator, tell(emulator, arn))
    page.revoke_tokens()
    assert run(emulator, tell(emulator, arn)).error == "States.Http.StatusCode.401"
    assert run(emulator, tell(emulator, arn)).status == "SUCCEEDED"


def test_a_client_that_is_refused_leaves_the_connection_invalid(emulator: Emulator, run: Run) -> None:
    emulator.http.status_page.clients = {"ops": "another"}
    ran = run(emulator, tell(emulator, oauth(emulator)))
    assert ran.error == "Events.ConnectionResource.InvalidConnectionState"
    assert SECRET not in repr(ran)
