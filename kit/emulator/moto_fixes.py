"""What is changed in moto's own machinery, once a process, so that emulators can live in it.

- moto keeps every object that it ever made in a list (for its dashboard), and S3's `reset` closes the files
  of all of them. Objects made inside an emulator are not listed: nothing grows, nobody else closes them.
- moto warns when an S3 object's file is closed late. An emulator's are closed with it, or when replaced.
- moto asks `Session()` for Regions, which fails where the user's AWS_PROFILE doesn't exist.
- moto's SQS waits in real time for a message, by a clock that stands still here. It answers at once.
- moto's rules send events to a few kinds of targets, and break on others. In an emulator they fill archives
  only; `schedules` does the rest.
- moto knows no documents of type ChangeCalendar in iCalendar.
- moto looks through all methods of a service's class at every call; the answer is kept. It draws request
  ids of 52 letters; they are UUIDs here, as most services have them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from kit.emulator import virtual_time


@cache
def install(session: Callable[[], Any]) -> None:
    """Makes the changes; does nothing the second time. `session` gives a boto3 session."""
    from moto.core import base_backend, common_models, responses

    models: Any = common_models.BaseModel
    models.__new__ = _untracked(models.__new__)
    registries: Any = base_backend.AccountSpecificBackend
    registries.get_session = classmethod(lambda _cls: session())
    core: Any = responses
    core.gen_amzn_requestid_long = _told_request_id
    core.method_names_from_class = cache(core.method_names_from_class)


def _told_request_id(headers: dict[str, Any] | None = None) -> str:
    """A UUID, as most services have it, in place of 52 letters drawn one by one."""
    from moto.moto_api._internal import mock_random

    request_id = str(mock_random.uuid4())
    if headers is not None:
        headers["x-amzn-requestid"] = request_id
    return request_id


def _untracked(tracked: Any) -> Any:
    def new(cls: Any, *args: Any, **kwargs: Any) -> Any:
        return object.__new__(cls) if virtual_time.is_shown() else tracked(cls, *args, **kwargs)

    return new


@cache
def install_for(service: str) -> None:
    """Makes the changes to one service (moto's name), when it is loaded."""
    if service == "s3":
        from moto.s3.models import FakeKey

        keys: Any = FakeKey
        keys.__del__ = lambda key: key.dispose()
    elif service == "events":
        from moto.events.models import Rule

        rules: Any = Rule
        rules.send_to_targets = _to_archives_only(rules.send_to_targets)
    elif service == "ssm":
        from moto.ssm import models as ssm

        documents: Any = ssm.Document
        documents.__init__ = _taking_calendars(documents.__init__)
        formats: Any = ssm
        formats._validate_document_format = _taking_text(formats._validate_document_format)
    elif service == "sqs":
        from moto.sqs.models import SQSBackend

        queues: Any = SQSBackend
        queues.receive_message = _answering_at_once(queues.receive_message)


def _answering_at_once(receive: Any) -> Any:
    @wraps(receive)
    def receive_message(
        self: Any, queue_name: str, count: int, wait_seconds: int, *args: Any, **kwargs: Any
    ) -> Any:
        wait_seconds = 0 if virtual_time.is_shown() else wait_seconds
        return receive(self, queue_name, count, wait_seconds, *args, **kwargs)

    return receive_message


def _to_archives_only(send: Any) -> Any:
    @wraps(send)
    def send_to_targets(self: Any, *args: Any, **kwargs: Any) -> Any:
        if not virtual_time.is_shown():
            return send(self, *args, **kwargs)
        targets, self.targets = self.targets, [each for each in self.targets if _is_archive(each["Arn"])]
        try:
            return send(self, *args, **kwargs) if self.targets else None
        finally:
            self.targets = targets

    return send_to_targets


def _is_archive(arn: str) -> bool:
    return arn.split(":", 5)[2:3] == ["events"] and "/" not in arn


def _taking_calendars(init: Any) -> Any:
    @wraps(init)
    def init_document(self: Any, **kwargs: Any) -> None:
        if kwargs.get("document_type") != "ChangeCalendar" or kwargs.get("document_format") != "TEXT":
            init(self, **kwargs)
            return
        init(self, **{**kwargs, "content": {"schemaVersion": "1.0"}})
        self.content = kwargs["content"]

    return init_document


def _taking_text(check: Any) -> Any:
    @wraps(check)
    def check_format(document_format: str) -> None:
        if document_format != "TEXT":
            check(document_format)

    return check_format
