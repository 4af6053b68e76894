"""The emulator's S3 as the engine's ObjectStore: where Distributed Maps read items and write results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kit.engine import ObjectStoreError


class BucketObjects:
    """`client(service)` gives a boto3 client of the emulator."""

    def __init__(self, client: Callable[[str], Any]) -> None:
        self._client = client

    def get(self, bucket: str, key: str, version: str | None = None) -> bytes:
        params = {"Bucket": bucket, "Key": key} | ({} if version is None else {"VersionId": version})
        answer = self._call("get_object", params, "States.ItemReaderFailed")
        body: bytes = answer["Body"].read()
        return body

    def put(self, bucket: str, key: str, body: bytes, content_type: str) -> Mapping[str, Any]:
        params = {"Bucket": bucket, "Key": key, "Body": body, "ContentType": content_type}
        answer: Mapping[str, Any] = self._call("put_object", params, "States.ResultWriterFailed")
        return answer

    def listing(self, bucket: str, prefix: str) -> list[Mapping[str, Any]]:
        params: dict[str, Any] = {"Bucket": bucket, "Prefix": prefix}
        found: list[Mapping[str, Any]] = []
        while True:
            answer = self._call("list_objects_v2", params, "States.ItemReaderFailed")
            found += [
                {
                    "Etag": each["ETag"],
                    "Key": each["Key"],
                    "LastModified": int(each["LastModified"].timestamp()),
                    "Size": each["Size"],
                    "StorageClass": each["StorageClass"],
                }
                for each in answer.get("Contents", ())
            ]
            if not answer.get("IsTruncated"):
                return found
            params["ContinuationToken"] = answer["NextContinuationToken"]

    def _call(self, operation: str, params: dict[str, Any], error_name: str) -> Any:
        from botocore.exceptions import ClientError

        try:
            return getattr(self._client("s3"), operation)(**params)
        except ClientError as error:
            told, metadata = error.response["Error"], error.response["ResponseMetadata"]
            request = metadata.get("RequestId", "")
            cause = (
                f"{told.get('Message', '')} (Service: S3, Status Code: {metadata['HTTPStatusCode']}, "
                f"Request ID: {request}, Extended Request ID: {request})"
            )
            raise ObjectStoreError(error_name, cause) from None
