"""Calls of Task states without a boto3 client in between: the same request, written by the same serializer.

A client resolves endpoints, runs hooks, and checks parameters that the integration has checked already;
that costs as much as moto's answer. Services whose requests botocore's hooks complete (S3, and the REST
protocols in general) still go through a client.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from botocore.serialize import create_serializer

from kit.emulator.clients import parsed_answer
from kit.emulator.gateway import Gateway, ServiceCall
from kit.emulator.messages import HttpRequest
from kit.emulator.session import authorization
from kit.services import Action
from kit.services.models import service_model

_PROTOCOLS: Final = frozenset({"json", "query", "ec2"})


class DirectCalls:
    """`host_of(service, region)` gives a service's host."""

    def __init__(self, gateway: Gateway, host_of: Callable[[str, str], str], region: str) -> None:
        self._gateway, self._region = gateway, region
        self._host_of = cache(host_of)

    @staticmethod
    def fit(action: Action) -> bool:
        """Whether the action's requests need nothing but the serializer."""
        return action.client_name != "stepfunctions" and _protocol(action.client_name) in _PROTOCOLS

    def call(self, action: Action, params: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """The HTTP status and the answer as boto3 has it, an error's included."""
        model = action.model
        given = dict(params)
        for name in model.idempotent_members:
            given.setdefault(name, str(uuid.uuid5(uuid.NAMESPACE_URL, repr(sorted(params.items())))))
        written = _serializer(_protocol(action.client_name)).serialize_to_request(given, model)
        body = written["body"]
        if isinstance(body, dict):
            body = urlencode(body, doseq=True)
        request = HttpRequest(
            method=written["method"],
            host=self._host_of(action.client_name, self._region),
            target=written["url_path"],
            headers=[("Authorization", authorization(self._region)), *written["headers"].items()],
            body=body.encode() if isinstance(body, str) else body or b"",
        )
        call = ServiceCall(action.client_name, action.operation, params, self._region)
        response = self._gateway.answer(call, request)
        return response.status, parsed_answer(model, response)


@cache
def _protocol(client_name: str) -> str:
    return str(service_model(client_name).resolved_protocol)


@cache
def _serializer(protocol: str) -> Any:
    return create_serializer(protocol, include_validation=False)
