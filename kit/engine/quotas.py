"""AWS's limits that show in an execution, as
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html gives them."""

from __future__ import annotations

from typing import Final

MAX_EVENTS: Final = 25_000
"""Events of a Standard execution; the last may only be the one that ends it."""

MAX_PAYLOAD_BYTES: Final = 262_144
"""UTF-8 bytes of an input, an output or a task's result."""

MAX_DEFINITION_BYTES: Final = 1_048_576
MAX_VARIABLE_BYTES: Final = 262_144
MAX_VARIABLES_BYTES: Final = 10_485_760
MAX_ERROR_LENGTH: Final = 256
MAX_CAUSE_LENGTH: Final = 32_768
MAX_INLINE_CONCURRENCY: Final = 40
MAX_DISTRIBUTED_CONCURRENCY: Final = 10_000
MAX_STANDARD_SECONDS: Final = 31_536_000
MAX_EXPRESS_SECONDS: Final = 300
MAX_REDRIVABLE_SECONDS: Final = 1_209_600
EVENTS_CAUSE: Final = f"The execution reached the maximum number of history events ({MAX_EVENTS})."


def too_large(what: str) -> str:
    """AWS's words for a result above the limit; `what` is `lambda`, an ARN, or a state's name."""
    return (
        f"The state/task '{what}' returned a result with a size exceeding the maximum number of bytes "
        "service limit."
    )
