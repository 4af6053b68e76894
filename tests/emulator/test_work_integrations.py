"""Work that a state waits for (ECS, CodeBuild, Batch, Glue), and calls of an API's own address."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from kit.emulator import Emulator
from kit.emulator.integrations import recognises

Run = Callable[..., Any]


def task(name: str, **parameters: Any) -> dict[str, Any]:
    return {"Resource": f"arn:aws:states:::{name}", "Parameters": parameters}


def cluster(emulator: Emulator) -> dict[str, Any]:
    ecs = emulator.client("ecs")
    ecs.create_cluster(clusterName="shop")
    ecs.register_task_definition(
        family="mask", containerDefinitions=[{"name": "mask", "image": "shop/mask", "cpu": 1, "memory": 1}]
    )
    return {"Cluster": "shop", "TaskDefinition": "mask", "LaunchType": "FARGATE"}


def project(emulator: Emulator) -> dict[str, Any]:
    emulator.client("codebuild").create_project(
        name="web",
        source={"type": "S3", "location": "sources/web.zip"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={"type": "LINUX_CONTAINER", "image": "x", "computeType": "BUILD_GENERAL1_SMALL"},
        serviceRole="arn:aws:iam::123456789012:role/build",
    )
    return {"ProjectName": "web"}


def job(emulator: Emulator) -> dict[str, Any]:
    role = emulator.client("iam").create_role(RoleName="batch", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    ec2, batch = emulator.client("ec2"), emulator.client("batch")
    batch.create_compute_environment(
        computeEnvironmentName="shop",
        type="MANAGED",
        state="ENABLED",
        serviceRole=role,
        computeResources={
            "type": "FARGATE",
            "maxvCpus": 4,
            "subnets": [ec2.describe_subnets()["Subnets"][0]["SubnetId"]],
            "securityGroupIds": [ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]],
        },
    )
    batch.create_job_queue(
        jobQueueName="jobs",
        state="ENABLED",
        priority=1,
        computeEnvironmentOrder=[{"order": 1, "computeEnvironment": "shop"}],
    )
    batch.register_job_definition(
        jobDefinitionName="mask",
        type="container",
        containerProperties={"image": "shop/mask", "vcpus": 1, "memory": 512, "command": ["mask"]},
    )
    return {"JobName": "tonight", "JobQueue": "jobs", "JobDefinition": "mask"}


def glue_job(emulator: Emulator) -> dict[str, Any]:
    emulator.client("glue").create_job(Name="mask", Role="glue", Command={"Name": "glueetl"})
    return {"JobName": "mask"}


ENDINGS: dict[str, tuple[Callable[[Emulator], dict[str, Any]], Callable[[Any], Any], Any, Any]] = {
    "ecs:runTask": (cluster, lambda told: told["Containers"][0]["ExitCode"], 0, 1),
    "codebuild:startBuild": (
        project,
        lambda told: told.get("Build", told)["BuildStatus"],
        "SUCCEEDED",
        "FAILED",
    ),
    "batch:submitJob": (job, lambda told: told["Status"], "SUCCEEDED", "FAILED"),
    "glue:startJobRun": (glue_job, lambda told: told["JobRunState"], "SUCCEEDED", "FAILED"),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_a_state_waits_until_the_work_has_ended(emulator: Emulator, run: Run, name: str) -> None:
    setup, ending, well, _ = ENDINGS[name]
    parameters, begin = setup(emulator), emulator.clock.now()
    ran = run(emulator, task(f"{name}.sync", **parameters))
    assert ran.status == "SUCCEEDED", ran.cause
    assert ending(ran.output) == well
    assert (emulator.clock.now() - begin).total_seconds() > 60
    assert [event["type"] for event in ran.events[2:6]] == [
        "TaskScheduled",
        "TaskStarted",
        "TaskSubmitted",
        "TaskSucceeded",
    ]
    submitted = json.loads(ran.events[4]["taskSubmittedEventDetails"]["output"])
    assert submitted["SdkHttpMetadata"]["HttpStatusCode"] == 200
    ours = [call for call in emulator.journal if call.by != "client"]
    assert len(ours) == 1, "nobody sees how the work is looked at"


@pytest.mark.parametrize("name", ENDINGS)
def test_work_that_fails_fails_the_state_with_its_description(
    emulator: Emulator, run: Run, name: str
) -> None:
    setup, ending, _, badly = ENDINGS[name]
    parameters = setup(emulator)
    emulator.faults.spoil(name)
    ran = run(emulator, task(f"{name}.sync", **parameters))
    assert ran.error == "States.TaskFailed"
    assert ending(json.loads(ran.cause)) == badly


@pytest.mark.parametrize("name", ENDINGS)
def test_a_state_that_does_not_wait_goes_on_at_once(emulator: Emulator, run: Run, name: str) -> None:
    parameters, begin = ENDINGS[name][0](emulator), emulator.clock.now()
    ran = run(emulator, task(name, **parameters))
    assert ran.status == "SUCCEEDED", ran.cause
    assert (emulator.clock.now() - begin).total_seconds() < 5
    assert "SdkResponseMetadata" in ran.output


@pytest.mark.parametrize("name", ENDINGS)
def test_a_state_that_is_stopped_stops_the_work(emulator: Emulator, run: Run, name: str) -> None:
    parameters = ENDINGS[name][0](emulator)
    ran = run(emulator, {**task(f"{name}.sync", **parameters), "TimeoutSeconds": 30})
    assert ran.error == "States.Timeout"
    stops = {"StopTask", "StopBuild", "TerminateJob", "BatchStopJobRun"}
    assert [call.outcome for call in emulator.journal if call.operation in stops] == ["succeeded"]


def test_an_unknown_cluster_is_told_with_ecss_prefix(emulator: Emulator, run: Run) -> None:
    ran = run(emulator, task("ecs:runTask.sync", Cluster="moon", TaskDefinition="mask", LaunchType="FARGATE"))
    assert ran.error == "ECS.ClusterNotFoundException"
    assert ran.cause.startswith("Cluster not found. (Service: AmazonECS; Status Code: 400; Error Code: ")
    assert ran.events[4]["type"] == "TaskSubmitFailed"


def test_a_task_may_answer_by_its_token(emulator: Emulator, run: Run) -> None:
    parameters = cluster(emulator)
    overrides = {
        "ContainerOverrides": [
            {"Name": "mask", "Environment": [{"Name": "TOKEN", "Value.$": "$$.Task.Token"}]}
        ]
    }
    definition = task("ecs:runTask.waitForTaskToken", **parameters, Overrides=overrides)
    ran = run(emulator, {**definition, "TimeoutSeconds": 60})
    assert ran.error == "States.Timeout"
    scheduled = json.loads(ran.events[2]["taskScheduledEventDetails"]["parameters"])
    assert scheduled["Overrides"]["ContainerOverrides"][0]["Environment"][0]["Value"]


# API Gateway.


@pytest.fixture
def api() -> Iterator[str]:
    """An API on this machine: it says what it was asked, or refuses."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = 403 if asked.get("refuse") else 200
            body = b"not you" if status == 403 else json.dumps({"path": self.path, "asked": asked}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_api_is_called_at_its_stage_and_path(emulator: Emulator, run: Run, api: str) -> None:
    ran = run(
        emulator,
        task(
            "apigateway:invoke",
            ApiEndpoint=api,
            Method="POST",
            Stage="prod",
            Path="/approval",
            QueryParameters={"night": ["1"]},
            RequestBody={"cost": 10},
            AuthType="NO_AUTH",
        ),
    )
    assert ran.output["ResponseBody"] == {"path": "/prod/approval?night=1", "asked": {"cost": 10}}
    assert (ran.output["StatusCode"], ran.output["StatusText"]) == (200, "OK")


def test_an_apis_refusal_is_named_by_its_status(emulator: Emulator, run: Run, api: str) -> None:
    asked = task("apigateway:invoke", ApiEndpoint=api, Method="POST", RequestBody={"refuse": True})
    ran = run(emulator, asked)
    assert (ran.error, ran.cause) == ("ApiGateway.403", "not you")
    assert emulator.journal("apigateway:Invoke")[0].error == "403"


def test_an_api_elsewhere_is_not_called_unless_it_is_allowed(emulator: Emulator, run: Run) -> None:
    ran = run(emulator, task("apigateway:invoke", ApiEndpoint="api.example.test", Method="GET"))
    assert ran.error == "ApiGateway.SdkClientException"
    assert "doesn't call api.example.test" in ran.cause


def test_parameters_that_an_api_call_has_not_are_refused(emulator: Emulator, run: Run) -> None:
    ran = run(emulator, task("apigateway:invoke", ApiEndpoint="api.example.test", Verb="GET"))
    assert ran.error == "States.Runtime"
    assert 'The field "Verb" is not supported by Step Functions' in ran.cause


@pytest.mark.parametrize(
    ("resource", "known"),
    [
        ("ecs:runTask.sync", True),
        ("ecs:runTask.waitForTaskToken", True),
        ("ecs:runTask.sync:2", False),
        ("codebuild:startBuild.sync", True),
        ("codebuild:startBuild.waitForTaskToken", False),
        ("batch:submitJob.sync", True),
        ("glue:startJobRun.sync", True),
        ("apigateway:invoke.waitForTaskToken", True),
        ("apigateway:invoke.sync", False),
    ],
)
def test_which_patterns_there_are(resource: str, known: bool) -> None:
    assert recognises(f"arn:aws:states:::{resource}") is known
