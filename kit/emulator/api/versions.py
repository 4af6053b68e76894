"""Versions and aliases of state machines.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-cd-aliasing-versioning.html
"""

from __future__ import annotations

import re
from typing import Any, Final

from kit.emulator.api.errors import ApiError, invalid_arn, validation_error
from kit.emulator.api.names import check_name, parse_arn
from kit.emulator.api.operations import Operations, put
from kit.emulator.api.paging import page
from kit.emulator.api.store import INITIAL_REVISION, Alias, Machine, Version
from kit.engine.events import at

MAX_VERSIONS: Final = 1000
MAX_ALIASES: Final = 100
MAX_ROUTES: Final = 2
ONLY_DIGITS: Final = re.compile(r"\d+")


class Versions(Operations):
    def publish_state_machine_version(self, params: dict[str, Any]) -> dict[str, Any]:
        arn = params["stateMachineArn"]
        machine = self.store.machine(arn)
        if machine.arn != arn:
            raise invalid_arn(arn)
        wanted = params.get("revisionId")
        if wanted is not None and wanted != (machine.revision.revision_id or INITIAL_REVISION):
            raise ApiError(
                "ConflictException",
                f"Failed to publish the State Machine version for revision {wanted}. "
                f"The current State Machine revision is {machine.revision.revision_id or INITIAL_REVISION}.",
            )
        version = publish(machine, self.now, params.get("description"))
        return {
            "stateMachineVersionArn": f"{arn}:{version.number}",
            "creationDate": at(version.created),
        }

    def delete_state_machine_version(self, params: dict[str, Any]) -> dict[str, Any]:
        """Deleting what isn't there is no error, as on AWS; a version that an alias leads to stays."""
        arn = params["stateMachineVersionArn"]
        _, names = parse_arn(arn, "stateMachine")
        if len(names) != 2 or not ONLY_DIGITS.fullmatch(names[1]):
            raise invalid_arn(arn)
        machine = self.store.machines.get(arn.rsplit(":", 1)[0])
        if machine is None:
            return {}
        users = [alias.name for alias in machine.aliases.values() if _leads_to(alias, arn)]
        if users:
            raise ApiError(
                "ConflictException",
                "Version to be deleted must not be referenced by an alias. "
                f"Current list of aliases referencing this version: [{', '.join(users)}]",
            )
        machine.versions.pop(int(names[1]), None)
        return {}

    def list_state_machine_versions(self, params: dict[str, Any]) -> dict[str, Any]:
        machine = self.store.machine(params["stateMachineArn"])
        newest = sorted(machine.versions.values(), key=lambda version: -version.number)
        return page(
            newest,
            params,
            "stateMachineVersions",
            lambda version: {
                "stateMachineVersionArn": f"{machine.arn}:{version.number}",
                "creationDate": at(version.created),
            },
        )

    def create_state_machine_alias(self, params: dict[str, Any]) -> dict[str, Any]:
        name = check_name(params["name"])
        if ONLY_DIGITS.fullmatch(name):
            raise ApiError("InvalidName", f"Invalid Name: '{name}'")
        machine, routes = self._routes(params["routingConfiguration"])
        arn = f"{machine.arn}:{name}"
        alias = machine.aliases.get(name)
        if alias is None:
            if len(machine.aliases) >= MAX_ALIASES:
                raise ApiError(
                    "ServiceQuotaExceededException", f"A state machine has at most {MAX_ALIASES} aliases"
                )
            alias = machine.aliases[name] = Alias(
                name=name,
                arn=arn,
                description=params.get("description"),
                routes=routes,
                created=self.now,
                updated=self.now,
            )
        elif (alias.routes, alias.description) != (routes, params.get("description")):
            raise ApiError(
                "ConflictException",
                "Failed to create alias because an alias with the same name and a different routing "
                "configuration already exists.",
            )
        return {"stateMachineAliasArn": arn, "creationDate": at(alias.created)}

    def update_state_machine_alias(self, params: dict[str, Any]) -> dict[str, Any]:
        machine, alias = self._alias(params)
        if params.get("description") is None and params.get("routingConfiguration") is None:
            raise validation_error("Either the description or the routing configuration must be specified")
        if params.get("routingConfiguration") is not None:
            other, routes = self._routes(params["routingConfiguration"])
            if other is not machine:
                raise validation_error(
                    "Routing configuration must contain versions of the alias's state machine"
                )
            alias.routes = routes
        alias.description = params.get("description", alias.description)
        alias.updated = self.now
        return {"updateDate": at(self.now)}

    def describe_state_machine_alias(self, params: dict[str, Any]) -> dict[str, Any]:
        _, alias = self._alias(params)
        answer = {
            "stateMachineAliasArn": alias.arn,
            "name": alias.name,
            "routingConfiguration": alias.routes,
            "creationDate": at(alias.created),
            "updateDate": at(alias.updated),
        }
        return put(answer, description=alias.description)

    def list_state_machine_aliases(self, params: dict[str, Any]) -> dict[str, Any]:
        arn = params["stateMachineArn"]
        machine = self.store.machine(arn)
        aliases = sorted(machine.aliases.values(), key=lambda alias: alias.name)
        if arn != machine.arn:
            aliases = [alias for alias in aliases if _leads_to(alias, arn)]
        return page(
            aliases,
            params,
            "stateMachineAliases",
            lambda alias: {"stateMachineAliasArn": alias.arn, "creationDate": at(alias.created)},
        )

    def delete_state_machine_alias(self, params: dict[str, Any]) -> dict[str, Any]:
        machine, alias = self._alias(params)
        del machine.aliases[alias.name]
        return {}

    def _alias(self, params: dict[str, Any]) -> tuple[Machine, Alias]:
        arn = params["stateMachineAliasArn"]
        _, names = parse_arn(arn, "stateMachine")
        machine = self.store.machines.get(arn.rsplit(":", 1)[0])
        if len(names) != 2:
            raise invalid_arn(arn)
        if machine is None or names[1] not in machine.aliases:
            raise _not_found(arn)
        return machine, machine.aliases[names[1]]

    def _routes(self, given: list[dict[str, Any]]) -> tuple[Machine, list[dict[str, Any]]]:
        """The machine and the checked routes of a routing configuration. Raises ApiError."""
        arns = [route["stateMachineVersionArn"] for route in given]
        if not 1 <= len(given) <= MAX_ROUTES:
            raise validation_error(f"Routing configuration must contain one or {MAX_ROUTES} versions")
        if len(set(arns)) < len(arns):
            raise validation_error("Routing configuration must contain different versions")
        if sum(route["weight"] for route in given) != 100:
            raise validation_error("Sum of routing configuration weights must equal 100")
        if len({arn.rsplit(":", 1)[0] for arn in arns}) > 1:
            raise validation_error("Routing configuration must contain versions of the same state machine")
        for arn in arns:
            _, names = parse_arn(arn, "stateMachine")
            machine = self.store.machines.get(arn.rsplit(":", 1)[0])
            if len(names) != 2 or not ONLY_DIGITS.fullmatch(names[1]):
                raise invalid_arn(arn)
            if machine is None or int(names[1]) not in machine.versions:
                raise _not_found(arn)
        return self.store.machine(arns[0]), [dict(route) for route in given]


def _not_found(arn: str) -> ApiError:
    words = f"Request references a resource that does not exist: '{arn}'"
    return ApiError("ResourceNotFound", words, resourceName=arn)


def publish(machine: Machine, now: float, description: str | None) -> Version:
    """Publishes the latest revision; gives the version that there is, if it has been published before."""
    for version in machine.versions.values():
        if version.revision is machine.revision:
            return version
    if len(machine.versions) >= MAX_VERSIONS:
        raise ApiError(
            "ServiceQuotaExceededException", f"A state machine has at most {MAX_VERSIONS} versions"
        )
    machine.last_version += 1
    version = Version(
        number=machine.last_version, revision=machine.revision, created=now, description=description
    )
    machine.versions[version.number] = version
    return version


def _leads_to(alias: Alias, version_arn: str) -> bool:
    return any(route["stateMachineVersionArn"] == version_arn for route in alias.routes)
