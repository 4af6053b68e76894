#!/usr/bin/env python3
"""How fast the engine is in this process, histories included.

Prints one line for each workload; `--json FILE` also writes the numbers. Repeats each and takes the
median. Nothing here waits for real time and nothing uses a socket.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kit.asl import parse
from kit.engine import Done, Engine, Execution, Failed, Revision, TaskAnswer, TaskCall, compile_program

Definition = dict[str, Any]


class NothingToCall:
    """Integrations of machines without Task states, and of those whose call does nothing."""

    def describe(self, resource: str) -> tuple[str, str]:
        return "aws-sdk:ssm", resource.rpartition(":")[2]

    def refusal(self, resource: str, arguments: Any) -> Failed | None:  # noqa: ARG002
        return None

    def call(self, call: TaskCall) -> TaskAnswer:  # noqa: ARG002
        return Done({"Parameter": {"Value": "on"}})

    def poll(self, call: TaskCall, handle: Any) -> TaskAnswer | None:  # noqa: ARG002
        return None

    def cancel(self, call: TaskCall, handle: Any) -> None:  # noqa: ARG002
        return None


def loop(body: Definition, condition: Definition, language: str) -> Definition:
    """Choice and one more state, round and round: two transitions a round."""
    return {
        "QueryLanguage": language,
        "StartAt": "More",
        "States": {
            "More": {"Type": "Choice", "Choices": [{**condition, "Next": "Add"}], "Default": "Done"},
            "Add": {**body, "Next": "More"},
            "Done": {"Type": "Succeed"},
        },
    }


def counting(rounds: int, language: str) -> Definition:
    if language == "JSONata":
        condition = {"Condition": f"{{% $states.input.i < {rounds} %}}"}
        return loop({"Type": "Pass", "Output": {"i": "{% $states.input.i + 1 %}"}}, condition, language)
    below: Definition = {"Variable": "$.i", "NumericLessThan": rounds}
    return loop({"Type": "Pass", "Parameters": {"i.$": "States.MathAdd($.i, 1)"}}, below, language)


def mapping(language: str) -> Definition:
    """An inline Map with two Pass states for each item."""
    if language == "JSONata":
        states: Definition = {
            "Double": {"Type": "Pass", "Output": {"v": "{% $states.input * 2 %}"}, "Next": "More"},
            "More": {"Type": "Pass", "Output": "{% $states.input.v + 1 %}", "End": True},
        }
        items = {"Items": "{% $states.input.items %}"}
    else:
        states = {
            "Double": {"Type": "Pass", "Parameters": {"v.$": "States.MathAdd($, 1)"}, "Next": "More"},
            "More": {
                "Type": "Pass",
                "Parameters": {"v.$": "States.MathAdd($.v, 1)"},
                "OutputPath": "$.v",
                "End": True,
            },
        }
        items = {"ItemsPath": "$.items"}
    processor = {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "Double", "States": states}
    each = {"Type": "Map", **items, "ItemProcessor": processor, "End": True}
    return {"QueryLanguage": language, "StartAt": "Each", "States": {"Each": each}}


def distributed() -> Definition:
    definition = mapping("JSONPath")
    definition["States"]["Each"]["ItemProcessor"]["ProcessorConfig"] = {
        "Mode": "DISTRIBUTED",
        "ExecutionType": "STANDARD",
    }
    return definition


def waiting(seconds: int) -> Definition:
    return {"StartAt": "Sleep", "States": {"Sleep": {"Type": "Wait", "Seconds": seconds, "End": True}}}


def calling(rounds: int) -> Definition:
    """A loop with one SDK call a round that costs nothing by itself."""
    definition = counting(rounds, "JSONPath")
    definition["States"]["More"]["Choices"][0]["Next"] = "Call"
    definition["States"]["Call"] = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:ssm:getParameter",
        "Parameters": {"Name": "/switch"},
        "ResultPath": "$.r",
        "Next": "Add",
    }
    return definition


class Bench:
    """An engine of its own for each run."""

    def __init__(self, definition: Definition, value: Any, copies: int = 1) -> None:
        self.engine = Engine(NothingToCall())
        program = compile_program(parse(definition))
        revision = Revision(arn="arn:m", name="m", role_arn="arn:r", type="STANDARD", program=program)
        text = json.dumps(value)
        self.executions: list[Execution] = [
            self.engine.start(revision, text, value, arn=f"arn:{copy}", name=str(copy))
            for copy in range(copies)
        ]

    def run(self) -> float:
        """Runs all to their ends in virtual time; gives the real seconds."""
        began = time.perf_counter()
        self.engine.scheduler.run_until(400 * 86_400.0)
        took = time.perf_counter() - began
        assert all(each.status == "SUCCEEDED" for each in self.executions), self.executions[0].cause
        return took


def median(make: Callable[[], Bench], repeat: int) -> float:
    return statistics.median(make().run() for _ in range(repeat))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5, help="runs of each workload (5)")
    parser.add_argument("--json", type=Path, help="write the numbers here")
    args = parser.parse_args()
    numbers: dict[str, float] = {}

    def rate(name: str, count: int, make: Callable[[], Bench], unit: str) -> None:
        numbers[name] = count / median(make, args.repeat)
        print(f"{name:<44}{numbers[name]:>14,.0f} {unit}", flush=True)

    def seconds(name: str, make: Callable[[], Bench]) -> None:
        numbers[name] = median(make, args.repeat)
        print(f"{name:<44}{numbers[name]:>14.4f} s", flush=True)

    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    counter, items = {"i": 0}, {"items": list(range(4_000))}
    unit = "transitions/s"
    rate("W1 counter loop, JSONPath", 10_000, lambda: Bench(counting(5_000, "JSONPath"), counter), unit)
    rate("W1 counter loop, JSONata", 10_000, lambda: Bench(counting(5_000, "JSONata"), counter), unit)
    seconds("W2 inline Map of 4,000 items, JSONPath", lambda: Bench(mapping("JSONPath"), items))
    seconds("W2 inline Map of 4,000 items, JSONata", lambda: Bench(mapping("JSONata"), items))
    seconds(
        "W2 inline Map of 400 items, JSONPath",
        lambda: Bench(mapping("JSONPath"), {"items": list(range(400))}),
    )
    seconds("Distributed Map of 10,000 items", lambda: Bench(distributed(), {"items": list(range(10_000))}))
    seconds("Wait of a year", lambda: Bench(waiting(31_535_999), {}))
    seconds("10,000 executions that wait an hour", lambda: Bench(waiting(3_600), {}, copies=10_000))
    rate("Tasks, their call costing nothing", 2_000, lambda: Bench(calling(2_000), {"i": 0}), "tasks/s")
    if args.json:
        args.json.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
