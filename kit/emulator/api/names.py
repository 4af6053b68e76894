"""Names and ARNs of Step Functions, and what is none.

https://docs.aws.amazon.com/step-functions/latest/dg/limits-overview.html
"""

from __future__ import annotations

import re
from typing import Final

from kit.emulator.api.errors import ApiError, invalid_arn

MAX_NAME_LENGTH: Final = 80
FORBIDDEN: Final = re.compile(r"[\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]")
ARN: Final = re.compile(r"arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:([A-Za-z]+):(.+)")
KINDS: Final = {
    "stateMachine": 1,
    "activity": 1,
    "execution": 2,
    "express": 3,
    "mapRun": 2,
}
"""How many names follow the kind, at least."""


def check_name(name: str) -> str:
    """The name. Raises ApiError InvalidName."""
    if not 1 <= len(name) <= MAX_NAME_LENGTH or FORBIDDEN.search(name):
        raise ApiError("InvalidName", f"Invalid Name: '{name}'")
    return name


def parse_arn(arn: str, *kinds: str) -> tuple[str, list[str]]:
    """(kind, names) of an ARN. Raises ApiError InvalidArn for one that is none, or of another kind."""
    found = ARN.fullmatch(arn)
    if found is None:
        raise invalid_arn(arn)
    kind, rest = found[1], found[2].split(":")
    if (kinds and kind not in kinds) or len(rest) < KINDS.get(kind, 1):
        raise ApiError("InvalidArn", f"Invalid Arn: 'Resource type not valid in this context: {kind}'")
    return kind, rest
