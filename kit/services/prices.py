"""What AWS asks for, as a dated table: on demand, in us-east-1, without free tiers and discounts.

Look at AWS's own page before you decide by it: `sure` says how far each figure goes. `third party` was read
on somebody else's page, `from memory` nobody has looked up for this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

AS_OF: Final = "2026-11"
REGION: Final = "us-east-1"

Sureness = Literal["documented", "third party", "from memory"]

_PAGE: Final = "https://aws.amazon.com/{}/pricing/"


@dataclass(frozen=True, slots=True)
class Price:
    """`usd` for one `unit`. `key` is what a bill's overrides name it by."""

    key: str
    usd: float
    unit: str
    source: str
    sure: Sureness = "from memory"


def _hours(page: str, prefix: str, classes: dict[str, float]) -> list[Price]:
    return [Price(f"{prefix}:{name}", usd, "hour", _PAGE.format(page)) for name, usd in classes.items()]


_AURORA: Final = {
    "db.t3.medium": 0.082, "db.t4g.medium": 0.073, "db.t4g.large": 0.146, "db.r5.large": 0.29,
    "db.r6g.large": 0.26, "db.r6g.xlarge": 0.519, "db.r6g.2xlarge": 1.038, "db.r7g.large": 0.276,
}  # fmt: skip
_MYSQL: Final = {
    "db.t3.micro": 0.017, "db.t3.small": 0.034, "db.t3.medium": 0.068, "db.t4g.micro": 0.016,
    "db.t4g.medium": 0.065, "db.m6g.large": 0.152, "db.r6g.large": 0.215,
}  # fmt: skip
_CACHE: Final = {
    "cache.t3.micro": 0.017, "cache.t4g.micro": 0.016, "cache.t4g.small": 0.032, "cache.t4g.medium": 0.065,
    "cache.m6g.large": 0.149, "cache.r6g.large": 0.206, "cache.r7g.large": 0.219,
}  # fmt: skip
_SEARCH: Final = {
    "t3.small.search": 0.036, "t3.medium.search": 0.073, "m6g.large.search": 0.128, "r6g.large.search": 0.167,
}  # fmt: skip
_EC2: Final = {
    "t3.micro": 0.0104, "t3.small": 0.0208, "t3.medium": 0.0416, "t4g.micro": 0.0084, "t4g.small": 0.0168,
    "m5.large": 0.096, "m6g.large": 0.077,
}  # fmt: skip

_STEP_FUNCTIONS: Final = "https://www.wring.co/blog/aws-step-functions-pricing-guide (2026-03-14)"
_FARGATE: Final = "https://www.wring.co/blog/aws-fargate-pricing-guide (2026-03-10)"

PRICES: Final[dict[str, Price]] = {
    price.key: price
    for price in [
        Price("states:transition", 0.000025, "state transition", _STEP_FUNCTIONS, "third party"),
        Price("states:express-request", 0.000001, "request", _STEP_FUNCTIONS, "third party"),
        Price("states:express-gb-second", 0.00001667, "GB-second", _STEP_FUNCTIONS, "third party"),
        Price("fargate:vcpu", 0.04048, "vCPU-hour", _FARGATE, "third party"),
        Price("fargate:gb", 0.004445, "GB-hour", _FARGATE, "third party"),
        *_hours("rds/aurora", "rds:aurora", _AURORA),
        *_hours("rds/mysql", "rds:mysql", _MYSQL),
        *_hours("elasticache", "elasticache", _CACHE),
        *_hours("opensearch-service", "opensearch", _SEARCH),
        *_hours("ec2", "ec2", _EC2),
        Price("lambda:request", 0.0000002, "request", _PAGE.format("lambda")),
        Price("sqs:request", 0.0000004, "request", _PAGE.format("sqs")),
        Price("sns:publish", 0.0000005, "publish", _PAGE.format("sns")),
        Price("events:event", 0.000001, "event", _PAGE.format("eventbridge")),
        Price("scheduler:invocation", 0.000001, "invocation", _PAGE.format("eventbridge")),
        Price("secretsmanager:request", 0.000005, "request", _PAGE.format("secrets-manager")),
        Price("s3:write", 0.000005, "request", _PAGE.format("s3")),
        Price("s3:read", 0.0000004, "request", _PAGE.format("s3")),
    ]
}
