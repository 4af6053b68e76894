"""S3 as a Distributed Map sees it: where it reads its items and writes its results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kit.emulator.gateway import Caller, Gateway
from kit.engine.ports import Json, ObjectStoreError
from kit.services import action

_MAP = Caller(by="distributed map")


class Objects:
    """Implements the engine's `ObjectStore`. Raises ObjectStoreError with States.ItemReaderFailed, since
    AWS's name for the failure is the Map's, whatever S3 said."""

    def __init__(self, client: Callable[[str], Any], gateway: Callable[[], Gateway]) -> None:
        self._client, self._gateway = client, gateway

    def get(self, bucket: str, key: str, version: str | None = None) -> bytes:
        params = {"Bucket": bucket, "Key": key} | ({"VersionId": version} if version else {})
        body: bytes = self._call("GetObject", params)["Body"].read()
        return body

    def put(self, bucket: str, key: str, body: bytes, content_type: str) -> Mapping[str, Json]:
        put = action("s3:putObject")
        params = {"Bucket": bucket, "Key": key, "Body": body, "ContentType": content_type}
        return put.from_api(self._call("PutObject", params))

    def listing(self, bucket: str, prefix: str) -> list[Mapping[str, Json]]:
        """The objects below a prefix as ListObjectsV2 shows them, of all pages."""
        found: list[Mapping[str, Json]] = []
        params: dict[str, Any] = {"Bucket": bucket, "Prefix": prefix}
        while True:
            page = self._call("ListObjectsV2", params)
            shown = action("s3:listObjectsV2").from_api({"Contents": page.get("Contents", [])})
            found += shown["Contents"]
            if not page.get("IsTruncated"):
                return found
            params["ContinuationToken"] = page["NextContinuationToken"]

    def _call(self, operation: str, params: Mapping[str, Any]) -> Any:
        from botocore.exceptions import ClientError, ParamValidationError

        with self._gateway().on_behalf_of(_MAP):
            try:
                return self._client("s3")._make_api_call(operation, dict(params))
            except ClientError as error:
                message = error.response.get("Error", {}).get("Message", str(error))
                raise ObjectStoreError("States.ItemReaderFailed", message) from error
            except ParamValidationError as error:
                raise ObjectStoreError("States.ItemReaderFailed", str(error)) from error
