"""What roles may do: a state machine's calls are made by its role, and refused where its policies say so.

Evaluated, of the role that a machine, a task (Credentials) or a schedule names: its inline and attached
policies, its permissions boundary, conditions on tags, the principal, the Region and the time.

Not evaluated: of a call that needs several actions, all but the foremost and the one for its tags; policies
of resources (of a bucket, a key, a queue), of the organization and of sessions; whether a role trusts Step
Functions; iam:PassRole; what `.sync` needs of EventBridge; a Distributed Map's own calls to S3; condition
keys of single services but those on tags (they count as met where a statement allows, and the journal says
so). A change is in force at once, where AWS takes seconds to minutes. A person's own calls may do
everything.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final

from kit.emulator.backends import Backends
from kit.emulator.gateway import Caller, ServiceCall
from kit.emulator.messages import HttpResponse
from kit.emulator.permissions.documents import RolePolicies, listed, read_role
from kit.emulator.permissions.evaluation import Decision, decide
from kit.emulator.permissions.request import Request
from kit.emulator.refusals import Refusal
from kit.services import iam
from kit.services.iam_resources import Where, resources
from kit.services.models import service_model

__all__ = ["Permissions", "principal"]

MODES: Final = ("known", "strict", "off")
_SESSIONS: Final = uuid.UUID("6d0c9bd4-6c5e-4ac5-9b55-0d8f34a0d6f1")


class Permissions:
    """The permissions of one emulator. `mode` can be set at any time:

    - `known`: a role that exists in the sandbox is evaluated; one that doesn't may do everything, and the
      journal's note says so, since outside clients bring role names of their own
    - `strict`: a role that doesn't exist may do nothing
    - `off`: every role may do everything
    """

    def __init__(
        self,
        backends: Backends,
        *,
        account: str,
        now: Callable[[], dt.datetime],
        caller: Callable[[], Caller],
        mode: str = "known",
    ) -> None:
        self._backends, self._account, self._now, self._caller = backends, account, now, caller
        self._roles: dict[str, RolePolicies | None] = {}
        self._unknown: set[str] = set()
        self.mode = mode

    @property
    def mode(self) -> str:
        return self._mode

    @mode.setter
    def mode(self, mode: str) -> None:
        """Raises ValueError for a mode that is none."""
        if mode not in MODES:
            raise ValueError(f"no mode of permissions {mode!r}: use one of {', '.join(MODES)}")
        self._mode = mode

    def __repr__(self) -> str:
        return f"<Permissions: {self.mode}>"

    # The gateway's calls.

    def authorize(self, call: ServiceCall) -> None:
        """Raises Refusal where the caller's role doesn't allow the call."""
        caller = self._caller()
        self._unknown = set()
        if caller.role_arn is None or self.mode == "off":
            return
        where = Where("aws", call.region or "us-east-1", self._account)
        actions = iam.actions(call.service, call.operation)
        named = resources(call.service, call.operation, call.params, where)
        if actions[0].startswith("dynamodb:PartiQL"):
            # Which of them a statement needs stands in its text, which isn't read.
            actions = (
                tuple(each for each in actions if self._is_allowed(caller, each, named[0], call)) or actions
            )
        for resource in named:
            self._require(caller, actions[0], resource, call)
        tagging = iam.tagging(call.service, call.operation)
        if tagging is not None and {"Tags", "tags"} & set(call.params):
            self._require(caller, tagging, named[0], call)

    def before(self, call: ServiceCall) -> None:
        """Nothing more to refuse: `authorize` comes first."""

    def after(self, call: ServiceCall, response: HttpResponse) -> HttpResponse:
        """What was read of roles is forgotten when IAM may have changed."""
        if call.service in ("iam", "cloudformation"):
            self._roles.clear()
        return response

    def remark(self, caller: Caller) -> str | None:
        """What the journal says of a call that was let through without a look at it, or with a blind eye."""
        if caller.role_arn is None or self.mode == "off":
            return None
        if self.mode == "known" and self._role(caller.role_arn) is None:
            return f"the role {caller.role_arn} is not in the sandbox, so it may do everything"
        if self._unknown:
            return f"not evaluated, taken as met: the condition keys {', '.join(sorted(self._unknown))}"
        return None

    def _is_allowed(self, caller: Caller, action: str, resource: str, call: ServiceCall) -> bool:
        assert caller.role_arn is not None
        return self.decide(caller.role_arn, action, resource, call.params, call.region).allowed

    def _require(self, caller: Caller, action: str, resource: str, call: ServiceCall) -> None:
        assert caller.role_arn is not None
        decision = self.decide(caller.role_arn, action, resource, call.params, call.region)
        if not decision.allowed:
            raise _refusal(call.service, action, resource, principal(caller.role_arn, caller.by), decision)

    # What others ask.

    def decide(
        self,
        role_arn: str,
        action: str,
        resource: str,
        params: Mapping[str, Any] | None = None,
        region: str = "",
        extra: Mapping[str, str] | None = None,
    ) -> Decision:
        """Whether a role allows an action on a resource."""
        if self.mode == "off":
            return Decision(True)
        role = self._role(role_arn)
        if role is None:
            nothing = f"because no identity-based policy allows the {action} action"
            return Decision(self.mode == "known", nothing)
        request = Request(
            self._backends,
            role,
            role_arn,
            self._account,
            region or "us-east-1",
            resource,
            params or {},
            self._now,
            extra or {},
        )
        return decide(role, action, resource, request, self._unknown)

    def may_assume(self, role_arn: str, other_arn: str) -> bool:
        """Whether a machine's role may take the one that a task's Credentials name: its own policies must
        allow it, and the other must trust it. A role that isn't in the sandbox does, in mode `known`."""
        if self.mode == "off":
            return True
        if not self.decide(role_arn, "sts:AssumeRole", other_arn).allowed:
            return False
        other = self._role(other_arn)
        if other is None:
            return self.mode == "known"
        return any(_trusts(each, role_arn) for each in _listed(other.trust.get("Statement")))

    def _role(self, arn: str) -> RolePolicies | None:
        if arn not in self._roles:
            self._roles[arn] = read_role(self._backends, arn)
        return self._roles[arn]


def principal(role_arn: str, by: str) -> str:
    """Whom AWS names: the role's session, one for each execution."""
    account, name = role_arn.split(":")[4], role_arn.rsplit("/", 1)[-1]
    session = uuid.uuid5(_SESSIONS, by).hex
    return f"arn:aws:sts::{account}:assumed-role/{name}/{session}"


def _refusal(service: str, action: str, resource: str, who: str, decision: Decision) -> Refusal:
    """In the words and with the code of the service's kind of protocol."""
    protocol = service_model(service).metadata["protocol"]
    named = action.replace("sns:", "SNS:", 1) if service == "sns" else action
    shown = f'"{resource}"' if service == "s3" else resource
    reason = decision.reason.replace(action, named)
    message = f"User: {who} is not authorized to perform: {named} on resource: {shown} {reason}"
    if service == "ec2":
        return Refusal(
            "UnauthorizedOperation", f"You are not authorized to perform this operation. {message}.", 403
        )
    if service == "sns":
        return Refusal("AuthorizationError", message, 403)
    if protocol in ("query", "rest-xml") or service == "sqs":
        return Refusal("AccessDenied", message, 403)
    return Refusal("AccessDeniedException", message, 400 if protocol == "json" else 403)


def _trusts(statement: Mapping[str, Any], role_arn: str) -> bool:
    if statement.get("Effect") != "Allow" or "sts:AssumeRole" not in listed(statement.get("Action")):
        return False
    named = statement.get("Principal")
    trusted = ("*",) if named == "*" else listed(named.get("AWS")) if isinstance(named, Mapping) else ()
    account = role_arn.split(":")[4]
    return bool({"*", role_arn, account, f"arn:aws:iam::{account}:root"} & set(trusted))


def _listed(value: Any) -> list[Mapping[str, Any]]:
    return value if isinstance(value, list) else [value] if isinstance(value, Mapping) else []
