"""What is changed in moto's own machinery, once a process, so that emulators can live in it.

- moto keeps every object that it ever made in a list (for its dashboard), and S3's `reset` closes the files
  of all of them. Objects made inside an emulator are not listed: nothing grows, nobody else closes them.
- moto warns when an S3 object's file is closed late. An emulator's are closed with it, or when replaced.
- moto asks `Session()` for Regions, which fails where the user's AWS_PROFILE doesn't exist.
- moto looks through all methods of a service's class at every call; the answer is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
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
    methods: Any = responses
    methods.method_names_from_class = cache(methods.method_names_from_class)


def _untracked(tracked: Any) -> Any:
    def new(cls: Any, *args: Any, **kwargs: Any) -> Any:
        return object.__new__(cls) if virtual_time.is_shown() else tracked(cls, *args, **kwargs)

    return new


def close_quietly(key_class: Any) -> None:
    """An S3 object that is replaced closes its file without a warning."""
    if "small_steps" not in vars(key_class):
        key_class.small_steps = True
        key_class.__del__ = lambda key: key.dispose()
