"""What runs inside a function's process: reads an event a line, calls the handler, writes an answer a line.

Started as a script, with nothing of this project on its path. What the handler prints goes to stderr, and
so into the function's log; stdout's place is kept for answers.
"""

import importlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from typing import Any


class LambdaContext:
    """The `context` of a handler. https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    def __init__(self, call: dict[str, Any]) -> None:
        self.aws_request_id = call["request_id"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.invoked_function_arn = call["arn"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.client_context = self.identity = None
        self._deadline = time.monotonic() + call["seconds"]

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._deadline - time.monotonic()) * 1000))


def failure(error_type: str, message: str, request_id: str, trace: Sequence[str] = ()) -> dict[str, Any]:
    told = {
        "errorMessage": message,
        "errorType": error_type,
        "requestId": request_id,
        "stackTrace": list(trace),
    }
    return {"failed": True, "payload": json.dumps(told, ensure_ascii=False, separators=(",", ":"))}


def load(request_id: str) -> tuple[Callable[..., Any] | None, dict[str, Any]]:
    """The handler, or the failure to load it, in the words of AWS's own runtime."""
    module_name, _, name = os.environ["_HANDLER"].rpartition(".")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        return None, failure(
            "Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}", request_id
        )
    except SyntaxError as error:
        message = f"Syntax error in module '{module_name}': {error}"
        return None, failure("Runtime.UserCodeSyntaxError", message, request_id)
    except Exception as error:  # noqa: BLE001 - the function's own, which the caller is told
        return None, failure(type(error).__name__, str(error), request_id, stack(error))
    if not hasattr(module, name):
        message = f"Handler '{name}' missing on module '{module_name}'"
        return None, failure("Runtime.HandlerNotFound", message, request_id)
    return getattr(module, name), {}


def stack(error: Exception) -> list[str]:
    """The frames of the function's own code, as AWS lists them."""
    task_root = os.environ["LAMBDA_TASK_ROOT"]
    frames = [each for each in traceback.extract_tb(error.__traceback__) if each.filename != __file__]
    return [line.replace(task_root, "/var/task") for line in traceback.format_list(frames)]


def answer(handler: Callable[..., Any], call: dict[str, Any]) -> dict[str, Any]:
    try:
        result = handler(call["event"], LambdaContext(call))
    except Exception as error:  # noqa: BLE001 - the function's own, which the caller is told
        return failure(type(error).__name__, str(error), call["request_id"], stack(error))
    if isinstance(result, bytes):
        return {"failed": False, "payload": result.decode("utf-8", "replace")}
    try:
        return {"failed": False, "payload": json.dumps(result, ensure_ascii=False)}
    except (TypeError, ValueError) as error:
        message = f"Unable to marshal response: {error}"
        return failure("Runtime.MarshalError", message, call["request_id"])


def main() -> None:
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    handler: Callable[..., Any] | None = None
    broken: dict[str, Any] = {}
    for line in os.fdopen(os.dup(0), encoding="utf-8"):
        call = json.loads(line)
        if handler is None:
            handler, broken = load(call["request_id"])
        told = broken if handler is None else answer(handler, call)
        sys.stdout.flush()
        sys.stderr.flush()
        channel.write(json.dumps(told) + "\n")
        channel.flush()


if __name__ == "__main__":
    main()
