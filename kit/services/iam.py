"""Which action a policy must allow for an API call.

By rule it is the model's signing name and the operation. The exceptions here are those that ops jobs
meet, from the Service Authorization Reference:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from kit.services import catalog

_PREFIXES = {
    "cloudwatch": "cloudwatch",
    "sagemaker-runtime": "sagemaker",
    "sesv2": "ses",
    "bedrock-runtime": "bedrock",
    "resourcegroupstaggingapi": "tag",
    "iot-data": "iot",
    "mturk": "mechanicalturk",
}

_PARTIQL = (
    "dynamodb:PartiQLSelect", "dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate", "dynamodb:PartiQLDelete",
)  # fmt: skip
"""Which of them a statement needs stands in its text."""

_ACTIONS = {
    ("bedrock-runtime", "Converse"): ("bedrock:InvokeModel",),
    ("bedrock-runtime", "ConverseStream"): ("bedrock:InvokeModelWithResponseStream",),
    ("bedrock-runtime", "StartAsyncInvoke"): ("bedrock:InvokeModel",),
    ("cloudfront", "CreateDistributionWithTags"): ("cloudfront:CreateDistribution", "cloudfront:TagResource"),
    ("dynamodb", "BatchExecuteStatement"): _PARTIQL,
    ("dynamodb", "ExecuteStatement"): _PARTIQL,
    ("dynamodb", "ExecuteTransaction"): _PARTIQL,
    ("dynamodb", "TransactGetItems"): ("dynamodb:GetItem",),
    ("dynamodb", "TransactWriteItems"): (
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
        "dynamodb:ConditionCheckItem",
    ),
    ("kms", "ReEncrypt"): ("kms:ReEncryptFrom", "kms:ReEncryptTo"),
    ("lambda", "Invoke"): ("lambda:InvokeFunction",),
    ("lambda", "InvokeAsync"): ("lambda:InvokeFunction",),
    ("lambda", "InvokeWithResponseStream"): ("lambda:InvokeFunction",),
    ("s3", "CompleteMultipartUpload"): ("s3:PutObject",),
    ("s3", "CopyObject"): ("s3:PutObject", "s3:GetObject"),
    ("s3", "CreateMultipartUpload"): ("s3:PutObject",),
    ("s3", "DeleteObjects"): ("s3:DeleteObject",),
    ("s3", "GetObjectLockConfiguration"): ("s3:GetBucketObjectLockConfiguration",),
    ("s3", "HeadBucket"): ("s3:ListBucket",),
    ("s3", "HeadObject"): ("s3:GetObject",),
    ("s3", "ListBuckets"): ("s3:ListAllMyBuckets",),
    ("s3", "ListMultipartUploads"): ("s3:ListBucketMultipartUploads",),
    ("s3", "ListObjectVersions"): ("s3:ListBucketVersions",),
    ("s3", "ListObjects"): ("s3:ListBucket",),
    ("s3", "ListObjectsV2"): ("s3:ListBucket",),
    ("s3", "ListParts"): ("s3:ListMultipartUploadParts",),
    ("s3", "PutObjectLockConfiguration"): ("s3:PutBucketObjectLockConfiguration",),
    ("s3", "SelectObjectContent"): ("s3:GetObject",),
    ("s3", "UploadPart"): ("s3:PutObject",),
    ("s3", "UploadPartCopy"): ("s3:PutObject", "s3:GetObject"),
    ("sns", "PublishBatch"): ("sns:Publish",),
    ("sqs", "ChangeMessageVisibilityBatch"): ("sqs:ChangeMessageVisibility",),
    ("sqs", "DeleteMessageBatch"): ("sqs:DeleteMessage",),
    ("sqs", "SendMessageBatch"): ("sqs:SendMessage",),
}

_KINDS = {
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
    "Delete": "dynamodb:DeleteItem",
    "ConditionCheck": "dynamodb:ConditionCheckItem",
}

_OF_BUCKETS = {
    "AccelerateConfiguration": "AccelerateConfiguration",
    "AnalyticsConfiguration": "AnalyticsConfiguration",
    "AnalyticsConfigurations": "AnalyticsConfiguration",
    "Cors": "BucketCORS",
    "Encryption": "EncryptionConfiguration",
    "IntelligentTieringConfiguration": "IntelligentTieringConfiguration",
    "IntelligentTieringConfigurations": "IntelligentTieringConfiguration",
    "InventoryConfiguration": "InventoryConfiguration",
    "InventoryConfigurations": "InventoryConfiguration",
    "Lifecycle": "LifecycleConfiguration",
    "LifecycleConfiguration": "LifecycleConfiguration",
    "MetricsConfiguration": "MetricsConfiguration",
    "MetricsConfigurations": "MetricsConfiguration",
    "NotificationConfiguration": "BucketNotification",
    "OwnershipControls": "BucketOwnershipControls",
    "Replication": "ReplicationConfiguration",
    "Tagging": "BucketTagging",
}
"""What S3's actions call a bucket's settings, by what its API calls them."""

_TAGGING = {
    "autoscaling": "autoscaling:CreateOrUpdateTags",
    "backup": "backup:TagResource",
    "dynamodb": "dynamodb:TagResource",
    "ec2": "ec2:CreateTags",
    "ecs": "ecs:TagResource",
    "elasticache": "elasticache:AddTagsToResource",
    "es": "es:AddTags",
    "events": "events:TagResource",
    "lambda": "lambda:TagResource",
    "opensearch": "es:AddTags",
    "rds": "rds:AddTagsToResource",
    "secretsmanager": "secretsmanager:TagResource",
    "sns": "sns:TagResource",
    "sqs": "sqs:TagQueue",
    "ssm": "ssm:AddTagsToResource",
    "stepfunctions": "states:TagResource",
}


@cache
def prefix(client_name: str) -> str:
    """What the service's actions begin with: `stepfunctions` -> `states`, `opensearch` -> `es`."""
    metadata = catalog.service(client_name).metadata
    return str(_PREFIXES.get(client_name) or metadata.get("signingName") or metadata["endpointPrefix"])


@cache
def actions(client_name: str, operation: str) -> tuple[str, ...]:
    """All actions that a policy must allow for the call, the foremost first."""
    if (client_name, operation) in _ACTIONS:
        return _ACTIONS[client_name, operation]
    if client_name == "s3":
        return (f"s3:{_of_s3(operation)}",)
    if client_name in ("apigateway", "apigatewayv2"):
        return (f"apigateway:{catalog.service(client_name).method(operation)}",)
    if client_name == "budgets" and "Action" not in operation and "Tag" not in operation:
        return ("budgets:ViewBudget" if operation.startswith("Describe") else "budgets:ModifyBudget",)
    return (f"{prefix(client_name)}:{operation}",)


def narrowed(client_name: str, operation: str, parameters: Mapping[str, Any]) -> tuple[str, ...]:
    """As `actions`, without those that the call's own parameters rule out: a DynamoDB transaction that
    only puts needs `dynamodb:PutItem` alone."""
    items = parameters.get("TransactItems")
    if client_name != "dynamodb" or not isinstance(items, list) or operation != "TransactWriteItems":
        return actions(client_name, operation)
    kinds = [kind for item in items if isinstance(item, Mapping) for kind in item]
    found = [_KINDS[kind] for kind in dict.fromkeys(kinds) if kind in _KINDS]
    return tuple(found) if len(found) == len(set(kinds)) and found else actions(client_name, operation)


def _of_s3(operation: str) -> str:
    """`DeleteBucketCors` -> `PutBucketCORS`: there, to delete a setting is to put it."""
    if "PublicAccessBlock" in operation:
        return f"{'Get' if operation.startswith('Get') else 'Put'}BucketPublicAccessBlock"
    for verb, needed in (("Get", "Get"), ("List", "Get"), ("Put", "Put"), ("Delete", "Put")):
        setting = _OF_BUCKETS.get(operation.removeprefix(f"{verb}Bucket"))
        if setting is not None and operation.startswith(f"{verb}Bucket"):
            return f"{needed}{setting}"
    return operation


def tagging(client_name: str, operation: str) -> str | None:
    """The action that a call needs besides where it gives the new thing tags: `rds:AddTagsToResource`."""
    return None if "Tag" in operation else _TAGGING.get(client_name)


def action(client_name: str, operation: str) -> str:
    """The foremost of them: (`stepfunctions`, `StartExecution`) -> `states:StartExecution`."""
    return actions(client_name, operation)[0]
