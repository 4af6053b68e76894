"""Tags of machines and activities.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_TagResource.html
"""

from __future__ import annotations

from typing import Any

from kit.emulator.api.errors import ApiError
from kit.emulator.api.names import parse_arn
from kit.emulator.api.operations import Operations


class Tags(Operations):
    def tag_resource(self, params: dict[str, Any]) -> dict[str, Any]:
        self.add_tags(self._resource(params), params["tags"])
        return {}

    def untag_resource(self, params: dict[str, Any]) -> dict[str, Any]:
        tags = self.store.tags.get(self._resource(params), {})
        for key in params["tagKeys"]:
            tags.pop(key, None)
        return {}

    def list_tags_for_resource(self, params: dict[str, Any]) -> dict[str, Any]:
        tags = self.store.tags.get(self._resource(params), {})
        return {"tags": [{"key": key, "value": value} for key, value in tags.items()]}

    def _resource(self, params: dict[str, Any]) -> str:
        arn: str = params["resourceArn"]
        parse_arn(arn, "stateMachine", "activity")
        if arn not in self.store.machines and arn not in self.store.activities:
            raise ApiError("ResourceNotFound", f"Resource not found: '{arn}'", resourceName=arn)
        return arn
