"""From a definition to the policy of its role: the least that AWS asks for, narrowed as far as the
definition names what it works on. Step Functions itself makes no policy for SDK integrations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from kit.asl.definition import Map, StateMachine, Task
from kit.lint.needs import Integration, Need, all_at_run_time, arguments, integration, roles
from kit.lint.optimized_needs import needs as optimized_needs
from kit.lint.policies import Policy, Statement
from kit.services import catalog, iam, iam_resources
from kit.services.iam_resources import EVERYWHERE, UNKNOWN, Where

_PASSED_TO = {
    "ecs": "ecs-tasks.amazonaws.com",
    "events": "events.amazonaws.com",
    "glue": "glue.amazonaws.com",
    "lambda": "lambda.amazonaws.com",
    "mediaconvert": "mediaconvert.amazonaws.com",
    "rds": "monitoring.rds.amazonaws.com",
    "sagemaker": "sagemaker.amazonaws.com",
    "scheduler": "scheduler.amazonaws.com",
    "sfn": "states.amazonaws.com",
}
"""Who takes a role that a call hands over, by the service of the call; where unsure, no one is named."""

_LOGGING = (
    "logs:CreateLogDelivery", "logs:CreateLogStream", "logs:GetLogDelivery", "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery", "logs:ListLogDeliveries", "logs:PutLogEvents", "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
)  # fmt: skip
_TRACING = (
    "xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets",
)  # fmt: skip


def policy(
    machine: StateMachine,
    *,
    name: str = "*",
    where: Where = EVERYWHERE,
    logging: bool = False,
    tracing: bool = False,
) -> Policy:
    """What the role of a machine needs. Empty where the machine calls nothing.

    `name` is the machine's name in the account and `where` its partition, region and account, for the
    ARNs that the definition leaves open. `logging` and `tracing` add what a machine with CloudWatch Logs
    or X-Ray needs, since a definition doesn't say that.
    """
    needs = [need for state in machine.walk() for need in _needs(state, name, where)]
    if logging:
        needs.append(Need(actions=_LOGGING, reason="deliver the executions' logs to CloudWatch", state=""))
    if tracing:
        needs.append(Need(actions=_TRACING, reason="send traces to X-Ray", state=""))
    return Policy(_statements(needs))


def _needs(state: Any, name: str, where: Where) -> Iterator[Need]:
    if isinstance(state, Map) and state.distributed:
        yield from _of_distributed_map(state, name, where)
    if not isinstance(state, Task):
        return
    called = integration(state.resource)
    if called is None:
        return
    if "Credentials" in state.fields:
        yield _of_other_role(state, where)
    elif called.function is not None:
        yield _of_function(state, called.function)
    elif called.sdk:
        yield from _of_sdk(state, called, where)
    else:
        given = arguments(state)
        yield from optimized_needs(
            called, state.name, given, where, machine=name, open_=all_at_run_time(state)
        )
        if called.name == "ecs:runTask":
            yield _role(
                UNKNOWN, "ecs", state, where, "hand the task its roles, which stand in its definition"
            )
        else:
            yield from _roles(state, called.service, given, where)


def _of_function(state: Task, function: str) -> Need:
    return Need(
        actions=("lambda:InvokeFunction",),
        resources=(function,),
        reason="invoke the function",
        state=state.name,
    )


def _of_other_role(state: Task, where: Where) -> Need:
    credentials = state.fields["Credentials"]
    role = credentials.get("RoleArn", UNKNOWN) if isinstance(credentials, Mapping) else UNKNOWN
    return Need(
        actions=("sts:AssumeRole",),
        resources=(
            role
            if isinstance(role, str) and not role.startswith("{%")
            else f"arn:{where.partition}:iam::*:role/*",
        ),
        reason="take the role that makes the call (Credentials), which must trust this one",
        state=state.name,
    )


def _of_sdk(state: Task, called: Integration, where: Where) -> Iterator[Need]:
    of_service = catalog.find(called.service)
    operation = of_service.operations.get(called.action) if of_service else None
    if of_service is None or operation is None:
        return
    members = of_service.members(of_service.input_shape(operation))
    given = dict.fromkeys(members, UNKNOWN) if all_at_run_time(state) else arguments(state)
    parameters = {members[name].api_name if name in members else name: value for name, value in given.items()}
    client_name = of_service.client_name
    yield Need(
        actions=iam.narrowed(client_name, operation, parameters),
        resources=iam_resources.resources(client_name, operation, parameters, where),
        reason=f"call {called.name}",
        state=state.name,
    )
    tagging = iam.tagging(client_name, operation) if {"Tags", "tags"} & set(parameters) else None
    if tagging is not None:
        yield Need(actions=(tagging,), reason=f"give what {called.name} makes its tags", state=state.name)
    if called.name == "ecs:runTask":
        yield _role(UNKNOWN, "ecs", state, where, "hand the task its roles, which stand in its definition")
    elif called.service not in ("sts", "iam"):
        yield from _roles(state, called.service, parameters, where)


def _roles(state: Task, service: str, given: Mapping[str, Any], where: Where) -> Iterator[Need]:
    for role in roles(given):
        yield _role(role, service, state, where, "hand the service the role that it works with")


def _role(role: Any, service: str, state: Task, where: Where, reason: str) -> Need:
    name = role if isinstance(role, str) else "*"
    whole = name.startswith(("arn:", "${"))
    to = _PASSED_TO.get({"states": "sfn", "eventbridge": "events"}.get(service, service))
    return Need(
        actions=("iam:PassRole",),
        resources=(name if whole else f"arn:{where.partition}:iam::{where.account}:role/{name}",),
        reason=reason,
        state=state.name,
        condition=(("StringEquals", "iam:PassedToService", to),) if to else (),
    )


def _of_distributed_map(state: Map, name: str, where: Where) -> Iterator[Need]:
    """https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html"""
    yield Need(
        actions=("states:StartExecution",),
        resources=(where.arn("states", f"stateMachine:{name}"),),
        reason="start its child executions, of the machine itself",
        state=state.name,
    )
    yield Need(
        actions=("states:DescribeExecution", "states:StopExecution", "states:RedriveExecution"),
        resources=(where.arn("states", f"execution:{name}/*:*"), where.arn("states", f"execution:{name}:*")),
        reason="see how its child executions go, stop and redrive them",
        state=state.name,
    )
    reader, writer = state.fields.get("ItemReader"), state.fields.get("ResultWriter")
    if isinstance(reader, Mapping):
        given = _bucket_of(reader)
        lists = str(reader.get("Resource", "")).endswith(":listObjectsV2")
        operation = "ListObjectsV2" if lists else "GetObject"
        yield Need(
            actions=iam.actions("s3", operation),
            resources=iam_resources.resources("s3", operation, given, where),
            reason="read its items from S3",
            state=state.name,
        )
    if isinstance(writer, Mapping) and "Resource" in writer:
        given = _bucket_of(writer)
        bucket, prefix = given.get("Bucket", UNKNOWN), given.get("Prefix", "")
        under = f"{prefix}/*" if isinstance(prefix, str) and prefix else "*"
        yield Need(
            actions=(
                "s3:PutObject",
                "s3:GetObject",
                "s3:ListMultipartUploadParts",
                "s3:AbortMultipartUpload",
            ),
            resources=iam_resources.resources("s3", "PutObject", {"Bucket": bucket, "Key": under}, where),
            reason="write its results to S3",
            state=state.name,
        )


def _bucket_of(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    given = fields.get("Parameters", fields.get("Arguments", {}))
    if not isinstance(given, Mapping):
        return {"Bucket": UNKNOWN, "Key": UNKNOWN}
    return {
        key.removesuffix(".$"): UNKNOWN if key.endswith(".$") or str(value).startswith("{%") else value
        for key, value in given.items()
    }


def _statements(needs: Iterable[Need]) -> Iterator[Statement]:
    groups: dict[tuple[Any, ...], list[Need]] = {}
    for need in needs:
        groups.setdefault((need.actions, need.condition, need.reason), []).append(need)
    sids: dict[str, int] = {}
    for (actions, conditions, reason), group in groups.items():
        sid = "".join(part[:1].upper() + part[1:] for part in actions[0].replace("-", ":").split(":"))
        sids[sid] = sids.get(sid, 0) + 1
        states = list(dict.fromkeys(need.state for need in group if need.state))
        condition: dict[str, dict[str, str]] = {}
        for operator, key, value in conditions:
            condition.setdefault(operator, {})[key] = value
        yield Statement(
            sid=sid if sids[sid] == 1 else f"{sid}{sids[sid]}",
            actions=actions,
            resources=_widest(resource for need in group for resource in need.resources),
            why=_sentence(states, reason),
            condition=condition or None,
        )


def _widest(resources: Iterable[str]) -> tuple[str, ...]:
    """The resources without those that another one covers."""
    given = list(dict.fromkeys(resources))
    return tuple(
        each
        for each in given
        if not any(other != each and "[" not in other and fnmatchcase(each, other) for other in given)
    )


def _sentence(states: list[str], reason: str) -> str:
    if not states:
        return f"To {reason}."
    shown = [f"“{state}”" for state in states[:4]]
    more = [f"{len(states) - 4} more"] if len(states) > 4 else []
    names = [*shown, *more]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{listed} {'needs' if len(states) == 1 else 'need'} it to {reason}."
