"""A machine that stands in an account, ready to be started."""

from __future__ import annotations

import json
from typing import Any

from kit.machine import Machine
from kit.sandbox.connection import Connection
from kit.sandbox.deployer import Deployment
from kit.sandbox.run import Run


class Deployed:
    """What `sandbox.deploy(machine)` gives. `changes` says what was done: nothing, where the machine
    stood there already."""

    def __init__(self, connection: Connection, machine: Machine, deployment: Deployment) -> None:
        self.machine = machine
        self.arn = deployment.arn
        self.role_arn = deployment.role_arn
        self.changes = deployment.changes
        self._connection = connection

    def start(self, input: Any = None, name: str | None = None) -> Run:
        """Starts an execution. `input` is any JSON value (none: `{}`); `name` names the execution, which
        makes a second start with the same input harmless.

        https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
        """
        text = json.dumps({} if input is None else input, ensure_ascii=False)
        named = {} if name is None else {"name": name}
        answer = self._connection.client.start_execution(stateMachineArn=self.arn, input=text, **named)
        return self._run(answer["executionArn"])

    def runs(self, status: str | None = None, most: int = 100) -> list[Run]:
        """The executions of this machine, the latest first."""
        wanted = {} if status is None else {"statusFilter": status}
        pages = self._connection.client.get_paginator("list_executions").paginate(
            stateMachineArn=self.arn, PaginationConfig={"MaxItems": most}, **wanted
        )
        return [self._run(entry["executionArn"]) for page in pages for entry in page["executions"]]

    def delete(self) -> None:
        """Deletes the machine; running executions are stopped. Its role stays."""
        self._connection.client.delete_state_machine(stateMachineArn=self.arn)

    def _run(self, arn: str) -> Run:
        return Run(self._connection, arn, self.machine.definition, self.machine.name)

    def __repr__(self) -> str:
        done = "; ".join(self.changes) or "nothing changed"
        return f"<Deployed {self.machine.name}: {done}>"
