"""Virtual time inside moto: what it takes for the present is what the sandbox's clock shows.

moto asks `moto.core.utils.utcnow` in most places and `datetime` or `time` in the rest. The former gets a
new body, once; in the latter's modules the names are replaced as the modules are loaded. Outside a call
of ours, and in other threads, all of them tell wall time, so that other users of moto notice nothing.
"""

from __future__ import annotations

import datetime as dt
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_present = threading.local()
_seen_modules: set[str] = set()
visitors: list[Callable[[types.ModuleType], None]] = []
"""What else is done to each module of moto once it is loaded."""
_modules_at_last_look = 0


def seconds() -> float:
    """The present for moto in this thread, in seconds since 1970."""
    now: Callable[[], float] | None = getattr(_present, "now", None)
    return now() if now is not None else time.time()


def is_shown() -> bool:
    """Whether this thread is inside a call of an emulator's."""
    return getattr(_present, "now", None) is not None


def _utcnow() -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds(), dt.UTC).replace(tzinfo=None)


class _AnyDatetime(type):
    """Makes isinstance(x, VirtualDatetime) true of every datetime, since moto compares with both."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, dt.datetime)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, dt.datetime)


class VirtualDatetime(dt.datetime, metaclass=_AnyDatetime):
    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        return dt.datetime(*args, **kwargs)

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Any:
        return dt.datetime.fromtimestamp(seconds(), tz)

    @classmethod
    def today(cls) -> Any:
        return dt.datetime.fromtimestamp(seconds())

    @classmethod
    def utcnow(cls) -> Any:
        return _utcnow()


class _AnyDate(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, dt.date)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, dt.date)


class VirtualDate(dt.date, metaclass=_AnyDate):
    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        return dt.date(*args, **kwargs)

    @classmethod
    def today(cls) -> Any:
        return dt.datetime.fromtimestamp(seconds()).date()


def _shadow(module: types.ModuleType, **replaced: Any) -> types.ModuleType:
    """A module that looks like the given one, but for the names replaced."""
    shadow = types.ModuleType(module.__name__, module.__doc__)
    shadow.__dict__.update({**vars(module), **replaced})
    return shadow


_REPLACED: dict[int, Any] = {
    id(dt.datetime): VirtualDatetime,
    id(dt.date): VirtualDate,
    id(dt): _shadow(dt, datetime=VirtualDatetime, date=VirtualDate),
    id(time): _shadow(time, time=seconds, time_ns=lambda: int(seconds() * 1e9)),
}


@contextmanager
def shown(now: Callable[[], float]) -> Iterator[None]:
    """While it is open, moto in this thread takes `now()`, seconds since 1970, for the present."""
    install()
    before = getattr(_present, "now", None)
    _present.now = now
    try:
        yield
    finally:
        _present.now = before


def install() -> None:
    """Reaches all modules of moto that are loaded by now. Costs nothing when none was added."""
    global _modules_at_last_look
    if len(sys.modules) == _modules_at_last_look:
        return
    for name, module in list(sys.modules.items()):
        if name in _seen_modules or not name.startswith("moto."):
            continue
        _seen_modules.add(name)
        if name == "moto.core.utils":
            _give_new_body(module)
        for each, value in list(vars(module).items()):
            if id(value) in _REPLACED:
                setattr(module, each, _REPLACED[id(value)])
        for visit in visitors:
            visit(module)
    _modules_at_last_look = len(sys.modules)


def _give_new_body(utils: Any) -> None:
    """More than 500 places hold `utcnow` itself, so the function stays and its code changes."""
    utils._small_steps_utcnow = _utcnow
    namespace: dict[str, Any] = {}
    exec("def utcnow():\n    return _small_steps_utcnow()\n", namespace)
    utils.utcnow.__code__ = namespace["utcnow"].__code__
