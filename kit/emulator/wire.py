"""Between HTTP and an operation with its parameters, in each of AWS's protocols, on the server's side.

moto has the parsers, routers and serializers; here they are put together for calls that moto itself
doesn't answer, or that somebody wants to look at before it does.
"""

from __future__ import annotations

import io
import warnings
from typing import Any

from kit.emulator.messages import HttpRequest, HttpResponse
from kit.emulator.refusals import Refusal
from kit.services import models


def operation(request: HttpRequest, environ: dict[str, Any], service: str) -> tuple[str, dict[str, Any]]:
    """The operation that a request to a service (boto3's name) asks for, and its parameters.

    Raises LookupError where the service has no such operation, ValueError where the request can't be read.
    """
    from botocore.model import OperationNotFoundError
    from moto.core.parse import PROTOCOL_PARSERS, RequestParserError
    from moto.core.request import Request, determine_request_protocol
    from moto.core.utils import get_service_model
    from werkzeug.exceptions import HTTPException

    model = get_service_model(service)
    parsed = Request({**environ, "wsgi.input": io.BytesIO(request.body)})
    try:
        name, url_params = _operation_name(parsed, service)
        operation_model = model.operation_model(name)
        parser = PROTOCOL_PARSERS[determine_request_protocol(model, parsed.content_type)](operation_model)
        params: dict[str, Any] = parser.parse(
            {
                "method": parsed.method,
                "values": parsed.values,
                "headers": parsed.headers,
                "body": request.body,
                "url_path": parsed.path,
                "url_params": url_params,
            }
        )
    except (HTTPException, NotImplementedError, OperationNotFoundError) as error:
        raise LookupError(f"{service} has no operation for {request.method} {request.target}") from error
    except (RequestParserError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise ValueError(f"the request to {service} can't be read: {error}") from error
    return name, params


def _operation_name(request: Any, service: str) -> tuple[str, dict[str, Any]]:
    from moto.core.routing import get_service_router

    target = request.headers.get("X-Amz-Target")
    if target:
        return target.rsplit(".", 1)[-1], {}
    if models.service_model(service).metadata["protocol"] in ("query", "ec2"):
        return request.values.get("Action", ""), {}
    found, params = get_service_router(service).match(request)
    return found.name, params


def result(service: str, operation: str, answer: Any, content_type: str = "") -> HttpResponse:
    """The response that carries an operation's result."""
    return _serialized(service, operation, answer, content_type)


def refusal(service: str, operation: str, error: Refusal, content_type: str = "") -> HttpResponse:
    """The response that carries a service's error."""
    response = _serialized(service, operation, error, content_type)
    return HttpResponse(error.status, response.headers, response.body)


def _serialized(service: str, operation: str, answer: Any, content_type: str) -> HttpResponse:
    from moto.core.request import determine_request_protocol
    from moto.core.serialize import get_serializer_class
    from moto.core.utils import get_service_model

    model = get_service_model(service)
    protocol = determine_request_protocol(model, content_type)
    serializer = get_serializer_class(service, protocol)(operation_model=model.operation_model(operation))
    with warnings.catch_warnings():
        # moto warns of codes that the service's model has not, such as Throttling.
        warnings.simplefilter("ignore", UserWarning)
        made = serializer.serialize(answer)
    body: Any = made["body"]
    return HttpResponse(
        int(made["status_code"]),
        {str(k): str(v) for k, v in made["headers"].items()},
        body.encode() if isinstance(body, str) else body,
    )
