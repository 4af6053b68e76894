"""Money: what the sandbox's executions, requests and resources would cost in AWS, at list prices."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from kit.emulator.billing import transitions
from kit.emulator.billing.bill import Bill, Line
from kit.emulator.billing.meter import Meter
from kit.emulator.journal import Call, Journal
from kit.engine import Engine, Execution
from kit.services.prices import PRICES, Price

__all__ = ["Bill", "Billing", "Line", "Meter"]

EXPRESS_GB: Final = 64 / 1024
_SCHEDULE: Final = ":scheduler:"
_REQUESTS: Final = {
    ("lambda", "Invoke"): "lambda:request",
    ("sns", "Publish"): "sns:publish",
}
_BY_SERVICE: Final = {"sqs": "sqs:request", "secretsmanager": "secretsmanager:request"}


class Billing:
    """Counts what costs; `bill()` puts prices to it."""

    def __init__(self, engine: Engine, journal: Journal, meter: Meter) -> None:
        self._engine, self._journal, self._meter = engine, journal, meter
        self._begin = engine.scheduler.now
        self._express: list[tuple[float, float]] = []
        engine.on_close.append(self._ended)

    def bill(
        self,
        since: dt.datetime | None = None,
        until: dt.datetime | None = None,
        *,
        prices: Mapping[str, float] | None = None,
    ) -> Bill:
        """What the time from `since` (the sandbox's beginning) to `until` (now) would cost.

        `prices` are your own, in USD for a unit, by the keys of the lines: they go before the table's.
        Raises ValueError for a price below nothing, and for a time that ends before it begins.
        """
        begin = self._begin if since is None else _seconds(since)
        end = math.nextafter(self._engine.scheduler.now, math.inf) if until is None else _seconds(until)
        if end < begin:
            raise ValueError("the bill's time ends before it begins")
        for key, usd in (prices or {}).items():
            if usd < 0:
                raise ValueError(f"the price of {key} is {usd}")
        counted = [*self._work(begin, end), *self._requests(begin, end), *self._hours(begin, end)]
        lines = [_line(key, quantity, unit, prices or {}) for key, quantity, unit in counted if quantity]
        lines.sort(key=lambda line: (-(line.usd or 0.0), line.key))
        return Bill(tuple(lines), _moment(begin), _moment(end))

    def _work(self, begin: float, end: float) -> Iterator[tuple[str, float, str]]:
        moved = transitions.count(self._engine.executions.values(), begin, end)
        yield "states:transition", float(moved), "state transitions"
        express = [length for at, length in self._express if begin <= at < end]
        yield "states:express-request", float(len(express)), "requests"
        billed = sum(math.ceil(length * 10) / 10 for length in express)
        yield "states:express-gb-second", billed * EXPRESS_GB, "GB-seconds"

    def _requests(self, begin: float, end: float) -> Iterator[tuple[str, float, str]]:
        found: Counter[str] = Counter()
        for call in self._journal:
            if begin <= call.at.timestamp() < end:
                for key, count in _priced(call):
                    found[key] += count
        for key, count in sorted(found.items()):
            yield key, float(count), f"{PRICES[key].unit}s"

    def _hours(self, begin: float, end: float) -> Iterator[tuple[str, float, str]]:
        found: dict[str, float] = {}
        for stretch in self._meter.stretches():
            found[stretch.key] = found.get(stretch.key, 0.0) + stretch.hours(begin, end)
        for key, hours in sorted(found.items()):
            price = PRICES.get(key)
            yield key, round(hours, 6), f"{price.unit if price else 'hour'}s"

    def _ended(self, execution: Execution) -> None:
        if execution.revision.type == "EXPRESS" and execution.stopped is not None:
            self._express.append((execution.started, execution.stopped - execution.started))


def _priced(call: Call) -> Iterator[tuple[str, int]]:
    """What a call costs by itself. Those that only manage resources cost nothing."""
    if _SCHEDULE in call.by:
        yield "scheduler:invocation", 1
    if call.service == "events" and call.operation == "PutEvents":
        yield "events:event", len(call.params.get("Entries", ()))
    elif call.service == "s3":
        reads = call.operation.startswith(("Get", "Head", "Select"))
        if not call.operation.startswith("Delete"):
            yield ("s3:read" if reads else "s3:write"), 1
    else:
        key = _REQUESTS.get((call.service, call.operation)) or _BY_SERVICE.get(call.service)
        if key is not None:
            yield key, 1


def _line(key: str, quantity: float, unit: str, own: Mapping[str, float]) -> Line:
    price: Price | None = PRICES.get(key)
    if key in own:
        return Line(key, quantity, unit, own[key] * quantity, "your own")
    if price is None:
        return Line(key, quantity, unit, None)
    return Line(key, quantity, unit, price.usd * quantity, price.sure)


def _seconds(moment: dt.datetime) -> float:
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()


def _moment(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
