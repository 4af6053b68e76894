"""Lambda functions in Python, run for real: each in a process of its own, kept warm, with its time limit.

A handler may call the sandbox's AWS: boto3 in it finds the address and dummy credentials in its
environment. Its calls are in the journal as a client's, and its role is not evaluated. A function with a
VpcConfig is also given the address of what is private (see `kit.emulator.private`).

What isn't modelled: layers, images and other languages, security groups (any subnet reaches all that is
private), memory (the figure is passed on, not enforced), and concurrency.
"""

from __future__ import annotations

import base64
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Final

from kit.emulator.backends import Backends
from kit.emulator.gateway import ServiceCall
from kit.emulator.lambdas.process import FunctionProcess, Outcome
from kit.emulator.refusals import Refusal

__all__ = ["Lambdas"]

WARM_PROCESSES: Final = 16
EVENT_BYTES: Final = 6 * 1024 * 1024
LOG_RESULT_BYTES: Final = 4096


class Lambdas:
    """Answers Lambda's Invoke for the functions that moto keeps. `close()` ends their processes.

    `aws_url()` is where the sandbox's services answer, `private_url()` where its VPCs' hosts do."""

    def __init__(
        self, backends: Backends, aws_url: Callable[[], str], private_url: Callable[[], str]
    ) -> None:
        self._backends = backends
        self._aws_url, self._private_url = aws_url, private_url
        self._lock = threading.Lock()
        self._warm: OrderedDict[tuple[Any, ...], list[FunctionProcess]] = OrderedDict()
        self._closed = False

    def invoke(self, call: ServiceCall) -> Mapping[str, Any]:
        """Lambda's Invoke: RequestResponse waits; Event runs the function too, and tells nothing of it.
        https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html"""
        params = call.params
        function = self._find(params, call.region)
        kind = params.get("InvocationType") or "RequestResponse"
        if kind == "DryRun":
            return {"StatusCode": 204}
        event = _event(params.get("Payload"))
        outcome, request_id = self._run(function, event, call.region)
        if kind == "Event":
            return {"StatusCode": 202, "Payload": b""}
        answer: dict[str, Any] = {
            "StatusCode": 200,
            "ExecutedVersion": str(function.version),
            "Payload": outcome.payload,
        }
        if outcome.failed:
            answer["FunctionError"] = "Unhandled"
        if params.get("LogType") == "Tail":
            log = f"START RequestId: {request_id}\n{outcome.log}END RequestId: {request_id}\n"
            answer["LogResult"] = base64.b64encode(log.encode()[-LOG_RESULT_BYTES:]).decode()
        return answer

    def close(self) -> None:
        with self._lock:
            self._closed = True
            idle = [process for processes in self._warm.values() for process in processes]
            self._warm.clear()
        for process in idle:
            process.kill()

    def _find(self, params: Mapping[str, Any], region: str) -> Any:
        from moto.core.exceptions import ServiceException
        from werkzeug.exceptions import HTTPException

        with self._backends.inside():
            functions = self._backends.backend("lambda", region)
            try:
                function = functions.get_function(params["FunctionName"], params.get("Qualifier"))
            except HTTPException as error:
                code = getattr(error, "error_type", "ResourceNotFoundException")
                message = getattr(error, "message", str(error))
                raise Refusal(code, message, error.code or 404) from error
            except ServiceException as error:
                raise Refusal(error.code, error.message, 404) from error
        if not str(function.run_time or "").startswith("python") or not function.code_bytes:
            raise Refusal(
                "InvalidRuntimeException",
                f"The sandbox runs functions in Python from a zip file; this one is "
                f"{function.run_time or function.package_type}.",
                502,
            )
        return function

    def _run(self, function: Any, event: bytes, region: str) -> tuple[Outcome, str]:
        request_id = str(uuid.uuid4())
        environment = _environment(function, region) | {"AWS_ENDPOINT_URL": self._aws_url()}
        if (function.vpc_config or {}).get("SubnetIds"):
            environment["SMALL_STEPS_PRIVATE_URL"] = self._private_url()
        key = (function.function_arn, function.code_sha_256, tuple(sorted(environment.items())))
        process = self._take(key) or FunctionProcess(code=function.code_bytes, environment=environment)
        try:
            outcome = process.invoke(
                event, request_id=request_id, arn=function.function_arn, seconds=float(function.timeout)
            )
        finally:
            self._give_back(key, process)
        return outcome, request_id

    def _take(self, key: tuple[Any, ...]) -> FunctionProcess | None:
        """A warm process that nobody uses, if there is one."""
        with self._lock:
            idle = self._warm.get(key)
            return idle.pop() if idle else None

    def _give_back(self, key: tuple[Any, ...], process: FunctionProcess) -> None:
        """Keeps it warm, and ends the ones that have been idle longest beyond what is kept."""
        ended = []
        with self._lock:
            if process.alive and not self._closed:
                self._warm.setdefault(key, []).append(process)
                self._warm.move_to_end(key)
            else:
                ended.append(process)
            while sum(map(len, self._warm.values())) > WARM_PROCESSES:
                oldest = next(iter(self._warm))
                ended.append(self._warm[oldest].pop(0))
                if not self._warm[oldest]:
                    del self._warm[oldest]
        for each in ended:
            each.kill()


def _event(payload: Any) -> bytes:
    """The event's JSON. Raises Refusal where it is none, or too large."""
    import orjson

    body = payload.read() if hasattr(payload, "read") else payload
    raw = (body.encode() if isinstance(body, str) else bytes(body or b"")) or b"{}"
    if len(raw) > EVENT_BYTES:
        message = f"{len(raw)} byte payload is too large for the RequestResponse invocation type"
        raise Refusal("RequestTooLargeException", f"{message} (limit {EVENT_BYTES} bytes)", 413)
    try:
        orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        message = f"Could not parse request body into json: {error}"
        raise Refusal("InvalidRequestContentException", message, 400) from error
    return raw


def _environment(function: Any, region: str) -> dict[str, str]:
    """What a function's process gets. Its AWS credentials are dummies."""
    return {
        **{str(name): str(value) for name, value in function.environment_vars.items()},
        "_HANDLER": function.handler,
        "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
        "AWS_LAMBDA_FUNCTION_VERSION": str(function.version),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
        "AWS_LAMBDA_LOG_GROUP_NAME": function.logs_group_name,
        "AWS_LAMBDA_LOG_STREAM_NAME": "small-steps",
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.run_time}",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ACCESS_KEY_ID": "AKIASMALLSTEPS000000",
        "AWS_SECRET_ACCESS_KEY": "no-secret",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
