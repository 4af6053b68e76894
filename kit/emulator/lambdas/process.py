"""One warm process of one function: starts it, hands it events, limits what it may take.

The handler is the learner's own code and runs with the learner's rights on this machine: this is a
separation from mistakes, not from malice. It doesn't get the environment, and so none of the user's AWS
credentials.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final

import orjson

LOG_BYTES: Final = 256 * 1024
"""How much of a function's log is kept, the latest part."""

ANSWER_BYTES: Final = 6 * 1024 * 1024
"""Lambda's limit of a synchronous answer."""

_BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one invocation gave: the body of the answer, whether the function failed, and its log."""

    payload: bytes
    failed: bool
    log: str


class FunctionProcess:
    """Not to be used by two threads at once."""

    def __init__(self, *, code: bytes, environment: Mapping[str, str]) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="small-steps-function-")
        with zipfile.ZipFile(BytesIO(code)) as archive:
            archive.extractall(self._directory.name)
        self._log = bytearray()
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._process = subprocess.Popen(
            [sys.executable, "-E", "-s", "-P", "-u", str(_BOOTSTRAP)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self._directory.name,
            env={
                **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
                "LAMBDA_TASK_ROOT": self._directory.name,
                "HOME": self._directory.name,
                "PYTHONDONTWRITEBYTECODE": "1",
                **environment,
            },
            start_new_session=True,
        )
        for read, pipe in (
            (self._read_answers, self._process.stdout),
            (self._read_log, self._process.stderr),
        ):
            threading.Thread(target=read, args=(pipe,), daemon=True, name="small-steps-function").start()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def invoke(self, event: bytes, *, request_id: str, arn: str, seconds: float) -> Outcome:
        """Hands an event (JSON) to the handler and waits up to `seconds` of real time for its answer.
        A function that takes longer, or ends, is killed; the next call then needs a new process."""
        self._log.clear()
        call = b'{"request_id":%b,"arn":%b,"seconds":%b,"event":%b}\n' % (
            orjson.dumps(request_id),
            orjson.dumps(arn),
            orjson.dumps(seconds),
            event.replace(b"\n", b" "),
        )
        try:
            assert self._process.stdin is not None
            self._process.stdin.write(call)
            self._process.stdin.flush()
        except OSError:
            return self._ended(request_id)
        try:
            line = self._answers.get(timeout=seconds)
        except queue.Empty:
            self.kill()
            message = f"RequestId: {request_id} Error: Task timed out after {seconds:.2f} seconds"
            return self._failed("Sandbox.Timedout", message)
        if not line:
            return self._ended(request_id)
        answer = orjson.loads(line) if len(line) <= 2 * ANSWER_BYTES else None
        payload = answer["payload"].encode() if answer else line
        if len(payload) > ANSWER_BYTES:
            size = len(payload)
            message = f"Response payload size exceeded maximum allowed payload size ({ANSWER_BYTES} bytes)."
            return self._failed("Function.ResponseSizeTooLarge", f"{message} It was {size} bytes.")
        return Outcome(payload, bool(answer and answer["failed"]), self._text())

    def kill(self) -> None:
        """Ends the process, what it has started, and removes its files."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        self._directory.cleanup()

    def _ended(self, request_id: str) -> Outcome:
        status = self._process.wait()
        self.kill()
        how = f"exit status {status}" if status >= 0 else f"signal: {signal.Signals(-status).name}"
        message = f"RequestId: {request_id} Error: Runtime exited with error: {how}"
        return self._failed("Runtime.ExitError", message)

    def _failed(self, error_type: str, message: str) -> Outcome:
        told: dict[str, Any] = {"errorType": error_type, "errorMessage": message}
        return Outcome(orjson.dumps(told), True, self._text())

    def _text(self) -> str:
        return bytes(self._log).decode("utf-8", "replace")

    def _read_answers(self, pipe: IO[bytes]) -> None:
        """An answer beyond all limits is cut where it is read, so that it can't fill the memory."""
        with pipe:
            while True:
                line = pipe.readline(4 * ANSWER_BYTES)
                self._answers.put(line)
                if not line:
                    return
                while line and not line.endswith(b"\n"):
                    line = pipe.readline(1024 * 1024)

    def _read_log(self, pipe: IO[bytes]) -> None:
        with pipe:
            while chunk := pipe.read1(65_536):  # type: ignore[attr-defined]
                self._log += chunk
                del self._log[:-LOG_BYTES]
