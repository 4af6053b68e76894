"""The casings of SDK integrations: every row of the tables that were checked against AWS."""

import datetime as dt

import pytest

from kit.services import UnknownAction, UnknownParameter, action, action_of, error_name


@pytest.mark.parametrize(
    ("named", "client_name", "operation"),
    [
        ("rds:restoreDBClusterToPointInTime", "rds", "RestoreDBClusterToPointInTime"),
        ("rds:describeDBClusters", "rds", "DescribeDBClusters"),
        ("rds:createDBInstance", "rds", "CreateDBInstance"),
        ("rds:stopDBCluster", "rds", "StopDBCluster"),
        ("ecs:updateService", "ecs", "UpdateService"),
        ("sfn:startExecution", "stepfunctions", "StartExecution"),
        ("eventbridge:putEvents", "events", "PutEvents"),
        ("cloudwatchlogs:putLogEvents", "logs", "PutLogEvents"),
        ("elasticsearch:describeElasticsearchDomain", "es", "DescribeElasticsearchDomain"),
        ("secretsmanager:createSecret", "secretsmanager", "CreateSecret"),
    ],
)
def test_an_action_lowers_only_the_first_letter_of_the_operation(
    named: str, client_name: str, operation: str
) -> None:
    found = action(named)
    assert (found.client_name, found.operation) == (client_name, operation)
    assert found.resource_arn == f"arn:aws:states:::aws-sdk:{named}"
    assert action(found.resource_arn) is found
    assert action_of(client_name, operation) is found


@pytest.mark.parametrize(
    ("called", "parameter", "api_name"),
    [
        ("rds:stopDBCluster", "DbClusterIdentifier", "DBClusterIdentifier"),
        ("rds:createDBInstance", "DbInstanceIdentifier", "DBInstanceIdentifier"),
        ("rds:createDBInstance", "DbSubnetGroupName", "DBSubnetGroupName"),
        ("rds:restoreDBClusterToPointInTime", "SourceDBClusterIdentifier", "SourceDBClusterIdentifier"),
        (
            "rds:restoreDBClusterToPointInTime",
            "EnableIAMDatabaseAuthentication",
            "EnableIAMDatabaseAuthentication",
        ),
        ("ecs:updateService", "DesiredCount", "desiredCount"),
        ("opensearch:createDomain", "EbsOptions", "EBSOptions"),
        ("opensearch:createDomain", "VpcOptions", "VPCOptions"),
        ("s3:putObject", "Acl", "ACL"),
    ],
)
def test_a_parameter_collapses_a_leading_run_of_capitals(called: str, parameter: str, api_name: str) -> None:
    assert action(called).parameters[parameter].api_name == api_name


def test_inner_structures_are_renamed_too() -> None:
    arguments = {
        "HostedZoneId": "Z1",
        "ChangeBatch": {
            "Changes": [
                {
                    "Action": "UPSERT",
                    "ResourceRecordSet": {
                        "Name": "db",
                        "Type": "A",
                        "Ttl": 60,
                        "ResourceRecords": [{"Value": "10.0.0.1"}],
                    },
                }
            ]
        },
    }
    sent = action("route53:changeResourceRecordSets").to_api(arguments)
    assert sent["ChangeBatch"]["Changes"][0]["ResourceRecordSet"]["TTL"] == 60
    changes = action("route53:changeResourceRecordSets").parameters["ChangeBatch"].members["Changes"]
    assert changes.members["ResourceRecordSet"].members["Ttl"].api_name == "TTL"


def test_results_come_in_step_functions_casing_without_response_metadata() -> None:
    answer = {
        "DBClusters": [
            {
                "DBClusterIdentifier": "dev",
                "DBClusterMembers": [{"DBInstanceIdentifier": "dev-1"}],
                "ClusterCreateTime": dt.datetime(2026, 4, 6, 1, 2, 3, 45_000, dt.UTC),
                "TagList": [],
            }
        ],
        "ResponseMetadata": {"RequestId": "1"},
    }
    assert action("rds:describeDBClusters").from_api(answer) == {
        "DbClusters": [
            {
                "DbClusterIdentifier": "dev",
                "DbClusterMembers": [{"DbInstanceIdentifier": "dev-1"}],
                "ClusterCreateTime": "2026-04-06T01:02:03.045Z",
                "TagList": [],
            }
        ]
    }


def test_a_whole_second_has_no_fraction() -> None:
    moment = dt.datetime(2026, 4, 6, 9, tzinfo=dt.timezone(dt.timedelta(hours=9)))
    answer = {"LastModified": moment, "Body": b"text data"}
    assert action("s3:getObject").from_api(answer) == {
        "LastModified": "2026-04-06T00:00:00Z",
        "Body": "text data",
    }


def test_an_object_where_the_api_wants_a_text_is_sent_as_its_json() -> None:
    sent = action("sfn:startExecution").to_api({"StateMachineArn": "arn", "Input": {"key": "value"}})
    assert sent == {"stateMachineArn": "arn", "input": '{"key":"value"}'}
    assert action("s3:putObject").to_api({"Body": ["List", "Data"]}) == {"Body": b'["List","Data"]'}


@pytest.mark.parametrize(
    ("client_name", "code", "name"),
    [
        ("rds", "DBClusterNotFoundFault", "Rds.DbClusterNotFoundException"),
        ("rds", "InvalidDBInstanceState", "Rds.InvalidDbInstanceStateException"),
        ("rds", "InvalidParameterCombination", "Rds.RdsException"),
        ("rds", "DBClusterAlreadyExistsFault", "Rds.DbClusterAlreadyExistsException"),
        ("rds", "DBInstanceAlreadyExists", "Rds.DbInstanceAlreadyExistsException"),
        ("rds", "InvalidDBClusterStateFault", "Rds.InvalidDbClusterStateException"),
        ("rds", "DBInstanceNotFound", "Rds.DbInstanceNotFoundException"),
        ("rds", "Throttling", "Rds.RdsException"),
        (
            "elasticache",
            "ReplicationGroupNotFoundFault",
            "ElastiCache.ReplicationGroupNotFoundException",
        ),
        (
            "elasticache",
            "InvalidReplicationGroupState",
            "ElastiCache.InvalidReplicationGroupStateException",
        ),
        ("elasticache", "SnapshotAlreadyExistsFault", "ElastiCache.SnapshotAlreadyExistsException"),
        ("opensearch", "ResourceNotFoundException", "OpenSearch.ResourceNotFoundException"),
        ("opensearch", "ResourceAlreadyExistsException", "OpenSearch.ResourceAlreadyExistsException"),
        ("ecs", "ServiceNotFoundException", "Ecs.ServiceNotFoundException"),
        ("route53", "InvalidChangeBatch", "Route53.InvalidChangeBatchException"),
        ("s3", "NoSuchBucket", "S3.NoSuchBucketException"),
        ("s3", "NoSuchKey", "S3.NoSuchKeyException"),
        ("dynamodb", "ValidationException", "DynamoDb.DynamoDbException"),
        ("dynamodb", "ResourceNotFoundException", "DynamoDb.ResourceNotFoundException"),
        ("secretsmanager", "ValidationException", "SecretsManager.SecretsManagerException"),
        ("stepfunctions", "InvalidToken", "Sfn.InvalidTokenException"),
    ],
)
def test_an_error_is_named_as_error_equals_has_it(client_name: str, code: str, name: str) -> None:
    assert error_name(client_name, code) == name


@pytest.mark.parametrize(
    ("client_name", "prefix"),
    [
        ("rds", "Rds"),
        ("elasticache", "ElastiCache"),
        ("opensearch", "OpenSearch"),
        ("es", "Elasticsearch"),
        ("ecs", "Ecs"),
        ("route53", "Route53"),
        ("sns", "Sns"),
        ("ssm", "Ssm"),
        ("secretsmanager", "SecretsManager"),
        ("s3", "S3"),
        ("stepfunctions", "Sfn"),
        ("iam", "Iam"),
        ("kms", "Kms"),
        ("acm", "Acm"),
        ("cloudfront", "CloudFront"),
        ("cloudwatch", "CloudWatch"),
        ("logs", "CloudWatchLogs"),
        ("ec2", "Ec2"),
        ("ecr", "Ecr"),
        ("events", "EventBridge"),
        ("lambda", "Lambda"),
        ("sts", "Sts"),
        ("dynamodb", "DynamoDb"),
        ("codebuild", "CodeBuild"),
        ("codepipeline", "CodePipeline"),
        ("ce", "CostExplorer"),
        ("rds-data", "RdsData"),
        ("application-autoscaling", "ApplicationAutoScaling"),
        ("sesv2", "SesV2"),
        ("backup", "Backup"),
        ("guardduty", "GuardDuty"),
    ],
)
def test_the_prefix_of_a_service_is_the_java_sdks(client_name: str, prefix: str) -> None:
    assert error_name(client_name, "NoSuchCodeAtAll") == f"{prefix}.{prefix}Exception"


def test_a_parameter_in_boto3s_casing_is_refused_with_the_right_one() -> None:
    with pytest.raises(UnknownParameter, match="did you mean DbClusterIdentifier") as caught:
        action("rds:stopDBCluster").to_api({"DBClusterIdentifier": "dev"})
    assert caught.value.name == "DBClusterIdentifier"


def test_an_unknown_inner_parameter_is_named_with_its_path() -> None:
    arguments = {"ServerlessV2ScalingConfiguration": {"MinCap": 1}}
    with pytest.raises(UnknownParameter) as caught:
        action("rds:restoreDBClusterToPointInTime").to_api(arguments)
    assert caught.value.name == "ServerlessV2ScalingConfiguration.MinCap"


@pytest.mark.parametrize(
    ("named", "nearest"),
    [("rds:stopDbCluster", "stopDBCluster"), ("rsd:stopDBCluster", "rds"), ("stepfunctions:x", None)],
)
def test_an_unknown_action_is_refused_with_the_nearest(named: str, nearest: str | None) -> None:
    with pytest.raises(UnknownAction) as caught:
        action(named)
    assert nearest is None or caught.value.nearest == nearest


@pytest.mark.parametrize(
    ("named", "allowed"),
    [
        ("rds:stopDBCluster", "rds:StopDBCluster"),
        ("sfn:startExecution", "states:StartExecution"),
        ("opensearch:createDomain", "es:CreateDomain"),
        ("lambda:invoke", "lambda:InvokeFunction"),
        ("s3:listObjectsV2", "s3:ListBucket"),
        ("sesv2:sendEmail", "ses:SendEmail"),
    ],
)
def test_the_action_that_a_policy_must_allow(named: str, allowed: str) -> None:
    assert action(named).iam_action == allowed


def test_required_parameters_are_listed_in_asls_casing() -> None:
    assert action("rds:createDBInstance").required == ["DbInstanceIdentifier", "DbInstanceClass", "Engine"]
