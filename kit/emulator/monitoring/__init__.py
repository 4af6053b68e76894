"""What Step Functions itself tells CloudWatch: metrics of executions, and logs where a machine wants them.

Points and lines are kept until somebody asks CloudWatch, and put into its backend just before it answers: a
machine that runs a thousand times pays nothing for what nobody reads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kit.emulator.monitoring.logs import ExecutionLogs
from kit.emulator.monitoring.metrics import Metrics

if TYPE_CHECKING:
    from kit.emulator.backends import Backends
    from kit.emulator.gateway import ServiceCall
    from kit.emulator.messages import HttpResponse
    from kit.engine import Engine

__all__ = ["Monitoring"]


class Monitoring:
    """A warden of the gateway. `logging_of(state_machine_arn)` gives a machine's loggingConfiguration."""

    def __init__(
        self, engine: Engine, backends: Backends, logging_of: Callable[[str], dict[str, Any] | None]
    ) -> None:
        self._region, self._backends = engine.region, backends
        self._metrics = Metrics(engine)
        self._logs = ExecutionLogs(engine, logging_of, lambda: self._tell("logs", self._logs))

    def before(self, call: ServiceCall) -> None:
        """Brings CloudWatch up to date before it answers."""
        if call.region != self._region:
            return
        if call.service == "cloudwatch":
            self._tell("cloudwatch", self._metrics)
        elif call.service == "logs":
            self._tell("logs", self._logs)

    def after(self, call: ServiceCall, response: HttpResponse) -> HttpResponse:  # noqa: ARG002
        return response

    def _tell(self, service: str, source: Metrics | ExecutionLogs) -> None:
        if source.has_news:
            with self._backends.inside():
                source.flush(self._backends.backend(service, self._region))
