"""Step Functions' own events: how each Standard execution fares.

https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kit.emulator.gateway import Caller, Gateway, ServiceCall
from kit.emulator.schedules.rules import Event, Rules
from kit.engine import Engine, Execution

DETAIL_TYPE: Final = "Step Functions Execution Status Change"
MAX_BYTES: Final = 248 * 1024
LONGEST_CHAIN: Final = 100
"""A rule may start what it reports, and so without end. AWS lets it; here it stops after so many, which the
journal tells."""


class ExecutionEvents:
    """Tells the default bus's rules how executions fare."""

    def __init__(self, engine: Engine, gateway: Gateway) -> None:
        self._engine, self._gateway = engine, gateway
        self._chains: dict[str, int] = {}
        self.rules: Rules | None = None
        engine.on_start.append(self._changed)
        engine.on_close.append(self._changed)

    def started_by(self, arn: str, event: Event) -> None:
        """An execution was started by a rule, because of an event."""
        cause = event["detail"].get("executionArn") if isinstance(event["detail"], Mapping) else None
        self._chains[arn] = self._chains.get(str(cause), 0) + 1

    def _changed(self, execution: Execution) -> None:
        rules = self.rules
        if rules is None or not rules.in_use or execution.revision.type != "STANDARD":
            return
        event = rules.event(
            "aws.states", DETAIL_TYPE, detail(execution), [execution.arn], self._engine.region
        )
        self._engine.scheduler.soon(lambda _: self._spread(rules, execution.arn, event))

    def _spread(self, rules: Rules, arn: str, event: Event) -> None:
        # Not before now is it known whether a rule has started it.
        if self._chains.get(arn, 0) < LONGEST_CHAIN:
            rules.spread(event)
            return
        call = ServiceCall("events", "PutEvents", {"Entries": [event]}, self._engine.region)
        told = f"Rules have started {LONGEST_CHAIN} executions, one because of the other: here it ends."
        self._gateway.record(call, "EndlessChain", told, "stopped by the sandbox", Caller(arn))


def detail(execution: Execution) -> dict[str, Any]:
    """The event's detail. Input and output above 248 KiB are left out."""
    output_details = None if execution.output is None else {"included": _fits(execution.output)}
    return {
        "executionArn": execution.arn,
        "stateMachineArn": execution.revision.arn,
        "stateMachineVersionArn": execution.version_arn,
        "stateMachineAliasArn": execution.alias_arn,
        "name": execution.name,
        "status": execution.status,
        "startDate": _millis(execution.started),
        "stopDate": _millis(execution.stopped),
        "input": execution.text if _fits(execution.text) else None,
        "inputDetails": {"included": _fits(execution.text)},
        "output": execution.output if output_details and output_details["included"] else None,
        "outputDetails": output_details,
        "error": execution.error,
        "cause": execution.cause,
        "redriveCount": execution.redrive_count,
        "redriveDate": _millis(execution.redrive_time),
    }


def _fits(text: str) -> bool:
    return len(text.encode()) <= MAX_BYTES


def _millis(moment: float | None) -> int | None:
    return None if moment is None else round(moment * 1000)
