"""Every error name that docs/error-names.md lists is provoked, and caught by exactly that name."""

import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from kit.emulator import Emulator

Run = Callable[..., Any]
TABLE = Path(__file__).parents[2] / "docs/error-names.md"
ENGINE = {"Engine": "aurora-mysql", "MasterUsername": "root", "MasterUserPassword": "not-secret"}
DEV = {"DbClusterIdentifier": "dev"}
RECORD = {"Name": "a.shop.test", "Type": "CNAME", "Ttl": 60, "ResourceRecords": [{"Value": "b.test"}]}


def cluster(emulator: Emulator) -> None:
    rds = emulator.client("rds")
    rds.create_db_cluster(DBClusterIdentifier="dev", **ENGINE)
    emulator.clock.advance(hours=1)
    rds.create_db_instance(
        DBInstanceIdentifier="dev-1",
        DBInstanceClass="db.r6g.large",
        Engine="aurora-mysql",
        DBClusterIdentifier="dev",
    )


def lone_instance(emulator: Emulator) -> None:
    emulator.client("rds").create_db_instance(
        DBInstanceIdentifier="dev-1",
        DBInstanceClass="db.r6g.large",
        Engine="mysql",
        AllocatedStorage=20,
        MasterUsername="root",
        MasterUserPassword="not-secret",
    )


def group(emulator: Emulator) -> None:
    emulator.client("elasticache").create_replication_group(
        ReplicationGroupId="cache", ReplicationGroupDescription="x"
    )


def snapshot(emulator: Emulator) -> None:
    group(emulator)
    emulator.clock.advance(hours=1)
    emulator.client("elasticache").create_snapshot(SnapshotName="nightly", ReplicationGroupId="cache")
    emulator.clock.advance(hours=1)


def domain(emulator: Emulator) -> None:
    emulator.client("opensearch").create_domain(DomainName="search")


def ecs(emulator: Emulator) -> None:
    emulator.client("ecs").create_cluster(clusterName="shop")


def table(emulator: Emulator) -> None:
    emulator.client("dynamodb").create_table(
        TableName="jobs",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    emulator.client("dynamodb").put_item(TableName="jobs", Item={"id": {"S": "1"}})


def topic(emulator: Emulator) -> None:
    emulator.client("sns").create_topic(Name="ops")


def bucket(emulator: Emulator) -> None:
    emulator.client("s3").create_bucket(Bucket="snapshots")


def nothing(_: Emulator) -> None:
    """Nothing needs to be there."""


SDK, ACCOUNT = "aws-sdk:", "us-east-1:123456789012"
ITEM = {"TableName": "jobs", "Item": {"id": {"S": "1"}}}
PROVOKED: dict[str, tuple[Callable[[Emulator], None], str, dict[str, Any]]] = {
    "Rds.DbClusterNotFoundException": (nothing, f"{SDK}rds:describeDBClusters", DEV),
    "Rds.InvalidDbInstanceStateException": (
        lone_instance,
        f"{SDK}rds:stopDBInstance",
        {"DbInstanceIdentifier": "dev-1"},
    ),
    "Rds.RdsException": (cluster, f"{SDK}rds:stopDBInstance", {"DbInstanceIdentifier": "dev-1"}),
    "Rds.DbClusterAlreadyExistsException": (cluster, f"{SDK}rds:createDBCluster", {**DEV, **ENGINE}),
    "Rds.DbInstanceAlreadyExistsException": (
        cluster,
        f"{SDK}rds:createDBInstance",
        {
            **DEV,
            "DbInstanceIdentifier": "dev-1",
            "DbInstanceClass": "db.r6g.large",
            "Engine": "aurora-mysql",
        },
    ),
    "Rds.InvalidDbClusterStateException": (
        cluster,
        f"{SDK}rds:deleteDBCluster",
        {**DEV, "SkipFinalSnapshot": True},
    ),
    "Rds.DbInstanceNotFoundException": (
        nothing,
        f"{SDK}rds:describeDBInstances",
        {"DbInstanceIdentifier": "gone"},
    ),
    "ElastiCache.ReplicationGroupNotFoundException": (
        nothing,
        f"{SDK}elasticache:describeReplicationGroups",
        {"ReplicationGroupId": "gone"},
    ),
    "ElastiCache.InvalidReplicationGroupStateException": (
        group,
        f"{SDK}elasticache:deleteReplicationGroup",
        {"ReplicationGroupId": "cache"},
    ),
    "ElastiCache.SnapshotAlreadyExistsException": (
        snapshot,
        f"{SDK}elasticache:createSnapshot",
        {"SnapshotName": "nightly", "ReplicationGroupId": "cache"},
    ),
    "OpenSearch.ResourceNotFoundException": (
        nothing,
        f"{SDK}opensearch:describeDomain",
        {"DomainName": "gone"},
    ),
    "OpenSearch.ResourceAlreadyExistsException": (
        domain,
        f"{SDK}opensearch:createDomain",
        {"DomainName": "search"},
    ),
    "Ecs.ServiceNotFoundException": (
        ecs,
        f"{SDK}ecs:updateService",
        {"Cluster": "shop", "Service": "gone", "DesiredCount": 0},
    ),
    "Route53.InvalidChangeBatchException": (
        nothing,
        f"{SDK}route53:changeResourceRecordSets",
        {"ChangeBatch": {"Changes": [{"Action": "DELETE", "ResourceRecordSet": RECORD}]}},
    ),
    "S3.NoSuchBucketException": (nothing, f"{SDK}s3:listObjects", {"Bucket": "no-such-bucket"}),
    "S3.NoSuchKeyException": (bucket, f"{SDK}s3:getObject", {"Bucket": "snapshots", "Key": "gone"}),
    "DynamoDb.DynamoDbException": (table, f"{SDK}dynamodb:putItem", {"TableName": "jobs", "Item": None}),
    "DynamoDb.ResourceNotFoundException": (
        nothing,
        f"{SDK}dynamodb:getItem",
        {"TableName": "gone", "Key": {"id": {"S": "1"}}},
    ),
    "SecretsManager.SecretsManagerException": (
        nothing,
        f"{SDK}secretsmanager:createSecret",
        {"Name": "Invalid Name", "SecretString": "x"},
    ),
    "Sfn.InvalidTokenException": (nothing, f"{SDK}sfn:sendTaskSuccess", {"TaskToken": "x", "Output": "{}"}),
    "DynamoDB.AmazonDynamoDBException": (
        table,
        "dynamodb:putItem",
        {"TableName": "jobs", "Item": {"other": {"S": "1"}}},
    ),
    "DynamoDB.ConditionalCheckFailedException": (
        table,
        "dynamodb:putItem",
        {**ITEM, "ConditionExpression": "attribute_not_exists(id)"},
    ),
    "SNS.NotFoundException": (
        nothing,
        "sns:publish",
        {"TopicArn": f"arn:aws:sns:{ACCOUNT}:gone", "Message": "x"},
    ),
    "SNS.InvalidParameterException": (
        topic,
        "sns:publish",
        {"TopicArn": f"arn:aws:sns:{ACCOUNT}:ops", "Message": ""},
    ),
    "SQS.AmazonSQSException": (
        nothing,
        "sqs:sendMessage",
        {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/gone", "MessageBody": "x"},
    ),
    "StepFunctions.StateMachineDoesNotExistException": (
        nothing,
        "states:startExecution",
        {"StateMachineArn": f"arn:aws:states:{ACCOUNT}:stateMachine:gone"},
    ),
    "Lambda.ResourceNotFoundException": (nothing, "lambda:invoke", {"FunctionName": "gone"}),
    "EventBridge.FailedEntry": (
        nothing,
        "events:putEvents",
        {"Entries": [{"Detail": {"a": 1}, "DetailType": "t"}]},
    ),
    "ApiGateway.403": (nothing, "apigateway:invoke", {"Method": "GET"}),
}


class Refusing(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(403)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


def completed(emulator: Emulator, name: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """With what is only known when it is there."""
    if name.startswith("Route53."):
        made = emulator.client("route53").create_hosted_zone(Name="shop.test", CallerReference="1")
        return {**parameters, "HostedZoneId": made["HostedZone"]["Id"]}
    return parameters


def caught(resource: str, parameters: dict[str, Any], name: str) -> dict[str, Any]:
    return {
        "StartAt": "Call",
        "States": {
            "Call": {
                "Type": "Task",
                "Resource": f"arn:aws:states:::{resource}",
                "Parameters": parameters,
                "Catch": [{"ErrorEquals": [name], "Next": "Caught"}],
                "End": True,
            },
            "Caught": {"Type": "Succeed"},
        },
    }


@pytest.mark.parametrize("name", PROVOKED)
def test_an_error_is_caught_by_its_exact_name(emulator: Emulator, run: Run, name: str) -> None:
    setup, resource, parameters = PROVOKED[name]
    setup(emulator)
    parameters = completed(emulator, name, parameters)
    server = None
    if name.startswith("ApiGateway."):
        server = HTTPServer(("127.0.0.1", 0), Refusing)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        parameters = {**parameters, "ApiEndpoint": f"127.0.0.1:{server.server_port}"}
    try:
        ran = run(emulator, caught(resource, parameters, name))
    finally:
        if server is not None:
            server.shutdown()
            server.server_close()
    assert ran.status == "SUCCEEDED", (ran.error, ran.cause)
    assert ran.output["Error"] == name


def test_the_table_lists_what_is_provoked() -> None:
    listed = re.findall(r"^\| `([^`]+)` \|", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == list(PROVOKED)


def test_a_throttled_call_of_rds_is_named_after_the_service(emulator: Emulator, run: Run) -> None:
    emulator.faults.fail("rds:describeDBClusters", code="Throttling", times=1)
    ran = run(emulator, caught(f"{SDK}rds:describeDBClusters", {}, "Rds.RdsException"))
    assert ran.output["Error"] == "Rds.RdsException"
