"""The types of resources that IAM knows of each service, and which call is allowed by which.

A table: the form of each type's ARN, in which the parameters that name a resource stand in braces, and the
operations that know the type. Forms and types are those of the Service Authorization Reference; a test
holds the table against another copy of it.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from typing import NamedTuple


class Type(NamedTuple):
    """A type of resource. `arn` ends with the parameter that names one; `of` are the operations that know
    the type (all, where empty); an `optional` type counts only where its parameter is given."""

    name: str
    arn: str
    of: str = ""
    optional: bool = False


_OBJECTS = "(?:Abort|Complete|Create)MultipartUpload|ListParts|UploadPart|UploadPartCopy|CopyObject|"
_OBJECTS += "(?:Get|Put|Head|Delete|Restore|Select|Update)Object(?!LockConfiguration|s)\\w*"
_NOT_OF_DOMAINS = "(?!\\w*VpcEndpoint|DescribeInstanceTypeLimits|ListInstanceTypeDetails)\\w+"
_OF_INSTANCES = "(?:Start|Stop|Terminate|Reboot|Monitor|Unmonitor)Instances|ModifyInstanceAttribute|"
_OF_INSTANCES += "(?:Attach|Detach)Volume"

TYPES: dict[str, tuple[Type, ...]] = {
    "acm": (Type("certificate", "certificate/{CertificateArn}"),),
    "athena": (Type("workgroup", "workgroup/{WorkGroup}", "StartQueryExecution|(?:Get|Update)WorkGroup"),),
    "autoscaling": (
        Type(
            "autoScalingGroup",
            "autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}",
            "(?:Update|Delete)AutoScalingGroup|SetDesiredCapacity|StartInstanceRefresh|"
            "(?:Suspend|Resume)Processes",
        ),
    ),
    "backup": (
        Type(
            "backupVault", "backup-vault:{BackupVaultName}", "StartBackupJob|(?:Delete|Describe)BackupVault"
        ),
    ),
    "cloudformation": (Type("stack", "stack/{StackName}/*", "(?!CreateGeneratedTemplate)\\w+"),),
    "cloudfront": (
        Type("distribution", "distribution/{DistributionId}", "\\w+Invalidations?"),
        Type("distribution", "distribution/{Id}", "(?:Get|Update|Delete)Distribution(?:Config)?"),
    ),
    "cloudwatch": (
        Type("alarm", "alarm:{AlarmName}", "(?!ListAlarmMuteRules)\\w+"),
        Type("alarm", "alarm:{AlarmNames}"),
    ),
    "codebuild": (Type("project", "project/{projectName}"),),
    "codepipeline": (
        Type("pipeline", "{name}", "StartPipelineExecution|(?:Get|Delete)Pipeline|GetPipelineState"),
        Type("pipeline", "{pipelineName}", "(?:Get|Stop)PipelineExecution"),
    ),
    "dynamodb": (
        Type("table", "table/{TableName}", "(?!ListBackups|ListContributorInsights)\\w+"),
        Type("table", "table/{SourceTableName}", "RestoreTable\\w+"),
        Type("table", "table/{TargetTableName}", "RestoreTable\\w+"),
        Type("table", "table/{TableArn}", "ExportTableToPointInTime"),
        Type("table", "table/{RequestItems}", "Batch\\w+Item"),
        Type("table", "table/{TransactItems}", "Transact\\w+Items"),
        Type("index", "table/{TableName}/index/{IndexName}", "Query|Scan", True),
        Type("backup", "table/*/backup/{BackupArn}"),
    ),
    "ec2": (
        Type("instance", "instance/{InstanceIds}", _OF_INSTANCES),
        Type("instance", "instance/{InstanceId}", _OF_INSTANCES),
        Type("volume", "volume/{VolumeId}", "(?:Attach|Detach|Delete)Volume"),
        Type("snapshot", "snapshot/{SnapshotId}", "DeleteSnapshot"),
        Type("image", "image/{ImageId}", "DeregisterImage"),
    ),
    "ecr": (Type("repository", "repository/{repositoryName}"),),
    "ecs": (
        Type("service", "service/{cluster}/{service}", "(?:Update|Delete)Service"),
        Type("service", "service/{cluster}/{services}", "DescribeServices"),
        Type("service", "service/{cluster}/{serviceName}", "CreateService"),
        Type("task", "task/{cluster}/{task}", "StopTask"),
        Type("task", "task/{cluster}/{tasks}", "DescribeTasks"),
        Type("task-definition", "task-definition/{taskDefinition}", "RunTask"),
        Type("cluster", "cluster/{clusters}", "DescribeClusters"),
        Type("cluster", "cluster/{cluster}", "(?:Update|Delete)Cluster"),
    ),
    "elasticache": (
        Type(
            "replicationgroup", "replicationgroup:{ReplicationGroupId}", "(?!DescribeSnapshots|Disassoc)\\w+"
        ),
        Type("cluster", "cluster:{CacheClusterId}", "(?!DescribeSnapshots)\\w+"),
        Type("snapshot", "snapshot:{SnapshotName}"),
        Type("snapshot", "snapshot:{SourceSnapshotName}"),
        Type("snapshot", "snapshot:{TargetSnapshotName}"),
        Type("subnetgroup", "subnetgroup:{CacheSubnetGroupName}"),
        Type("parametergroup", "parametergroup:{CacheParameterGroupName}", "(?!\\w+Global)\\w+"),
        Type("securitygroup", "securitygroup:{CacheSecurityGroupNames}"),
        Type("serverlesscache", "serverlesscache:{ServerlessCacheName}", "\\w+ServerlessCaches?"),
        Type("usergroup", "usergroup:{UserGroupId}", "(?!CreateUserGroup|ModifyUserGroup)\\w+"),
        Type("usergroup", "usergroup:{UserGroupIds}", "\\w+ReplicationGroup"),
        Type("user", "user:{UserId}"),
    ),
    "es": (Type("domain", "domain/{DomainName}", _NOT_OF_DOMAINS),),
    "events": (
        Type("event-bus", "event-bus/{Entries}", "PutEvents"),
        Type("rule", "rule/{EventBusName}/{Name}", "(?:Put|Delete|Describe|Enable|Disable)Rule"),
        Type("rule", "rule/{EventBusName}/{Rule}", "(?:Put|Remove)Targets|ListTargetsByRule"),
    ),
    "firehose": (Type("deliverystream", "deliverystream/{DeliveryStreamName}", "PutRecord(?:Batch)?"),),
    "glue": (Type("job", "job/{JobName}", "StartJobRun|GetJobRuns?|BatchStopJobRun"),),
    "iam": (Type("role", "role/{RoleName}", "(?!\\w*InstanceProfile|PassRole)\\w+"),),
    "kinesis": (Type("stream", "stream/{StreamName}", "PutRecords?"),),
    "kms": (Type("key", "key/{KeyId}", "(?!ListAliases)\\w+"),),
    "lambda": (
        Type(
            "function",
            "function:{FunctionName}",
            "(?!\\w*EventSourceMapping|\\w*Concurrency|PutFunctionCodeSigning)\\w+",
        ),
    ),
    "logs": (
        Type(
            "log-group",
            "log-group:{logGroupName}:*",
            "(?!(?:Create|Delete)LogStream|(?:Get|Put)LogEvents|DescribeQueries)\\w+",
        ),
        Type(
            "log-stream",
            "log-group:{logGroupName}:log-stream:{logStreamName}",
            "(?:Create|Delete)LogStream|(?:Get|Put)LogEvents",
        ),
    ),
    "rds": (
        Type("cluster", "cluster:{DBClusterIdentifier}", "(?!Create(?:DBClusterEndpoint|DBShardGroup))\\w+"),
        Type("cluster", "cluster:{SourceDBClusterIdentifier}", "(?!CreateGlobalCluster)\\w+"),
        Type("cluster", "cluster:{NewDBClusterIdentifier}"),
        Type("db", "db:{DBInstanceIdentifier}", "(?!\\w+TenantDatabase)\\w+"),
        Type("db", "db:{SourceDBInstanceIdentifier}"),
        Type("db", "db:{TargetDBInstanceIdentifier}", "(?!FailoverDBCluster)\\w+"),
        Type("db", "db:{NewDBInstanceIdentifier}"),
        Type("cluster-snapshot", "cluster-snapshot:{DBClusterSnapshotIdentifier}"),
        Type("cluster-snapshot", "cluster-snapshot:{SourceDBClusterSnapshotIdentifier}"),
        Type("cluster-snapshot", "cluster-snapshot:{TargetDBClusterSnapshotIdentifier}"),
        Type("cluster-snapshot", "cluster-snapshot:{SnapshotIdentifier}"),
        Type("cluster-snapshot", "cluster-snapshot:{FinalDBSnapshotIdentifier}", "DeleteDBCluster"),
        Type("snapshot", "snapshot:{DBSnapshotIdentifier}"),
        Type("snapshot", "snapshot:{SourceDBSnapshotIdentifier}"),
        Type("snapshot", "snapshot:{TargetDBSnapshotIdentifier}"),
        Type("cluster-pg", "cluster-pg:{DBClusterParameterGroupName}"),
        Type("pg", "pg:{DBParameterGroupName}"),
        Type("og", "og:{OptionGroupName}", "(?!CopyDBSnapshot)\\w+"),
        Type("subgrp", "subgrp:{DBSubnetGroupName}", "(?!ModifyDBCluster)\\w+"),
        Type("secgrp", "secgrp:{DBSecurityGroups}"),
    ),
    "route53": (
        Type(
            "hostedzone",
            "hostedzone/{HostedZoneId}",
            "(?!CreateTrafficPolicy|CreateReusable|ListHostedZonesByName|TestDNSAnswer)\\w+",
        ),
        Type("hostedzone", "hostedzone/{Id}", "(?:Get|Delete)HostedZone|UpdateHostedZoneComment"),
        Type("change", "change/{Id}", "GetChange"),
    ),
    "s3": (
        Type("object", "{Bucket}/{Key}", _OBJECTS),
        Type("object", "{CopySource}", "CopyObject|UploadPartCopy"),
        Type("object", "{Bucket}/{Delete}", "DeleteObjects"),
        Type("bucket", "{Bucket}", f"(?!(?:{_OBJECTS}|DeleteObjects)$)\\w+"),
    ),
    "scheduler": (
        Type("schedule", "schedule/{GroupName}/{Name}", "\\w+Schedule"),
        Type("schedule-group", "schedule-group/{Name}", "\\w+ScheduleGroup"),
    ),
    "secretsmanager": (
        Type("Secret", "secret:{SecretId}-*"),
        Type("Secret", "secret:{Name}-*", "CreateSecret"),
    ),
    "sns": (
        Type("topic", "{TopicArn}"),
        Type("topic", "{TargetArn}"),
        Type("topic", "{Name}", "CreateTopic"),
    ),
    "sqs": (Type("queue", "{QueueUrl}"), Type("queue", "{QueueName}")),
    "ssm": (
        Type("parameter", "parameter/{Name}", "(?:Get|Put|Delete)Parameter|\\w*ParameterHistory"),
        Type("parameter", "parameter/{Names}", "(?:Get|Delete)Parameters"),
        Type("parameter", "parameter/{Path}*", "GetParametersByPath"),
    ),
    "states": (
        Type("statemachine", "stateMachine:{stateMachineArn}"),
        Type("execution", "execution:{executionArn}"),
    ),
}
"""By the prefix of the service's actions."""
