"""A machine that stands in an account, ready to be started."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from kit.machine import Machine
from kit.sandbox.deployer import Deployment
from kit.sandbox.pace import Pace
from kit.sandbox.run import Run


class Deployed:
    """What `sandbox.deploy(machine)` gives. `changes` says what was done: nothing, where the machine
    stood there already."""

    def __init__(
        self, client: Any, machine: Machine, deployment: Deployment, make_pace: Callable[[], Pace]
    ) -> None:
        self.machine = machine
        self.arn = deployment.arn
        self.role_arn = deployment.role_arn
        self.changes = deployment.changes
        self._client, self._make_pace = client, make_pace

    def start(self, input: Any = None, name: str | None = None) -> Run:
        """Starts an execution. `input` is any JSON value (none: `{}`); `name` names the execution, which
        makes a second start with the same input harmless.

        https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
        """
        text = json.dumps({} if input is None else input, ensure_ascii=False)
        named = {} if name is None else {"name": name}
        answer = self._client.start_execution(stateMachineArn=self.arn, input=text, **named)
        return Run(self._client, answer["executionArn"], self.machine.definition, self._make_pace)

    def runs(self, status: str | None = None, most: int = 100) -> list[Run]:
        """The executions of this machine, the latest first."""
        wanted = {} if status is None else {"statusFilter": status}
        pages = self._client.get_paginator("list_executions").paginate(
            stateMachineArn=self.arn, PaginationConfig={"MaxItems": most}, **wanted
        )
        return [
            Run(self._client, entry["executionArn"], self.machine.definition, self._make_pace)
            for page in pages
            for entry in page["executions"]
        ]

    def delete(self) -> None:
        """Deletes the machine; running executions are stopped. Its role stays."""
        self._client.delete_state_machine(stateMachineArn=self.arn)

    def __repr__(self) -> str:
        done = "; ".join(self.changes) or "nothing changed"
        return f"<Deployed {self.machine.name}: {done}>"
