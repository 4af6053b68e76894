"""What services tell EventBridge by themselves: a database that AWS has started again.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from kit.emulator.provisioning import Notice

Tell = Callable[[str, str, dict[str, Any], list[str], str], object]
"""Of a source, detail type, detail, resources and Region makes an event that rules hear."""

_STARTED: Final = "is being started due to it exceeding the maximum allowed time being stopped."
_KINDS: Final = {
    "rds cluster": ("RDS DB Cluster Event", "CLUSTER", "cluster", f"DB cluster {_STARTED}"),
    "rds instance": ("RDS DB Instance Event", "DB_INSTANCE", "db", f"DB instance {_STARTED}"),
}


def as_event(notice: Notice, account: str, tell: Tell) -> None:
    """Tells of it as RDS does."""
    detail_type, source_type, of_arn, message = _KINDS[notice.kind]
    arn = f"arn:aws:rds:{notice.region}:{account}:{of_arn}:{notice.identifier}"
    date = dt.datetime.fromtimestamp(notice.at, dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    detail = {
        "EventCategories": ["notification"],
        "SourceType": source_type,
        "SourceArn": arn,
        "Date": date,
        "Message": message,
        "SourceIdentifier": notice.identifier,
        "EventID": notice.event,
    }
    tell("aws.rds", detail_type, detail, [arn], notice.region)
