"""What the sandbox must know of a kind of resource to let it take its time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of resource.

    - `held(backend)` is moto's own dictionary of them, or a view of them by the name that calls use
    - `show(resource, status, since)` gives one a status, which began at a virtual time (seconds since 1970)
    - `status(resource)` tells it
    - `disregarded(backend, resource)` are, with the dictionary that holds them, other resources that moto
      counts and AWS doesn't when this one is deleted
    - `tell(resource, body)` writes a call's response anew where its status is more than one text
    - `name(identifier)` is the key in `held` for what a call or an answer names
    - `begins(resource, params)` says whether the call begins anything: a service that is told to run as many
      tasks as it runs is steady
    - `lasts(status)` says whether a resource of that status still exists: a build that has ended doesn't
    - `forgettable`: whether one can be taken out of `held`
    """

    service: str
    held: Callable[[Any], MutableMapping[str, Any]]
    show: Callable[[Any, str, float], None]
    status: Callable[[Any], str]
    disregarded: Callable[[Any, Any], tuple[MutableMapping[str, Any], list[str]]] = lambda *_: ({}, [])
    tell: Callable[[Any, bytes], bytes] = lambda _, body: body
    name: Callable[[str], str] = str
    begins: Callable[[Any, Mapping[str, Any]], bool] = lambda *_: True
    lasts: Callable[[str], bool] = lambda _: True
    forgettable: bool = True


def moment(since: float) -> dt.datetime:
    """The virtual time as moto keeps it: UTC, without saying so."""
    return dt.datetime.fromtimestamp(since, dt.UTC).replace(tzinfo=None)
