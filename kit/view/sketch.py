"""A definition read off a run, for a history that comes without one: the states that were entered and
the ways that were taken. What was not run is not in it."""

from __future__ import annotations

from typing import Any

from kit.asl import parse
from kit.asl.definition import StateMachine
from kit.history import Lane, Trace, Visit


def sketch(trace: Trace) -> StateMachine:
    """The part of the machine that a run shows. Raises DefinitionError where it makes no machine."""
    flows: dict[str, dict[str, list[Visit]]] = {}
    starts: dict[int, str] = {}
    for visit in trace.visits:
        start = starts.setdefault(id(visit.lane), visit.state)
        flows.setdefault(_key(visit.lane, start), {}).setdefault(visit.state, []).append(visit)
    names = {name for states in flows.values() for name in states}
    if not names:
        return parse(
            {"StartAt": "Nothing has run yet", "States": {"Nothing has run yet": {"Type": "Succeed"}}}
        )
    return parse({"Comment": "What a run showed of its machine", **_flow("/", flows)})


def _key(lane: Lane, start: str) -> str:
    if lane.owner is None:
        return "/"
    return f"{lane.owner.state}/" if lane.owner.type == "Map" else f"{lane.owner.state}/{start}"


def _flow(key: str, flows: dict[str, dict[str, list[Visit]]]) -> dict[str, Any]:
    states = flows[key]
    after: dict[str, dict[str, None]] = {name: {} for name in states}
    for name, visits in states.items():
        for visit in visits:
            if visit.before in after:
                after[visit.before][name] = None
    return {
        "StartAt": next(iter(states)),
        "States": {name: _state(name, visits, list(after[name]), flows) for name, visits in states.items()},
    }


def _state(
    name: str, visits: list[Visit], after: list[str], flows: dict[str, dict[str, list[Visit]]]
) -> dict[str, Any]:
    kind = visits[0].type
    state: dict[str, Any] = {"Type": kind}
    if kind == "Task":
        resource = next((a.resource for v in visits for a in v.attempts if a.resource), "unknown:call")
        state["Resource"] = resource if resource.startswith("arn:") else f"arn:aws:states:::{resource}"
    elif kind == "Wait":
        state["Seconds"] = round(max((d.total_seconds() for v in visits if (d := v.duration())), default=0))
    elif kind == "Choice":
        state["QueryLanguage"] = "JSONata"
        state["Choices"] = [{"Condition": "{% true %}", "Next": target} for target in after]
        return state if after else {"Type": "Pass", "End": True}
    elif kind in ("Parallel", "Map"):
        inner = [_flow(key, flows) for key in flows if key.startswith(f"{name}/")]
        inner = inner or [{"StartAt": f"In {name}", "States": {f"In {name}": {"Type": "Pass", "End": True}}}]
        state |= {"Branches": inner} if kind == "Parallel" else {"ItemProcessor": inner[0]}
    if kind in ("Succeed", "Fail"):
        return state
    errors = sorted({v.error for v in visits if v.status == "caught" and v.error}) or ["States.ALL"]
    caught = {v.state for v in visits if v.status == "caught"}
    targets = after[:1]
    if kind in ("Task", "Parallel", "Map") and caught and after:
        last = after[-1]
        state["Catch"] = [{"ErrorEquals": errors, "Next": last}]
        targets = [target for target in after if target != last][:1]
    return state | ({"Next": targets[0]} if targets else {"End": True})
