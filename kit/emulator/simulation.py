"""IAM's SimulatePrincipalPolicy, by the same evaluation that lets calls pass or not.

Of a role's own policies only; SimulateCustomPolicy, and policies that are only thought of, are not done.
https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kit.emulator.gateway import ServiceCall
from kit.emulator.permissions import Permissions
from kit.emulator.refusals import Refusal


def simulate(permissions: Permissions, call: ServiceCall) -> Mapping[str, Any]:
    """A decision for each action on each resource. Raises Refusal."""
    params = call.params
    if params.get("PolicyInputList"):
        message = "The sandbox simulates a role's own policies, none that are only thought of."
        raise Refusal("NotImplemented", message, 501)
    context = {
        str(entry["ContextKeyName"]): str(entry["ContextKeyValues"][0])
        for entry in params.get("ContextEntries", ())
        if entry.get("ContextKeyValues")
    }
    results = []
    for action in params["ActionNames"]:
        for resource in params.get("ResourceArns") or ["*"]:
            decision = permissions.decide(params["PolicySourceArn"], action, resource, extra=context)
            denied = "explicitDeny" if "explicit deny" in decision.reason else "implicitDeny"
            results.append(
                {
                    "EvalActionName": action,
                    "EvalResourceName": resource,
                    "EvalDecision": "allowed" if decision.allowed else denied,
                    "MatchedStatements": [],
                    "MissingContextValues": [],
                }
            )
    return {"EvaluationResults": results, "IsTruncated": False}
