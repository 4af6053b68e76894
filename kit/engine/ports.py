"""What the engine needs of the world, as small Protocols.

The engine knows no AWS: a Task state hands its resource and arguments to an `Integrations`, which
answers with a result, an error, or the promise of a later answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

Json: TypeAlias = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCall:
    """One attempt of one Task state.

    `resource` is the definition's Resource, substitutions filled in; `arguments` the evaluated
    Parameters or Arguments; `token` the attempt's task token; `role_arn` the machine's role, and
    `credentials_role_arn` the one from Credentials, if any; `at` virtual seconds since 1970;
    `attempt` counts from 0; `input` is the state's input, as InputPath gives it.
    """

    resource: str
    arguments: Json
    execution_arn: str
    state_machine_arn: str
    state_name: str
    role_arn: str
    token: str
    at: float
    attempt: int = 0
    credentials_role_arn: str | None = None
    query_language: str = "JSONPath"
    input: Json = None


@dataclass(frozen=True, slots=True)
class Done:
    """The task's result, which arrives `seconds` of virtual time after the call."""

    result: Json
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Failed:
    """The task's error. `event` says which event tells of it: `TaskFailed` as a rule,
    `TaskStartFailed` or `TaskSubmitFailed` where nothing was started or submitted."""

    error: str
    cause: str | None = None
    seconds: float = 0.0
    event: str = "TaskFailed"


@dataclass(frozen=True, slots=True)
class Submitted:
    """The request was accepted (`result` is the answer, shown in TaskSubmitted) and the outcome comes
    later: by `Engine.tokens`, or, where `poll_seconds` is given, by asking
    `Integrations.poll` each time so many virtual seconds have passed. `by_person` says whether the token
    is somebody's outside: then time doesn't pass the task's limits by itself."""

    result: Json
    seconds: float = 0.0
    poll_seconds: float | None = None
    handle: Json = None
    by_person: bool = True


@dataclass(frozen=True, slots=True)
class Later:
    """The task's answer comes when something else has happened in the sandbox, without an event in between:
    a long poll, an Express machine that runs to its end. `subscribe(wake)` calls `wake()` when
    `answer()` is to be asked; that is done after `seconds` of virtual time in any case, if given."""

    subscribe: Callable[[Callable[[], object]], object]
    answer: Callable[[], Done | Failed]
    seconds: float | None = None


TaskAnswer: TypeAlias = Done | Failed | Submitted | Later


class Integrations(Protocol):
    """Answers the calls of Task states. Runs while virtual time stands still."""

    def describe(self, resource: str) -> tuple[str, str]:
        """The pair (`resourceType`, `resource`) that task events show, such as
        (`aws-sdk:rds`, `stopDBCluster`) or (`lambda`, `invoke`)."""

    def refusal(self, resource: str, arguments: Json) -> Failed | None:
        """The error of arguments that aren't even sent: found before the task is scheduled, and told
        as the state's own failure."""

    def call(self, call: TaskCall) -> TaskAnswer:
        """Makes one attempt."""

    def poll(self, call: TaskCall, handle: Json) -> TaskAnswer | None:
        """Asks how submitted work stands; None while it goes on."""

    def cancel(self, call: TaskCall, handle: Json) -> None:
        """Stops submitted work, as far as that can be done, when its state is stopped."""


class ObjectStore(Protocol):
    """Where a Distributed Map reads its items and writes its results: an S3 of some kind.

    Each method raises `ObjectStoreError` with AWS's error name and cause."""

    def get(self, bucket: str, key: str, version: str | None = None) -> bytes: ...
    def put(self, bucket: str, key: str, body: bytes, content_type: str) -> Mapping[str, Json]: ...
    def listing(self, bucket: str, prefix: str) -> list[Mapping[str, Json]]: ...


class ObjectStoreError(Exception):
    def __init__(self, error: str, cause: str) -> None:
        super().__init__(f"{error}: {cause}")
        self.error, self.cause = error, cause
