"""A history of 25,000 events, a page at a time: each page costs what is on it, not what isn't."""

from __future__ import annotations

import json
import tracemalloc

from kit.emulator import Emulator

ENDLESS = {
    "StartAt": "Again",
    "States": {
        "Again": {"Type": "Pass", "Next": "More"},
        "More": {
            "Type": "Choice",
            "Choices": [{"Variable": "$", "IsPresent": True, "Next": "Again"}],
            "Default": "End",
        },
        "End": {"Type": "Succeed"},
    },
}


def test_pages_of_a_full_history_are_made_without_copying_it(emulator: Emulator) -> None:
    states = emulator.client("stepfunctions")
    role = "arn:aws:iam::123456789012:role/machine"
    made = states.create_state_machine(name="endless", definition=json.dumps(ENDLESS), roleArn=role)
    arn = states.start_execution(stateMachineArn=made["stateMachineArn"])["executionArn"]
    assert emulator.driver.wait(lambda: emulator.engine.open == 0, real_seconds=60)
    execution = emulator.engine.executions[arn]
    events = execution.events
    seen: list[int] = []
    token: dict[str, str] = {}
    tracemalloc.start()
    try:
        while True:
            params = {"executionArn": arn, "maxResults": 1000, **token}
            page = emulator.api.call("GetExecutionHistory", params)
            seen += [event["id"] for event in page["events"]]
            if "nextToken" not in page:
                break
            token = {"nextToken": page["nextToken"]}
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert seen == list(range(1, 25_001))
    assert execution.events is events
    # Two pages of events, which take about a kilobyte each, and the ids seen; all of them take 25 MB.
    assert peak < 6_000_000, peak
