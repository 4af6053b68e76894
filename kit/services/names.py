"""The three casings of AWS SDK integrations, derived from botocore's models.

`rds:stopDBCluster` in ASL is `StopDBCluster` in the API and `stop_db_cluster` in boto3; its parameter
`DbClusterIdentifier` is `DBClusterIdentifier` in the API; its error `DBClusterNotFoundFault` is
`Rds.DbClusterNotFoundException` in ErrorEquals. See
https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, TypeAlias

from botocore.model import OperationModel

from kit.services import casing, iam, models, values

Json: TypeAlias = Any
SDK_PREFIX = "arn:aws:states:::aws-sdk:"


class UnknownName(Exception):  # noqa: N818
    """A name that AWS has not, with the nearest that it has.

    UnknownName
    +-- UnknownAction     no such service, or no such action of it
    +-- UnknownParameter  the action has no such parameter
    """

    def __init__(self, message: str, name: str, nearest: str | None) -> None:
        super().__init__(f"{message}; did you mean {nearest}?" if nearest else message)
        self.name, self.nearest = name, nearest


class UnknownAction(UnknownName):
    pass


class UnknownParameter(UnknownName):
    pass


@dataclass(frozen=True)
class Action:
    """One action of one service, as an SDK integration may call it.

    `service` is the name in the ARN (`sfn`), `client_name` boto3's (`stepfunctions`), `operation` the
    API's (`StopDBCluster`), `name` the one in the ARN (`stopDBCluster`); `spell` gives the members' names.
    """

    service: str
    client_name: str
    operation: str
    spell: values.Spelling = casing.member

    @property
    def name(self) -> str:
        return casing.operation(self.operation)

    @property
    def resource_arn(self) -> str:
        return f"{SDK_PREFIX}{self.service}:{self.name}"

    @property
    def prefix(self) -> str:
        """What the service's error names begin with: `Rds`, `DynamoDb`."""
        return casing.service_prefix(models.service_model(self.client_name).metadata["serviceId"])

    @property
    def iam_action(self) -> str:
        """What a policy must allow, such as `rds:StopDBCluster` or `states:StartExecution`."""
        return iam.action(self.client_name, self.operation)

    @cached_property
    def model(self) -> OperationModel:
        return models.service_model(self.client_name).operation_model(self.operation)

    @cached_property
    def parameters(self) -> Mapping[str, values.Member]:
        """ASL's parameter names with the API's members, nested: `.members` of each goes on."""
        return values.members(self.model.input_shape, self.spell)

    @cached_property
    def result(self) -> Mapping[str, values.Member]:
        """The result's names in ASL with the API's members, nested."""
        return values.members(self.model.output_shape, self.spell)

    @property
    def required(self) -> list[str]:
        """The parameters, as ASL names them, without which the API refuses the call."""
        return [name for name, each in self.parameters.items() if each.required]

    def to_api(self, arguments: Mapping[str, Json]) -> dict[str, Json]:
        """ASL's arguments as boto3 takes them. Raises UnknownParameter at the first unknown name."""
        try:
            converted: dict[str, Json] = self._to_api(arguments, "")
        except values.UnknownMember as unknown:
            raise UnknownParameter(
                f"{self.service}:{self.name} has no parameter {unknown.path}",
                unknown.path,
                _nearest(unknown.name, unknown.known),
            ) from None
        return converted

    def from_api(self, result: Mapping[str, Json]) -> dict[str, Json]:
        """boto3's answer as ASL shows it: names in Step Functions' casing, timestamps as text."""
        converted: dict[str, Json] = self._from_api(result, "")
        return converted

    @cached_property
    def _to_api(self) -> values.Converter:
        return values.to_api(self.model.input_shape, self.spell)

    @cached_property
    def _from_api(self) -> values.Converter:
        return values.from_api(self.model.output_shape, self.spell)

    def error_name(self, code: str) -> str:
        """`DBClusterNotFoundFault` -> `Rds.DbClusterNotFoundException`; a code that the model doesn't
        have -> `Rds.RdsException`."""
        return error_name(self.client_name, code)


def action(name: str) -> Action:
    """The action that `rds:stopDBCluster`, or the whole ARN of its integration, names.

    Raises UnknownAction with the nearest name where there is no such service or action.
    """
    return _action(name.removeprefix(SDK_PREFIX).removesuffix(".waitForTaskToken"))


@cache
def _action(bare: str) -> Action:
    service, _, called = bare.partition(":")
    client_name = models.client_name(service)
    if client_name is None:
        near = _nearest(service, models.integration_names())
        raise UnknownAction(f"there is no service {service!r} for aws-sdk", service, near)
    operations = _operations(client_name)
    if called not in operations:
        raise UnknownAction(f"{service} has no action {called!r}", called, _nearest(called, operations))
    return Action(service, client_name, operations[called])


def action_of(client_name: str, operation: str) -> Action:
    """The action behind a boto3 client's operation, such as (`stepfunctions`, `StartExecution`)."""
    return action(f"{models.integration_name(client_name)}:{casing.operation(operation)}")


@cache
def optimized_action(client_name: str, operation: str) -> Action:
    """The action behind an optimized integration (`sqs:sendMessage`), whose members are spelled as the
    API does, with the first letter raised (`MD5OfMessageBody`, `StateMachineArn`)."""
    return Action(models.integration_name(client_name), client_name, operation, casing.raised)


@cache
def _operations(client_name: str) -> dict[str, str]:
    return {casing.operation(each): each for each in models.service_model(client_name).operation_names}


@cache
def error_name(client_name: str, code: str) -> str:
    """The name that ErrorEquals matches for an error code of the service that boto3 calls `client_name`."""
    prefix = casing.service_prefix(models.service_model(client_name).metadata["serviceId"])
    shape = models.error_shapes(client_name).get(code)
    return f"{prefix}.{casing.exception(shape) if shape is not None else prefix + 'Exception'}"


def _nearest(name: str, known: Any) -> str | None:
    by_lower = {each.lower(): each for each in known}
    found = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None
