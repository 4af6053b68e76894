"""Creating, changing, describing and deleting state machines.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final, cast, get_args

from kit.emulator.api.errors import ApiError, invalid_arn
from kit.emulator.api.names import check_name, parse_arn
from kit.emulator.api.operations import Operations
from kit.emulator.api.paging import page
from kit.emulator.api.store import Machine
from kit.emulator.api.validation import compile_definition, validate_definition
from kit.emulator.api.versions import publish
from kit.engine import Revision
from kit.engine.events import at
from kit.engine.execution import MachineType

ROLE: Final = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/.+")
NO_LOGGING: Final = {"level": "OFF", "includeExecutionData": False}
NO_TRACING: Final = {"enabled": False}


class Machines(Operations):
    def create_state_machine(self, params: dict[str, Any]) -> dict[str, Any]:
        name, definition, role = check_name(params["name"]), params["definition"], _role(params["roleArn"])
        kind = _type(params.get("type") or "STANDARD")
        arn = self.engine.arn("stateMachine", name)
        program = compile_definition(definition, kind)
        machine = self.store.machines.get(arn)
        if machine is None:
            revision = Revision(
                arn=arn, name=name, role_arn=role, type=kind, program=program, definition=definition
            )
            machine = Machine(
                revision=revision,
                created=self.now,
                updated=self.now,
                logging=params.get("loggingConfiguration") or NO_LOGGING,
                tracing=params.get("tracingConfiguration") or NO_TRACING,
                encryption=params.get("encryptionConfiguration"),
            )
            self.store.machines[arn] = machine
            self.add_tags(arn, params.get("tags") or [])
        elif not _is_same(machine, definition, role, kind, params):
            raise ApiError("StateMachineAlreadyExists", f"State Machine Already Exists: '{arn}'")
        answer = {"stateMachineArn": arn, "creationDate": at(machine.created)}
        if params.get("publish"):
            version = publish(machine, self.now, params.get("versionDescription"))
            answer["stateMachineVersionArn"] = f"{arn}:{version.number}"
        return answer

    def update_state_machine(self, params: dict[str, Any]) -> dict[str, Any]:
        machine = self.store.machine(params["stateMachineArn"])
        if machine.arn != params["stateMachineArn"]:
            raise invalid_arn(params["stateMachineArn"])
        settings = (
            "definition",
            "roleArn",
            "loggingConfiguration",
            "tracingConfiguration",
            "encryptionConfiguration",
        )
        if all(params.get(key) is None for key in settings):
            raise ApiError(
                "MissingRequiredParameter",
                "Either the definition, the role ARN, or the LoggingConfiguration, TracingConfiguration, or "
                "EncryptionConfiguration must be specified",
            )
        old = machine.revision
        changed: dict[str, Any] = {}
        if params.get("definition") is not None:
            changed["program"] = compile_definition(params["definition"], old.type)
            changed["definition"] = params["definition"]
        if params.get("roleArn") is not None:
            changed["role_arn"] = _role(params["roleArn"])
        if any(getattr(old, key) != value for key, value in changed.items() if key != "program"):
            changed["revision_id"] = self.engine.randomness.uuid("revision")
            machine.revision = replace(old, **changed)
        machine.logging = params.get("loggingConfiguration") or machine.logging
        machine.tracing = params.get("tracingConfiguration") or machine.tracing
        machine.encryption = params.get("encryptionConfiguration") or machine.encryption
        machine.updated = self.now
        answer: dict[str, Any] = {"updateDate": at(self.now)}
        if machine.revision.revision_id is not None:
            answer["revisionId"] = machine.revision.revision_id
        if params.get("publish"):
            version = publish(machine, self.now, params.get("versionDescription"))
            answer["stateMachineVersionArn"] = f"{machine.arn}:{version.number}"
        return answer

    def describe_state_machine(self, params: dict[str, Any]) -> dict[str, Any]:
        arn = params["stateMachineArn"]
        machine = self.store.machine(arn)
        target = self.target(arn)
        revision = target.revision
        answer: dict[str, Any] = {
            "stateMachineArn": arn,
            "name": machine.name,
            "status": "ACTIVE",
            "definition": revision.definition,
            "roleArn": revision.role_arn,
            "type": revision.type,
            "creationDate": at(target.created),
            "loggingConfiguration": machine.logging,
            "tracingConfiguration": machine.tracing,
            "encryptionConfiguration": machine.encryption or {"type": "AWS_OWNED_KEY"},
        }
        if revision.revision_id is not None:
            answer["revisionId"] = revision.revision_id
        if target.description is not None:
            answer["description"] = target.description
        if params.get("includedData") == "METADATA_ONLY":
            answer["definition"] = ""
        return answer

    def describe_state_machine_for_execution(self, params: dict[str, Any]) -> dict[str, Any]:
        execution = self.execution(params["executionArn"])
        revision = execution.revision
        machine = self.store.machines.get(revision.arn)
        answer: dict[str, Any] = {
            "stateMachineArn": revision.arn,
            "name": revision.name,
            "definition": revision.definition if params.get("includedData") != "METADATA_ONLY" else "",
            "roleArn": revision.role_arn,
            "updateDate": at(machine.updated if machine is not None else execution.started),
            "loggingConfiguration": machine.logging if machine is not None else NO_LOGGING,
            "tracingConfiguration": machine.tracing if machine is not None else NO_TRACING,
            "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
        }
        if revision.revision_id is not None:
            answer["revisionId"] = revision.revision_id
        if execution.map_run is not None:
            answer["mapRunArn"] = execution.map_run.arn
            answer["label"] = execution.map_run.label
        return answer

    def list_state_machines(self, params: dict[str, Any]) -> dict[str, Any]:
        machines = sorted(self.store.machines.values(), key=lambda machine: machine.name)
        return page(machines, params, "stateMachines", _brief)

    def delete_state_machine(self, params: dict[str, Any]) -> dict[str, Any]:
        """Deleting what isn't there is no error, as on AWS. Executions that run are stopped."""
        arn = params["stateMachineArn"]
        _, names = parse_arn(arn, "stateMachine")
        if len(names) > 1:
            raise invalid_arn(arn)
        machine = self.store.machines.pop(arn, None)
        if machine is not None:
            for execution in machine.executions:
                self.engine.stop(execution)
            self.store.tags.pop(arn, None)
        return {}

    def validate_state_machine_definition(self, params: dict[str, Any]) -> dict[str, Any]:
        return validate_definition(params)


def _type(name: str) -> MachineType:
    if name not in get_args(MachineType):
        raise ApiError("StateMachineTypeNotSupported", f"State Machine Type Not Supported: '{name}'")
    return cast(MachineType, name)


def _role(arn: str) -> str:
    if not ROLE.fullmatch(arn):
        raise ApiError("InvalidArn", f"Invalid Role Arn: '{arn}'")
    return arn


def _is_same(machine: Machine, definition: str, role: str, kind: str, params: dict[str, Any]) -> bool:
    """Creating the same machine twice is no error: the first is the answer."""
    revision = machine.revision
    logging, tracing = (params.get(key + "Configuration") for key in ("logging", "tracing"))
    return (
        (revision.definition, revision.role_arn, revision.type) == (definition, role, kind)
        and (logging or NO_LOGGING) == machine.logging
        and (tracing or NO_TRACING) == machine.tracing
    )


def _brief(machine: Machine) -> dict[str, Any]:
    return {
        "stateMachineArn": machine.arn,
        "name": machine.name,
        "type": machine.revision.type,
        "creationDate": at(machine.created),
    }
