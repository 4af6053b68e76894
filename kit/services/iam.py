"""Which action a policy must allow for an API call.

By rule it is the model's signing name and the operation. The exceptions here are those that ops jobs
meet, from the Service Authorization Reference:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from functools import cache

from kit.services import models

_PREFIXES = {
    "cloudwatch": "cloudwatch",
    "sagemaker-runtime": "sagemaker",
    "sesv2": "ses",
    "bedrock-runtime": "bedrock",
}

_ACTIONS = {
    ("lambda", "Invoke"): ("lambda:InvokeFunction",),
    ("s3", "CopyObject"): ("s3:PutObject", "s3:GetObject"),
    ("s3", "CreateMultipartUpload"): ("s3:PutObject",),
    ("s3", "DeleteObjects"): ("s3:DeleteObject",),
    ("s3", "HeadBucket"): ("s3:ListBucket",),
    ("s3", "HeadObject"): ("s3:GetObject",),
    ("s3", "ListBuckets"): ("s3:ListAllMyBuckets",),
    ("s3", "ListObjectVersions"): ("s3:ListBucketVersions",),
    ("s3", "ListObjects"): ("s3:ListBucket",),
    ("s3", "ListObjectsV2"): ("s3:ListBucket",),
    ("s3", "UploadPart"): ("s3:PutObject",),
    ("dynamodb", "TransactGetItems"): ("dynamodb:GetItem",),
    ("dynamodb", "TransactWriteItems"): (
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
        "dynamodb:ConditionCheckItem",
    ),
}


@cache
def actions(client_name: str, operation: str) -> tuple[str, ...]:
    """All actions that a policy must allow for the call, the foremost first."""
    if (client_name, operation) in _ACTIONS:
        return _ACTIONS[client_name, operation]
    metadata = models.service_model(client_name).metadata
    prefix = _PREFIXES.get(client_name) or metadata.get("signingName") or metadata["endpointPrefix"]
    return (f"{prefix}:{operation}",)


def action(client_name: str, operation: str) -> str:
    """The foremost of them: (`stepfunctions`, `StartExecution`) -> `states:StartExecution`."""
    return actions(client_name, operation)[0]
