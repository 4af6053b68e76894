"""What is known of a request for the conditions of policies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kit.emulator.backends import Backends
from kit.emulator.permissions.documents import RolePolicies

_TAG_KEYS: Final = ("Tags", "tags", "TagList", "TagSpecifications", "Tagging")
_RESOURCE_TAGS: Final = (
    "aws:resourcetag/", "ec2:resourcetag/", "secretsmanager:resourcetag/", "ssm:resourcetag/",
    "rds:cluster-tag/", "rds:db-tag/", "rds:cluster-snapshot-tag/",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """Implements `Facts`: the principal, the time, the Region, tags of the request and of the resource, and
    `extra` keys that the caller knows."""

    backends: Backends
    role: RolePolicies
    role_arn: str
    account: str
    region: str
    resource: str
    params: Mapping[str, Any]
    now: Callable[[], dt.datetime]
    extra: Mapping[str, str] = field(default_factory=dict)

    def knows(self, key: str) -> bool:
        lowered = key.lower()
        return (
            lowered in self._plain()
            or lowered in {each.lower() for each in self.extra}
            or lowered == "aws:tagkeys"
            or lowered.startswith(("aws:requesttag/", "aws:principaltag/", *_RESOURCE_TAGS))
        )

    def values(self, key: str) -> tuple[str, ...]:
        lowered, tag = key.lower(), key.partition("/")[2]
        if lowered == "aws:tagkeys":
            return tuple(self._request_tags())
        if lowered.startswith("aws:requesttag/"):
            return _one(self._request_tags().get(tag))
        if lowered.startswith("aws:principaltag/"):
            return _one(self.role.tags.get(tag))
        if lowered.startswith(_RESOURCE_TAGS):
            return _one(self._resource_tags().get(tag))
        known = {each.lower(): value for each, value in self.extra.items()}
        return _one(known.get(lowered, self._plain().get(lowered)))

    def _plain(self) -> dict[str, str]:
        now = self.now()
        return {
            "aws:principalarn": self.role_arn,
            "aws:principalaccount": self.account,
            "aws:principaltype": "AssumedRole",
            "aws:resourceaccount": self.account,
            "aws:requestedregion": self.region,
            "aws:currenttime": now.isoformat(),
            "aws:epochtime": str(int(now.timestamp())),
            "aws:securetransport": "true",
            "aws:viaawsservice": "false",
        }

    def _request_tags(self) -> dict[str, str]:
        for name in _TAG_KEYS:
            given = self.params.get(name)
            if name == "TagSpecifications" and isinstance(given, list):
                return {k: v for each in given for k, v in _tags(each.get("Tags")).items()}
            if given:
                return _tags(given)
        return {}

    def _resource_tags(self) -> dict[str, str]:
        with self.backends.inside():
            tagged = self.backends.backend("resourcegroupstaggingapi", self.region)
            for each in tagged._get_resources_generator():
                if _attribute(each, "arn", "ResourceARN") == self.resource:
                    return _tags(_attribute(each, "tags", "Tags"))
        return {}


def _attribute(resource: Any, name: str, key: str) -> Any:
    return resource.get(key) if isinstance(resource, Mapping) else getattr(resource, name, None)


def _tags(given: Any) -> dict[str, str]:
    if isinstance(given, Mapping):
        return {str(key): str(value) for key, value in given.items()}
    found = {}
    for each in given if isinstance(given, list) else ():
        if isinstance(each, Mapping):
            named = {str(name).lower(): value for name, value in each.items()}
            found[str(named.get("key"))] = str(named.get("value", ""))
    return found


def _one(value: str | None) -> tuple[str, ...]:
    return () if value is None else (value,)
