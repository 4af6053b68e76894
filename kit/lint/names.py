"""Rules about names of AWS: services, actions, parameters and their values, as Step Functions spells them.

https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kit.asl.definition import State, Task
from kit.lint.needs import integration
from kit.lint.rule import Rule, Said
from kit.lint.subject import Call, Subject, arguments_field, texts
from kit.services import catalog

_RETIRED = "look whether AWS has retired it, or update boto3"
OPTIMIZED = {
    "apigateway": "invoke",
    "athena": "startQueryExecution stopQueryExecution getQueryExecution getQueryResults",
    "batch": "submitJob",
    "bedrock": "invokeModel createModelCustomizationJob",
    "codebuild": "startBuild stopBuild batchDeleteBuilds batchGetReports startBuildBatch stopBuildBatch "
    "retryBuildBatch deleteBuildBatch",
    "databrew": "startJobRun",
    "dynamodb": "getItem putItem updateItem deleteItem",
    "ecs": "runTask",
    "eks": "call runJob createCluster deleteCluster createFargateProfile deleteFargateProfile "
    "createNodegroup deleteNodegroup",
    "elasticmapreduce": "createCluster terminateCluster addStep cancelStep setClusterTerminationProtection "
    "modifyInstanceFleetByName modifyInstanceGroupByName",
    "emr-containers": "createVirtualCluster deleteVirtualCluster startJobRun",
    "emr-serverless": "createApplication startApplication stopApplication deleteApplication startJobRun "
    "cancelJobRun",
    "events": "putEvents",
    "glue": "startJobRun",
    "http": "invoke",
    "lambda": "invoke",
    "mediaconvert": "createJob",
    "sagemaker": "createEndpoint createEndpointConfig createHyperParameterTuningJob createLabelingJob "
    "createModel createProcessingJob createTrainingJob createTransformJob updateEndpoint",
    "sns": "publish",
    "sqs": "sendMessage",
    "states": "startExecution",
}
"""The optimized integrations of
https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html"""


def _unknown_service(subject: Subject) -> Iterator[Said]:
    for state in subject.of_type(Task):
        called = integration(state.resource)
        if called and called.sdk and catalog.find(called.service) is None:
            near = _nearest(called.service, catalog.integration_names(), 0.8)
            yield Said(
                state,
                f"the service {called.service!r}, which botocore doesn't know",
                "a service of today, as aws-sdk spells it",
                f"write {near}, if that is meant" if near else _RETIRED,
                "/Resource",
            )


def _unknown_action(subject: Subject) -> Iterator[Said]:
    for state in subject.of_type(Task):
        called = integration(state.resource)
        service = catalog.find(called.service) if called and called.sdk else None
        if called and service and called.action not in service.operations:
            near = _nearest(called.action, service.operations)
            yield Said(
                state,
                f"{called.service} has no action {called.action!r}" + _did_you_mean(near),
                "an action of that service: the API's name, its first letter lowered",
                _instead(near),
                "/Resource",
            )


def _unknown_integration(subject: Subject) -> Iterator[Said]:
    for state in subject.of_type(Task):
        called = integration(state.resource)
        if called is None or called.sdk or called.function is not None:
            continue
        if called.action in OPTIMIZED.get(called.service, "").split():
            continue
        own = catalog.find(called.service)
        near = _nearest(
            called.name, [f"{of}:{each}" for of, all_ in OPTIMIZED.items() for each in all_.split()]
        )
        if own and called.action in own.operations:
            mend = f"write arn:aws:states:::aws-sdk:{called.name}, which calls the API itself"
        else:
            mend = _instead(near)
        yield Said(
            state,
            f"{called.name}, for which Step Functions has no optimized integration",
            "one of the optimized integrations, or aws-sdk: before the service",
            mend,
            "/Resource",
        )


def _sync_of_sdk(subject: Subject) -> Iterator[Said]:
    for state in subject.of_type(Task):
        called = integration(state.resource)
        if called and called.sdk and called.sync:
            yield Said(
                state,
                f"{called.name}.{called.pattern}: an SDK integration that should wait for the work's end",
                "a call without .sync: SDK integrations return when the API answers",
                "take .sync away, then poll: Wait, describe, Choice; or use an optimized integration",
                "/Resource",
            )


def _unknown_parameter(subject: Subject) -> Iterator[Said]:
    for state, call, field in _calls(subject):
        shape = call.service.input_shape(call.operation)
        for inside, name, known in _unknown_names(state.fields[field], shape, call, f"/{field}"):
            near = _nearest(name, known)
            yield Said(
                state,
                f"{call.integration.name} has no parameter {name}{_did_you_mean(near)}",
                "parameters in Step Functions' casing, which is neither boto3's nor the API's",
                _instead(near) if near or len(known) > 8 else f"write one of {', '.join(known)}",
                inside,
            )


def _unknown_names(
    value: Any, shape: str | None, call: Call, inside: str
) -> Iterator[tuple[str, str, list[str]]]:
    described: Mapping[str, Any] = call.service.shapes.get(shape, {}) if shape else {"type": "structure"}
    if described.get("document"):
        return
    kind = described.get("type")
    if kind == "structure" and isinstance(value, Mapping):
        members = call.service.members(shape, call.spell)
        for key, inner in value.items():
            name = key.removesuffix(".$")
            if name not in members:
                if shape == "AttributeValue" and name.lower() in ("nul", "null"):
                    continue  # The SDK for Java has a word of its own for it.
                yield f"{inside}/{key}", name, list(members)
            elif name == key:
                yield from _unknown_names(inner, members[name].shape, call, f"{inside}/{key}")
    elif kind == "list" and isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _unknown_names(inner, described["member"]["shape"], call, f"{inside}[{index}]")
    elif kind == "map" and isinstance(value, Mapping):
        for key, inner in value.items():
            if not key.endswith(".$"):
                yield from _unknown_names(inner, described["value"]["shape"], call, f"{inside}/{key}")


def _unknown_value(subject: Subject) -> Iterator[Said]:
    for state, call, field in _calls(subject):
        shape = call.service.input_shape(call.operation)
        for inside, value, known in _literals(state.fields[field], shape, call, f"/{field}"):
            near = next((each for each in known if _letters(each) == _letters(value)), None)
            if value not in known and near:
                yield Said(
                    state,
                    f"the value {value!r}, which the API's model doesn't have",
                    f"one of {', '.join(known[:8])}{', …' if len(known) > 8 else ''}",
                    f"write {near}",
                    inside,
                )


def _letters(value: str) -> str:
    """What is left of a value without case and punctuation. One that differs in more may be a newer one."""
    return re.sub(r"[^a-z0-9]", "", value.lower())


def _literals(value: Any, shape: str | None, call: Call, inside: str) -> Iterator[tuple[str, str, list[str]]]:
    """The texts in arguments for which the model has a list of values."""
    described = call.service.shapes.get(shape, {}) if shape else {}
    if isinstance(value, str) and "enum" in described and "{" not in value:
        yield inside, value, described["enum"]
    elif described.get("type") == "structure" and isinstance(value, Mapping):
        members = call.service.members(shape, call.spell)
        for key, inner in value.items():
            if key in members:
                yield from _literals(inner, members[key].shape, call, f"{inside}/{key}")
    elif described.get("type") == "list" and isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _literals(inner, described["member"]["shape"], call, f"{inside}[{index}]")


def _missing_parameter(subject: Subject) -> Iterator[Said]:
    for state, call, field in _calls(subject):
        given = {name.removesuffix(".$") for name in state.fields[field]}
        misspelled = {name.lower() for name in given}
        for name, member in call.parameters.items():
            if member.required and name.lower() not in misspelled and not _filled_in(call, member):
                yield Said(
                    state,
                    f"{call.integration.name} without {name}",
                    f"{name}, which the API requires",
                    f"add {name}",
                    f"/{field}",
                )
    yield from _missing_of_http(subject)


def _missing_of_http(subject: Subject) -> Iterator[Said]:
    for state in subject.of_type(Task):
        called, field = integration(state.resource), arguments_field(state)
        if called is None or called.name != "http:invoke" or field is None:
            continue
        given = state.fields[field]
        if not isinstance(given, Mapping):
            continue
        names = {name.removesuffix(".$") for name in given}
        for wanted in (("ApiEndpoint",), ("Method",), ("InvocationConfig", "Authentication")):
            if not names & set(wanted):
                yield Said(
                    state,
                    f"an HTTP Task without {wanted[0]}",
                    "ApiEndpoint, Method, and the connection in InvocationConfig",
                    f"add {wanted[0]}",
                    f"/{field}",
                )


def _filled_in(call: Call, member: catalog.Member) -> bool:
    """Tokens that the SDK makes up where the caller gives none."""
    shape = call.service.shapes.get(call.service.input_shape(call.operation) or "", {})
    return bool(shape.get("members", {}).get(member.api_name, {}).get("idempotencyToken"))


def _input_as_arguments(subject: Subject) -> Iterator[Said]:
    for state in subject.of_type(Task):
        call = subject.call(state)
        if call and call.integration.sdk and arguments_field(state) is None:
            yield Said(
                state,
                "an AWS call without Parameters or Arguments",
                "the call's parameters, or {} where it takes none",
                'add "Arguments": {} (JSONata) or "Parameters": {} (JSONPath)',
            )


def _token_not_sent(subject: Subject) -> Iterator[Said]:
    for state in subject.of_type(Task):
        field = arguments_field(state)
        if not state.resource.endswith(".waitForTaskToken") or field is None:
            continue
        given = state.fields[field]
        if not isinstance(given, Mapping):
            continue
        said = " ".join(text for _, text in texts(given))
        if "Task" not in said and not re.search(r"\$\$(?!\.)|\$states\.context\b(?!\.)", said):
            jsonata = state.query_language == "JSONata"
            token = '"{% $states.context.Task.Token %}"' if jsonata else '"$$.Task.Token"'
            yield Said(
                state,
                "a wait for a task token that is sent to nobody",
                "the token among the arguments, for the one who is to answer",
                f'add "TaskToken{"" if jsonata else ".$"}": {token} to what is sent',
                f"/{field}",
            )


def _calls(subject: Subject) -> Iterator[tuple[State, Call, str]]:
    """The Tasks that call an API whose arguments are written out, with the field that has them."""
    for state in subject.of_type(Task):
        call, field = subject.call(state), arguments_field(state)
        if call is not None and field is not None and isinstance(state.fields[field], Mapping):
            yield state, call, field


def _nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    by_lower = {each.lower(): each for each in known}
    found = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=cutoff)
    return by_lower[found[0]] if found else None


def _did_you_mean(near: str | None) -> str:
    return f"; did you mean {near}?" if near else ""


def _instead(near: str | None) -> str:
    return f"write {near}" if near else "look it up in the service's API reference"


RULES = (
    Rule(
        "unknown-service", "warning",
        "AWS refuses a service that it doesn't have; one that is younger than this boto3 it may have.",
        _unknown_service,
    ),
    Rule(
        "unknown-action", "error",
        "AWS has no such call: the machine is refused, or fails there.",
        _unknown_action,
    ),
    Rule(
        "unknown-integration", "warning",
        "AWS refuses a Resource that it doesn't know.",
        _unknown_integration,
    ),
    Rule(
        "sync-of-sdk", "error",
        "AWS refuses it: only optimized integrations wait with .sync.",
        _sync_of_sdk,
    ),
    Rule(
        "unknown-parameter", "error",
        "Step Functions refuses a name it doesn't know, sometimes only when the state runs.",
        _unknown_parameter,
    ),
    Rule(
        "unknown-value", "warning",
        "The API refuses a value that it doesn't know, when the state runs.",
        _unknown_value,
    ),
    Rule("missing-parameter", "error", "The call fails each time it is made.", _missing_parameter),
    Rule(
        "input-as-arguments", "warning",
        "The state's whole input is sent as the call's parameters, and a name that isn't one fails it.",
        _input_as_arguments,
    ),
    Rule(
        "token-not-sent", "warning",
        "Nobody can answer without the token, so the state waits until it times out.",
        _token_not_sent,
    ),
)  # fmt: skip
