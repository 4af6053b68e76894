"""Tasks that call an AWS API directly, checked against the API's own model as they are written.

https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stepfunctions.inputs import Placeholder

from kit.steps.errors import StepError, UnknownFieldError
from kit.steps.language import JSONPATH_FIELDS
from kit.steps.states import Task

if TYPE_CHECKING:
    from kit.services import Action


class AwsSdk(Task):
    """Calls an AWS API: `AwsSdk("Stop it", "rds:stopDBCluster", DbClusterIdentifier="dev")`.

    Names that begin with a capital are the call's arguments, spelled as Step Functions spells them
    (not as boto3 does); names in small letters are fields of the state. Values are JSONata
    (`jsonata("$states.input.cluster")`), or JSONPath by a key that ends in `.$`:
    `**{"DbClusterIdentifier.$": "$.cluster"}`. `wait_for_task_token=True` waits for a callback.

    Raises StepError for an action or argument that AWS doesn't have, with the nearest right name.
    """

    FREE = "api_arguments"

    # Any, since ** with arguments (for keys that end in .$) may hold any type.
    def __init__(
        self, state_id: str, action: str, *, wait_for_task_token: Any = False, **fields: Any
    ) -> None:
        __tracebackhide__ = True
        from kit import services

        label = f"AwsSdk {state_id!r}"
        try:
            self.action = services.action(action)
        except services.UnknownAction as error:
            raise StepError(f"{label}: {error}{_other_name(action)}") from None
        arguments = {name: fields.pop(name) for name in list(fields) if name[:1].isupper()}
        given = next((name for name in ("arguments", "parameters") if fields.get(name) is not None), None)
        if given and arguments:
            raise StepError(f"{label}: arguments stand in {given}= and beside it. Write them once.")
        values = fields.pop(given) if given else arguments
        if isinstance(values, dict):
            _check(label, self.action, values)
        jsonpath = given == "parameters" or _has_paths(values) or _speaks_jsonpath(fields)
        resource = self.action.resource_arn + (".waitForTaskToken" if wait_for_task_token else "")
        fields["parameters" if jsonpath else "arguments"] = values
        super().__init__(state_id, resource=resource, **fields)


def _other_name(action: str) -> str:
    """A hint where the service is called as boto3 calls it."""
    from kit.services import models

    service, _, name = action.partition(":")
    if models.client_name(service) is not None or service not in models.all_metadata():
        return ""
    own = models.integration_name(service)
    return f". {service!r} is boto3's name; in a state machine it is {f'{own}:{name}'!r}"


def _check(label: str, action: Action, arguments: dict[str, Any]) -> None:
    """Refuses arguments that the action doesn't have, at any depth, and missing ones that it needs."""
    __tracebackhide__ = True
    from kit import services

    try:
        action.to_api(_spelled(arguments))
    except services.UnknownParameter as error:
        known = "" if error.nearest else f". It takes: {_some(action.parameters)}."
        raise UnknownFieldError(f"{label}: {error}{known}") from None
    given = {name.removesuffix(".$") for name in arguments}
    missing = [name for name in action.required if name not in given]
    if missing:
        raise StepError(f"{label}: {action.service}:{action.name} needs {' and '.join(missing)}.")


def _spelled(value: Any) -> Any:
    """The names in a value, without the mark of a path; what isn't JSON (a placeholder) as text."""
    if isinstance(value, dict):
        return {key.removesuffix(".$"): _spelled(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_spelled(inner) for inner in value]
    return str(value)


def _some(names: Mapping[str, Any], most: int = 12) -> str:
    listed = sorted(names)
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more


def _has_paths(value: Any) -> bool:
    if isinstance(value, dict):
        return any(key.endswith(".$") or _has_paths(inner) for key, inner in value.items())
    if isinstance(value, list):
        return any(_has_paths(inner) for inner in value)
    return isinstance(value, Placeholder)


def _speaks_jsonpath(fields: dict[str, Any]) -> bool:
    pascal = {"".join(part.title() for part in name.split("_")) for name in fields}
    return fields.get("query_language") == "JSONPath" or bool(pascal & JSONPATH_FIELDS)
