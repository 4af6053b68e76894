"""The Resource of a Task state, taken apart.

https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

Pattern = Literal["", "waitForTaskToken", "sync", "sync:2"]

_INTEGRATION = re.compile(
    r"arn:[a-z-]+:states:::(?P<sdk>aws-sdk:)?(?P<service>[a-z0-9-]+):(?P<action>\w+)"
    r"(?:\.(?P<pattern>waitForTaskToken|sync(?::2)?))?"
)
_FUNCTION = re.compile(r"arn:[a-z-]+:lambda:[a-z0-9-]*:\d*:function:.+")


@dataclass(frozen=True, slots=True)
class Resource:
    """`service` and `action` as the ARN names them. Of a plain Lambda function's ARN the service is
    `lambda`, the action `invoke` and `function` the ARN."""

    service: str
    action: str
    pattern: Pattern = ""
    sdk: bool = False
    function: str | None = None

    @property
    def type(self) -> str:
        """What events show as `resourceType`: `aws-sdk:rds`, `sqs`."""
        return f"aws-sdk:{self.service}" if self.sdk else self.service

    @property
    def name(self) -> str:
        """What events show as `resource`: `stopDBCluster`, `sendMessage.waitForTaskToken`."""
        return f"{self.action}.{self.pattern}" if self.pattern else self.action


@cache
def parse(resource: str) -> Resource | None:
    """None of what is no integration's ARN and no function's."""
    if _FUNCTION.fullmatch(resource):
        return Resource("lambda", "invoke", function=resource)
    found = _INTEGRATION.fullmatch(resource)
    if found is None:
        return None
    return Resource(
        found["service"],
        found["action"],
        found["pattern"] or "",  # type: ignore[arg-type]
        sdk=bool(found["sdk"]),
    )
