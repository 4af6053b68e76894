"""boto3 clients that are answered in this process.

boto3 is used as it is: a client checks its parameters, and writes the request that it would send. Then a
hook (`before-call`) answers in the network's place. So nothing is signed, no socket is opened, and nothing
is tried again: a throttled call is the caller's to see. No file or environment variable of the user's AWS
configuration is read.
"""

from __future__ import annotations

import datetime as dt
import itertools
import threading
import types
import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import cache
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from kit.emulator.gateway import Gateway, ServiceCall
from kit.emulator.messages import HttpRequest, HttpResponse
from kit.emulator.session import authorization, new_session


class ApiFailure(Protocol):
    """What the Step Functions API raises."""

    code: str
    message: str
    status: int


class StepFunctionsApi(Protocol):
    def call(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """Answers an operation (PascalCase). Raises ApiError with `code`, `message` and `status`."""


class Clients:
    """Makes and keeps the clients of one emulator.

    `sleep` is what waiters wait with; `entering` is held while a client's own call is answered, but not
    while one of an execution's is."""

    def __init__(
        self,
        *,
        region: str,
        gateway: Gateway,
        step_functions: StepFunctionsApi,
        api_error: type[Exception],
        sleep: Callable[[float], None],
        entering: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._region, self._gateway, self._sleep, self._entering = region, gateway, sleep, entering
        self._step_functions, self._api_error = step_functions, api_error
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str], Any] = {}
        self._session: Any = None

    def client(self, service_name: str, region: str | None = None) -> Any:
        """A boto3 client; the same one for the same service and region."""
        key = (service_name, region or self._region)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._make(*key)
            return self._clients[key]

    def _make(self, service_name: str, region: str) -> Any:
        from botocore.config import Config

        if self._session is None:
            self._session = new_session(self._region)
        config: Any = {
            "ignore_configured_endpoint_urls": True,
            "request_checksum_calculation": "when_supported",
            "response_checksum_validation": "when_required",
            "s3": {"addressing_style": "path"},
        }
        client = self._session.client(service_name, region_name=region, config=Config(**config))
        # The last to see the parameters and the last to answer: hooks of the user's come first.
        client.meta.events.register_last("before-parameter-build", _keep_parameters)
        answer = self._answer_step_functions if service_name == "stepfunctions" else self._answer
        client.meta.events.register_last("before-call", answer)
        _wait_on_the_clock(client, self._sleep)
        return client

    def _answer_step_functions(self, model: Any, context: dict[str, Any], **_: Any) -> Any:
        try:
            answer = self._step_functions.call(model.name, dict(context["small_steps_parameters"]))
        except self._api_error as error:
            return _failed(error)
        return _http(200), {**answer, "ResponseMetadata": _metadata(200, {})}

    def _answer(self, model: Any, params: dict[str, Any], context: dict[str, Any], **_: Any) -> Any:
        call = ServiceCall(
            service=model.service_model.service_name,
            operation=model.name,
            params=context["small_steps_parameters"],
            region=context["client_region"],
        )
        request = _http_request(params, call)
        if self._gateway.is_ours(call):
            response = self._gateway.answer(call, request)
            return _http(response.status), parsed_answer(model, response)
        with self._gateway.lock:
            if self._gateway.caller.by == "client":
                with self._entering():
                    response = self._gateway.answer(call, request)
            else:
                response = self._gateway.answer(call, request)
        return _http(response.status), parsed_answer(model, response)


def _keep_parameters(params: Any, context: dict[str, Any], **_: Any) -> None:
    context["small_steps_parameters"] = params


def _http_request(request: dict[str, Any], call: ServiceCall) -> HttpRequest:
    _with_checksum_in_a_header(request)
    url = urlsplit(request["url"])
    body = request["body"]
    if hasattr(body, "read"):
        body = body.read()
    elif isinstance(body, dict):
        body = urlencode(body, doseq=True)
    return HttpRequest(
        method=request["method"],
        host=url.netloc,
        target=f"{url.path or '/'}?{url.query}" if url.query else url.path or "/",
        headers=[
            ("Authorization", authorization(call.region)),
            *((k, v.decode() if isinstance(v, bytes) else str(v)) for k, v in request["headers"].items()),
        ],
        body=body.encode() if isinstance(body, str) else bytes(body or b""),
    )


def _with_checksum_in_a_header(request: dict[str, Any]) -> None:
    """S3's checksums would else be a trailer of a chunked body."""
    from botocore.httpchecksum import apply_request_checksum

    algorithm = request["context"].get("checksum", {}).get("request_algorithm")
    if isinstance(algorithm, dict):
        if algorithm.get("in") == "trailer":
            algorithm["in"] = "header"
        apply_request_checksum(request)


def parsed_answer(model: Any, response: HttpResponse) -> dict[str, Any]:
    """The response as boto3 hands it out; like botocore's Endpoint, which isn't reached."""
    from botocore.awsrequest import HeadersDict
    from botocore.response import StreamingBody

    headers = HeadersDict(response.headers)
    body: Any = response.body
    failed = response.status >= 300
    if not failed and model.has_streaming_output:
        raw: Any = _Raw(response.body)
        body = StreamingBody(raw, len(response.body))
    described = {
        "headers": headers,
        "status_code": response.status,
        "body": body,
        "context": {"operation_name": model.name},
    }
    parser = _parser(model.service_model.resolved_protocol)
    parsed: dict[str, Any] = parser.parse(described, model.output_shape)
    if failed:
        shape = model.service_model.shape_for_error_code(parsed.get("Error", {}).get("Code"))
        if shape is not None:
            parsed.update(parser.parse(described, shape))
    metadata = parsed.setdefault("ResponseMetadata", {})
    metadata.setdefault("RequestId", str(uuid.uuid4()))
    metadata["RetryAttempts"] = 0
    return parsed


@cache
def _parser(protocol: str) -> Any:
    from botocore.parsers import ResponseParserFactory

    factory = ResponseParserFactory()
    factory.set_parser_defaults(timestamp_parser=_moment)
    return factory.create_parser(protocol)


def _moment(value: Any) -> Any:
    """botocore's parser of times takes ten times as long for what services mostly write."""
    from botocore.utils import parse_timestamp
    from dateutil.tz import tzutc

    if isinstance(value, str) and value[-1:] == "Z" and "T" in value:
        with suppress(ValueError):
            return dt.datetime.fromisoformat(value).replace(tzinfo=tzutc())
    return parse_timestamp(value)


class _Raw:
    """What StreamingBody reads from, with the little of urllib3's response that it asks for."""

    def __init__(self, body: bytes) -> None:
        self._body, self._at = body, 0

    def read(self, amt: int | None = None) -> bytes:
        end = len(self._body) if amt is None else self._at + amt
        chunk = self._body[self._at : end]
        self._at += len(chunk)
        return chunk

    def close(self) -> None:
        self._at = len(self._body)

    @property
    def closed(self) -> bool:
        return False


def _failed(error: Any) -> Any:
    parsed = {
        "Error": {"Code": error.code, "Message": error.message},
        "message": error.message,
        "ResponseMetadata": _metadata(error.status, {}),
    }
    return _http(error.status), parsed


def _http(status: int) -> Any:
    return types.SimpleNamespace(status_code=status)


def _metadata(status: int, headers: Mapping[str, str]) -> dict[str, Any]:
    return {
        "RequestId": str(uuid.uuid4()),
        "HTTPStatusCode": status,
        "HTTPHeaders": dict(headers),
        "RetryAttempts": 0,
    }


def _wait_on_the_clock(client: Any, sleep: Callable[[float], None]) -> None:
    """Waiters of this client sleep on the sandbox's clock: a 30-minute wait takes no time."""
    get_waiter = client.get_waiter

    def virtual_waiter(waiter_name: str) -> Any:
        waiter = get_waiter(waiter_name)
        ask, wait = waiter._operation_method, waiter.wait

        def wait_on_the_clock(**kwargs: Any) -> None:
            config = kwargs.pop("WaiterConfig", {})
            rounds = itertools.count()

            def ask_again(**params: Any) -> Any:
                if next(rounds):
                    sleep(config.get("Delay", waiter.config.delay))
                return ask(**params)

            waiter._operation_method = ask_again
            wait(WaiterConfig={**config, "Delay": 0}, **kwargs)

        waiter.wait = wait_on_the_clock
        return waiter

    client.get_waiter = virtual_waiter
