"""Which resources an API call is allowed on."""

from __future__ import annotations

from typing import Any

import pytest

from kit.services.iam_resources import UNKNOWN, Where, resources


@pytest.mark.parametrize(
    ("client_name", "operation", "parameters", "expected"),
    [
        ("rds", "StopDBCluster", {"DBClusterIdentifier": "dev"}, ["arn:aws:rds:*:*:cluster:dev"]),
        ("rds", "StopDBCluster", {"DBClusterIdentifier": UNKNOWN}, ["arn:aws:rds:*:*:cluster:*"]),
        ("rds", "DescribeDBClusters", {}, ["arn:aws:rds:*:*:cluster:*"]),
        ("ecs", "UpdateService", {"service": "web"}, ["arn:aws:ecs:*:*:service/default/web"]),
        ("ecs", "UpdateService", {"service": "web", "cluster": "arn:aws:ecs:a:1:cluster/ops"},
         ["arn:aws:ecs:*:*:service/ops/web"]),
        ("ecs", "RunTask", {"taskDefinition": "mask:7"}, ["arn:aws:ecs:*:*:task-definition/mask:7"]),
        ("ec2", "DescribeInstances", {"InstanceIds": ["i-1"]}, ["*"]),
        ("ec2", "StopInstances", {"InstanceIds": ["i-1", "i-2"]},
         ["arn:aws:ec2:*:*:instance/i-1", "arn:aws:ec2:*:*:instance/i-2"]),
        ("ec2", "DeleteSnapshot", {"SnapshotId": "snap-1"}, ["arn:aws:ec2:*::snapshot/snap-1"]),
        ("s3", "ListObjectsV2", {"Bucket": "b"}, ["arn:aws:s3:::b"]),
        ("s3", "DeleteObjects", {"Bucket": "b", "Delete": {"Objects": [{"Key": "x"}]}}, ["arn:aws:s3:::b/x"]),
        ("dynamodb", "Query", {"TableName": "t"}, ["arn:aws:dynamodb:*:*:table/t"]),
        ("dynamodb", "Query", {"TableName": "t", "IndexName": "i"},
         ["arn:aws:dynamodb:*:*:table/t", "arn:aws:dynamodb:*:*:table/t/index/i"]),
        ("dynamodb", "BatchWriteItem", {"RequestItems": {"t": []}}, ["arn:aws:dynamodb:*:*:table/t"]),
        ("events", "PutEvents", {"Entries": [{"Source": "a"}]}, ["arn:aws:events:*:*:event-bus/default"]),
        ("events", "DisableRule", {"Name": "r", "EventBusName": "ops"}, ["arn:aws:events:*:*:rule/ops/r"]),
        ("sqs", "SendMessage", {"QueueUrl": "https://queue.amazonaws.com/123456789012/q"},
         ["arn:aws:sqs:*:123456789012:q"]),
        ("sns", "Publish", {"PhoneNumber": "+44"}, ["*"]),
        ("ssm", "GetParameter", {"Name": "/a/b"}, ["arn:aws:ssm:*:*:parameter/a/b"]),
        ("kms", "Decrypt", {"KeyId": "alias/main"}, ["arn:aws:kms:*:*:key/*"]),
        ("secretsmanager", "GetSecretValue", {"SecretId": "db"}, ["arn:aws:secretsmanager:*:*:secret:db-*"]),
    ],
)  # fmt: skip
def test_a_call_is_allowed_on_what_its_parameters_name(
    client_name: str, operation: str, parameters: dict[str, Any], expected: list[str]
) -> None:
    assert list(resources(client_name, operation, parameters)) == expected


def test_a_copy_reads_one_cluster_and_makes_another() -> None:
    where = Where(region="eu-west-1", account="123456789012")
    theirs = "arn:aws:rds:eu-west-1:210987654321:cluster:prod"
    given = {"DBClusterIdentifier": "copy", "SourceDBClusterIdentifier": theirs}
    found = resources("rds", "RestoreDBClusterToPointInTime", given, where)
    assert found[:2] == (where.arn("rds", "cluster:copy"), theirs)
