"""A function's own process: what it answers, what it is refused, what it can't do to us."""

import io
import json
import os
import time
import zipfile
from collections.abc import Callable, Iterator

import pytest

from kit.emulator.lambdas.process import ANSWER_BYTES, LOG_BYTES, FunctionProcess, Outcome

Made = Callable[[str], FunctionProcess]


def zipped(source: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("index.py", source)
    return buffer.getvalue()


@pytest.fixture
def function() -> Iterator[Made]:
    made: list[FunctionProcess] = []

    def make(source: str) -> FunctionProcess:
        environment = {
            "_HANDLER": "index.handler",
            "AWS_LAMBDA_FUNCTION_NAME": "mask",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/mask",
            "AWS_LAMBDA_LOG_STREAM_NAME": "one",
        }
        process = FunctionProcess(code=zipped(source), environment=environment)
        made.append(process)
        return process

    yield make
    for process in made:
        process.kill()


def call(process: FunctionProcess, event: object = None, seconds: float = 10) -> Outcome:
    return process.invoke(json.dumps(event).encode(), request_id="r1", arn="arn:f", seconds=seconds)


def test_a_handler_answers_and_stays_warm(function: Made) -> None:
    process = function(
        "calls = []\ndef handler(event, context):\n    calls.append(1)\n    return [event, len(calls)]"
    )
    assert json.loads(call(process, {"a": "ü"}).payload) == [{"a": "ü"}, 1]
    assert json.loads(call(process, "two").payload) == ["two", 2]


def test_an_exception_is_told_as_lambda_tells_it(function: Made) -> None:
    source = "class Late(Exception):\n    pass\ndef handler(event, context):\n    raise Late('no')"
    outcome = call(function(source))
    told = json.loads(outcome.payload)
    assert outcome.failed
    assert list(told) == ["errorMessage", "errorType", "requestId", "stackTrace"]
    assert (told["errorMessage"], told["errorType"], told["requestId"]) == ("no", "Late", "r1")
    assert told["stackTrace"] == ["  File \"/var/task/index.py\", line 4, in handler\n    raise Late('no')\n"]


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("import nothing_of_this_name", "Runtime.ImportModuleError"),
        ("def handler(:", "Runtime.UserCodeSyntaxError"),
        ("def another(event, context): pass", "Runtime.HandlerNotFound"),
        ("def handler(event, context): return object()", "Runtime.MarshalError"),
        ("import os\ndef handler(event, context): os._exit(3)", "Runtime.ExitError"),
    ],
)
def test_what_goes_wrong_around_the_handler_has_the_runtimes_own_name(
    function: Made, source: str, error: str
) -> None:
    outcome = call(function(source))
    assert outcome.failed
    assert json.loads(outcome.payload)["errorType"] == error


def test_a_handler_that_hangs_is_ended_at_its_time_limit(function: Made) -> None:
    process = function("def handler(event, context):\n    while True: pass")
    begin = time.monotonic()
    outcome = call(process, seconds=0.4)
    assert json.loads(outcome.payload)["errorType"] == "Sandbox.Timedout"
    assert "timed out after 0.40 seconds" in json.loads(outcome.payload)["errorMessage"]
    assert time.monotonic() - begin < 3
    assert not process.alive


def test_a_flood_on_stdout_is_drained_and_only_its_end_kept(function: Made) -> None:
    source = "def handler(event, context):\n    for _ in range(200): print('x' * 100_000)\n    return 1"
    outcome = call(function(source))
    assert outcome.payload == b"1"
    assert len(outcome.log) <= LOG_BYTES


def test_an_answer_beyond_the_limit_is_an_error(function: Made) -> None:
    source = f"def handler(event, context): return 'x' * {ANSWER_BYTES + 10}"
    outcome = call(function(source))
    assert json.loads(outcome.payload)["errorType"] == "Function.ResponseSizeTooLarge"


def test_the_users_credentials_stay_outside(function: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "mine")
    monkeypatch.setenv("AWS_PROFILE", "production")
    source = "import os\ndef handler(event, context): return dict(os.environ)"
    environment = json.loads(call(function(source)).payload)
    assert "mine" not in environment.values()
    assert "AWS_PROFILE" not in environment
    assert environment["HOME"] != os.environ.get("HOME")


def test_bytes_are_passed_on_as_they_are(function: Made) -> None:
    outcome = call(function("def handler(event, context): return b'\"raw\"'"))
    assert outcome.payload == b'"raw"'


def test_the_context_tells_of_the_invocation(function: Made) -> None:
    source = (
        "def handler(event, context):\n"
        "    left = context.get_remaining_time_in_millis()\n"
        "    return [context.function_name, context.aws_request_id, left > 0]"
    )
    assert json.loads(call(function(source)).payload) == ["mask", "r1", True]
