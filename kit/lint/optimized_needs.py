"""What the optimized integrations need to be allowed: AWS documents each on a page of its own, from
https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kit.lint.needs import Integration, Need
from kit.services import iam, iam_resources
from kit.services.casing import raised
from kit.services.catalog import service
from kit.services.iam_resources import UNKNOWN, Where

CLIENTS = {
    "athena": "athena",
    "batch": "batch",
    "bedrock": "bedrock",
    "codebuild": "codebuild",
    "databrew": "databrew",
    "dynamodb": "dynamodb",
    "ecs": "ecs",
    "eks": "eks",
    "elasticmapreduce": "emr",
    "emr-containers": "emr-containers",
    "emr-serverless": "emr-serverless",
    "events": "events",
    "glue": "glue",
    "lambda": "lambda",
    "mediaconvert": "mediaconvert",
    "sagemaker": "sagemaker",
    "sns": "sns",
    "sqs": "sqs",
    "states": "stepfunctions",
}
"""boto3's names of the services that have optimized integrations. Two more have no API of AWS's behind
them: apigateway:invoke and http:invoke."""

_OTHER_OPERATIONS = {
    "elasticmapreduce:addStep": "AddJobFlowSteps",
    "elasticmapreduce:cancelStep": "CancelSteps",
    "elasticmapreduce:createCluster": "RunJobFlow",
    "elasticmapreduce:modifyInstanceFleetByName": "ModifyInstanceFleet",
    "elasticmapreduce:modifyInstanceGroupByName": "ModifyInstanceGroups",
    "elasticmapreduce:setClusterTerminationProtection": "SetTerminationProtection",
    "elasticmapreduce:terminateCluster": "TerminateJobFlows",
}
_ALSO = {
    "athena:getQueryResults": ("s3:GetObject",),
    "athena:startQueryExecution": (
        "athena:GetDataCatalog", "s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket",
        "s3:ListBucketMultipartUploads", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload",
        "s3:PutObject", "glue:GetDatabase", "glue:GetDatabases", "glue:GetTable", "glue:GetTables",
        "glue:GetPartition", "glue:GetPartitions", "glue:BatchGetPartition", "lakeformation:GetDataAccess",
    ),
    "elasticmapreduce:modifyInstanceFleetByName": ("elasticmapreduce:ListInstanceFleets",),
    "elasticmapreduce:modifyInstanceGroupByName": ("elasticmapreduce:ListInstanceGroups",),
}  # fmt: skip
SYNC: dict[str, tuple[tuple[str, ...], str | None]] = {
    "athena:startQueryExecution": (("athena:GetQueryExecution", "athena:StopQueryExecution"), None),
    "batch:submitJob": (("batch:DescribeJobs", "batch:TerminateJob"), "EventsForBatchJobsRule"),
    "bedrock:createModelCustomizationJob": (
        ("bedrock:GetModelCustomizationJob", "bedrock:StopModelCustomizationJob"), None,
    ),
    "codebuild:startBuild": (
        ("codebuild:StopBuild", "codebuild:BatchGetBuilds"), "EventForCodeBuildStartBuildRule",
    ),
    "codebuild:startBuildBatch": (
        ("codebuild:StopBuildBatch", "codebuild:BatchGetBuildBatches"),
        "EventForCodeBuildStartBuildBatchRule",
    ),
    "databrew:startJobRun": (("databrew:listJobRuns", "databrew:stopJobRun"), None),
    "ecs:runTask": (("ecs:StopTask", "ecs:DescribeTasks"), "EventsForECSTaskRule"),
    "eks:createCluster": (("eks:DescribeCluster", "eks:DeleteCluster"), None),
    "eks:createFargateProfile": (("eks:DescribeFargateProfile", "eks:DeleteFargateProfile"), None),
    "eks:createNodegroup": (("eks:DescribeNodegroup", "eks:DeleteNodegroup"), None),
    "eks:deleteCluster": (("eks:DescribeCluster",), None),
    "eks:deleteFargateProfile": (("eks:DescribeFargateProfile",), None),
    "eks:deleteNodegroup": (("eks:DescribeNodegroup",), None),
    "elasticmapreduce:addStep": (
        ("elasticmapreduce:DescribeStep", "elasticmapreduce:CancelSteps"),
        "EventForEMRAddJobFlowStepsRule",
    ),
    "elasticmapreduce:createCluster": (
        ("elasticmapreduce:DescribeCluster", "elasticmapreduce:TerminateJobFlows"),
        "EventForEMRRunJobFlowRule",
    ),
    "elasticmapreduce:terminateCluster": (
        ("elasticmapreduce:DescribeCluster",), "EventForEMRTerminateJobFlowsRule",
    ),
    "emr-containers:startJobRun": (
        ("emr-containers:DescribeJobRun", "emr-containers:CancelJobRun"), None,
    ),
    "emr-serverless:startApplication": (
        ("emr-serverless:GetApplication", "emr-serverless:StopApplication"),
        "EventsForEMRServerlessApplicationRule",
    ),
    "emr-serverless:startJobRun": (
        ("emr-serverless:GetJobRun", "emr-serverless:CancelJobRun"), "EventsForEMRServerlessJobRule",
    ),
    "glue:startJobRun": (("glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun"), None),
    "mediaconvert:createJob": (
        ("mediaconvert:GetJob", "mediaconvert:CancelJob"), "EventsForMediaConvertJobRule",
    ),
    "sagemaker:createHyperParameterTuningJob": (
        ("sagemaker:DescribeHyperParameterTuningJob", "sagemaker:StopHyperParameterTuningJob"),
        "EventsForSageMakerTuningJobsRule",
    ),
    "sagemaker:createProcessingJob": (
        ("sagemaker:DescribeProcessingJob", "sagemaker:StopProcessingJob"),
        "EventsForSageMakerProcessingJobsRule",
    ),
    "sagemaker:createTrainingJob": (
        ("sagemaker:DescribeTrainingJob", "sagemaker:StopTrainingJob"),
        "EventsForSageMakerTrainingJobsRule",
    ),
    "sagemaker:createTransformJob": (
        ("sagemaker:DescribeTransformJob", "sagemaker:StopTransformJob"),
        "EventsForSageMakerTransformJobsRule",
    ),
    "states:startExecution": (
        ("states:DescribeExecution", "states:StopExecution"), "EventsForStepFunctionsExecutionRule",
    ),
}  # fmt: skip
"""Of the integrations that wait with .sync: what watching and stopping the work needs, and the rule (after
`StepFunctionsGet`) that AWS keeps in EventBridge to hear of its end."""


def needs(
    called: Integration, state: str, given: Mapping[str, Any], where: Where, *, machine: str, open_: bool
) -> Iterator[Need]:
    """What a Task with an optimized integration needs; nothing of one that isn't known. `given` are its
    arguments by ASL's names; `open_` says that they are known only at run time; `machine` is the machine's
    name in the account."""
    if called.name == "http:invoke":
        yield from _http(state, given, where, machine)
        return
    if called.name in _OWN:
        yield from _OWN[called.name](state, given, where)
        return
    client_name = CLIENTS.get(called.service)
    if client_name is None:
        return
    if called.name == "bedrock:invokeModel":
        client_name = "bedrock-runtime"
    operation = _OTHER_OPERATIONS.get(called.name, raised(called.action))
    of_service = service(client_name)
    if operation not in of_service.operations.values():
        # eks:call and eks:runJob speak to the cluster, whose own access rules decide.
        return
    members = of_service.members(of_service.input_shape(operation), raised)
    parameters = {
        members[name].api_name if name in members else name: value
        for name, value in (dict.fromkeys(members, UNKNOWN) if open_ else given).items()
    }
    resources = iam_resources.resources(client_name, operation, parameters, where)
    actions = iam.actions(client_name, operation)
    yield Need(actions=actions, resources=resources, reason=f"call {called.name}", state=state)
    if called.name in _ALSO:
        also = _ALSO[called.name]
        yield Need(actions=also, reason=f"let {called.name} read its data and keep results", state=state)
    if called.sync and called.name in SYNC:
        yield from _waiting(called, state, parameters, resources, where)


def _waiting(
    called: Integration, state: str, parameters: Mapping[str, Any], resources: tuple[str, ...], where: Where
) -> Iterator[Need]:
    actions, rule = SYNC[called.name]
    yield Need(
        actions=actions,
        resources=_watched(called.name, parameters, resources, where),
        reason=f"see how the work of {called.name} goes, and stop it when the execution is stopped",
        state=state,
    )
    if rule is not None:
        yield Need(
            actions=("events:PutTargets", "events:PutRule", "events:DescribeRule"),
            resources=(where.arn("events", f"rule/StepFunctionsGet{rule}"),),
            reason=f"hear from EventBridge when the work of {called.name} ends (.sync)",
            state=state,
        )


def _watched(
    name: str, parameters: Mapping[str, Any], resources: tuple[str, ...], where: Where
) -> tuple[str, ...]:
    """On what the watching and stopping is: the executions of the machine, the tasks of the cluster."""
    if name == "states:startExecution":
        return tuple(re.sub(r":stateMachine:([^:]+).*", r":execution:\1:*", arn) for arn in resources)
    if name == "ecs:runTask":
        return iam_resources.resources(
            "ecs", "StopTask", {"cluster": parameters.get("cluster", "default"), "task": UNKNOWN}, where
        )
    if name in ("codebuild:startBuild", "glue:startJobRun", "athena:startQueryExecution"):
        return resources
    return ("*",)


def _http(state: str, given: Mapping[str, Any], where: Where, machine: str) -> Iterator[Need]:
    """https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html#connect-http-task-permissions"""
    method, endpoint = given.get("Method", UNKNOWN), given.get("ApiEndpoint", UNKNOWN)
    conditions = []
    if isinstance(method, str) and "*" not in method:
        conditions.append(("StringEquals", "states:HTTPMethod", method))
    if isinstance(endpoint, str):
        conditions.append(("StringLike", "states:HTTPEndpoint", endpoint))
    yield Need(
        actions=("states:InvokeHTTPEndpoint",),
        resources=(where.arn("states", f"stateMachine:{machine}"),),
        reason="call the HTTP endpoint",
        state=state,
        condition=tuple(conditions),
    )
    holder = given.get("InvocationConfig", given.get("Authentication"))
    connection = holder.get("ConnectionArn", UNKNOWN) if isinstance(holder, Mapping) else UNKNOWN
    yield Need(
        actions=("events:RetrieveConnectionCredentials",),
        resources=(
            connection
            if isinstance(connection, str) and connection != "*"
            else where.arn("events", "connection/*"),
        ),
        reason="take the credentials from the EventBridge connection",
        state=state,
    )
    named = re.fullmatch(r"arn:[^:]+:events:([^:]*):([^:]*):connection/([^/]+)/.+", str(connection))
    secrets = (
        f"arn:{where.partition}:secretsmanager:{named[1]}:{named[2]}:secret:events!connection/{named[3]}/*"
        if named
        else where.arn("secretsmanager", "secret:events!connection/*")
    )
    yield Need(
        actions=("secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"),
        resources=(secrets,),
        reason="read the secret in which the connection keeps its credentials",
        state=state,
    )


def _api_gateway(state: str, given: Mapping[str, Any], where: Where) -> Iterator[Need]:
    """Only a call that is signed (AuthType IAM_ROLE or RESOURCE_POLICY) needs to be allowed."""
    if given.get("AuthType", "NO_AUTH") == "NO_AUTH":
        return
    known = {name: value if isinstance(value, str) else "*" for name, value in given.items()}
    host = re.match(r"([a-z0-9]+)\.execute-api\.([a-z0-9-]+)\.", known.get("ApiEndpoint", "*"))
    parts = [known.get("Stage", "*"), known.get("Method", "*"), known.get("Path", "*").lstrip("/")]
    arn = f"{host[1] if host else '*'}/{'/'.join(parts)}"
    region = Where(where.partition, host[2] if host else where.region, where.account)
    yield Need(
        actions=("execute-api:Invoke",),
        resources=(region.arn("execute-api", arn),),
        reason="call the API behind API Gateway",
        state=state,
    )


def _bedrock(state: str, given: Mapping[str, Any], where: Where) -> Iterator[Need]:
    model = given.get("ModelId", UNKNOWN)
    if isinstance(model, str) and model.startswith("arn:"):
        resources = (model,)
    else:
        name = model if isinstance(model, str) else "*"
        resources = (f"arn:{where.partition}:bedrock:{where.region}::foundation-model/{name}",)
    yield Need(actions=("bedrock:InvokeModel",), resources=resources, reason="ask the model", state=state)


_OWN: Mapping[str, Callable[[str, Mapping[str, Any], Where], Iterator[Need]]] = {
    "apigateway:invoke": _api_gateway,
    "bedrock:invokeModel": _bedrock,
}
